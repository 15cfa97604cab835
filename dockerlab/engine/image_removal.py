"""Untagging and deleting images, one by one or all that nobody needs (moby, daemon/images: image_delete, image_prune).

Two things stand in the way of a removal. Hard ones, which no force overcomes: a running container, images that were
made from this one. Soft ones: a stopped container, names in several repositories.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dockerlab.engine.image_context import Filters, ImageContext
from dockerlab.engine.image_filters import PRUNE, check_names, prunable, truth, until
from dockerlab.errors import ConflictError, DockerlabError
from dockerlab.oci.digest import SHORT
from dockerlab.oci.reference import Reference
from dockerlab.store import Image, StoredLayer

Records = list[dict[str, str]]


@dataclass(frozen=True)
class _Conflict:
    """Why an image can't be removed; `used`: by a container."""

    image: Image
    text: str
    hard: bool = False
    used: bool = False

    def error(self) -> ConflictError:
        """In moby's words."""
        return conflict_error(self.image, self.text, hard=self.hard)


def conflict_error(image: Image, text: str, *, hard: bool = False) -> ConflictError:
    """Why an image can't be removed, in moby's words."""
    how = "cannot be forced" if hard else "must be forced"
    return ConflictError(f"conflict: unable to delete {image.id.short} ({how}) - {text}")


class Removal:
    """One `docker rmi NAME`: `records` has what was untagged and deleted, `layers` the layers that went away."""

    def __init__(self, context: ImageContext, *, force: bool = False, prune: bool = True) -> None:
        self.context = context
        self.references = context.stores.references
        self.force = force
        self.prune = prune
        self.records: Records = []
        self.layers: list[StoredLayer] = []

    def remove(self, name: str) -> Records:
        """Remove what the name or ID means."""
        self.context.let_layers_go()
        image = self.context.find(name)
        by_id = image.id.startswith(name) or image.id.hex.startswith(name)
        if by_id:
            self._check_single(image)
        elif self._untag_one(image, name):
            return self.records
        self._delete(image, force=self.force, quiet=not by_id)
        return self.records

    def _check_single(self, image: Image) -> None:
        """An ID may be given where all names are in one repository, or with force."""
        if not _is_single(self.references.of(image.id)):
            return
        conflict = self._conflict(image, soft=not self.force, names=False)
        if conflict:
            raise conflict.error()
        self._untag_all(image)

    def _untag_one(self, image: Image, name: str) -> bool:
        """Take one name away; True where others are left, so that this was all."""
        users = self.context.containers_using(image.id)
        if not self.force and users and _is_single(self.references.of(image.id)):
            raise ConflictError(
                f'conflict: unable to remove repository reference "{name}" (must force) - container '
                f"{users[0].id[:SHORT]} is using its referenced image {image.id.short}"
            )
        reference = Reference.on_daemon(name).with_default_tag()
        self._untag(image, reference)
        if reference.digest is None:
            self._untag_digests(image, reference)
        return bool(self.references.of(image.id))

    def _untag_digests(self, image: Image, reference: Reference) -> None:
        """With a repository's last tag its digests go too."""
        same = [name for name in self.references.of(image.id) if name.name == reference.name]
        if all(name.digest is not None for name in same):
            for name in same:
                self._untag(image, name, silent=True)

    def _untag(self, image: Image, reference: Reference, *, silent: bool = False) -> None:
        self.references.remove(reference)
        self.records.append({"Untagged": reference.familiar})
        if not silent:
            self.context.note(image, "untag")

    def _untag_all(self, image: Image) -> None:
        for name in self.references.of(image.id):
            self._untag(image, name)

    def _delete(self, image: Image, *, force: bool, quiet: bool) -> None:
        """Delete the image, then its parents as far as nobody needs them."""
        conflict = self._conflict(image, soft=not force)
        if conflict:
            if quiet and (self.references.of(image.id) or conflict.used or self._has_children(image)):
                return
            raise conflict.error()
        self._untag_all(image)
        if self.context.containers_using(image.id):
            self.context.keep_layers(image)
        removed = self.context.stores.images.remove(image.id)
        self.layers += removed
        self.context.note(image, "delete")
        self.records.append({"Deleted": str(image.id)})
        self.records += [{"Deleted": str(layer.chain_id)} for layer in removed]
        parent = self.context.stores.images.parent_of(image)
        if self.prune and parent is not None:
            self._delete(parent, force=False, quiet=True)

    def _has_children(self, image: Image) -> bool:
        return bool(self.context.stores.images.children(image.id))

    def _conflict(self, image: Image, *, soft: bool, names: bool = True) -> _Conflict | None:
        """What stands in the way, the worst first."""
        users = self.context.containers_using(image.id)
        running = next((user for user in users if user.running), None)
        if self._has_children(image):
            return _Conflict(image, "image has dependent child images", hard=True)
        if running:
            text = f"image is being used by running container {running.id[:SHORT]}"
            return _Conflict(image, text, hard=True, used=True)
        if soft and names and self.references.of(image.id):
            return _Conflict(image, "image is referenced in multiple repositories")
        if soft and users:
            return _Conflict(image, f"image is being used by stopped container {users[0].id[:SHORT]}", used=True)
        return None


def _is_single(names: list[Reference]) -> bool:
    """Whether an image has at most one tag, and digests only in that tag's repository."""
    tags = [name for name in names if name.digest is None]
    repositories = {name.name for name in names if name.digest is not None}
    if len(names) <= 1:
        return True
    return len(tags) <= 1 and repositories == {(tags or names)[0].name}


def prune_images(context: ImageContext, filters: Filters) -> dict[str, Any]:
    """Remove the images without names (with dangling=false all images) that no container needs."""
    check_names(filters, PRUNE)
    dangling = truth(filters, "dangling") is not False
    limit = until(filters, context.now)
    heads = {image.id for image in context.stores.images.heads()}
    removals: list[Removal] = []
    for image in context.stores.images:
        names = context.stores.references.of(image.id)
        in_the_middle = image.id not in heads and (dangling or not names)
        too_young = limit is not None and image.created > limit
        if not in_the_middle and not too_young and prunable(image.config.config, filters):
            removals += _prune_one(context, image, names, dangling=dangling)
    records = [record for removal in removals for record in removal.records]
    space = sum(layer.own_size for removal in removals for layer in removal.layers)
    context.events.add("image", "prune", "", {"reclaimed": str(space)})
    return {"ImagesDeleted": records or None, "SpaceReclaimed": space}


def _prune_one(context: ImageContext, image: Image, names: list[Reference], *, dangling: bool) -> list[Removal]:
    """Remove one image name by name; what is in use stays without a word."""
    if dangling and any(name.digest is None for name in names):
        return []
    removals: list[Removal] = []
    for name in [str(name) for name in names] or [image.id.hex]:
        removal = Removal(context)
        try:
            removal.remove(name)
        except DockerlabError:
            continue
        removals.append(removal)
    return removals
