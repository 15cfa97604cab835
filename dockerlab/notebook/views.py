"""From the engine's objects to what diagrams are drawn from (`diagrams.views`): the only bridge between the two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dockerlab.engine import Engine
from dockerlab.fs.layer import Layer
from dockerlab.notebook.diagrams import ChangeView, ContainerView, IdView, ImageView, LayerView, TagView
from dockerlab.notebook.diagrams.sizes import size_text
from dockerlab.oci.reference import Reference
from dockerlab.store.images import Image

NOP = re.compile(r"^/bin/sh -c #\(nop\)\s+")
SHELL_RUN = re.compile(r"^(?:RUN\s+)?(?:\|\d+ .*? )?/bin/sh -c\s+")
BUILDKIT = re.compile(r"\s+# buildkit$")
KINDS = "CAD"  # moby's numbers for a change's kind


def image_view(engine: Engine, image: Image, name: str | None = None) -> ImageView:
    """An image as rows; the rows of the image that it was built on are one row, FROM."""
    name = name or familiar_name(engine, image)
    rows = list(history_rows(image))
    base = base_of(engine, image)
    if base is not None:
        below = len(base.config.history)
        layers = [row for row in rows[:below] if row.digest]
        digest = layers[-1].digest if layers else ""
        size = sum(row.size for row in layers)
        rows[:below] = [LayerView("FROM", familiar_name(engine, base), digest, size, base=True)]
    elif rows:
        lowest = next((number for number, row in enumerate(rows) if row.digest), 0)
        rows[lowest] = replace(rows[lowest], base=True)
    return ImageView(name, image.id.short, tuple(rows))


def history_rows(image: Image) -> Iterator[LayerView]:
    """One row for each step of the image's history, bottom first."""
    layers = iter(image.layers)
    for step in image.config.history:
        keyword, arguments = instruction(step.created_by) if step.created_by else ("layer", step.comment)
        layer = None if step.empty_layer else next(layers, None)
        yield LayerView(keyword, arguments, layer.diff_id.short if layer else "", layer.size if layer else 0)
    # An image without a history (skopeo may write one) still has layers.
    for layer in layers:
        yield LayerView("layer", "", layer.diff_id.short, layer.size)


def instruction(created_by: str) -> tuple[str, str]:
    """The Dockerfile instruction behind a history line, as (keyword, arguments)."""
    text = BUILDKIT.sub("", created_by).strip()
    if NOP.match(text):
        text = NOP.sub("", text)
    elif SHELL_RUN.match(text):
        return "RUN", SHELL_RUN.sub("", text)
    keyword, _, arguments = text.partition(" ")
    return (keyword, arguments.strip()) if keyword.isupper() else ("layer", text)


def base_of(engine: Engine, image: Image) -> Image | None:
    """The local, named image with the longest history that `image` begins with."""
    found = None
    for row in engine.images.list():
        other = engine.images.find(row["Id"])
        steps = other.config.history
        within = len(steps) < len(image.config.history) and image.config.history[: len(steps)] == steps
        named = any(tag != "<none>:<none>" for tag in row["RepoTags"] or [])
        if named and within and (found is None or len(steps) > len(found.config.history)):
            found = other
    return found


def familiar_name(engine: Engine, image: Image) -> str:
    """The image's first name, else its short ID."""
    names = engine.images.inspect(str(image.id))["RepoTags"]
    return names[0] if names else image.id.short


def container_view(engine: Engine, name: str) -> ContainerView:
    """A container with what its writable layer holds."""
    facts = engine.containers.inspect(name, size=True)
    changes = tuple(ChangeView(KINDS[item["Kind"]], item["Path"]) for item in engine.containers.changes(name))
    state = facts["State"]["Status"]
    if state == "exited":
        state = f"exited ({facts['State']['ExitCode']})"
    return ContainerView(facts["Name"].lstrip("/"), state, facts.get("SizeRw") or 0, innermost(changes))


def innermost(changes: Sequence[ChangeView]) -> tuple[ChangeView, ...]:
    """The changes without the directories that changed only because something in them did."""
    paths = [change.path for change in changes]
    return tuple(
        change
        for change in changes
        if change.kind != "C" or not any(path.startswith(change.path.rstrip("/") + "/") for path in paths)
    )


def with_files(view: ImageView, image: Image, containers: Sequence[ContainerView]) -> ImageView:
    """The image with the files that its containers changed or hid, each in the layer that it comes from."""
    wanted = [change.path for container in containers for change in container.changes if change.kind != "A"]
    homes = {path: home for path in wanted if (home := layer_of(image, path))}
    rows, places = list(view.rows), {layer.diff_id.short: number for number, layer in enumerate(image.layers)}
    for number, row in enumerate(rows):
        # A FROM row stands for several layers: all up to the one that it names.
        start = 0 if row.base else places.get(row.digest, 0)
        covered = {layer.diff_id.short for layer in image.layers[start : places.get(row.digest, -1) + 1]}
        files = tuple(path for path, home in homes.items() if home in covered and not row.metadata)[:3]
        rows[number] = LayerView(row.keyword, row.arguments, row.digest, row.size, row.base, files)
    return ImageView(view.name, view.id, tuple(rows))


def layer_of(image: Image, path: str) -> str | None:
    """The short diff ID of the topmost layer that has `path`."""
    relative = path.strip("/")
    return next((layer.diff_id.short for layer in reversed(image.layers) if relative in names_in(layer)), None)


def names_in(layer: Layer) -> set[str]:
    """The paths of a layer's entries, without slashes at the ends."""
    return {entry.path.strip("/") for entry in layer.entries}


def name_views(engine: Engine) -> tuple[list[TagView], list[IdView]]:
    """All names and all images of an engine."""
    tags, images = [], []
    for row in engine.images.list():
        short = row["Id"].removeprefix("sha256:")[:12]
        names = [name for name in row["RepoTags"] or [] if name != "<none>:<none>"]
        tags += [TagView(Reference.parse(name).familiar, short) for name in names]
        about = size_text(row["Size"]) + ("" if names else ", no name: dangling")
        images.append(IdView(short, about, dangling=not names))
    return tags, images
