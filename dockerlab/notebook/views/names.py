"""All names and images of an engine, and what a removal would do to them."""

from __future__ import annotations

from dockerlab.engine import Engine
from dockerlab.engine.image_foresight import foresee
from dockerlab.errors import DockerlabError
from dockerlab.notebook.diagrams.views import IdView, RemovalView, TagView
from dockerlab.notebook.diagrams.wording import size_text
from dockerlab.oci.digest import SHORT
from dockerlab.oci.reference import Reference


def name_views(engine: Engine) -> tuple[list[TagView], list[IdView]]:
    """All names and all images of an engine."""
    tags, images = [], []
    for row in engine.images.list():
        short = row["Id"].removeprefix("sha256:")[:SHORT]
        names = [name for name in row["RepoTags"] or [] if name != "<none>:<none>"]
        tags += [TagView(Reference.parse(name).familiar, short) for name in names]
        about = size_text(row["Size"]) + ("" if names else ", no name: dangling")
        images.append(IdView(short, about, dangling=not names))
    return tags, images


def removal_view(engine: Engine, name: str, *, force: bool = False) -> RemovalView:
    """What `docker rmi NAME` would do; nothing is done."""
    try:
        seen = foresee(engine.images.context, name, force=force)
    except DockerlabError as error:
        return RemovalView(name, refusal=str(error))
    shown = {row["Id"] for row in engine.images.list()}
    deleted = tuple(each.removeprefix("sha256:")[:SHORT] for each in seen.deleted if each in shown)
    return RemovalView(name, seen.untagged, deleted, seen.freed)
