# cython: language_level=3
"""SHA-256 of texts that are joined of columns, many at once.

Goals: what `hashlib` says of each text, without a step a text in Python. Non-goals: one long text,
secrets. The loop is in `sha256_lanes.c` and runs without the GIL.
"""

from libc.stdint cimport INT32_MAX, int32_t, int64_t, uint8_t
from libc.stdlib cimport free, realloc
from libc.string cimport memcpy

cdef extern from "sha256_lanes.h" nogil:
    enum: SHA256_BYTES
    void sha256_texts(const uint8_t *data, const int32_t *ends, int64_t texts, uint8_t *hashes)

BYTES = SHA256_BYTES
"""Of a hash."""

cdef enum:
    GROUP = 16      # texts that are joined at a time: as many as the loop hashes side by side
    PIECES_MAX = 8  # columns that a text is joined of


_SHAPE = "hashes have one row of 32 bytes a text, ends one more than texts"


cdef int _check(const int32_t[::1] ends, const uint8_t[::1] data, int64_t texts) except -1:
    cdef int64_t at
    if texts < 0 or ends.shape[0] != texts + 1:
        raise ValueError(_SHAPE)
    if ends[0] < 0 or ends[texts] > data.shape[0]:
        raise ValueError("ends leave the data")
    for at in range(texts):
        if ends[at] > ends[at + 1]:
            raise ValueError(f"text {at} ends before it begins")
    return 0


cdef struct pieces:
    const int32_t *ends
    const uint8_t *data


def joined(const uint8_t[:, ::1] heads, columns, uint8_t[:, ::1] hashes):
    """Text i is row i of heads, then data[ends[i]:ends[i + 1]] of each column (ends, data).

    OUT: hashes, (texts, BYTES). Raises ValueError for ends that fall or leave the data, shapes that
    do not fit, and more than PIECES_MAX columns."""
    cdef int64_t texts = heads.shape[0], head = heads.shape[1], first, lane, lanes, size, room = 0
    cdef int count = len(columns), n
    cdef pieces every[PIECES_MAX]
    cdef int32_t ends[GROUP + 1]
    cdef const int32_t[::1] its_ends
    cdef const uint8_t[::1] its_data
    cdef uint8_t *scratch = NULL
    cdef uint8_t *at
    cdef void *grown
    if count > PIECES_MAX or hashes.shape[0] != texts or hashes.shape[1] != SHA256_BYTES:
        raise ValueError(_SHAPE)
    for n in range(count):
        its_ends, its_data = columns[n]
        _check(its_ends, its_data, texts)
        every[n].ends = &its_ends[0]
        every[n].data = &its_data[0] if its_data.shape[0] else NULL
    if not texts:
        return
    try:
        for first in range(0, texts, GROUP):
            lanes = min(texts - first, <int64_t>GROUP)
            size = lanes * head
            for n in range(count):
                size += every[n].ends[first + lanes] - every[n].ends[first]
            if size > INT32_MAX:
                raise ValueError("texts are too long")
            if size > room:
                room = 2 * size
                grown = realloc(scratch, room)
                if grown == NULL:
                    raise MemoryError
                scratch = <uint8_t *>grown
            with nogil:
                at = scratch
                for lane in range(lanes):
                    ends[lane] = <int32_t>(at - scratch)
                    if head:
                        memcpy(at, &heads[first + lane, 0], head)
                        at += head
                    for n in range(count):
                        size = every[n].ends[first + lane + 1] - every[n].ends[first + lane]
                        if size:
                            memcpy(at, every[n].data + every[n].ends[first + lane], size)
                            at += size
                ends[lanes] = <int32_t>(at - scratch)
                sha256_texts(scratch, ends, lanes, &hashes[first, 0])
    finally:
        free(scratch)
