"""Pictures of a live lab: each reads values off the engine (`views`) and has them drawn (`diagrams`)."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlab.engine import Engine
from dockerlab.engine.image_context import Auth
from dockerlab.errors import DockerlabError, NotFoundError
from dockerlab.notebook import views
from dockerlab.notebook.diagrams import (
    Figure,
    build_graph,
    containers_on_image,
    image_stack,
    life_cycle,
    names_and_ids,
    path_search,
    push_plan,
    registry_shelves,
)
from dockerlab.notebook.diagrams.views import RemovalView
from dockerlab.store.images import Image


def picture(engine: Engine, name: str | None = None, path: str | None = None) -> Figure:
    """What `name` is, drawn: a container on its image, an image as its layers, or where a path of either comes from.

    Without a name: all names.
    """
    if name is None:
        return picture_of_names(engine)
    if path is not None:
        return picture_of_path(engine, name, path)
    if is_container(engine, name):
        return picture_of_containers(engine, [name])
    return picture_of_image(engine, name)


def is_container(engine: Engine, name: str) -> bool:
    """Whether a container has that name or ID."""
    try:
        engine.containers.inspect(name)
    except NotFoundError:
        return False
    return True


def picture_of_image(engine: Engine, name: str) -> Figure:
    """An image as a stack of layers."""
    return image_stack(views.image_view(engine, engine.images.find(name), name))


def picture_of_path(engine: Engine, name: str, path: str) -> Figure:
    """Where a path of a container or an image comes from."""
    if is_container(engine, name):
        return path_search(views.search_in_container(engine, name, path))
    return path_search(views.search_in_image(engine, engine.images.find(name), path))


def picture_of_names(engine: Engine) -> Figure:
    """All names and the images that they point to."""
    return names_and_ids(*views.name_views(engine))


def picture_of_removal(engine: Engine, name: str) -> Figure:
    """The same, with what `docker rmi NAME` would do."""
    removal: RemovalView = views.removal_view(engine, name)
    return names_and_ids(*views.name_views(engine), removal)


def picture_of_containers(engine: Engine, names: Sequence[str]) -> Figure:
    """Containers side by side on the image of the first; those of other images are left out."""
    first = engine.containers.inspect(names[0])
    same = [name for name in names if engine.containers.inspect(name)["Image"] == first["Image"]]
    return picture_of_stack(engine, engine.containers.find(names[0]).image, first["Config"]["Image"], same)


def picture_of_users(engine: Engine, image_name: str) -> Figure:
    """An image with all containers that were made from it, oldest first."""
    image = engine.images.find(image_name)
    rows = [row for row in engine.containers.list(all=True) if row["ImageID"] == str(image.id)]
    names = [row["Names"][0].lstrip("/") for row in reversed(rows)]
    return picture_of_stack(engine, image, image_name, names)


def picture_of_stack(engine: Engine, image: Image, name: str, containers: Sequence[str]) -> Figure:
    """An image with containers on top."""
    tops = [views.container_view(engine, each) for each in containers]
    return containers_on_image(views.with_files(views.image_view(engine, image, name), image, tops), tops)


def picture_of_build(engine: Engine) -> Figure:
    """The last build."""
    last = engine.builder.last
    if last is None:
        raise DockerlabError("nothing was built yet: docker build first, then draw.build()")
    return build_graph(views.build_view(last.request, last.events))


def picture_of_registry(engine: Engine, name: str, auth: Auth = None) -> Figure:
    """What a registry keeps."""
    return registry_shelves(views.registry_view(engine, name, auth))


def picture_of_push(engine: Engine, name: str, auth: Auth = None) -> Figure:
    """What `docker push NAME` would send."""
    return push_plan(views.push_view(engine, name, auth))


def picture_of_life(engine: Engine, name: str | None = None) -> Figure:
    """The states of a container, with that of `name` marked."""
    return life_cycle() if name is None else life_cycle(views.life_view(engine, name))
