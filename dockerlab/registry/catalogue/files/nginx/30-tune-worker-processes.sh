#!/bin/sh
# One worker for each processor, where that is asked for.
set -e

[ -n "${NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE:-}" ] || exit 0
touch /etc/nginx/nginx.conf 2>/dev/null || {
    echo "$(basename "$0"): error: can not modify /etc/nginx/nginx.conf (read-only file system?)"
    exit 0
}
sed -i -e "s/^worker_processes .*;/worker_processes  $(nproc);/" /etc/nginx/nginx.conf
