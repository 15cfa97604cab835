#!/bin/sh
# Let the default server listen on IPv6 too, unless its settings were changed.
set -e

me=$(basename "$0")
conf=etc/nginx/conf.d/default.conf

say() {
    [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$me: info: $*"
}

if [ ! -f "/$conf" ]; then
    say "/$conf is not a file or does not exist"
    exit 0
fi
if ! touch "/$conf" 2>/dev/null; then
    say "can not modify /$conf (read-only file system?)"
    exit 0
fi
if grep -q 'listen  *\[::\]:80;' "/$conf"; then
    say "IPv6 listen already enabled"
    exit 0
fi
say "Getting the checksum of /$conf"
if ! grep -q '# As the package ships it.' "/$conf"; then
    say "/$conf differs from the packaged version"
    exit 0
fi
sed -i -e 's,listen       80;,listen       80;\n    listen  [::]:80;,' "/$conf"
say "Enabled listen on IPv6 in /$conf"
