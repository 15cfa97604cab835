"""Names and IDs: tags are pointers, several may point to one image, an image that none points to is dangling.

With a removal it shows what `docker rmi NAME` would do: a name that goes is struck through and its arrow broken,
an image that goes with its last name is hatched; an image that another name still points to stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dockerlab.notebook.diagrams.dot import (
    MONO,
    MONO_BOLD,
    SANS_BOLD,
    box,
    caption,
    cell,
    column,
    edge,
    graph,
    heading,
    node,
    row,
    run,
)
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import DANGLING, GONE, HIDDEN, INK, LAYER, MUTED, OUTSIDE, TAG, WRITABLE
from dockerlab.notebook.diagrams.views import IdView, RemovalView, TagView
from dockerlab.notebook.diagrams.wording import columns, listing, pad, plural, shorten, size_text

MOST_NAMES = 20
NAME = 44
NO_REMOVAL = RemovalView("")
BROKEN = "style=dashed arrowhead=none"


def names_and_ids(tags: Sequence[TagView], images: Sequence[IdView], removal: RemovalView = NO_REMOVAL) -> Figure:
    """The picture of all names and the images that they point to."""
    shown_tags, shown_images = folded(tags, images, removal)
    widest = max((sum(map(columns, shorten(tag.name, NAME))) for tag in shown_tags), default=0)
    names = [tag_box(f"t{number}", tag, removal, 8 * widest) for number, tag in enumerate(shown_tags)]
    known = [image_box(f"i{number}", image, removal) for number, image in enumerate(shown_images)]
    body = node("names", column([heading("names"), *names], spacing=5))
    body += node("images", column([heading("images"), *(known or [run("none", color=OUTSIDE)])], spacing=5))
    body += "  names -> images [style=invis]\n" + "".join(arrows(shown_tags, shown_images, removal))
    more = folds(tags, images, shown_tags, shown_images)
    lines = [*([more] if more else []), *([verdict(removal)] if removal.name else [])]
    dot = graph(body, options=f"rankdir=LR; ranksep=1.5; {caption(lines)}")
    title = f"docker rmi {removal.name}" if removal.name else "Names and IDs"
    return Figure.of(dot, title, words(tags, images, removal), characters(tags, images, removal))


def folded(
    tags: Sequence[TagView], images: Sequence[IdView], removal: RemovalView
) -> tuple[Sequence[TagView], Sequence[IdView]]:
    """What is drawn: all, or as much as fits, what a removal touches first."""
    touched = {tag.id for tag in tags if tag.name in removal.untagged} | set(removal.deleted)
    chosen = sorted(images, key=lambda image: image.id not in touched)[:MOST_NAMES]
    kept = [image for image in images if image in chosen]
    ids = {image.id for image in kept}
    pointing = [tag for tag in tags if tag.id in ids]
    first = sorted(pointing, key=lambda tag: tag.id not in touched)[:MOST_NAMES]
    order = {image.id: number for number, image in enumerate(kept)}
    return sorted((tag for tag in pointing if tag in first), key=lambda tag: order[tag.id]), kept


def folds(tags: Sequence[TagView], images: Sequence[IdView], shown: Sequence[TagView], kept: Sequence[IdView]) -> str:
    """How much is not drawn."""
    parts = [
        plural(len(every) - len(some), f"more {noun}")
        for every, some, noun in ((tags, shown, "name"), (images, kept, "image"))
        if len(every) > len(some)
    ]
    return f"{' and '.join(parts)} not drawn" if parts else ""


def arrows(tags: Sequence[TagView], images: Sequence[IdView], removal: RemovalView) -> Iterator[str]:
    """From each name to its image; images without a name stand in the same column."""
    place = {image.id: number for number, image in enumerate(images)}
    for number, tag in enumerate(tags):
        if tag.id not in place:
            continue
        ends = f"names:t{number}:e", f"images:i{place[tag.id]}:w"
        if tag.name in removal.untagged:
            yield edge(*ends, color=WRITABLE.edge, text="✕", place="xlabel", more=BROKEN)
        else:
            yield edge(*ends, color=TAG.edge, more="penwidth=1.6")


def tag_box(port: str, tag: TagView, removal: RemovalView, width: int) -> str:
    """A name; `width` in points."""
    gone = tag.name in removal.untagged
    name = run(shorten(tag.name, NAME), face=MONO_BOLD, color=GONE if gone else INK)
    cells = [
        cell(name, width=max(90, width - (60 if gone else 0))),
        *([cell(run("untagged", size=11, color=WRITABLE.edge))] if gone else []),
    ]
    role = DANGLING if gone else TAG
    return box([row(cells)], role, title=f"{tag.name} is a name for {tag.id}", port=port)


def image_box(port: str, image: IdView, removal: RemovalView) -> str:
    """An image, known by its ID."""
    gone = image.id in removal.deleted
    told = shorten(image.about, 60)
    about = f"{told} · deleted" if gone else told
    face = SANS_BOLD if gone else "Helvetica"
    cells = [
        cell(run(image.id, face=MONO, color=GONE if gone else INK), width=112),
        cell(run(about, face=face, size=11, color=INK if gone else MUTED), width=110),
    ]
    role = HIDDEN if gone else DANGLING if image.dangling else LAYER
    return box([row(cells)], role, title=f"{image.id}: {about}", port=port)


def verdict(removal: RemovalView, most: int = 110) -> str:
    """What the removal would do, in one line; of a refusal so many letters."""
    command = f"docker rmi {shorten(removal.name, NAME)}"
    if removal.refusal:
        return f"{command} is refused: {shorten(removal.refusal, most)}"
    names = f"untags {listing(removal.untagged)}" if removal.untagged else "untags nothing"
    if not removal.deleted:
        return f"{command} {names} and deletes nothing: the image has other names"
    what = f"deletes {plural(len(removal.deleted), 'image')}"
    if not removal.freed:
        return f"{command} {names} and {what}: 0B freed, as its layers are needed elsewhere"
    return f"{command} {names} and {what}: {size_text(removal.freed)} freed, which nothing else needs"


def words(tags: Sequence[TagView], images: Sequence[IdView], removal: RemovalView) -> str:
    """What the picture shows, for a screen reader."""
    parts = []
    for image in images[:MOST_NAMES]:
        names = [tag.name for tag in tags if tag.id == image.id]
        named = listing(names, 5) if names else "no name: it is dangling"
        parts.append(f"{image.id} ({image.about}) has {named}")
    more = len(images) - MOST_NAMES
    parts += [f"and {plural(more, 'more image')}"] if more > 0 else []
    said = f"{plural(len(tags), 'name')} and {plural(len(images), 'image')}: {'; '.join(parts) or 'nothing here'}."
    return f"{said} {verdict(removal)}." if removal.name else said


def characters(tags: Sequence[TagView], images: Sequence[IdView], removal: RemovalView) -> Iterator[str]:
    """The picture in characters."""
    shown, kept = folded(tags, images, removal)
    names = {tag.name: shorten(tag.name, NAME) for tag in shown}
    width = max([len(name) for name in names.values()] or [6])
    for image in kept:
        target = f"{image.id}  {image.about}{'  ✕ deleted' if image.id in removal.deleted else ''}"
        pointing = [tag.name for tag in shown if tag.id == image.id]
        if not pointing:
            yield f"{pad('<none>', width)}     {target}"
        for number, name in enumerate(pointing):
            arrow = "─✕→" if name in removal.untagged else "──→"
            yield f"{pad(names[name], width)} {arrow} {target if number == 0 else '┘'}"
    if more := folds(tags, images, shown, kept):
        yield more
    if not images:
        yield "no images, no names"
    if removal.name:
        yield verdict(removal)
