"""Vouchers: prepaid cards made in batches, sold by channels, redeemed once, expired, blocked."""
