"""Plans of instalments: debts that are paid in parts, each due on a day of its own.

An approved plan moves what it covers: credits pay the items, debits are the instalments. So the
fold allocates payments to instalments by their due days, late fees of the items end on the day of
the plan, and dunning has nothing to do. A plan that is given up takes all of that back, as if it
had never been: the items are open again from their own due days, and money that paid instalments
pays them.
"""
