"""Bulk loads: files and streams of rows, cut into chunks that are each done exactly once.

A load has an id computed from what it loads. A chunk is one transaction: its first statement claims
the chunk, then the rows are kept by the room that they belong to, and what is refused is written
beside them, row by row. Whoever sends the same again goes on behind the last chunk that is done.
"""
