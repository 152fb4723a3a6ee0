"""Payments: what is printed, typed and scanned to pay a bill, and what becomes of the money."""
