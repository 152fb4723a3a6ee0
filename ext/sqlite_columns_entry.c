/* The entry of the loadable extension; the same file is the Python module. */
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

#include "sqlite_columns_register.h"

__attribute__((visibility("default"))) int
billcore_sqlite_columns_init(sqlite3 *db, char **error, const sqlite3_api_routines *api)
{
    (void)error;
    SQLITE_EXTENSION_INIT2(api);
    int failed = register_columns(db);
    return failed ? failed : register_take(db);
}
