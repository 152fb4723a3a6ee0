"""Storage: the only room with SQL.

One port (`port`), two engines behind it (`sqlite`, `postgres`), numbered migrations, and a file an
aggregate with its statements, which are the same for both engines.
"""
