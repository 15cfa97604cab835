#!/bin/sh
# Options and a settings file alone mean the server; the server runs as the user redis.
set -e

if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
    set -- redis-server "$@"
fi

if [ "$1" = 'redis-server' ] && [ "$(id -u)" = '0' ]; then
    find . \! -user redis -exec chown redis '{}' +
    exec gosu redis "$0" "$@"
fi

# What the server writes is nobody else's business, unless somebody has said otherwise.
if [ "$(umask)" = '0022' ]; then
    umask 0077
fi

exec "$@"
