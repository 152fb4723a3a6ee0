/* billcore_columns(handle): the rows of a source as a read-only table c0, c1, ... */
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3

#include <stdio.h>
#include <string.h>

#include "sqlite_columns.h"
#include "sqlite_columns_register.h"

enum { HANDLE_COLUMN = COLUMNS_MAX, DECLARATION_BYTES = 16 + COLUMNS_MAX * 5 + 16 };

typedef struct {
    sqlite3_vtab_cursor base;
    column_source *source; /* NULL before the first filter */
    int64_t handle, row;
} cursor;

static int connect_table(sqlite3 *db, void *aux, int argc, const char *const *argv,
                         sqlite3_vtab **table, char **error)
{
    (void)aux, (void)argc, (void)argv, (void)error;
    char text[DECLARATION_BYTES];
    int at = snprintf(text, sizeof text, "CREATE TABLE x(");
    for (int i = 0; i < COLUMNS_MAX; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "c%d,", i);
    snprintf(text + at, sizeof text - (size_t)at, "handle HIDDEN)");
    int failed = sqlite3_declare_vtab(db, text);
    if (failed)
        return failed;
    *table = sqlite3_malloc64(sizeof **table);
    if (!*table)
        return SQLITE_NOMEM;
    memset(*table, 0, sizeof **table);
    return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn != HANDLE_COLUMN ||
            info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ || !info->aConstraint[i].usable)
            continue;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = 1e6;
        info->estimatedRows = 1000000;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **opened)
{
    (void)table;
    cursor *new = sqlite3_malloc64(sizeof *new);
    if (!new)
        return SQLITE_NOMEM;
    memset(new, 0, sizeof *new);
    *opened = &new->base;
    return SQLITE_OK;
}

static void leave(cursor *at)
{
    if (at->source)
        handle_release(at->handle);
    at->source = NULL;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    leave((cursor *)base);
    sqlite3_free(base);
    return SQLITE_OK;
}

static int refuse(sqlite3_vtab *table, const char *message, int64_t number)
{
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf(message, (sqlite3_int64)number);
    return SQLITE_ERROR;
}

static void go_to(cursor *at, int64_t row)
{
    at->row = row;
    __atomic_store_n(&at->source->row, row, __ATOMIC_RELAXED);
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *text, int argc,
                  sqlite3_value **argv)
{
    (void)number, (void)text;
    cursor *at = (cursor *)base;
    leave(at);
    if (argc != 1 || sqlite3_value_type(argv[0]) != SQLITE_INTEGER)
        return refuse(base->pVtab, "billcore_columns takes an integer handle", 0);
    at->handle = sqlite3_value_int64(argv[0]);
    at->source = handle_acquire(HANDLE_SOURCE, at->handle);
    if (!at->source)
        return refuse(base->pVtab, "no columns have the handle %lld", at->handle);
    go_to(at, 0);
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
    cursor *at = (cursor *)base;
    go_to(at, at->row + 1);
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    const cursor *at = (const cursor *)base;
    return !at->source || at->row >= at->source->n_rows;
}

static void give(sqlite3_context *context, const source_column *column, int64_t row)
{
    if (column->kind <= KIND_INT64) {
        int64_t value = column->kind == KIND_INT64   ? ((const int64_t *)column->data)[row]
                        : column->kind == KIND_INT32 ? ((const int32_t *)column->data)[row]
                        : column->kind == KIND_INT16 ? ((const int16_t *)column->data)[row]
                                                     : ((const int8_t *)column->data)[row];
        sqlite3_result_int64(context, value);
        return;
    }
    const char *first = (const char *)column->data + column->offsets[row];
    sqlite3_uint64 bytes = (sqlite3_uint64)(column->offsets[row + 1] - column->offsets[row]);
    if (column->kind == KIND_TEXT)
        sqlite3_result_text64(context, first, bytes, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_result_blob64(context, first, bytes, SQLITE_STATIC);
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int number)
{
    const cursor *at = (const cursor *)base;
    if (number == HANDLE_COLUMN)
        sqlite3_result_int64(context, at->handle);
    else if (number < 0 || number >= at->source->n_columns)
        return refuse(base->pVtab, "the handle has no column c%lld", number);
    else
        give(context, &at->source->columns[number], at->row);
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *row)
{
    *row = ((const cursor *)base)->row;
    return SQLITE_OK;
}

/* No xCreate: the table exists in every connection under its module's name, and only there. */
static const sqlite3_module module = {
    .xConnect = connect_table,
    .xDisconnect = disconnect_table,
    .xBestIndex = best_index,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next,
    .xEof = at_end,
    .xColumn = column,
    .xRowid = rowid,
};

int register_columns(sqlite3 *db)
{
    return sqlite3_create_module_v2(db, "billcore_columns", &module, NULL, NULL);
}
