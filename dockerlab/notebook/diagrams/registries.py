"""A registry: repositories with their tags, the manifests that these mean, and blobs, each of which is stored once.

An index leads to a manifest for each platform. Blobs that several manifests name are marked as shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dockerlab.notebook.diagrams.dot import (
    MONO,
    MONO_BOLD,
    SANS_BOLD,
    box,
    cell,
    column,
    edge,
    graph,
    heading,
    node,
    note,
    row,
    run,
)
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import BASE, LAYER, METADATA, MUTED, OUTSIDE, SHARED, TAG
from dockerlab.notebook.diagrams.views import BlobView, ManifestView, RegistryView, RepositoryView
from dockerlab.notebook.diagrams.wording import listing, plural, shorten, size_text

MOST_REPOSITORIES = 8
MOST_TAGS = 24
"""Of all repositories together."""
MOST_MANIFESTS = 12
MOST_BLOBS = 18


@dataclass(frozen=True, slots=True)
class Shelf:
    """A blob with the repositories and manifests that name it."""

    blob: BlobView
    repositories: tuple[str, ...]
    manifests: tuple[str, ...]

    @property
    def shared(self) -> bool:
        """Whether several manifests need it."""
        return len(self.manifests) > 1


def shelves(registry: RegistryView) -> list[Shelf]:
    """Every blob once: shared ones first, then those of each manifest together, configurations last."""
    blobs: dict[str, BlobView] = {}
    users: dict[str, dict[str, None]] = {}
    homes: dict[str, dict[str, None]] = {}
    for repository in registry.repositories:
        for manifest in repository.manifests:
            for blob in manifest.blobs:
                blobs.setdefault(blob.digest, blob)
                users.setdefault(blob.digest, {})[manifest.digest] = None
                homes.setdefault(blob.digest, {})[repository.name] = None
    found = [Shelf(blob, tuple(homes[digest]), tuple(users[digest])) for digest, blob in blobs.items()]
    order = {digest: number for number, digest in enumerate(dict.fromkeys(it.manifests[0] for it in found))}
    return sorted(
        found, key=lambda it: (not it.shared, order[it.manifests[0]], it.blob.kind == "config", -it.blob.size)
    )


def shown_tags(registry: RegistryView) -> list[tuple[RepositoryView, tuple[tuple[str, str], ...]]]:
    """The repositories that are drawn, with as many of their tags as there is room for."""
    shown = registry.repositories[:MOST_REPOSITORIES]
    most = max(2, MOST_TAGS // max(1, len(shown)) - 1)
    return [(repository, repository.tags[:most]) for repository in shown]


def manifests_of(registry: RegistryView) -> list[ManifestView]:
    """Every manifest once, those first that tags which are drawn lead to."""
    known = {it.digest: it for repository in registry.repositories for it in repository.manifests}
    tagged = [digest for _, tags in shown_tags(registry) for _, digest in tags if digest in known]
    listed = [child for digest in tagged for child in known[digest].children if child in known]
    return [known[digest] for digest in dict.fromkeys([*tagged, *listed, *known])]


def registry_shelves(registry: RegistryView) -> Figure:
    """The picture of one registry."""
    blobs = shelves(registry)
    if not registry.repositories:
        label = column([heading(registry.name, "a registry"), run("nothing was pushed yet", color=OUTSIDE)])
        body = node("empty", label)
    else:
        body = contents(registry, blobs)
    title = f"Registry {registry.name}"
    dot = graph(body, options="rankdir=LR; ranksep=0.9; nodesep=0.2")
    return Figure.of(dot, title, words(registry, blobs), characters(registry, blobs))


def contents(registry: RegistryView, blobs: Sequence[Shelf]) -> str:
    """The columns: repositories with tags, indexes where there are some, manifests, blobs."""
    every = manifests_of(registry)
    lists = [manifest for manifest in every if manifest.index][:MOST_MANIFESTS]
    images = [manifest for manifest in every if not manifest.index][:MOST_MANIFESTS]
    ports = {it.digest: f"indexes:m{number}" for number, it in enumerate(lists)}
    ports |= {it.digest: f"manifests:m{number}" for number, it in enumerate(images)}
    more = len(every) - len(lists) - len(images)
    nodes = [node("tags", tags_label(registry))]
    nodes += [node("indexes", manifests_label("indexes", lists))] if lists else []
    nodes += [node("manifests", manifests_label("manifests", images, more)), node("blobs", blobs_label(blobs))]
    inner = [
        edge(f"{ports[manifest.digest]}:e", f"{ports[child]}:w", color=OUTSIDE)
        for manifest in lists
        for child in manifest.children
        if child in ports
    ]
    order = "  tags -> manifests -> blobs [style=invis]\n"
    return "".join([*nodes, order, *tag_arrows(registry, ports), *inner, *blob_arrows(images, blobs[:MOST_BLOBS])])


def tags_label(registry: RegistryView) -> str:
    """The repositories with their tags."""
    parts = []
    for number, (repository, tags) in enumerate(shown_tags(registry)):
        parts.append(heading(shorten(repository.name, 30)))
        parts += [tag_chip(f"t{number}_{place}", tag) for place, (tag, _) in enumerate(tags)]
        parts += [run(line, color=OUTSIDE) for line in left_out(repository, len(tags))]
    more = len(registry.repositories) - MOST_REPOSITORIES
    parts += [run(f"and {more} more repositories", color=OUTSIDE)] if more > 0 else []
    return column(parts, spacing=3)


def left_out(repository: RepositoryView, shown: int) -> list[str]:
    """What is said of tags that are not drawn."""
    more = len(repository.tags) - shown
    return [f"and {plural(more, 'more tag')}"] if more else [] if shown else ["no tags"]


def tag_chip(port: str, tag: str) -> str:
    """A tag."""
    return box(
        [row([cell(run(f":{shorten(tag, 30)}", face=MONO_BOLD), width=70)])], TAG, title=tag, port=port, padding=4
    )


def manifests_label(name: str, manifests: Sequence[ManifestView], more: int = 0) -> str:
    """Manifests or indexes, one under the other."""
    parts = [heading(name), *(manifest_box(number, it) for number, it in enumerate(manifests))]
    return column([*parts, *([run(f"and {more} more", color=OUTSIDE)] if more else [])], spacing=5)


def manifest_box(number: int, manifest: ManifestView) -> str:
    """One manifest."""
    rows = [
        row([cell(run(manifest.digest, face=MONO), width=110)]),
        row([cell(run(about(manifest), face=SANS_BOLD if manifest.index else "Helvetica", size=11, color=MUTED))]),
    ]
    role = METADATA if manifest.index else LAYER
    return box(rows, role, title=f"{manifest.digest}: {about(manifest)}", port=f"m{number}", padding=4)


def about(manifest: ManifestView) -> str:
    """A manifest in a few words."""
    if manifest.index:
        return f"index of {plural(len(manifest.children), 'platform')}"
    layers = sum(blob.kind == "layer" for blob in manifest.blobs)
    size = size_text(sum(blob.size for blob in manifest.blobs))
    return ", ".join(filter(None, [shorten(manifest.platform, 24), plural(layers, "layer"), size]))


def blobs_label(blobs: Sequence[Shelf]) -> str:
    """All blobs, and what sharing saves."""
    shown = blobs[:MOST_BLOBS]
    more = len(blobs) - len(shown)
    parts = [heading("blobs", "each stored once"), *(blob_box(number, shelf) for number, shelf in enumerate(shown))]
    left = sum(shelf.blob.size for shelf in blobs[MOST_BLOBS:])
    parts += [run(f"and {plural(more, 'more blob')}, {size_text(left)}", color=OUTSIDE)] if more else []
    return column([*parts, note(verdict(blobs))], spacing=3)


def blob_box(number: int, shelf: Shelf) -> str:
    """One blob."""
    blob = shelf.blob
    role = SHARED if shelf.shared else METADATA if blob.kind == "config" else BASE
    who = listing(shelf.repositories, 2, 16)
    times = f"{len(shelf.manifests)} images: {who}" if shelf.shared else who
    cells = [
        cell(run(blob.digest, face=MONO), width=100),
        cell(run(blob.kind, size=11, color=MUTED), width=40),
        cell(run(size_text(blob.size), face=SANS_BOLD), align="RIGHT", width=58),
        cell(run(times, face=SANS_BOLD if shelf.shared else "Helvetica", size=11, color=role.edge), width=150),
    ]
    return box([row(cells)], role, title=f"{blob.kind} {blob.digest}, in {who}", port=f"b{number}", padding=4)


def tag_arrows(registry: RegistryView, ports: Mapping[str, str]) -> Iterator[str]:
    """From tags to what they mean."""
    for number, (_, tags) in enumerate(shown_tags(registry)):
        for place, (_, digest) in enumerate(tags):
            if digest in ports:
                yield edge(f"tags:t{number}_{place}:e", f"{ports[digest]}:w", color=TAG.edge)


def blob_arrows(manifests: Sequence[ManifestView], shown: Sequence[Shelf]) -> Iterator[str]:
    """From manifests to their blobs; the lines of shared blobs are thick."""
    for number, manifest in enumerate(manifests):
        for place, shelf in enumerate(shown):
            if manifest.digest in shelf.manifests:
                ends = f"manifests:m{number}:e", f"blobs:b{place}:w"
                look = "penwidth=2.2 arrowhead=none" if shelf.shared else "penwidth=1 arrowhead=none"
                yield edge(*ends, color=SHARED.edge if shelf.shared else OUTSIDE, more=look)


def verdict(blobs: Sequence[Shelf]) -> str:
    """What sharing saves."""
    stored = sum(shelf.blob.size for shelf in blobs)
    named = sum(shelf.blob.size * len(shelf.manifests) for shelf in blobs)
    return f"{size_text(stored)} stored" + (
        f", not {size_text(named)}: shared blobs are kept once" if named > stored else ""
    )


def words(registry: RegistryView, blobs: Sequence[Shelf]) -> str:
    """What the picture shows, for a screen reader."""
    if not registry.repositories:
        return f"Registry {registry.name}: nothing was pushed yet."
    parts = [describe(repository) for repository, _ in shown_tags(registry)]
    shared = [f"{shelf.blob.digest} ({size_text(shelf.blob.size)})" for shelf in blobs if shelf.shared]
    said = f" Shared blobs: {listing(shared, 6)}." if shared else ""
    return f"Registry {registry.name}. {' '.join(parts)}{said} {plural(len(blobs), 'blob')}: {verdict(blobs)}."


def describe(repository: RepositoryView) -> str:
    """A repository in words."""
    known = {manifest.digest: manifest for manifest in repository.manifests}
    tags = [f"{tag} is {digest} ({about(known[digest])})" for tag, digest in repository.tags if digest in known]
    return f"Repository {repository.name}: {listing(tags, 6, 90) or 'no tags'}."


def characters(registry: RegistryView, blobs: Sequence[Shelf]) -> Iterator[str]:
    """The picture in characters."""
    yield f"registry {registry.name}"
    if not registry.repositories:
        yield "  nothing was pushed yet"
        return
    known = {manifest.digest: manifest for manifest in manifests_of(registry)}
    for repository, tags in shown_tags(registry):
        yield f"  {repository.name}"
        for tag, digest in tags:
            yield f"    :{shorten(tag, 30)} ──→ {digest}  {about(known[digest]) if digest in known else ''}"
            children = known[digest].children if digest in known else ()
            yield from (f"        ├─→ {child}  {about(known[child]) if child in known else ''}" for child in children)
        yield from (f"    {line}" for line in left_out(repository, len(tags)))
    if len(registry.repositories) > MOST_REPOSITORIES:
        yield f"  and {len(registry.repositories) - MOST_REPOSITORIES} more repositories"
    yield "  blobs"
    for shelf in blobs[:MOST_BLOBS]:
        mark = "═" if shelf.shared else "─"
        who = listing(shelf.repositories, 3)
        yield f"    {mark} {shelf.blob.digest}  {shelf.blob.kind:<6}  {size_text(shelf.blob.size):>7}  {who}"
    if len(blobs) > MOST_BLOBS:
        yield f"    and {plural(len(blobs) - MOST_BLOBS, 'more blob')}"
    yield f"  {verdict(blobs)}"
