"""Untagging and deleting images that containerd keeps (moby, daemon/containerd: image_delete, image_prune).

Names are what keeps an image: with the last one it goes, and its contents with it, as far as no other image has them.
An image that a container was made of loses its name by force, but stays, as one that has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dockerlab.engine.containerd_list import target_of
from dockerlab.engine.image_context import Filters, ImageContext
from dockerlab.engine.image_filters import PRUNE, check_names, prunable, truth, until
from dockerlab.engine.image_removal import Records, conflict_error
from dockerlab.errors import ConflictError, DockerlabError
from dockerlab.oci.digest import SHORT, Digest
from dockerlab.oci.reference import Reference
from dockerlab.store import Image
from dockerlab.store.containerd import TargetNames


class ContainerdRemoval:
    """One `docker rmi NAME`: `records` has what was untagged and deleted."""

    def __init__(self, context: ImageContext, *, force: bool = False, prune: bool = True) -> None:
        self.context = context
        self.names = given_names(context)
        self.force = force
        self.prune = prune
        self.records: Records = []

    def remove(self, name: str) -> Records:
        """Remove what the name or ID means."""
        self.context.let_layers_go()
        image = self.context.find(name)
        names = self.names.stored(image.id)
        if image.id.startswith(name) or image.id.hex.startswith(name):
            self._delete_all(image, several=not self.force and len(names) > 1)
            return self.records
        reference = Reference.on_daemon(name).with_default_tag()
        same = [each for each in names if _is_meant(each, reference)]
        if len(same) < len(names):
            self._untag(image, same)
        elif self.context.containers_using(image.id):
            self._untag_used(image, same, reference)
        else:
            self._delete_all(image, several=False)
        return self.records

    def _untag_used(self, image: Image, names: list[Reference], reference: Reference) -> None:
        """The last name of an image that a container was made of: only by force, and the image stays."""
        if not self.force:
            user = self.context.containers_using(image.id)[0].id[:SHORT]
            raise ConflictError(
                f"conflict: unable to delete {reference.familiar} (must be forced) - container {user} is using its "
                f"referenced image {image.id.short}"
            )
        self._untag(image, names)

    def _untag(self, image: Image, names: list[Reference]) -> None:
        for name in names:
            self.names.remove(name)
            self.records.append({"Untagged": name.familiar})
            self.context.note(image, "untag", name.familiar)

    def _delete_all(self, image: Image, *, several: bool) -> None:
        """Take all names away, and the image; then those it was made from, as far as they have no name."""
        conflict = self._conflict(image, soft=not self.force)
        if conflict is None and several:
            conflict = conflict_error(image, "image is referenced in multiple repositories")
        if conflict is not None:
            raise conflict
        parent = self.context.stores.images.parent_of(image)
        self._untag(image, self.names.stored(image.id))
        self._forget(image)
        while self.prune and parent is not None and not self.names.stored(parent.id):
            above = self.context.stores.images.parent_of(parent)
            if self._conflict(parent, soft=True) or self.context.stores.images.children(parent.id):
                break
            self._forget(parent)
            parent = above

    def _forget(self, image: Image) -> None:
        """Delete an image; one that others were made from is said to be deleted, but stays without a name."""
        self.context.note(image, "delete")
        self.records.append({"Deleted": str(image.id)})
        if not self.context.stores.images.children(image.id):
            forget(self.context, image)

    def _conflict(self, image: Image, *, soft: bool) -> ConflictError | None:
        users = self.context.containers_using(image.id)
        for user in users:
            if user.running:
                return conflict_error(image, f"image is being used by running container {user.id[:SHORT]}", hard=True)
        if soft and users:
            return conflict_error(image, f"image is being used by stopped container {users[0].id[:SHORT]}")
        return None


def given_names(context: ImageContext) -> TargetNames:
    """The names of the store, which is containerd's."""
    names = context.stores.references
    assert isinstance(names, TargetNames)
    return names


def forget(context: ImageContext, image: Image) -> None:
    """Take an image out of the store; its layers stay for the containers on it."""
    if context.containers_using(image.id):
        context.keep_layers(image)
    context.stores.images.remove(image.id)


def _is_meant(name: Reference, wanted: Reference) -> bool:
    """Whether a name goes with a reference: it itself, or, where that is a digest, every name in its repository."""
    return name == wanted or (wanted.digest is not None and name.name == wanted.name)


def prune_images(context: ImageContext, filters: Filters) -> dict[str, Any]:
    """Take away names that no container needs (dangling=false), or only what has none; contents go with the last."""
    check_names(filters, PRUNE)
    dangling = truth(filters, "dangling") is not False
    limit = until(filters, context.now)
    records: Records = []
    space = 0
    for image, name in list(_candidates(context)):
        young = limit is not None and image.created > limit
        unasked = (dangling and name is not None) or young or not prunable(image.config.config, filters)
        if not unasked and not _is_kept(context, image, name):
            gone = _prune_one(context, image, name)
            space += sum(gone.values())
            records.append({"Untagged": name.familiar if name else str(image.id)})
            records += [{"Deleted": str(digest)} for digest in _documents(image) if digest in gone]
    context.events.add("image", "prune", "", {"reclaimed": str(space)})
    return {"ImagesDeleted": records or None, "SpaceReclaimed": space}


def _prune_one(context: ImageContext, image: Image, name: Reference | None) -> dict[Digest, int]:
    """Take one name away, and with the last one the image; returns the blobs that are gone, with their sizes."""
    before = contents(context)
    if name is not None:
        context.stores.references.remove(name)
    if not given_names(context).stored(image.id):
        forget(context, image)
    return {digest: before[digest] for digest in before.keys() - contents(context).keys()}


def _candidates(context: ImageContext) -> Iterator[tuple[Image, Reference | None]]:
    """Every name with its image, then images without a name that none was made from."""
    names = given_names(context)
    for name, image_id in names:
        yield context.stores.images.get(image_id), name
    for image in context.stores.images.heads():
        if not names.stored(image.id):
            yield image, None


def _is_kept(context: ImageContext, image: Image, name: Reference | None) -> bool:
    """Whether a container needs this: the name that it was made by, or the last one where that was an ID."""
    if name is None:
        return bool(context.containers_using(image.id))
    if any(_names(user.name) == name for user in context.image_users()):
        return True
    by_id = any(
        image.id.hex.startswith(user.name.removeprefix("sha256:")) for user in context.containers_using(image.id)
    )
    return by_id and len(given_names(context).stored(image.id)) == 1


def _names(text: str) -> Reference | None:
    """The name that a container's image was given by; None for an ID."""
    try:
        return Reference.parse(text).with_default_tag()
    except DockerlabError:
        return None


def _documents(image: Image) -> list[Digest]:
    """The target, and the manifests below it."""
    target = target_of(image)
    return list(dict.fromkeys((target.digest, *(entry.digest for entry in target.manifests))))


def contents(context: ImageContext) -> dict[Digest, int]:
    """The size of each blob that some image has."""
    return {digest: blob.size for image in context.stores.images for digest, blob in target_of(image).blobs.items()}
