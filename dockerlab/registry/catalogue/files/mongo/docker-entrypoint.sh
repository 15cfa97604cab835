#!/bin/sh
# The server runs as the user mongodb and listens on every address.
set -e

if [ "${1#-}" != "$1" ]; then
    set -- mongod "$@"
fi

case "$1" in
    mongod|mongos)
        if [ "$(id -u)" = '0' ]; then
            [ "$1" = 'mongos' ] || find /data/configdb /data/db \! -user mongodb -exec chown mongodb '{}' +
            exec gosu mongodb "$0" "$@"
        fi
        user=$MONGO_INITDB_ROOT_USERNAME password=$MONGO_INITDB_ROOT_PASSWORD
        if [ -n "$user$password" ]; then
            if [ -z "$user" ] || [ -z "$password" ]; then
                echo >&2 'error: missing MONGO_INITDB_ROOT_USERNAME or MONGO_INITDB_ROOT_PASSWORD: both are needed for a user'
                exit 1
            fi
            set -- "$@" --auth
        fi
        case " $* " in
            *' --bind_ip'*|*' --config '*|*' -f '*) ;;
            *) set -- "$@" --bind_ip_all ;;
        esac
        ;;
esac

exec "$@"
