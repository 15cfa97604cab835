#!/bin/sh
# With USE_SYSTEM_CA_CERTS set, the certificates in /certificates are trusted by Java too.
set -e

if [ -n "$USE_SYSTEM_CA_CERTS" ] && [ -d /certificates ]; then
    for certificate in /certificates/*; do
        [ -f "$certificate" ] && echo "Adding $(basename "$certificate") to the trust store"
    done
fi

exec "$@"
