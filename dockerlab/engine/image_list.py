"""What there is to say about images: list, inspect, history (moby, daemon/images: image_list, image_inspect, …)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dockerlab.engine.image_context import Filters, ImageContext
from dockerlab.engine.image_filters import LIST, check_names, has_labels, truth, until
from dockerlab.errors import InvalidParameterError, NotFoundError, SystemError_
from dockerlab.oci.image import ContainerConfig, History, ImageConfig
from dockerlab.oci.reference import Reference
from dockerlab.store import Image, StoredLayer
from dockerlab.store.v1 import go_time
from dockerlab.world import NANOSECOND, format_instant, parse_instant

NO_NAME = "<none>:<none>"
NO_DIGEST = "<none>@<none>"
NEVER = "0001-01-01T00:00:00Z"


class Listing:
    """One run of `docker images`."""

    def __init__(self, context: ImageContext, filters: Filters, *, everything: bool) -> None:
        check_names(filters, LIST)
        self.context = context
        self.filters = filters
        self.everything = everything
        self.dangling = truth(filters, "dangling")
        self.until = until(filters, context.now)
        self.before = min((context.find(name).created for name in filters.get("before", ())), default=None)
        self.since = max((context.find(name).created for name in filters.get("since", ())), default=None)
        self.parents = {image.parent_id for image in context.stores.images}

    def rows(self) -> list[dict[str, Any]]:
        """The images, newest first; those of one instant in the order in which they came, latest first."""
        images = [image for image in self.context.stores.images if self._passes(image)]
        rows = [(image.created, row) for image in reversed(images) if (row := self._row(image)) is not None]
        return [row for _, row in sorted(rows, key=lambda pair: -pair[0])]

    def _passes(self, image: Image) -> bool:
        created = image.created
        if self.dangling and image.id in self.parents:
            return False
        if self.before is not None and created >= self.before:
            return False
        if self.since is not None and created <= self.since:
            return False
        if self.until is not None and created > self.until:
            return False
        return has_labels(image.config.config, self.filters.get("label", ()))

    def _row(self, image: Image) -> dict[str, Any] | None:
        names = [name for name in self.context.stores.references.of(image.id) if self._wanted(name)]
        tags = [name.familiar for name in names if name.digest is None]
        digests = [name.familiar for name in names if name.digest is not None]
        if not names:
            if not self._shows_nameless(image):
                return None
            tags, digests = [], []
        elif self.dangling and tags:
            return None
        return self.context.ways.summary(self.context, image, tags, digests)

    def _wanted(self, name: Reference) -> bool:
        patterns = self.filters.get("reference")
        return not patterns or any(name.matches(pattern) for pattern in patterns)

    def _shows_nameless(self, image: Image) -> bool:
        """An image in the middle of others is only shown with --all; none is where names are asked for."""
        if "reference" in self.filters or self.dangling is False:
            return False
        return self.everything or image.id not in self.parents


def summary(context: ImageContext, image: Image, tags: Sequence[str], digests: Sequence[str]) -> dict[str, Any]:
    """A row of `docker images`."""
    named = bool(tags or digests)
    return {
        "Containers": -1,
        "Created": image.created // NANOSECOND,
        "Id": str(image.id),
        "Labels": dict(image.config.config.labels) or None,
        "ParentId": str(image.parent_id or ""),
        "RepoDigests": (list(digests) or None) if named else [NO_DIGEST],
        "RepoTags": (list(tags) or None) if named else [NO_NAME],
        "SharedSize": -1,
        "Size": image.size,
        "VirtualSize": image.size,
    }


def layer_size(stored: StoredLayer) -> int:
    """What `docker history` says of a layer: the bytes of its files."""
    return stored.own_size


def inspect_image(context: ImageContext, name: str) -> dict[str, Any]:
    """All about one image, as `docker image inspect` prints it; what goes wrong is told twice, as moby does."""
    try:
        image = context.find(name)
    except (NotFoundError, InvalidParameterError) as error:
        raise type(error)(f"no such image: {name}: {error}") from error
    config = image.config
    last_comment = config.history[-1].comment if config.history else ""
    tagged = NEVER if image.last_tagged is None else format_instant(image.last_tagged)
    return {
        "Id": str(image.id),
        "RepoTags": context.tags_of(image),
        "RepoDigests": context.digests_of(image),
        "Parent": str(image.parent_id or ""),
        "Comment": config.comment or last_comment,
        "Created": go_time(config.created),
        "Container": config.container,
        "ContainerConfig": (config.container_config or ContainerConfig()).to_json(),
        "DockerVersion": config.docker_version,
        "Author": config.author,
        "Config": config.config.to_json(),
        "Architecture": config.architecture,
        **optional_fields(config, "Variant"),
        "Os": config.os,
        **optional_fields(config, "OsVersion"),
        "Size": image.size,
        "VirtualSize": image.size,
        "GraphDriver": _graph_driver(context, image),
        "RootFS": rootfs(image),
        "Metadata": {"LastTagTime": tagged},
    }


def _graph_driver(context: ImageContext, image: Image) -> dict[str, Any]:
    driver = context.driver()
    return {"Data": driver.graph_data([layer.cache_id for layer in reversed(image.stack)]), "Name": driver.name}


def optional_fields(config: ImageConfig, name: str) -> dict[str, str]:
    """A field that is only shown where it has a value."""
    value = {"Variant": config.variant, "OsVersion": config.os_version}[name]
    return {name: value} if value else {}


def rootfs(image: Image) -> dict[str, Any]:
    """`.RootFS` of inspect."""
    diff_ids = [str(diff_id) for diff_id in image.config.rootfs.diff_ids]
    return {"Type": "layers", **({"Layers": diff_ids} if diff_ids else {})}


def image_history(context: ImageContext, image: Image) -> list[dict[str, Any]]:
    """The steps of an image's making, last first; those of the parents that are here carry their IDs."""
    stack = iter(image.stack)
    rows = [_step(step, stack_of(step, stack), context.ways.layer_size) for step in image.config.history]
    rows.reverse()
    current: Image | None = image
    for row in rows:
        if current is None:
            break
        row["Id"] = str(current.id)
        row["Tags"] = context.tags_of(current) or None
        current = context.stores.images.parent_of(current)
    return rows


def stack_of(step: History, stack: Any) -> StoredLayer | None:
    """The layer that a step made: the next one of the stack, none for a step that changed no file."""
    if step.empty_layer:
        return None
    layer: StoredLayer | None = next(stack, None)
    if layer is None:
        raise SystemError_("too many non-empty layers in History section")
    return layer


def _step(step: History, layer: StoredLayer | None, size: Callable[[StoredLayer], int]) -> dict[str, Any]:
    return {
        "Comment": step.comment,
        "Created": _seconds(step.created),
        "CreatedBy": step.created_by,
        "Id": "<missing>",
        "Size": size(layer) if layer else 0,
        "Tags": None,
    }


def _seconds(created: str) -> int:
    try:
        return parse_instant(created or NEVER) // NANOSECOND
    except (ValueError, OverflowError):
        return parse_instant(NEVER) // NANOSECOND
