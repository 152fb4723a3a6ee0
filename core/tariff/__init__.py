"""Tariffs: a document is loaded and validated, compiled to a program, and explained.

What comes in: a YAML or JSON document. What goes out: a program that the kernel runs, or an error
that says file, line and reason. What cannot be represented exactly is refused at load time.
"""
