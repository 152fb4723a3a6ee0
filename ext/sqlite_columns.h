/* Typed columns in and out of SQLite: what the C files share.
 *
 * Goals: a table-valued function that reads columns (`billcore_columns(handle)`), and an
 * aggregate that gathers a query's rows into columns (`billcore_take(handle, ...)`), both
 * inside the connection's own transaction and without a Python object.
 * Non-goals: SQL, ranges of tables, owning the memory of a source (sqlite_columns.pyx does).
 * SQL text carries handles, never addresses: a wrong one is an error of the statement.
 */
#ifndef BILLCORE_SQLITE_COLUMNS_H
#define BILLCORE_SQLITE_COLUMNS_H

#include <stdint.h>

enum { COLUMNS_MAX = 64, HANDLES_MAX = 1024 };

enum column_kind { KIND_INT8, KIND_INT16, KIND_INT32, KIND_INT64, KIND_TEXT, KIND_BYTES };

typedef struct {
    const void *data;       /* integers, or the bytes of all values */
    const int32_t *offsets; /* text and bytes: n_rows + 1, rising, within the data */
    int32_t kind;
} source_column;

typedef struct {
    int64_t n_rows;
    int64_t row; /* the row that a statement read last, counted from 0 */
    int32_t n_columns;
    source_column columns[COLUMNS_MAX];
} column_source;

typedef struct {
    void *data;       /* int64, or the bytes of all values */
    int32_t *offsets; /* text and bytes: one more than rows */
    int64_t bytes, bytes_capacity;
    int32_t kind; /* KIND_INT64, KIND_TEXT, KIND_BYTES */
} sink_column;

enum sink_failure { SINK_OK, SINK_NULL, SINK_TYPE, SINK_TOO_LARGE, SINK_NO_MEMORY };

typedef struct {
    int64_t n_rows, capacity;
    int32_t n_columns, failure, failed_column;
    sink_column columns[COLUMNS_MAX];
} column_sink;

enum handle_kind { HANDLE_SOURCE, HANDLE_SINK };

/* The registry; every call takes its lock. A handle is above 0 and never used again. */
int64_t handle_new(int kind, void *object);      /* 0: HANDLES_MAX are open */
void *handle_acquire(int kind, int64_t handle);  /* NULL: unknown, or a sink in use */
void handle_release(int64_t handle);
int handle_remove(int64_t handle);               /* 0: a statement uses it */

int sink_reserve(column_sink *sink, int64_t rows); /* 0: no memory */

#endif
