"""The engine's builder: `docker build` and `docker builder …` (moby, api/server/backend/build and builder-next).

It hands the two front ends of `build` what they need of images, containers and programs, and keeps the build cache.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from dockerlab.build.backend import Outcome, RunSpec
from dockerlab.build.cache import BuildCache, Record
from dockerlab.build.core import build
from dockerlab.build.request import BuildRequest
from dockerlab.build.sources import Download
from dockerlab.engine.build_containers import BuildContainers
from dockerlab.engine.build_downloads import fetch_url
from dockerlab.engine.build_images import BuildImages
from dockerlab.engine.build_runner import BuildRunner
from dockerlab.engine.container_context import Context
from dockerlab.engine.container_lifecycle import Lifecycle
from dockerlab.engine.image_context import ImageContext
from dockerlab.errors import InvalidParameterError
from dockerlab.events import CacheDecision, Conversation, Event, ImageBuilt, StepFailed, StepFinished, StepStarted
from dockerlab.oci.golang import quote
from dockerlab.oci.reference import Reference
from dockerlab.world import format_instant


def check_request(request: BuildRequest) -> None:
    """What the engine refuses of the legacy builder's options (moby, api/server/router/build)."""
    if any(tag.digest is not None for tag in request.tags):
        raise InvalidParameterError("build tag cannot contain a digest")
    isolation = str(request.host.get("Isolation", ""))
    if isolation not in ("", "default"):
        raise InvalidParameterError(f"Unsupported isolation: {quote(isolation)}")
    if request.host.get("SecurityOpt"):
        raise InvalidParameterError("The daemon on this platform does not support setting security options on build")


KEPT = (StepStarted, CacheDecision, StepFailed, StepFinished, ImageBuilt)
"""The events of a build that tell what became of its steps; what they printed is not kept."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a build was asked for, and what it told of its steps."""

    request: BuildRequest
    events: tuple[Event, ...] = ()


class Backend(BuildImages, BuildContainers):
    """All that building needs: implements `build.backend.Backend`."""

    def __init__(self, images: ImageContext, containers: Context, lifecycle: Lifecycle) -> None:
        BuildImages.__init__(self, images)
        BuildContainers.__init__(self, containers, lifecycle)
        self._context = containers
        self._runner = BuildRunner(containers)

    def run_step(self, spec: RunSpec) -> Conversation[Outcome]:
        """Run a step of BuildKit."""
        return self._runner.run_step(spec)

    def fetch_url(self, url: str) -> Conversation[Download]:
        """Get a file over the host's network."""
        return fetch_url(self._context, url)


class Builder:
    """Builds images, and knows what it has built."""

    def __init__(self, images: ImageContext, containers: Context, lifecycle: Lifecycle) -> None:
        self.backend = Backend(images, containers, lifecycle)
        self.cache = BuildCache()
        self.last: Told | None = None

    def build(self, request: BuildRequest) -> Conversation[str]:
        """`docker build`; returns the image's ID. What the engine does not take is refused before anything."""
        for tag in request.tags:
            Reference.on_daemon(tag.familiar)
        if not request.buildkit:
            check_request(request)
        return self._told(request)

    def _told(self, request: BuildRequest) -> Generator[Event, Any, str]:
        """Build, and remember what was told of the steps, also where the build fails."""
        told: list[Event] = []
        conversation = build(request, self.backend, self.cache)
        try:
            event = next(conversation)
            while True:
                told += [event] if isinstance(event, KEPT) else []
                event = conversation.send((yield event))
        except StopIteration as stop:
            return str(stop.value)
        finally:
            conversation.close()
            self.last = Told(request, tuple(told))

    def usage(self) -> list[dict[str, Any]]:
        """The build cache as `docker system df -v` lists it, oldest first."""
        in_use = self._layers_in_use()
        return [_row(record, record.layer.diff_id in in_use) for record in self.cache]

    def prune(self, *, all: bool = False) -> dict[str, Any]:
        """`docker builder prune`: what no image holds; with `all` everything."""
        in_use = set() if all else self._layers_in_use()
        keep = [record.id for record in self.cache if record.layer.diff_id in in_use]
        gone = self.cache.prune(keep)
        if all:
            self.cache.mounts.clear()
        return {
            "CachesDeleted": [record.id for record in gone] or None,
            "SpaceReclaimed": sum(record.size for record in gone),
        }

    def _layers_in_use(self) -> set[str]:
        stores = self.backend.images.stores
        return {diff_id for image in stores.images for diff_id in image.config.rootfs.diff_ids}


def _row(record: Record, shared: bool) -> dict[str, Any]:
    return {
        "ID": record.id,
        "Type": "regular",
        "Description": record.description,
        "InUse": False,
        "Shared": shared,
        "Size": record.size,
        "CreatedAt": format_instant(record.created),
        "LastUsedAt": format_instant(record.last_used),
        "UsageCount": record.uses,
    }
