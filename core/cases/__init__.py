"""Correction cases: what a customer says of a payment, from the request to the notice.

A case is registered with evidence, investigated over what is issued, posted, in suspense and in
reports, and ends in a finding; a proposal says what would be posted, a correction posts it, all of
it can be undone. Pure: kinds, states, plans, judging, the clock. Everything that is posted goes
through payments and billing.
"""
