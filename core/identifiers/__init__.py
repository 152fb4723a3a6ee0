"""What a bill is paid by: bill and payment ids, barcodes, payloads of payment QR codes.

Goals: texts in, parsed parts or a list of faults out, each with a stable reason, a position and
words that teach; parts in, texts out. Pure functions: no store, no clock. Whether an id was ever
issued is not for a check digit to say: another subscriber's payment id passes with a chance of
10.7 %, a past bill's always. Non-goals: pictures of codes, what a payment pays for.
"""
