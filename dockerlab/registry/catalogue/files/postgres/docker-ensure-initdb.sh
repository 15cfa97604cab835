#!/bin/sh
# Make sure that there is a database cluster, without starting the server.
set -e

if [ -s "$PGDATA/PG_VERSION" ]; then
    case "$(basename "$0")" in
        docker-enforce-initdb.sh)
            echo >&2 "error: (unexpected) database in $PGDATA"
            exit 1
            ;;
    esac
    echo >&2 "note: database already initialized in $PGDATA"
    exit 0
fi
exec docker-entrypoint.sh postgres --version
