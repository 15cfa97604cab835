#!/bin/sh
# Make a data directory where there is none, then become the server, as the user mysql.
set -e

log() {
    level=$1
    shift
    echo "$(date -u '+%Y-%m-%d %H:%M:%S')+00:00 [$level] [Entrypoint]: $*"
}

# NAME_FILE may stand for NAME: a secret in a file.
file_env() {
    eval "value=\${$1:-} file=\${$1_FILE:-}"
    if [ -n "$value" ] && [ -n "$file" ]; then
        log ERROR "Both $1 and $1_FILE are set (but are exclusive)" >&2
        exit 1
    fi
    if [ -n "$file" ]; then
        value=$(cat "$file")
    fi
    export "$1=${value:-}"
    unset "$1_FILE"
}

verify_minimum_env() {
    if [ -z "$MARIADB_ROOT_PASSWORD$MARIADB_ROOT_PASSWORD_HASH$MARIADB_ALLOW_EMPTY_ROOT_PASSWORD$MARIADB_RANDOM_ROOT_PASSWORD" ]; then
        log ERROR "Database is uninitialized and password option is not specified
    You need to specify one of the following as an environment variable:
    - MARIADB_ROOT_PASSWORD
    - MARIADB_ROOT_PASSWORD_HASH
    - MARIADB_ALLOW_EMPTY_ROOT_PASSWORD
    - MARIADB_RANDOM_ROOT_PASSWORD" >&2
        exit 1
    fi
    if [ -n "$MARIADB_RANDOM_ROOT_PASSWORD" ]; then
        export MARIADB_ROOT_PASSWORD="$(head -c 24 /dev/urandom | base64)"
        log Note "GENERATED ROOT PASSWORD: $MARIADB_ROOT_PASSWORD"
    fi
}

# A server that only this container reaches, as long as the first files are read.
temp_server_start() {
    log Note 'Starting temporary server'
    "$@" --skip-networking &
    until mariadb-admin ping --silent 2> /dev/null; do
        sleep 1
    done
    log Note 'Temporary server started.'
}

temp_server_stop() {
    log Note 'Stopping temporary server'
    MYSQL_PWD=$MARIADB_ROOT_PASSWORD mariadb-admin -uroot shutdown
    wait
    log Note 'Temporary server stopped'
}

process_sql() {
    MYSQL_PWD=$MARIADB_ROOT_PASSWORD mariadb -uroot --database="$MARIADB_DATABASE"
}

process_init_files() {
    for file in /docker-entrypoint-initdb.d/*; do
        case "$file" in
            *.sh)
                log Note "$0: running $file"
                if [ -x "$file" ]; then "$file"; else . "$file"; fi
                ;;
            *.sql) log Note "$0: running $file"; process_sql < "$file" ;;
            *.sql.gz) log Note "$0: running $file"; gunzip -c "$file" | process_sql ;;
            *.sql.xz) log Note "$0: running $file"; xzcat "$file" | process_sql ;;
            '/docker-entrypoint-initdb.d/*') ;;
            *) log Warn "$0: ignoring $file" ;;
        esac
    done
}

if [ "${1#-}" != "$1" ]; then
    set -- mariadbd "$@"
fi

if [ "$1" = 'mariadbd' ] || [ "$1" = 'mysqld' ]; then
    case " $* " in
        *' --help '*|*' -? '*|*' --version '*|*' -V '*|*' --print-defaults '*) exec "$@" ;;
    esac
    log Note "Entrypoint script for MariaDB Server $MARIADB_VERSION started."
    if [ "$(id -u)" = '0' ]; then
        log Note "Switching to dedicated user 'mysql'"
        mkdir -p /var/lib/mysql
        find /var/lib/mysql /var/run/mysqld/ \! -user mysql -exec chown mysql '{}' +
        exec gosu mysql "$0" "$@"
    fi
    for name in MARIADB_ROOT_PASSWORD MARIADB_DATABASE MARIADB_USER MARIADB_PASSWORD; do
        file_env "$name"
    done
    # The old names mean the same.
    for name in ROOT_PASSWORD RANDOM_ROOT_PASSWORD DATABASE USER PASSWORD; do
        eval "export MARIADB_$name=\${MARIADB_$name:-\${MYSQL_$name:-}}"
    done
    export MARIADB_ALLOW_EMPTY_ROOT_PASSWORD="${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD:-$MYSQL_ALLOW_EMPTY_PASSWORD}"
    if [ ! -d /var/lib/mysql/mysql ]; then
        verify_minimum_env
        log Note 'Initializing database files'
        "$@" --initialize-insecure
        log Note 'Database files initialized'
        temp_server_start "$@"
        process_init_files
        temp_server_stop
        log Note 'MariaDB init process done. Ready for start up.'
    fi
fi

exec "$@"
