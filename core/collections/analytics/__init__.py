"""What comes in of what is billed: collection at cut-offs, ageing, receipts, early warnings.

Goals: a provider's whole books in one pass of columns, by area, class and channel, exact; any
figures told for a day, as known at a time, come out again. Non-goals: acting on what is found.

`standing`, `collection`, `ageing`, `scoring` and `sums` are pure; `reading` and `grouping` read.
"""
