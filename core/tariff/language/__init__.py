"""What is written: a document's text is read into a `Document`, or refused with its place.

What comes in: YAML or JSON. What goes out: frozen data that the rest of the package shares. Nothing
here knows amounts, programs or bills.
"""
