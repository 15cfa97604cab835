#!/bin/sh
# Before nginx starts, run what /docker-entrypoint.d holds; then become the command.
set -e

say() {
    [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$0: $*"
}

if [ "$1" = "nginx" ] || [ "$1" = "nginx-debug" ]; then
    if [ -n "$(ls -A /docker-entrypoint.d 2>/dev/null)" ]; then
        say "/docker-entrypoint.d/ is not empty, will attempt to perform configuration"
        say "Looking for shell scripts in /docker-entrypoint.d/"
        for file in /docker-entrypoint.d/*; do
            case "$file" in
                *.envsh)
                    if [ -x "$file" ]; then
                        say "Sourcing $file"
                        . "$file"
                    else
                        say "Ignoring $file, not executable"
                    fi
                    ;;
                *.sh)
                    if [ -x "$file" ]; then
                        say "Launching $file"
                        "$file"
                    else
                        say "Ignoring $file, not executable"
                    fi
                    ;;
                *) say "Ignoring $file" ;;
            esac
        done
        say "Configuration complete; ready for start up"
    else
        say "No files found in /docker-entrypoint.d/, skipping configuration"
    fi
fi

exec "$@"
