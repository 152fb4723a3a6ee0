"""Documents gathered from the books: what `core.documents` words and prints."""
