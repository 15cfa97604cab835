#!/bin/sh
# Is the server well? Options: --connect, --innodb_initialized.
set -e

for option in "$@"; do
    case "$option" in
        --connect|--innodb_initialized|--su-mysql) ;;
        *) echo >&2 "unknown healthcheck option $option"; exit 1 ;;
    esac
done
exec mariadb-admin ping --silent
