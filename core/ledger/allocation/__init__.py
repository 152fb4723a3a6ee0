"""Which credit pays which item: a pure fold over the documents of each account in their order.

Nothing is stored: the same documents give the same allocation at any later time. Row after row:

- An item (a bill, a late fee, an opening debt) draws at once on credit of the account that is free.
- A credit (a payment, a credit note) pays what is open: first what the payer directed it to, then
  the rest, both in the order of its strategy (`billcore.core.accounts.allocation`). What remains
  is free credit of the account, on which every later item draws whatever its service is.
- Undoing a credit opens again exactly what it paid; undoing an item frees the money on it. Other
  credits stay where they are.
- Free credit that can pay something does so, the earliest credit first, each by its own strategy
  and direction, so that a part payment in advance is divided as one at the counter.

So a later document never moves money that an earlier one allocated; only undoing does.
"""
