"""Storage: runs in a database, SQLite in one file or in memory, PostgreSQL to come."""
