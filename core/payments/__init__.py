"""Payments: the channels that money comes through, how it is recognised, posted and told."""
