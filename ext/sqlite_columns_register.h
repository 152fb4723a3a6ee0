/* What the extension registers on a connection; included after sqlite3ext.h. */
#ifndef BILLCORE_SQLITE_COLUMNS_REGISTER_H
#define BILLCORE_SQLITE_COLUMNS_REGISTER_H

int register_columns(sqlite3 *db);
int register_take(sqlite3 *db);

#endif
