"""Runs: many bills as one object that is simulated, approved, frozen, published, reversed."""
