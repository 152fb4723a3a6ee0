# cython: language_level=3
"""Typed columns in and out of SQLite: the Python face of a loadable extension.

This file is both: Python imports it, and a connection loads it (`ENTRY` of `__file__`).
Goals: nothing reaches the C files that was not checked here (types, lengths, offsets); what
they use lives until it is closed. Non-goals: SQL, UTF-8 and the ranges of tables (the store
checks them), nulls (a source has none, a sink refuses them).
"""

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_SIMPLE, PyBuffer_FillInfo, PyBuffer_Release,
    PyObject_GetBuffer,
)
from libc.stdint cimport int32_t, int64_t
from libc.stdlib cimport free, realloc
from libc.string cimport memset

cdef extern from "sqlite_columns.h" nogil:
    enum: COLUMNS_MAX, HANDLES_MAX
    enum: KIND_INT8, KIND_INT16, KIND_INT32, KIND_INT64, KIND_TEXT, KIND_BYTES
    enum: SINK_OK, SINK_NULL, SINK_TYPE, SINK_TOO_LARGE, SINK_NO_MEMORY
    enum: HANDLE_SOURCE, HANDLE_SINK

    ctypedef struct source_column:
        const void *data
        const int32_t *offsets
        int32_t kind

    ctypedef struct column_source:
        int64_t n_rows, row
        int32_t n_columns
        source_column *columns

    ctypedef struct sink_column:
        void *data
        int32_t *offsets
        int64_t bytes
        int32_t kind

    ctypedef struct column_sink:
        int64_t n_rows
        int32_t n_columns, failure, failed_column
        sink_column *columns

    int64_t handle_new(int kind, void *object)
    int handle_remove(int64_t handle)
    int sink_reserve(column_sink *sink, int64_t rows)

ENTRY = "billcore_sqlite_columns_init"
COLUMNS_IN_MAX = COLUMNS_MAX
OPEN_MAX = HANDLES_MAX

_INT_KINDS = {1: KIND_INT8, 2: KIND_INT16, 4: KIND_INT32, 8: KIND_INT64}
_BYTE_KINDS = {"text": KIND_TEXT, "bytes": KIND_BYTES}
_SINK_KINDS = {"int": KIND_INT64, **_BYTE_KINDS}
_FAILURES = {SINK_NULL: "null", SINK_TYPE: "type", SINK_TOO_LARGE: "too_large"}
_open = {}  # what a statement may use outlives its Python names


cdef class _Handle:
    """An entry of the registry, from its making until `close`."""

    cdef readonly int64_t handle

    cdef int _register(self, int kind, void *struct) except -1:
        self.handle = handle_new(kind, struct)
        if not self.handle:
            raise RuntimeError(f"{HANDLES_MAX} handles are open, more are not allowed")
        _open[self.handle] = self
        return 0

    def close(self):
        """Ends the handle; RuntimeError while a statement uses it."""
        if not handle_remove(self.handle):
            raise RuntimeError(f"a statement still uses the handle {self.handle}")
        _open.pop(self.handle, None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


cdef class Source(_Handle):
    """Columns that a statement reads as the rows of `billcore_columns(handle)`."""

    cdef column_source c
    cdef Py_buffer views[COLUMNS_MAX * 2]
    cdef int n_views

    def __cinit__(self, columns):
        if not 0 < len(columns) <= COLUMNS_MAX:
            raise ValueError(f"a source has 1 to {COLUMNS_MAX} columns, given are {len(columns)}")
        self.c.n_rows = -1
        for column in columns:
            if isinstance(column, tuple):
                kind, offsets, data = column
                self._add_bytes(_BYTE_KINDS[kind], offsets, data)
            else:
                self._add_ints(column)
            self.c.n_columns += 1
        self._register(HANDLE_SOURCE, &self.c)

    def __dealloc__(self):
        for i in range(self.n_views):
            PyBuffer_Release(&self.views[i])

    @property
    def row(self):
        """The row that a statement read last, from 0; it is the one that an insert failed at."""
        return self.c.row

    cdef Py_buffer *_view(self, data) except NULL:
        cdef Py_buffer *view = &self.views[self.n_views]
        PyObject_GetBuffer(data, view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
        self.n_views += 1
        return view

    cdef Py_buffer *_int_view(self, data) except NULL:
        cdef Py_buffer *view = self._view(data)
        cdef bytes code = b"B" if view.format is NULL else view.format
        if view.ndim != 1 or code not in (b"b", b"h", b"i", b"l", b"q"):
            raise TypeError(f"a column is one row of native signed integers, not {code.decode()!r}")
        return view

    cdef int _rows(self, int64_t rows) except -1:
        if self.c.n_rows >= 0 and rows != self.c.n_rows:
            raise ValueError(f"columns of {self.c.n_rows} and {rows} rows do not make a table")
        self.c.n_rows = rows
        return 0

    cdef int _add_ints(self, data) except -1:
        cdef Py_buffer *view = self._int_view(data)
        cdef source_column *column = &self.c.columns[self.c.n_columns]
        self._rows(view.len // view.itemsize)
        column.data, column.kind = view.buf, _INT_KINDS[view.itemsize]
        return 0

    cdef int _add_bytes(self, int32_t kind, offsets, data) except -1:
        cdef Py_buffer *ends = self._int_view(offsets)
        cdef Py_buffer *view = self._view(data)
        cdef source_column *column = &self.c.columns[self.c.n_columns]
        if ends.itemsize != sizeof(int32_t) or not ends.len:
            raise TypeError("offsets are int32, one more than rows")
        self._rows(ends.len // ends.itemsize - 1)
        column.data, column.offsets, column.kind = view.buf, <const int32_t *>ends.buf, kind
        if not _offsets_hold(column.offsets, self.c.n_rows, view.len):
            raise ValueError("offsets must rise from 0 or more and stay within the data")
        return 0


cdef bint _offsets_hold(const int32_t *offsets, int64_t n_rows, int64_t n_bytes) noexcept nogil:
    cdef int64_t i
    cdef bint rising = offsets[0] >= 0
    for i in range(n_rows):
        rising &= offsets[i] <= offsets[i + 1]
    return rising and offsets[n_rows] <= n_bytes


cdef class Memory:
    """Bytes that a sink filled, writable through the buffer protocol."""

    cdef void *data
    cdef Py_ssize_t n_bytes

    def __dealloc__(self):
        free(self.data)

    def __len__(self):
        return self.n_bytes

    def __getbuffer__(self, Py_buffer *view, int flags):
        PyBuffer_FillInfo(view, self, self.data, self.n_bytes, 0, flags)


cdef Memory _memory(void **data, int64_t n_bytes):
    """Moves memory out of a sink, without its slack."""
    cdef Memory memory = Memory()
    cdef void *shrunk = realloc(data[0], max(n_bytes, 1))
    memory.data = data[0] if shrunk is NULL else shrunk
    memory.n_bytes = n_bytes if memory.data is not NULL else 0
    data[0] = NULL
    return memory


cdef class Sink(_Handle):
    """Columns that `billcore_take(handle, ...)` fills; kinds: "int", "text", "bytes"."""

    cdef column_sink c

    def __cinit__(self, kinds):
        if not 0 < len(kinds) <= COLUMNS_MAX:
            raise ValueError(f"a sink has 1 to {COLUMNS_MAX} columns, given are {len(kinds)}")
        for kind in kinds:
            self.c.columns[self.c.n_columns].kind = _SINK_KINDS[kind]
            self.c.n_columns += 1
        if not sink_reserve(&self.c, 1):
            raise MemoryError
        for i in range(self.c.n_columns):
            if self.c.columns[i].offsets is not NULL:
                self.c.columns[i].offsets[0] = 0
        self._register(HANDLE_SINK, &self.c)

    def __dealloc__(self):
        for i in range(self.c.n_columns):
            free(self.c.columns[i].data)
            free(self.c.columns[i].offsets)

    @property
    def failure(self):
        """What a refused value was ("null", "type", "too_large"), its column and row; or None."""
        if self.c.failure not in _FAILURES:
            return None
        return _FAILURES[self.c.failure], self.c.failed_column, self.c.n_rows

    def take(self):
        """Closes the sink and gives its columns away.

        An int column is its int64 values, another one (int32 offsets, the bytes of all values).
        """
        self.close()
        cdef sink_column *column
        cdef int64_t rows = self.c.n_rows
        columns = []
        for i in range(self.c.n_columns):
            column = &self.c.columns[i]
            if column.kind == KIND_INT64:
                columns.append(_memory(&column.data, rows * sizeof(int64_t)))
            else:
                columns.append((_memory(<void **>&column.offsets, (rows + 1) * sizeof(int32_t)),
                                _memory(&column.data, column.bytes)))
        memset(&self.c, 0, sizeof(self.c))
        return columns
