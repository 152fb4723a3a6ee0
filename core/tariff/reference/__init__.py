"""What the language means, in exact Fractions. Slow, readable, and the judge of the kernel.

It shares no arithmetic with `program`, so that a mistake is made twice or found.
"""
