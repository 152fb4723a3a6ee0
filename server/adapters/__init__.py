"""Processes that speak the protocols of others: each a client of the contract like any other."""
