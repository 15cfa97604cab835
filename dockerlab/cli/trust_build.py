"""Content trust in the legacy builder: the client rewrites each FROM to the digest that was signed.

BuildKit's `docker build` knows nothing of content trust: it takes DOCKER_CONTENT_TRUST without a word, and verifies
nothing (docker/cli, cli/command/image/build.go; docker/buildx).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dockerlab.build.context import BuildContext
from dockerlab.cli.context import Context
from dockerlab.cli.trust import tag_trusted, trusted_reference
from dockerlab.errors import CommandError, InvalidReferenceError
from dockerlab.oci.reference import Reference

_FROM = re.compile(r"\s*FROM[ \f\r\t\v]+(?P<image>[^ \f\r\t\v\n#]+)", re.IGNORECASE)
_NOTHING = "scratch"

Resolved = Sequence[tuple[Reference, Reference]]
"""What was rewritten: (by digest, by tag)."""


def trusted_context(ctx: Context, context: BuildContext) -> tuple[BuildContext, Resolved]:
    """The context with a Dockerfile whose images are named by digest."""
    lines, resolved = [], []
    for line in context.dockerfile.splitlines():
        found = _FROM.match(line)
        name = _named(found["image"]) if found else None
        if found and name and name.tag and not name.digest:
            exact = _signed(ctx, name)
            resolved.append((exact, name))
            line = f"FROM {exact.familiar}{line[found.end() :]}"
        lines.append(line + "\n")
    return replace(context, dockerfile="".join(lines)), resolved


def _named(image: str) -> Reference | None:
    """The image that FROM names, None where it is none (the builder says what is wrong with it)."""
    if image == _NOTHING:
        return None
    try:
        return Reference.parse(image).with_default_tag()
    except InvalidReferenceError:
        return None


def _signed(ctx: Context, name: Reference) -> Reference:
    try:
        return trusted_reference(ctx, name)
    except CommandError as error:
        # The client finds out while it sends the context, so it takes this for a fault of the connection.
        raise CommandError(f"error during connect: {error}") from error


def tag_resolved(ctx: Context, resolved: Resolved) -> None:
    """After the build the images that it took by digest get their tags."""
    for exact, name in resolved:
        tag_trusted(ctx, exact, name)
