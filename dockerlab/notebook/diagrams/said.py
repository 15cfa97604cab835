"""What the picture of containers says in words and characters, and the lesson that stands below it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from dockerlab.notebook.diagrams.views import ChangeView, ContainerView, ImageView, LayerView
from dockerlab.notebook.diagrams.wording import listing, pad, plural, remark, shorten, shorten_path, size_text

MOST_CHANGES = 5
MOST_LESSONS = 3
MOST_FILES = 6
"""Of a layer, in words."""
SIGNS = {"A": "+", "C": "~", "D": "✕"}
WORDS = {"A": "added", "C": "changed (copied up)", "D": "deleted (a whiteout hides it)"}


def listed(container: ContainerView) -> list[ChangeView]:
    """The changes that are drawn: some of each kind, copies last, next to the layers that they came from."""
    turns: dict[str, int] = {}
    ranked = []
    for change in container.changes:
        turns[change.kind] = turns.get(change.kind, 0) + 1
        ranked.append((turns[change.kind], "CDA".index(change.kind), change))
    chosen = sorted(ranked, key=lambda it: it[:2])[:MOST_CHANGES]
    return sorted((change for *_, change in chosen), key=lambda change: "ADC".index(change.kind))


def layers(image: ImageView) -> Iterator[tuple[int, LayerView]]:
    """The rows that are layers, with their places; settings have no files, so they are left out."""
    yield from ((number, item) for number, item in enumerate(image.rows) if not item.metadata)


def lessons(image: ImageView, containers: Sequence[ContainerView]) -> list[str]:
    """What deleting came to, container by container: nothing was set free."""
    sizes: dict[str, int] = {}
    for item in image.rows:
        for file in item.files:
            sizes[file.path] = sizes.get(file.path, 0) + file.size
    found = []
    for container in containers:
        paths = [change.path for change in container.changes if change.kind == "D"]
        kept = sum(sizes.get(path, 0) for path in paths)
        if paths:
            what = listing(paths, 2)
            still = f": {size_text(kept)} stay in the image" if kept else ""
            found.append(f"{shorten(container.name, 30)} deleted {what} and freed 0B{still}, hidden by a whiteout")
    more = len(found) - MOST_LESSONS
    rest = [f"and {plural(more, 'more container')} freed nothing either"] if more > 0 else []
    return [*found[:MOST_LESSONS], *rest, *remark(image.driver)]


def words(image: ImageView, containers: Sequence[ContainerView]) -> str:
    """What the picture shows, for a screen reader."""
    tops = "; ".join(describe(container) for container in containers) or "no container"
    below = f"{plural(image.layers, 'read-only layer')}, {size_text(image.size)}"
    files = [
        f"Layer {item.keyword} {shorten(item.arguments, 40)} has {inside(item, [])}"
        for _, item in reversed(list(layers(image)))
        if item.files
    ]
    said = [f"Image {image.name} with {below}, under {plural(len(containers), 'container')}: {tops}", *files]
    return ". ".join([*said, *lessons(image, containers)]) + "."


def inside(item: LayerView, hidden: Collection[str]) -> str:
    """The files that a layer is named for, with their sizes; those that are hidden are hatched."""
    shown = [
        f"{'▨ ' if it.path in hidden else ''}{shorten_path(it.path, 60)} {size_text(it.size)}" for it in item.files
    ]
    return listing(shown, MOST_FILES, 80)


def describe(container: ContainerView) -> str:
    """A container's writable layer in words."""
    if not container.changes:
        return f"{container.name} ({container.state}) has an empty writable layer"
    shown = listed(container)
    changes = ", ".join(f"{change.path} {WORDS[change.kind]}" for change in shown)
    more = len(container.changes) - len(shown)
    rest = f" and {plural(more, 'more change')}" if more > 0 else ""
    return (
        f"{container.name} ({container.state}) has {size_text(container.size)} in its writable layer: {changes}{rest}"
    )


def characters(image: ImageView, containers: Sequence[ContainerView]) -> Iterator[str]:
    """The picture in characters."""
    hidden = {change.path for container in containers for change in container.changes if change.kind == "D"}
    for container in containers:
        yield f"┆ {container.name}  {container.state}  writable, {size_text(container.size)}"
        shown = listed(container)
        for change in shown:
            size = "whiteout" if change.kind == "D" else size_text(change.size)
            yield f"┆   {SIGNS[change.kind]} {change.path}  {size}"
        more = len(container.changes) - len(shown)
        if more > 0 or not shown:
            yield f"┆   and {more} more" if shown else "┆   nothing written"
    yield f"image {image.name}  read-only, {size_text(image.size)}"
    for _, item in reversed(list(layers(image))):
        files = f"  [{inside(item, hidden)}]" if item.files else ""
        arguments = pad(shorten(item.arguments, 40), 40)
        yield f"▒ {item.keyword:<8} {arguments}  {item.digest:<12}  {size_text(item.size):>7}{files}"
    yield from lessons(image, containers)
