# cython: language_level=3
"""SHA-256 of every text of a column, many at once.

Goals: what `hashlib` says of each text, without a step a text in Python. Non-goals: one long text,
secrets. The loop is in `sha256_lanes.c` and runs without the GIL.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t

cdef extern from "sha256_lanes.h" nogil:
    enum: SHA256_BYTES
    void sha256_texts(const uint8_t *data, const int32_t *ends, int64_t texts, uint8_t *hashes)

BYTES = SHA256_BYTES
"""Of a hash."""


def each(const int32_t[::1] ends, const uint8_t[::1] data, uint8_t[:, ::1] hashes):
    """Text i is data[ends[i]:ends[i + 1]]. OUT: hashes, (texts, BYTES).

    Raises ValueError for ends that fall or leave the data, and for a shape that does not fit.
    """
    cdef int64_t texts = ends.shape[0] - 1, at
    if texts < 0 or hashes.shape[0] != texts or hashes.shape[1] != SHA256_BYTES:
        raise ValueError("hashes have one row of 32 bytes a text, ends one more than texts")
    if ends[0] < 0 or ends[texts] > data.shape[0]:
        raise ValueError("ends leave the data")
    for at in range(texts):
        if ends[at] > ends[at + 1]:
            raise ValueError(f"text {at} ends before it begins")
    if texts and data.shape[0]:
        with nogil:
            sha256_texts(&data[0], &ends[0], texts, &hashes[0, 0])
    elif texts:
        with nogil:
            sha256_texts(NULL, &ends[0], texts, &hashes[0, 0])
