"""The engine's images: what `docker image …` asks for, in the shapes of the Engine API (moby, daemon/images)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dockerlab.engine.events import EventLog
from dockerlab.engine.image_context import (
    Auth,
    Changes,
    ContainersUsing,
    Filters,
    ImageContext,
    ImageUser,
    RegistryClient,
    no_changes,
)
from dockerlab.engine.image_list import Listing, image_history, inspect_image
from dockerlab.engine.image_pull import Pull
from dockerlab.engine.image_push import Push
from dockerlab.engine.image_removal import Removal, prune_images
from dockerlab.engine.image_search import search_images
from dockerlab.engine.image_transfer import import_image, import_name, load_images, save_images
from dockerlab.engine.image_usage import image_usage
from dockerlab.errors import InvalidParameterError, NotFoundError
from dockerlab.events import Conversation
from dockerlab.fs.content import Content
from dockerlab.fs.drivers import Overlay2, StorageDriver
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.store import Image, Stores
from dockerlab.world import World


class Images:
    """All about the images of one engine. Errors carry moby's texts, answers have the API's shapes.

    `containers_using(image_id)` tells who uses an image (see `ImageUser`); `changes` carries out the instructions of
    `import -c`; `driver` is asked for what inspect says about the storage driver.
    """

    def __init__(
        self,
        world: World,
        stores: Stores,
        client: RegistryClient,
        *,
        events: EventLog | None = None,
        containers_using: ContainersUsing = lambda image_id: (),
        changes: Changes = no_changes,
        driver: Callable[[], StorageDriver] = Overlay2,
    ) -> None:
        log = EventLog(world.clock) if events is None else events
        self.context = ImageContext(world, stores, client, log, containers_using, changes, driver)
        self.stores = stores

    def find(self, name: str) -> Image:
        """The image that a name, an ID or the beginning of an ID means; `NotFoundError` where there is none."""
        return self.context.find(name)

    def list(self, *, all: bool = False, filters: Filters | None = None) -> list[dict[str, Any]]:
        """`docker images`, newest first; with `all` those in the middle of others too."""
        return Listing(self.context, filters or {}, everything=all).rows()

    def inspect(self, name: str) -> dict[str, Any]:
        """`docker image inspect`; what goes wrong is told twice, as moby does."""
        try:
            image = self.find(name)
        except (NotFoundError, InvalidParameterError) as error:
            raise type(error)(f"no such image: {name}: {error}") from error
        return inspect_image(self.context, image)

    def history(self, name: str) -> Sequence[dict[str, Any]]:
        """`docker history`, last step first."""
        return image_history(self.context, self.find(name))

    def tag(self, source: str, target: str) -> None:
        """`docker tag`."""
        image = self.find(source)
        self.context.tag(image, Reference.on_daemon(target))

    def remove(self, name: str, *, force: bool = False, prune: bool = True) -> Sequence[dict[str, str]]:
        """`docker rmi`: what was untagged and what was deleted, in order."""
        return Removal(self.context, force=force, prune=prune).remove(name)

    def prune(self, filters: Filters | None = None) -> dict[str, Any]:
        """`docker image prune`: images without a name; with dangling=false all that no container uses."""
        return prune_images(self.context, filters or {})

    def pull(
        self, ref: str, *, all_tags: bool = False, platform: str | None = None, auth: Auth = None
    ) -> Conversation[Image | None]:
        """`docker pull`; returns the image."""
        wanted = Platform.parse(platform) if platform else None
        return Pull(self.context, Reference.on_daemon(ref), wanted, auth, all_tags).run()

    def push(self, ref: str, *, all_tags: bool = False, auth: Auth = None) -> Conversation[None]:
        """`docker push`."""
        return Push(self.context, Reference.on_daemon(ref), auth, all_tags).run()

    def save(self, names: Sequence[str]) -> Content:
        """`docker save`: one archive with all of the images."""
        return save_images(self.context, names)

    def load(self, content: Content, *, quiet: bool = False) -> Conversation[Sequence[Image]]:
        """`docker load`; returns the images. An archive that is unfit leaves everything as it was."""
        return load_images(self.context, content, quiet=quiet)

    def import_(
        self,
        content: Content,
        *,
        repository: str = "",
        tag: str = "",
        changes: Sequence[str] = (),
        message: str = "",
        source: str = "-",
    ) -> str:
        """`docker import`: an image of one layer; returns its ID. `source` is what the comment names."""
        name = import_name(repository, tag)
        return str(import_image(self.context, content, name, changes, message or f"Imported from {source}").id)

    def usage(self) -> dict[str, Any]:
        """What `docker system df` says about images: `LayersSize`, and `Images` with their shared sizes."""
        return image_usage(self.context)

    def search(self, term: str, *, filters: Filters | None = None, limit: int = 0) -> Sequence[dict[str, Any]]:
        """`docker search`."""
        return search_images(self.context.client, term, filters or {}, limit)


__all__ = ["ImageUser", "Images", "RegistryClient"]
