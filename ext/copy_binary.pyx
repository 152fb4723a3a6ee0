# cython: language_level=3
"""Rows in PostgreSQL's COPY BINARY format from columns, and columns from such rows.

Goals: an `Encoder` writes rows of integers, texts and bytes in blocks of any size; a `Decoder`
takes blocks that were cut anywhere. Loops run without the GIL and nothing is read beyond what was
given, whatever its lengths say. Non-goals: nulls (both refuse them), the connection, UTF-8.
"""

from cython cimport cdivision
from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_SIMPLE, PyBuffer_FillInfo, PyBuffer_Release,
    PyObject_GetBuffer,
)
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport INT16_MAX, INT32_MAX, INT64_MIN, int16_t, int32_t, int64_t, uint8_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcmp, memcpy, memmove

cdef extern from * nogil:
    """
    #include <stdint.h>
    #include <string.h>
    #if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    #define COPY_NET(bits, v) __builtin_bswap##bits(v)
    #else
    #define COPY_NET(bits, v) (v)
    #endif
    enum { WIDTH_NUMERIC = -1, WIDTH_VARYING = 0 };
    /* A numeric's digits count to 10000; five of them hold all that int64 can. */
    enum { DIGIT_BASE = 10000, DIGITS_MAX = 5 };
    /* Values in the network's byte order, at any address. */
    static inline uint8_t *copy_put(uint8_t *at, int64_t value, int width) {
        if (width == 8) { uint64_t v = COPY_NET(64, (uint64_t)value); memcpy(at, &v, 8); }
        else if (width == 4) { uint32_t v = COPY_NET(32, (uint32_t)value); memcpy(at, &v, 4); }
        else { uint16_t v = COPY_NET(16, (uint16_t)value); memcpy(at, &v, 2); }
        return at + width;
    }
    /* A field: its length, then the integer. */
    static inline uint8_t *copy_put_field(uint8_t *at, int64_t value, int width) {
        if (width == 8) return copy_put(copy_put(at, 8, 4), value, 8);
        if (width == 4) return copy_put(copy_put(at, 4, 4), value, 4);
        return copy_put(copy_put(at, 2, 4), value, 2);
    }
    static inline int64_t copy_get(const uint8_t *at, int width) {
        if (width == 8) { uint64_t v; memcpy(&v, at, 8); return (int64_t)COPY_NET(64, v); }
        if (width == 4) { uint32_t v; memcpy(&v, at, 4); return (int32_t)COPY_NET(32, v); }
        uint16_t v; memcpy(&v, at, 2); return (int16_t)COPY_NET(16, v);
    }
    """
    enum: WIDTH_NUMERIC, WIDTH_VARYING, DIGIT_BASE, DIGITS_MAX
    uint8_t *copy_put(uint8_t *at, int64_t value, int width)
    uint8_t *copy_put_field(uint8_t *at, int64_t value, int width)
    int64_t copy_get(const uint8_t *at, int width)

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
"""What stands before the first row: signature, flags, length of the extension."""
TRAILER = b"\xff\xff"
"""What stands after the last row."""

VARYING = WIDTH_VARYING
"""The width of a text or of bytes."""
NUMERIC = WIDTH_NUMERIC
"""The width of a whole number that PostgreSQL sends as numeric: the sum of a bigint column."""

COLUMNS_MAX = INT16_MAX
_SIGNATURE_BYTES = 11
_HEADER_BYTES = 19
_SMALL_BYTES = 4096  # a block below this is read before another thread could have the GIL


class CopyInvalid(ValueError):
    """Rows that are not what was announced; column is a name or '', row counts from 0."""

    def __init__(self, message, column="", row=0):
        super().__init__(message)
        self.column = column
        self.row = row


# -- columns to rows


cdef struct source:
    const uint8_t *values    # integers, or the bytes of all texts
    const int32_t *offsets   # of texts: rows + 1 of them, else NULL
    int width                # of a field on the wire; 0: as long as its text
    int item                 # bytes of an integer in `values`
    Py_ssize_t values_bytes


cdef class Encoder:
    """Columns as COPY BINARY rows; with `fields=False` as the elements of a binary array.

    A column is (width, integers of 2, 4 or 8 bytes), width 2, 4 or 8 and never less than a value
    needs (unchecked), or (VARYING, int32 offsets, bytes), with one more offset than rows. Keeps
    the buffers. Raises ValueError for what does not fit together.
    """

    cdef source *_sources
    cdef Py_buffer *_views
    cdef int _n, _n_views
    cdef bint _fields
    cdef readonly Py_ssize_t rows
    cdef Py_ssize_t _fixed  # bytes of a row without the texts

    def __cinit__(self, columns, Py_ssize_t rows, bint fields=True):
        columns = tuple(columns)
        if not 0 < len(columns) <= COLUMNS_MAX or rows < 0:
            raise ValueError(f"{len(columns)} columns of {rows} rows cannot be encoded")
        self._sources = <source *>calloc(len(columns), sizeof(source))
        self._views = <Py_buffer *>calloc(2 * len(columns), sizeof(Py_buffer))
        if self._sources == NULL or self._views == NULL:
            raise MemoryError
        self.rows = rows
        self._fields = fields
        self._n = len(columns)
        self._fixed = 2 if fields else 0
        for i, column in enumerate(columns):
            self._add(&self._sources[i], column)
            self._fixed += 4 + self._sources[i].width

    cdef int _add(self, source *to, column) except -1:
        width, *buffers = column
        if width == VARYING and len(buffers) == 2:
            return self._add_texts(to, buffers[0], buffers[1])
        if width not in (2, 4, 8) or len(buffers) != 1:
            raise ValueError(f"a column is no (width, integers) nor (0, offsets, bytes): {width}")
        view = self._view(buffers[0])
        kind = (view.format or b"B").lstrip(b"@=<")
        if kind not in (b"h", b"i", b"l", b"q") or view.len != self.rows * view.itemsize:
            raise ValueError(f"a column is not {self.rows} integers of 16, 32 or 64 bits")
        to.values, to.item, to.width = <const uint8_t *>view.buf, view.itemsize, width
        return 0

    cdef int _add_texts(self, source *to, offsets, values) except -1:
        at = self._view(offsets)
        if at.len < (self.rows + 1) * 4:
            raise ValueError(f"offsets are not {self.rows + 1} integers of 32 bits")
        view = self._view(values)
        to.offsets, to.values, to.values_bytes = <const int32_t *>at.buf, <uint8_t *>view.buf, view.len
        if not _offsets_fit(to, self.rows):
            raise ValueError("offsets fall, or point outside of the bytes")
        return 0

    cdef Py_buffer *_view(self, given) except NULL:
        cdef Py_buffer *view = &self._views[self._n_views]
        PyObject_GetBuffer(given, view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
        self._n_views += 1
        return view

    def __dealloc__(self):
        for i in range(self._n_views):
            PyBuffer_Release(&self._views[i])
        free(self._views)
        free(self._sources)

    def size(self, Py_ssize_t start, Py_ssize_t stop):
        """How many bytes `encode` makes of rows."""
        self._check(start, stop)
        return self._size(start, stop)

    cdef Py_ssize_t _size(self, Py_ssize_t start, Py_ssize_t stop) noexcept nogil:
        cdef Py_ssize_t size = (stop - start) * self._fixed
        cdef int i
        for i in range(self._n):
            if self._sources[i].offsets != NULL:
                size += self._sources[i].offsets[stop] - self._sources[i].offsets[start]
        return size

    cdef int _check(self, Py_ssize_t start, Py_ssize_t stop) except -1:
        if not 0 <= start <= stop <= self.rows:
            raise ValueError(f"rows {start} to {stop} of {self.rows}")
        return 0

    def stop(self, Py_ssize_t start, Py_ssize_t size):
        """The end of the longest run of rows from `start` within `size` bytes; at least one row."""
        cdef Py_ssize_t low, high = self.rows, middle
        self._check(start, high)
        low = min(start + 1, high)
        while low < high:
            middle = low + (high - low + 1) // 2
            if self._size(start, middle) <= size:
                low = middle
            else:
                high = middle - 1
        return low

    def encode(self, Py_ssize_t start, Py_ssize_t stop):
        """Rows as bytes, without header and trailer."""
        self._check(start, stop)
        block = PyBytes_FromStringAndSize(NULL, self._size(start, stop))
        cdef uint8_t *at = <uint8_t *>PyBytes_AS_STRING(block)
        with nogil:
            _encode(self._sources, self._n, self._fields, start, stop, at)
        return block


cdef bint _offsets_fit(const source *texts, Py_ssize_t rows) noexcept nogil:
    cdef Py_ssize_t row
    cdef bint fit = texts.offsets[0] >= 0 and texts.offsets[rows] <= texts.values_bytes
    for row in range(rows):
        fit &= texts.offsets[row] <= texts.offsets[row + 1]
    return fit


cdef void _encode(const source *sources, int n, bint fields, Py_ssize_t start, Py_ssize_t stop,
                  uint8_t *at) noexcept nogil:
    cdef Py_ssize_t row
    cdef int i
    for row in range(start, stop):
        if fields:
            at = copy_put(at, n, 2)
        for i in range(n):
            at = _put_field(&sources[i], row, at)


cdef inline uint8_t *_put_field(const source *of, Py_ssize_t row, uint8_t *at) noexcept nogil:
    cdef int32_t size
    cdef int64_t value
    if of.width:
        if of.item == 8:
            value = (<const int64_t *>of.values)[row]
        elif of.item == 4:
            value = (<const int32_t *>of.values)[row]
        else:
            value = (<const int16_t *>of.values)[row]
        return copy_put_field(at, value, of.width)
    size = of.offsets[row + 1] - of.offsets[row]
    at = copy_put(at, size, 4)
    memcpy(at, of.values + of.offsets[row], size)
    return at + size


# -- rows to columns


cdef enum fault:
    FINE, PARTIAL, FIELDS, NULL_FIELD, WIDTH, NUMBER, TOO_LONG, NO_MEMORY


cdef struct growing:
    uint8_t *data
    Py_ssize_t size, room


ctypedef int (*copy_getter)(void *connection, char **row, int is_async) noexcept nogil
ctypedef void (*freer)(void *memory) noexcept nogil


cdef bint _reserve(growing *to, Py_ssize_t more) noexcept nogil:
    cdef Py_ssize_t room
    cdef void *data
    if more <= to.room - to.size:
        return True
    room = max(2 * to.room, to.size + more, 4096)
    data = realloc(to.data, room)
    if data == NULL:
        return False
    to.data, to.room = <uint8_t *>data, room
    return True


cdef struct target:
    growing values
    growing offsets
    int width  # 2, 4, 8, VARYING or NUMERIC


cdef class Buffer:
    """Memory of a finished column, for numpy and Arrow; writable."""

    cdef uint8_t *_data
    cdef readonly Py_ssize_t nbytes

    def __getbuffer__(self, Py_buffer *view, int flags):
        PyBuffer_FillInfo(view, self, self._data, self.nbytes, False, flags)

    def __dealloc__(self):
        free(self._data)


cdef Buffer _finished(growing *of):
    cdef Buffer buffer = Buffer.__new__(Buffer)
    if not _reserve(of, 0 if of.data else 1):
        raise MemoryError
    buffer._data, buffer.nbytes = of.data, of.size
    of.data, of.size, of.room = NULL, 0, 0
    return buffer


cdef class Decoder:
    """Columns of COPY BINARY rows that come in blocks.

    A column is (name, width): 2, 4 or 8 for integers of that many bytes, NUMERIC for whole
    numbers within int64, VARYING for texts and bytes. `feed` takes the blocks, `finish` gives the
    columns. Raises CopyInvalid, which leaves the decoder of no further use.
    """

    cdef target *_targets
    cdef int _n
    cdef growing _rest  # the bytes of a row that is not complete yet
    cdef bint _begun, _ended
    cdef tuple _names
    cdef readonly Py_ssize_t rows

    def __cinit__(self, columns):
        columns = tuple(columns)
        if not 0 < len(columns) <= COLUMNS_MAX:
            raise ValueError(f"{len(columns)} columns cannot be decoded")
        self._targets = <target *>calloc(len(columns), sizeof(target))
        if self._targets == NULL:
            raise MemoryError
        self._n = len(columns)
        self._names = tuple(str(name) for name, _ in columns)
        for i, (name, width) in enumerate(columns):
            if width not in (2, 4, 8, VARYING, NUMERIC):
                raise ValueError(f"column {name}: no width {width}")
            self._targets[i].width = width
            if width == VARYING and not _add_offset(&self._targets[i]):
                raise MemoryError

    def __dealloc__(self):
        if self._targets != NULL:
            for i in range(self._n):
                free(self._targets[i].values.data)
                free(self._targets[i].offsets.data)
        free(self._targets)
        free(self._rest.data)

    def feed(self, block):
        """Takes the next bytes, cut anywhere."""
        cdef Py_buffer view
        PyObject_GetBuffer(block, &view, PyBUF_SIMPLE)
        try:
            self._feed(<const uint8_t *>view.buf, view.len)
        finally:
            PyBuffer_Release(&view)

    def drain(self, size_t connection, size_t get_copy_data, size_t freemem):
        """Takes the rows that libpq holds already, without waiting for more.

        The arguments are the addresses of a connection in COPY OUT and of libpq's PQgetCopyData
        and PQfreemem. PQgetCopyData's last answer: 0 for more to come, -1 at the end, -2 if failed.
        """
        cdef copy_getter get = <copy_getter>get_copy_data
        cdef freer release = <freer>freemem
        cdef char *row = NULL
        cdef int size
        while True:
            size = get(<void *>connection, &row, 1)
            if size <= 0:
                return size
            try:
                self._feed(<const uint8_t *>row, size)
            finally:
                release(row)

    cdef int _feed(self, const uint8_t *block, Py_ssize_t size) except -1:
        cdef Py_ssize_t done
        if self._rest.size == 0:
            done = self._take(block, size)
            self._keep(block + done, size - done)
            return 0
        self._keep(block, size)
        done = self._take(self._rest.data, self._rest.size)
        self._drop(done)
        return 0

    cdef int _keep(self, const uint8_t *at, Py_ssize_t size) except -1:
        if size and not _reserve(&self._rest, size):
            raise MemoryError
        if size:
            memcpy(self._rest.data + self._rest.size, at, size)
        self._rest.size += size
        return 0

    cdef void _drop(self, Py_ssize_t size) noexcept:
        self._rest.size -= size
        if size:
            memmove(self._rest.data, self._rest.data + size, self._rest.size)

    cdef Py_ssize_t _take(self, const uint8_t *block, Py_ssize_t size) except -1:
        """Reads what is complete; how many bytes that was."""
        cdef Py_ssize_t at = 0
        cdef int column = 0
        cdef fault found
        if not self._begun:
            at = self._header(block, size)
            if not self._begun:
                return 0
        if size < _SMALL_BYTES:
            found = self._rows(block, size, &at, &column)
        else:
            with nogil:
                found = self._rows(block, size, &at, &column)
        if found > PARTIAL:
            raise self._error(found, column)
        if self._ended and at < size:
            raise CopyInvalid("bytes follow the end of the rows", "", self.rows)
        return at

    cdef fault _rows(self, const uint8_t *block, Py_ssize_t size, Py_ssize_t *at,
                     int *column) noexcept nogil:
        """Takes rows from `at` on, which it moves; PARTIAL or FINE when none is left."""
        cdef Py_ssize_t used = 0
        cdef fault found = FINE
        while not self._ended and found == FINE:
            found = self._row(block + at[0], size - at[0], &used, column)
            if found == FINE:
                at[0] += used
        return found

    cdef Py_ssize_t _header(self, const uint8_t *block, Py_ssize_t size) except -1:
        cdef Py_ssize_t whole
        cdef bytes header = HEADER
        if memcmp(block, <const char *>header, min(size, <Py_ssize_t>_SIGNATURE_BYTES)) != 0:
            raise CopyInvalid("the bytes do not begin as COPY BINARY does")
        if size < _HEADER_BYTES:
            return 0
        if copy_get(block + 11, 4) & 0xFFFF0000:
            raise CopyInvalid("the header has flags that are not known")
        whole = _HEADER_BYTES + copy_get(block + 15, 4)
        if whole < _HEADER_BYTES:
            raise CopyInvalid("the header's extension has a length below 0")
        self._begun = size >= whole
        return whole if self._begun else 0

    cdef fault _row(self, const uint8_t *row, Py_ssize_t size, Py_ssize_t *used,
                    int *column) noexcept nogil:
        """Takes one row if it is complete; a row that fails leaves the columns uneven."""
        cdef fault found = _measure(row, size, self._n, used, column)
        cdef int i
        cdef int32_t length
        if found != FINE:
            return found
        if used[0] == 2:
            self._ended = True
            return FINE
        row += 2
        for i in range(self._n):
            length = <int32_t>copy_get(row, 4)
            found = _get_field(&self._targets[i], row + 4, length)
            if found != FINE:
                column[0] = i
                return found
            row += 4 + length
        self.rows += 1
        return FINE

    cdef _error(self, fault found, int column):
        if found == NO_MEMORY:
            return MemoryError()
        if found == FIELDS:
            return CopyInvalid(f"a row does not have {self._n} fields", "", self.rows)
        words = {
            NULL_FIELD: "is null", WIDTH: "has another width than its type",
            NUMBER: "is no whole number within 64 bits",
            TOO_LONG: "has more than 2 GiB of text",
        }
        return CopyInvalid(words[found], self._names[column], self.rows)

    def finish(self):
        """The columns in order: a Buffer of int64, or (Buffer of int32 offsets, Buffer of bytes)."""
        if not self._ended or self._rest.size:
            raise CopyInvalid("the rows end before their trailer", "", self.rows)
        return [self._finish(i) for i in range(self._n)]

    cdef _finish(self, int i):
        cdef target *of = &self._targets[i]
        if of.width == WIDTH_VARYING:
            return _finished(&of.offsets), _finished(&of.values)
        return _finished(&of.values)


cdef fault _measure(const uint8_t *row, Py_ssize_t size, int n, Py_ssize_t *used,
                    int *column) noexcept nogil:
    """How many bytes a row has, of which nothing is read beyond size; the trailer has 2."""
    cdef Py_ssize_t at = 2
    cdef int i
    cdef int64_t length
    if size < 2:
        return PARTIAL
    length = copy_get(row, 2)
    if length == -1:
        used[0] = 2
        return FINE
    if length != n:
        return FIELDS
    for i in range(n):
        column[0] = i
        if size - at < 4:
            return PARTIAL
        length = copy_get(row + at, 4)
        if length < 0:
            return NULL_FIELD if length == -1 else WIDTH
        at += 4 + length
        if at > size:
            return PARTIAL
    used[0] = at
    return FINE


cdef fault _get_field(target *to, const uint8_t *at, int32_t length) noexcept nogil:
    cdef int64_t value = 0
    if to.width == WIDTH_VARYING:
        return _get_text(to, at, length)
    if to.width == WIDTH_NUMERIC:
        if not _whole(at, length, &value):
            return NUMBER
    elif length != to.width:
        return WIDTH
    else:
        value = copy_get(at, length)
    if not _reserve(&to.values, 8):
        return NO_MEMORY
    memcpy(to.values.data + to.values.size, &value, 8)
    to.values.size += 8
    return FINE


cdef fault _get_text(target *to, const uint8_t *at, int32_t length) noexcept nogil:
    if to.values.size + length > INT32_MAX:
        return TOO_LONG
    if not _reserve(&to.values, length):
        return NO_MEMORY
    if length:
        memcpy(to.values.data + to.values.size, at, length)
    to.values.size += length
    return FINE if _add_offset(to) else NO_MEMORY


cdef bint _add_offset(target *to) noexcept nogil:
    cdef int32_t end = <int32_t>to.values.size
    if not _reserve(&to.offsets, 4):
        return False
    memcpy(to.offsets.data + to.offsets.size, &end, 4)
    to.offsets.size += 4
    return True


cdef bint _whole(const uint8_t *at, int32_t length, int64_t *value) noexcept nogil:
    """PostgreSQL's numeric: counts of digits, weight, sign, scale, then digits of base 10000."""
    cdef int64_t digits, weight, sign, digit, total = 0
    cdef int i
    if length < 8:
        return False
    digits, weight, sign = copy_get(at, 2), copy_get(at + 2, 2), copy_get(at + 4, 2)
    if digits < 0 or length != 8 + 2 * digits or sign not in (0, 0x4000):
        return False
    if digits == 0:
        value[0] = 0
        return True
    if not digits - 1 <= weight < DIGITS_MAX:
        return False
    for i in range(weight + 1):
        digit = copy_get(at + 8 + 2 * i, 2) if i < digits else 0
        if not _append_digit(&total, digit):
            return False
    value[0] = total if sign else -total
    return sign != 0 or total != INT64_MIN


@cdivision(True)
cdef inline bint _append_digit(int64_t *total, int64_t digit) noexcept nogil:
    """total x 10000 - digit, kept negative because int64 has one more below zero."""
    if not 0 <= digit < DIGIT_BASE or total[0] < (INT64_MIN + digit) / DIGIT_BASE:
        return False
    total[0] = total[0] * DIGIT_BASE - digit
    return True
