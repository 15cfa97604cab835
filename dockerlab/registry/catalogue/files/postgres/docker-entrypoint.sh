#!/bin/sh
# Make a database cluster where there is none, then become the server, as the user postgres.
set -e

# NAME_FILE may stand for NAME: a secret in a file.
file_env() {
    eval "value=\${$1:-} file=\${$1_FILE:-}"
    if [ -n "$value" ] && [ -n "$file" ]; then
        echo >&2 "error: both $1 and $1_FILE are set (but are exclusive)"
        exit 1
    fi
    if [ -n "$file" ]; then
        value=$(cat "$file")
    fi
    export "$1=${value:-$2}"
    unset "$1_FILE"
}

verify_minimum_env() {
    if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != 'trust' ]; then
        cat >&2 <<'END'
Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       With "POSTGRES_HOST_AUTH_METHOD=trust" everybody gets in without a
       password. That is *not* recommended.
END
        exit 1
    fi
    if [ "$POSTGRES_HOST_AUTH_METHOD" = 'trust' ]; then
        echo >&2 "WARNING: POSTGRES_HOST_AUTH_METHOD has been set to \"trust\". Everybody who reaches the port may do everything."
    fi
}

init_database_dir() {
    secret=$(mktemp)
    printf '%s\n' "$POSTGRES_PASSWORD" > "$secret"
    initdb --username="$POSTGRES_USER" --pwfile="$secret" -D "$PGDATA"
    rm -f "$secret"
    cp "$(find /usr/share/postgresql /usr/local/share/postgresql -name postgresql.conf.sample -type f 2>/dev/null | head -n 1)" "$PGDATA/postgresql.conf"
    printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
}

# A server that only this container reaches, as long as the first files are read.
temp_server_start() {
    pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start
}

temp_server_stop() {
    pg_ctl -D "$PGDATA" -m fast -w stop
}

process_sql() {
    psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc --dbname "${POSTGRES_DB:-postgres}" "$@"
}

setup_db() {
    if [ "$POSTGRES_DB" != 'postgres' ]; then
        POSTGRES_DB='' process_sql -c "CREATE DATABASE \"$POSTGRES_DB\";"
        printf '\n'
    fi
}

process_init_files() {
    for file in /docker-entrypoint-initdb.d/*; do
        case "$file" in
            *.sh)
                if [ -x "$file" ]; then
                    echo "$0: running $file"
                    "$file"
                else
                    echo "$0: sourcing $file"
                    . "$file"
                fi
                ;;
            *.sql) echo "$0: running $file"; process_sql -f "$file"; printf '\n' ;;
            *.sql.gz) echo "$0: running $file"; gunzip -c "$file" | process_sql; printf '\n' ;;
            *.sql.xz) echo "$0: running $file"; xzcat "$file" | process_sql; printf '\n' ;;
            '/docker-entrypoint-initdb.d/*') echo "$0: ignoring /docker-entrypoint-initdb.d/*" ;;
            *) echo "$0: ignoring $file" ;;
        esac
    done
}

if [ "${1#-}" != "$1" ]; then
    set -- postgres "$@"
fi

if [ "$1" = 'postgres' ]; then
    case " $* " in
        *' --help '*|*' -? '*|*' --version '*|*' -V '*|*' -C '*) exec "$@" ;;
    esac
    mkdir -p "$PGDATA"
    if [ "$(id -u)" = '0' ]; then
        chmod 0700 "$PGDATA"
        find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
        exec gosu postgres "$0" "$@"
    fi
    if [ -s "$PGDATA/PG_VERSION" ]; then
        printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
    else
        file_env POSTGRES_PASSWORD
        file_env POSTGRES_USER postgres
        file_env POSTGRES_DB "$POSTGRES_USER"
        verify_minimum_env
        init_database_dir
        temp_server_start
        setup_db
        process_init_files
        temp_server_stop
        printf '\nPostgreSQL init process complete; ready for start up.\n\n'
    fi
fi

exec "$@"
