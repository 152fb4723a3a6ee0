"""How a document is run: it is compiled to the intermediate form of `ir`, one per variant."""
