# cython: language_level=3, boundscheck=False, wraparound=False
"""Ids of 63 bits, hashed from numbers and texts: columns in, a column out.

SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) over each row's
numbers, then its texts, each with its length. Goals: the same id on every machine; typed buffers
only, no Python object in the loop. Non-goals: secrecy: whoever knows the key can make collisions.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.string cimport memcpy


cdef struct sip:
    uint64_t v0, v1, v2, v3


cdef inline uint64_t rotl(uint64_t x, int b) noexcept nogil:
    return (x << b) | (x >> (64 - b))


cdef inline void sip_round(sip *s) noexcept nogil:
    s.v0 += s.v1
    s.v1 = rotl(s.v1, 13) ^ s.v0
    s.v0 = rotl(s.v0, 32)
    s.v2 += s.v3
    s.v3 = rotl(s.v3, 16) ^ s.v2
    s.v0 += s.v3
    s.v3 = rotl(s.v3, 21) ^ s.v0
    s.v2 += s.v1
    s.v1 = rotl(s.v1, 17) ^ s.v2
    s.v2 = rotl(s.v2, 32)


cdef inline void sip_word(sip *s, uint64_t word) noexcept nogil:
    s.v3 ^= word
    sip_round(s)
    s.v0 ^= word


cdef inline void sip_bytes(sip *s, const uint8_t *data, int64_t size) noexcept nogil:
    cdef uint64_t word
    cdef int64_t at = 0
    sip_word(s, <uint64_t>size)
    while size - at >= 8:
        memcpy(&word, data + at, 8)
        sip_word(s, word)
        at += 8
    if at < size:
        word = 0
        memcpy(&word, data + at, size - at)
        sip_word(s, word)


cdef inline uint64_t sip_end(sip *s) noexcept nogil:
    s.v2 ^= 0xFF
    sip_round(s)
    sip_round(s)
    sip_round(s)
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3


def hashed(
    const uint8_t[::1] key,
    const int64_t[:, ::1] numbers,
    const int32_t[::1] offsets,
    const uint8_t[::1] data,
    int64_t[::1] out,
):
    """OUT: an id for each row, 1..2^63-1. key: 16 bytes; numbers: columns x rows; offsets: one more
    than rows, ascending, into `data`. Raises ValueError for shapes that do not fit."""
    cdef Py_ssize_t rows = out.shape[0], columns = numbers.shape[0], row, column
    cdef uint64_t k0, k1, found
    cdef sip s
    if key.shape[0] != 16 or offsets.shape[0] != rows + 1 or numbers.shape[1] != rows:
        raise ValueError("key, numbers, offsets and out do not fit")
    if rows and not 0 <= offsets[0]:
        raise ValueError("offsets begin before the data")
    for row in range(rows):
        if offsets[row + 1] < offsets[row]:
            raise ValueError("offsets do not ascend")
    if rows and offsets[rows] > data.shape[0]:
        raise ValueError("offsets end behind the data")
    memcpy(&k0, &key[0], 8)
    memcpy(&k1, &key[8], 8)
    with nogil:
        for row in range(rows):
            s.v0 = k0 ^ 0x736F6D6570736575ULL
            s.v1 = k1 ^ 0x646F72616E646F6DULL
            s.v2 = k0 ^ 0x6C7967656E657261ULL
            s.v3 = k1 ^ 0x7465646279746573ULL
            for column in range(columns):
                sip_word(&s, <uint64_t>numbers[column, row])
            sip_bytes(&s, &data[0] + offsets[row], offsets[row + 1] - offsets[row])
            found = sip_end(&s) >> 1
            out[row] = <int64_t>(found if found else 1)
