# cython: language_level=3, boundscheck=False, wraparound=False
"""Where numbers stand among sorted ones, for columns that are mostly in order themselves.

Goals: what numpy's searchsorted says, in a step or two for a number that stands near the one
before it, in at most twice the steps of a bisection for any other. Non-goals: keys that are not
sorted (unchecked: the answers mean nothing, but nothing is read beyond the keys).
"""

from libc.stdint cimport INT64_MAX, int64_t, uint8_t


def search(const int64_t[::1] keys, const int64_t[::1] wanted, bint after, int64_t[::1] at):
    """OUT: at, of each wanted number how many keys are below it; with after, not above it.

    Raises ValueError for columns whose lengths do not fit.
    """
    cdef int64_t row, wish, size = keys.shape[0], place = 0
    if wanted.shape[0] != at.shape[0]:
        raise ValueError("at has one row a wanted number")
    with nogil:
        for row in range(wanted.shape[0]):
            wish = wanted[row]
            if after and wish == INT64_MAX:
                at[row] = size
                continue
            place = _below(keys, size, wish + after, place)
            at[row] = place


def find(const int64_t[::1] keys, const int64_t[::1] wanted, int64_t[::1] at, uint8_t[::1] there):
    """OUT: at, the first key that equals each wanted number, or 0; there, 1 where there is one.

    Raises ValueError for columns whose lengths do not fit.
    """
    cdef int64_t row, size = keys.shape[0], place = 0
    cdef bint found
    if wanted.shape[0] != at.shape[0] or wanted.shape[0] != there.shape[0]:
        raise ValueError("at and there have one row a wanted number")
    with nogil:
        for row in range(wanted.shape[0]):
            place = _below(keys, size, wanted[row], place)
            found = place < size and keys[place] == wanted[row]
            at[row] = place if found else 0
            there[row] = found


cdef inline int64_t _below(
    const int64_t[::1] keys, int64_t size, int64_t wish, int64_t near
) noexcept nogil:
    """How many keys are below a number that stands near a place: steps of doubling length to
    either side, then a bisection of the last one."""
    cdef int64_t low, high, step = 1
    if near < size and keys[near] < wish:
        low = near + 1
        while step <= size - low and keys[low + step - 1] < wish:
            low += step
            step *= 2
        high = low + step - 1 if step <= size - low else size
    else:
        high = near
        while step <= high and keys[high - step] >= wish:
            high -= step
            step *= 2
        low = high - step + 1 if step <= high else 0
    while low < high:
        step = low + (high - low) // 2
        if keys[step] < wish:
            low = step + 1
        else:
            high = step
    return low
