"""Outsorting: which bills of a run somebody shall look at before they are issued.

In: drafts with what they were made from, and the provider's policy. Out: the held ones, each with
the first rule that holds it and the figures that it goes by. Every rule works over columns; what it
needs of earlier bills or readings is read once for all drafts, and only where the rule is on.
"""
