"""From a stage to an image as BuildKit writes one: its history filled with times, its configuration in OCI's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ContainerConfig, History, ImageConfig, RootFS

COMMENT = "buildkit.dockerfile.v0"


@dataclass(frozen=True)
class Entry:
    """A line of history to be: `created` is known of steps that made a layer, '' of the others."""

    text: str
    created: str = ""

    @property
    def empty(self) -> bool:
        """Whether no layer belongs to it."""
        return not self.created


def dated(entries: Sequence[Entry]) -> list[History]:
    """The history with every time filled in (BuildKit, exporter: normalizeLayersAndHistory).

    A step without a layer takes the time of the layer before it, those at the beginning that of the first new layer.
    """
    first = next((entry.created for entry in entries if entry.created), "")
    told = []
    now = first
    for entry in entries:
        now = entry.created or now
        told.append(History(now, entry.text, comment=COMMENT, empty_layer=entry.empty))
    return told


def image_config(
    base: ImageConfig,
    config: ContainerConfig,
    diff_ids: Sequence[Digest],
    entries: Sequence[Entry],
    *,
    author: str,
    now: str,
) -> ImageConfig:
    """The image's configuration; it is as old as the newest step of its history, so that a cached build is the same."""
    history = [*base.history, *dated(entries)]
    if not any(step.created for step in history[len(base.history) :]):
        before = base.history[-1].created if base.history else base.created
        history[len(base.history) :] = [replace(step, created=before or now) for step in history[len(base.history) :]]
    created = next((step.created for step in reversed(history) if step.created), base.created or now)
    return ImageConfig(
        architecture=base.architecture,
        os=base.os,
        variant=base.variant,
        os_version=base.os_version,
        config=replace(config, hostname="", domainname="", image=""),
        rootfs=RootFS(tuple(diff_ids)),
        history=tuple(history),
        created=created,
        author=author,
        oci=True,
    )
