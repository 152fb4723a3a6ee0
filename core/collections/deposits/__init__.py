"""Security deposits: asked for as a debt of the account, held when it is paid, bearing interest,
set off against debts, refunded. What is held is a liability, `deposit` in the general ledger."""
