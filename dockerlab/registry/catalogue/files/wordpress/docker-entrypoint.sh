#!/bin/bash
# An empty /var/www/html (a fresh volume, say) gets WordPress; its settings come from WORDPRESS_ variables.
set -e

case "$1" in
    apache2*|php-fpm)
        if [ ! -e index.php ] && [ ! -e wp-includes/version.php ]; then
            echo >&2 "WordPress not found in $PWD - copying now..."
            if [ -n "$(ls -A)" ]; then
                echo >&2 "WARNING: $PWD is not empty! (copying anyhow)"
            fi
            cp -r /usr/src/wordpress/. .
            rm -f wp-config-docker.php
            chown -R www-data:www-data .
            echo >&2 "Complete! WordPress has been successfully copied to $PWD"
        fi
        if [ ! -s wp-config.php ] && env | grep -q '^WORDPRESS_'; then
            echo >&2 "No 'wp-config.php' found in $PWD, but 'WORDPRESS_...' variables supplied; copying 'wp-config-docker.php' (WORDPRESS_*)"
            cp /usr/src/wordpress/wp-config-docker.php wp-config.php
            chown www-data:www-data wp-config.php
        fi
        ;;
esac

exec "$@"
