"""Files of channels and banks: bytes in, checked lines of one form out; a broken file is refused
whole. No store, no books."""
