"""Direct debit: money that is fetched from the banks of payers who allowed it.

A payer's agreement to be paid for automatically (`payments.autopay`) says that and through which
channel; the mandate says what the bank honours. A debit needs both. What was collected is a payment
of the channel, under the debit's end-to-end id, and is contingent until its refund window closes.
"""
