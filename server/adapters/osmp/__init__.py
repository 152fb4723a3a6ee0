"""Kiosks: the check/pay protocol of OSMP and QIWI over HTTP, spoken to PaymentService with a key.

In: requests of a payment system (`form`). Out: XML (`answers`), what was asked of the server beside
it (`calls`). `kiosk` is what each command does; the codes are core's, `outcomes` says which. The
adapter keeps nothing: killed at any moment, it answers a repeated request as the first time.
Protocol: developer.qiwi.com, "QIWI provider protocol". Non-goals: TLS, which a proxy ends; rules of
payments, which the server has.
"""
