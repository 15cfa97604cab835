"""PostgreSQL: the server with its tools, and psql. Its SQL is a subset, by way of `servers.sql`."""
