"""The ledger: what every account owes and why, and the provider's books that agree with it.

An account's documents (bills and account entries) are the sub-ledger; entries and postings are the
general ledger. Both are written in one transaction and never changed; balances, statements and
allocations are computed from them. Amounts are minor units, debit positive.
"""
