"""The domain: pure rules about tariffs, bills and money.

What comes in: documents, columns, dates, and every outside thing (time, ids, the store) as an
argument. What goes out: values and named errors. Core knows no gRPC, asks no clock, and computes
money in integers and exact fractions only.
"""
