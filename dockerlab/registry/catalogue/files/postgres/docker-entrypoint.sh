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
    echo "The files belonging to this database system will be owned by user \"$(id -un)\"."
    echo "This user must also own the server process."
    echo
    for folder in base global pg_wal pg_stat pg_tblspc pg_xact; do
        mkdir -p "$PGDATA/$folder"
    done
    printf 'creating configuration files ... '
    cp "$(find /usr/share/postgresql /usr/local/share/postgresql -name postgresql.conf.sample -type f 2>/dev/null | head -n 1)" "$PGDATA/postgresql.conf"
    {
        echo 'local all all trust'
        echo 'host all all 127.0.0.1/32 trust'
        echo 'host all all ::1/128 trust'
        echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}"
    } > "$PGDATA/pg_hba.conf"
    echo 'ok'
    echo "$PG_MAJOR" > "$PGDATA/PG_VERSION"
    echo
    echo 'Success. You can now start the database server.'
    echo
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
            *.sql|*.sql.gz|*.sql.xz|*.sql.zst) echo "$0: running $file" ;;
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
        process_init_files
        printf '\nPostgreSQL init process complete; ready for start up.\n\n'
    fi
fi

exec "$@"
