"""Late fees: what an item bears for the days that it was not paid, from recorded dates only.

A fee is computed for an item as a whole, up to a day, as if what is open were paid on that day: its
debt in slices by the days on which they were paid (`slices`), each slice by the rule of the item
(`layers`, `steps`), summed exactly, rounded once (`fees`). What an assessment posts is the
difference to what was charged before (`assessments`, `chunk`), so that money that was paid earlier
than we knew, a payment that was taken back, a cancelled bill, a rate that was published late and a
dispute (`holds`) all end in the same call. Fees bear no fees.
"""
