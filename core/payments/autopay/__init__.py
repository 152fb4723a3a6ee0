"""Automatic payment: accounts that are paid through a channel when their bills are due.

What is here: what was agreed for an account, and the reminder before each debit. The mandates of
banks and the debits themselves are in `collections.direct_debit`.
"""
