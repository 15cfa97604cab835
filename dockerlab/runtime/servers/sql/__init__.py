"""SQL for the simulated PostgreSQL, MySQL and MariaDB: a small, honest subset.

Python's own `sqlite3` keeps the tables, in memory. `tokens` reads a statement, `schema` what CREATE TABLE says,
`engine` runs statements and turns SQLite's errors into facts, and a dialect (its owner is the database server) gives
them the words that the real server has for them. `wire` is how clients and servers talk.
"""
