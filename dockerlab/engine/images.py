"""The engine's images: what `docker image …` asks for, in the shapes of the Engine API (moby, daemon/images)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dockerlab.build.urls import is_url
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
from dockerlab.engine.image_list import Listing, image_history
from dockerlab.engine.image_push import Pushed
from dockerlab.engine.image_search import search_images
from dockerlab.engine.image_transfer import import_image, import_name
from dockerlab.engine.image_ways import WAYS, Ways
from dockerlab.errors import InvalidParameterError
from dockerlab.events import Conversation
from dockerlab.fs.content import Content
from dockerlab.fs.drivers import Overlay2, StorageDriver
from dockerlab.oci.platform import HOST, Platform
from dockerlab.oci.reference import Reference
from dockerlab.release import ImageKeeping
from dockerlab.store import Image, Stores
from dockerlab.world import World


class Images:
    """All about the images of one engine. Errors carry moby's texts, answers have the API's shapes.

    `containers_using(image_id)` tells who uses an image, `image_users` who uses any (see `ImageUser`). `changes`
    carries out the instructions of `import -c`, `driver` is asked for what inspect says about the storage driver,
    `ways` are those of the store.
    """

    def __init__(
        self,
        world: World,
        stores: Stores,
        client: RegistryClient,
        *,
        events: EventLog | None = None,
        containers_using: ContainersUsing = lambda image_id: (),
        image_users: Callable[[], Sequence[ImageUser]] = lambda: (),
        changes: Changes = no_changes,
        driver: Callable[[], StorageDriver] = Overlay2,
        ways: Ways = WAYS[ImageKeeping.GRAPH_DRIVER],
    ) -> None:
        log = EventLog(world.clock) if events is None else events
        self.context = ImageContext(world, stores, client, log, ways, containers_using, image_users, changes, driver)
        self.stores = stores
        self._ways = ways

    def find(self, name: str) -> Image:
        """The image that a name, an ID or the beginning of an ID means; `NotFoundError` where there is none."""
        return self.context.find(name)

    def list(
        self, *, all: bool = False, filters: Filters | None = None, manifests: bool = False
    ) -> list[dict[str, Any]]:
        """`docker images`, newest first; with `all` those in the middle of others too.

        With `manifests` each image's manifests are told, where there are some, and how many containers use it.
        """
        rows = Listing(self.context, filters or {}, everything=all).rows()
        if manifests:
            return rows
        return [{key: row[key] for key in row if key != "Manifests"} | {"Containers": -1} for row in rows]

    def inspect(self, name: str) -> dict[str, Any]:
        """`docker image inspect`."""
        return self._ways.inspect(self.context, name)

    def history(self, name: str) -> Sequence[dict[str, Any]]:
        """`docker history`, last step first."""
        return image_history(self.context, self.find(name))

    def tag(self, source: str, target: str) -> None:
        """`docker tag`."""
        image = self.find(source)
        self.context.tag(image, Reference.on_daemon(target))

    def remove(self, name: str, *, force: bool = False, prune: bool = True) -> Sequence[dict[str, str]]:
        """`docker rmi`: what was untagged and what was deleted, in order."""
        return self._ways.removal(self.context, force=force, prune=prune).remove(name)

    def prune(self, filters: Filters | None = None) -> dict[str, Any]:
        """`docker image prune`: images without a name; with dangling=false all that no container uses."""
        return self._ways.prune(self.context, filters or {})

    def pull(
        self, ref: str, *, all_tags: bool = False, platform: str | None = None, auth: Auth = None
    ) -> Conversation[Image | None]:
        """`docker pull`; returns the image."""
        wanted = Platform.parse(platform) if platform else None
        return self._ways.pull(self.context, Reference.on_daemon(ref), wanted, auth, all_tags).run()

    def push(
        self, ref: str, *, all_tags: bool = False, platform: str | None = None, auth: Auth = None
    ) -> Conversation[Pushed]:
        """`docker push`; returns the manifest that each tag means in the registry now."""
        wanted = Platform.parse(platform) if platform else None
        return self._ways.push(self.context, Reference.on_daemon(ref), auth, all_tags, wanted).run()

    def save(self, names: Sequence[str]) -> Content:
        """`docker save`: one archive with all of the images."""
        return self._ways.save(self.context, names)

    def load(self, content: Content, *, quiet: bool = False) -> Conversation[Sequence[Image]]:
        """`docker load`; returns the images. An archive that is unfit leaves everything as it was."""
        return self._ways.load(self.context, content, quiet=quiet)

    def import_(
        self,
        content: Content,
        *,
        repository: str = "",
        tag: str = "",
        changes: Sequence[str] = (),
        message: str = "",
        source: str = "-",
        platform: str = "",
    ) -> str:
        """`docker import`: an image of one layer; returns its ID. The comment names a `source` that is a URL."""
        if platform and Platform.parse(platform).os != HOST.os:
            raise InvalidParameterError("operating system is not supported")
        name = import_name(repository, tag)
        comment = message or f"Imported from {source if is_url(source) else '-'}"
        return str(import_image(self.context, content, name, changes, comment).id)

    def usage(self) -> dict[str, Any]:
        """What `docker system df` says about images: `LayersSize`, and `Images` with their shared sizes."""
        return self._ways.usage(self.context)

    def search(self, term: str, *, filters: Filters | None = None, limit: int = 0) -> Sequence[dict[str, Any]]:
        """`docker search`."""
        return search_images(self.context.client, term, filters or {}, limit)


__all__ = ["ImageUser", "Images", "RegistryClient"]
