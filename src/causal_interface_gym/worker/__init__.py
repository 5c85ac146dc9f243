"""Workers: they play the shards of queued runs, on any machine that reaches the database.

The queue is procrastinate's, in the same PostgreSQL. On a database in a file the same shards are
played by threads of the process that serves it.
"""
