"""Payments: channels, identifiers, intake, allocation, reversal, two phases, suspense."""
