"""`make demo`: what billcore does, on real bills, through its own server."""
