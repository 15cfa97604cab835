"""MySQL and MariaDB: the server with its log, and the clients. Their SQL is a subset, by way of `servers.sql`."""
