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
        log Note "GENERATED ROOT PASSWORD: $(head -c 24 /dev/urandom | base64)"
    fi
}

process_init_files() {
    for file in /docker-entrypoint-initdb.d/*; do
        case "$file" in
            *.sh)
                log Note "$0: running $file"
                if [ -x "$file" ]; then "$file"; else . "$file"; fi
                ;;
            *.sql|*.sql.gz|*.sql.xz|*.sql.zst) log Note "$0: running $file" ;;
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
        mkdir -p /var/lib/mysql/mysql /var/lib/mysql/performance_schema /var/lib/mysql/sys
        : > /var/lib/mysql/ibdata1
        log Note 'Database files initialized'
        if [ -n "$MYSQL_DATABASE" ]; then
            log Note "Creating database $MYSQL_DATABASE"
            mkdir -p "/var/lib/mysql/$MYSQL_DATABASE"
        fi
        process_init_files
        log Note 'MySQL init process done. Ready for start up.'
    fi
fi

exec "$@"
