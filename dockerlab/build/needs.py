"""What the legacy builder says of options that only BuildKit has."""

from __future__ import annotations

NEEDS_BUILDKIT = (
    "the --{} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ "
    "to learn how to build images with BuildKit enabled"
)
