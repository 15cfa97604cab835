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
        mkdir -p /var/lib/mysql/mysql /var/lib/mysql/performance_schema /var/lib/mysql/sys
        : > /var/lib/mysql/ibdata1
        log Note 'Database files initialized'
        if [ -n "$MARIADB_DATABASE" ]; then
            log Note "Creating database $MARIADB_DATABASE"
            mkdir -p "/var/lib/mysql/$MARIADB_DATABASE"
        fi
        process_init_files
        log Note 'MariaDB init process done. Ready for start up.'
    fi
fi

exec "$@"
