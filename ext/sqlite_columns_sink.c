/* billcore_take(handle, a, b, ...): an aggregate that puts a query's rows into a sink's columns. */
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3

#include <stdlib.h>
#include <string.h>

#include "sqlite_columns.h"
#include "sqlite_columns_register.h"

enum { ROWS_FIRST = 1024, BYTES_FIRST = 1 << 14 };

typedef struct {
    column_sink *sink;
    int64_t handle;
} taking;

static int grow(void **memory, int64_t bytes)
{
    void *grown = realloc(*memory, (size_t)bytes);
    if (grown)
        *memory = grown;
    return grown != NULL;
}

int sink_reserve(column_sink *sink, int64_t rows)
{
    if (rows <= sink->capacity)
        return 1;
    int64_t capacity = rows < ROWS_FIRST ? ROWS_FIRST : rows * 2;
    for (int i = 0; i < sink->n_columns; i++) {
        sink_column *column = &sink->columns[i];
        int grown = column->kind == KIND_INT64
                        ? grow(&column->data, capacity * (int64_t)sizeof(int64_t))
                        : grow((void **)&column->offsets,
                               (capacity + 1) * (int64_t)sizeof(int32_t));
        if (!grown)
            return 0;
    }
    sink->capacity = capacity;
    return 1;
}

static int take_bytes(sink_column *column, int64_t row, const void *value, int64_t bytes)
{
    int64_t end = column->bytes + bytes;
    if (end > INT32_MAX)
        return SINK_TOO_LARGE;
    if (end > column->bytes_capacity) {
        int64_t capacity = end < BYTES_FIRST ? BYTES_FIRST : end * 2;
        if (!grow(&column->data, capacity))
            return SINK_NO_MEMORY;
        column->bytes_capacity = capacity;
    }
    if (bytes)
        memcpy((char *)column->data + column->bytes, value, (size_t)bytes);
    column->bytes = end;
    column->offsets[row + 1] = (int32_t)end;
    return SINK_OK;
}

static int take_value(sink_column *column, int64_t row, sqlite3_value *value)
{
    static const int wanted[] = {[KIND_INT64] = SQLITE_INTEGER,
                                 [KIND_TEXT] = SQLITE_TEXT,
                                 [KIND_BYTES] = SQLITE_BLOB};
    int type = sqlite3_value_type(value);
    if (type != wanted[column->kind])
        return type == SQLITE_NULL ? SINK_NULL : SINK_TYPE;
    if (type == SQLITE_INTEGER) {
        ((int64_t *)column->data)[row] = sqlite3_value_int64(value);
        return SINK_OK;
    }
    const void *first = type == SQLITE_TEXT ? (const void *)sqlite3_value_text(value)
                                            : sqlite3_value_blob(value);
    int bytes = sqlite3_value_bytes(value);
    return first || !bytes ? take_bytes(column, row, first, bytes) : SINK_NO_MEMORY;
}

static int take_row(column_sink *sink, sqlite3_value **values)
{
    if (!sink_reserve(sink, sink->n_rows + 1))
        return SINK_NO_MEMORY;
    for (int i = 0; i < sink->n_columns; i++) {
        int failure = take_value(&sink->columns[i], sink->n_rows, values[i]);
        if (failure) {
            sink->failed_column = i;
            return failure;
        }
    }
    sink->n_rows++;
    return SINK_OK;
}

static column_sink *begin(sqlite3_context *context, taking *state, int argc, sqlite3_value **argv)
{
    if (argc < 1 || sqlite3_value_type(argv[0]) != SQLITE_INTEGER) {
        sqlite3_result_error(context, "billcore_take takes an integer handle first", -1);
        return NULL;
    }
    state->handle = sqlite3_value_int64(argv[0]);
    state->sink = handle_acquire(HANDLE_SINK, state->handle);
    if (!state->sink)
        sqlite3_result_error(context, "no free sink has this handle", -1);
    return state->sink;
}

static void step(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    taking *state = sqlite3_aggregate_context(context, sizeof *state);
    if (!state) {
        sqlite3_result_error_nomem(context);
        return;
    }
    column_sink *sink = state->sink ? state->sink : begin(context, state, argc, argv);
    if (!sink)
        return;
    if (argc - 1 != sink->n_columns) {
        sqlite3_result_error(context, "the sink has another number of columns", -1);
        return;
    }
    sink->failure = take_row(sink, argv + 1);
    if (sink->failure == SINK_NO_MEMORY)
        sqlite3_result_error_nomem(context);
    else if (sink->failure)
        sqlite3_result_error(context, "a value does not fit its column", -1);
}

static void finish(sqlite3_context *context)
{
    taking *state = sqlite3_aggregate_context(context, 0);
    if (!state || !state->sink) {
        sqlite3_result_int64(context, 0);
        return;
    }
    sqlite3_result_int64(context, state->sink->n_rows);
    handle_release(state->handle);
    state->sink = NULL;
}

int register_take(sqlite3 *db)
{
    return sqlite3_create_function_v2(db, "billcore_take", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                      NULL, NULL, step, finish, NULL);
}
