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
    if [ -z "$MYSQL_ROOT_PASSWORD$MYSQL_ALLOW_EMPTY_PASSWORD$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
        log ERROR "Database is uninitialized and password option is not specified
    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD" >&2
        exit 1
    fi
    if [ -n "$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
        export MYSQL_ROOT_PASSWORD="$(head -c 24 /dev/urandom | base64)"
        log Note "GENERATED ROOT PASSWORD: $MYSQL_ROOT_PASSWORD"
    fi
}

# A server that only this container reaches, as long as the first files are read.
temp_server_start() {
    log Note 'Starting temporary server'
    "$@" --skip-networking &
    until mysqladmin ping --silent 2> /dev/null; do
        sleep 1
    done
    log Note 'Temporary server started.'
}

temp_server_stop() {
    log Note 'Stopping temporary server'
    MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysqladmin -uroot shutdown
    wait
    log Note 'Temporary server stopped'
}

process_sql() {
    MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql -uroot --database="$MYSQL_DATABASE"
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
    set -- mysqld "$@"
fi

if [ "$1" = 'mysqld' ] || [ "$1" = 'mysqld' ]; then
    case " $* " in
        *' --help '*|*' -? '*|*' --version '*|*' -V '*|*' --print-defaults '*) exec "$@" ;;
    esac
    log Note "Entrypoint script for MySQL Server $MYSQL_VERSION started."
    if [ "$(id -u)" = '0' ]; then
        log Note "Switching to dedicated user 'mysql'"
        mkdir -p /var/lib/mysql
        find /var/lib/mysql /var/run/mysqld/ \! -user mysql -exec chown mysql '{}' +
        exec gosu mysql "$0" "$@"
    fi
    for name in MYSQL_ROOT_PASSWORD MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD; do
        file_env "$name"
    done
    if [ ! -d /var/lib/mysql/mysql ]; then
        verify_minimum_env
        log Note 'Initializing database files'
        "$@" --initialize-insecure
        log Note 'Database files initialized'
        temp_server_start "$@"
        process_init_files
        temp_server_stop
        log Note 'MySQL init process done. Ready for start up.'
    fi
fi

exec "$@"
