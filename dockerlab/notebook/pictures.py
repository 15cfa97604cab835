"""Pictures of a live lab: an image, a container on its image, several containers side by side, all names."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlab.engine import Engine
from dockerlab.errors import NotFoundError
from dockerlab.notebook import views
from dockerlab.notebook.diagrams import Figure, containers_on_image, image_stack, names_and_ids


def picture(engine: Engine, name: str | None = None) -> Figure:
    """What `name` is, drawn: a container on its image, an image as its layers; without a name, all names."""
    if name is None:
        return picture_of_names(engine)
    try:
        engine.containers.inspect(name)
    except NotFoundError:
        return picture_of_image(engine, name)
    return picture_of_containers(engine, [name])


def picture_of_image(engine: Engine, name: str) -> Figure:
    """An image as a stack of layers."""
    return image_stack(views.image_view(engine, engine.images.find(name), name))


def picture_of_names(engine: Engine) -> Figure:
    """All names and the images that they point to."""
    return names_and_ids(*views.name_views(engine))


def picture_of_containers(engine: Engine, names: Sequence[str]) -> Figure:
    """Containers side by side on the image of the first; those of other images are left out."""
    first = engine.containers.inspect(names[0])
    image_id, image_name = first["Image"], first["Config"]["Image"]
    same = [name for name in names if engine.containers.inspect(name)["Image"] == image_id]
    image = engine.images.find(image_id)
    containers = [views.container_view(engine, name) for name in same]
    view = views.with_files(views.image_view(engine, image, image_name), image, containers)
    return containers_on_image(view, containers)


def picture_of_users(engine: Engine, image_name: str) -> Figure:
    """An image with all containers that were made from it, oldest first."""
    image = engine.images.find(image_name)
    rows = [row for row in engine.containers.list(all=True) if row["ImageID"] == str(image.id)]
    names = [row["Names"][0].lstrip("/") for row in reversed(rows)]
    containers = [views.container_view(engine, name) for name in names]
    view = views.with_files(views.image_view(engine, image, image_name), image, containers)
    return containers_on_image(view, containers)
