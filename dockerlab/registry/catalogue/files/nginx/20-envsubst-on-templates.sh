#!/bin/sh
# Make settings from the templates in /etc/nginx/templates: ${NAME} becomes the variable's value.
set -e

me=$(basename "$0")
templates="${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}"
suffix="${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}"
target="${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}"

[ -d "$templates" ] || exit 0
if [ ! -w "$target" ]; then
    echo "$me: ERROR: $templates exists, but $target is not writable"
    exit 0
fi

script=$(mktemp)
env | while IFS='=' read -r name value; do
    value=$(printf '%s' "$value" | sed -e 's/[&|\\]/\\&/g')
    printf 's|\\${%s}|%s|g\n' "$name" "$value"
    printf 's|\\$%s\\([^A-Za-z0-9_]\\)|%s\\1|g\n' "$name" "$value"
    printf 's|\\$%s$|%s|\n' "$name" "$value"
done > "$script"
find "$templates" -type f -name "*$suffix" | sort | while read -r template; do
    relative=${template#"$templates/"}
    output="$target/${relative%"$suffix"}"
    mkdir -p "$(dirname "$output")"
    [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$me: Running envsubst on $template to $output"
    sed -f "$script" "$template" > "$output"
done
rm -f "$script"
