"""`build`: one way in for both builders."""

from __future__ import annotations

from dockerlab.build.backend import Backend
from dockerlab.build.buildkit import BuildKit
from dockerlab.build.cache import BuildCache
from dockerlab.build.legacy import Legacy
from dockerlab.build.request import BuildRequest
from dockerlab.errors import InvalidParameterError
from dockerlab.events import Conversation


def build(request: BuildRequest, backend: Backend, cache: BuildCache | None = None) -> Conversation[str]:
    """Build an image; returns its ID. The cache outlives the build when it is handed in again."""
    cache = BuildCache() if cache is None else cache
    if not request.buildkit:
        return (yield from Legacy(request, backend, cache.memory).build())
    if request.squash:
        raise InvalidParameterError("squash is not supported by BuildKit: use the legacy builder (DOCKER_BUILDKIT=0)")
    return (yield from BuildKit(request, backend, cache).build())
