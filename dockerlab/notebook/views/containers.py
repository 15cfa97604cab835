"""A container as its state and what its writable layer holds, and the files below that this is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dockerlab.engine import Engine
from dockerlab.errors import DockerlabError, NotFoundError
from dockerlab.fs.changeset import Changeset
from dockerlab.fs.layer import Layer
from dockerlab.fs.tree import Directory
from dockerlab.notebook.diagrams.views import ChangeView, ContainerView, FileView, ImageView, LifeView
from dockerlab.runtime.container import Container
from dockerlab.store.images import Image

KINDS = "CAD"  # moby's numbers for a change's kind


def container_view(engine: Engine, name: str) -> ContainerView:
    """A container with what its writable layer holds."""
    facts = engine.containers.inspect(name, size=True)
    container = engine.containers.find(name)
    found = ((KINDS[item["Kind"]], item["Path"]) for item in engine.containers.changes(name))
    changes = tuple(ChangeView(kind, path, written(container, path)) for kind, path in found)
    state = facts["State"]["Status"]
    if state == "exited":
        state = f"exited ({facts['State']['ExitCode']})"
    return ContainerView(facts["Name"].lstrip("/"), state, facts.get("SizeRw") or 0, innermost(changes))


def life_view(engine: Engine, name: str) -> LifeView:
    """A container's state; that of one which is not there (any more) is ''."""
    try:
        facts = engine.containers.inspect(name)
    except NotFoundError:
        return LifeView(name, "")
    return LifeView(facts["Name"].lstrip("/"), facts["State"]["Status"], facts["State"]["ExitCode"])


def written(container: Container, path: str) -> int:
    """The bytes that a container's files have at a path."""
    try:
        stat = container.files.stat(path, follow=False)
    except DockerlabError:
        return 0
    return 0 if stat.kind == "d" else stat.size


def innermost(changes: Sequence[ChangeView]) -> tuple[ChangeView, ...]:
    """The changes without the directories that changed only because something in them did."""
    above = {parent for change in changes for parent in parents(change.path)}
    return tuple(change for change in changes if change.kind != "C" or change.path not in above)


def parents(path: str) -> Iterator[str]:
    """The directories above a path, the root among them."""
    while path.strip("/"):
        path = path.rpartition("/")[0]
        yield path or "/"


def with_files(view: ImageView, image: Image, containers: Sequence[ContainerView]) -> ImageView:
    """The image with the files that its containers changed or hid, each in the layers that have it."""
    homes = files_below(image, containers)
    places = {layer.diff_id.short: number for number, layer in enumerate(image.layers)}
    rows = list(view.rows)
    for number, row in enumerate(rows):
        if row.digest in places:
            # A FROM row stands for several layers: all up to the one that it names.
            start = 0 if row.base else places[row.digest]
            inside = [file for place in range(start, places[row.digest] + 1) for file in homes.get(place, ())]
            rows[number] = replace(row, files=merged(inside))
    return replace(view, rows=tuple(rows))


def merged(files: Sequence[FileView]) -> tuple[FileView, ...]:
    """Each path once, with the bytes of all its copies."""
    sizes: dict[str, int] = {}
    for file in files:
        sizes[file.path] = sizes.get(file.path, 0) + file.size
    return tuple(FileView(path, size) for path, size in sizes.items())


def files_below(image: Image, containers: Sequence[ContainerView]) -> Mapping[int, list[FileView]]:
    """By the number of a layer: what was copied up from it (the topmost copy), and all that a whiteout hides."""
    found: dict[int, list[FileView]] = {}
    kinds = {change.path: change.kind for it in containers for change in it.changes if change.kind == "C"}
    kinds |= {change.path: change.kind for it in containers for change in it.changes if change.kind == "D"}
    for path, kind in kinds.items():
        for number in range(len(image.layers) - 1, -1, -1):
            size = size_in(image.layers[number], path)
            if size is not None:
                found.setdefault(number, []).append(FileView(path, size))
                if kind == "C":
                    break
    return found


def size_in(layer: Layer, path: str) -> int | None:
    """The bytes that a layer has at a path and below it, None where it has nothing there."""
    here: object = layer.changeset
    for name in path.strip("/").split("/"):
        if not isinstance(here, Changeset) or name not in here.entries:
            return None
        here = here.entries[name]
    if isinstance(here, Changeset):
        return sum(leaf.size for leaf in here.leaves())
    return 0 if isinstance(here, Directory) else int(getattr(here, "size", 0))
