"""Payments explained: what became of the money of a stored payment, step by step, and why."""
