"""How the intermediate form is run fast: shapes, order, proven bounds and words for the kernel.

What it cannot prove exact in 53 bits is left to the general path; it never changes an amount.
"""
