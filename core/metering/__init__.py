"""Meters: what hangs where, what their dials said, and what was used between two days.

In: readings as columns sorted by account, meter, register, day and version. Out: decisions on
readings, usage as exact integers with its decimals. A single reading is a column of one. Every
rule stands once, as arithmetic over whole columns; the store has the rows, this room the rules.
Non-goals: prices, attributes of agreements, the spreading of usage over days (rating does it).
"""
