"""Which image each name means (moby, reference/store.go).

A tag can move from image to image; a digest reference (`name@sha256:…`), which says what a registry calls the image,
can't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference


class ReferenceStore:
    """Names to image IDs."""

    def __init__(self) -> None:
        self._ids: dict[Reference, Digest] = {}
        self._names: dict[Digest, set[Reference]] = {}

    def add_tag(self, reference: Reference, image_id: Digest, *, force: bool = True) -> None:
        """Let a tag mean an image; without `force` one that means another image already is a conflict."""
        check_tag(reference)
        self._add(reference.with_default_tag(), image_id, force)

    def add_digest(self, reference: Reference, image_id: Digest) -> None:
        """Note by which digest a registry knows an image."""
        self._add(replace(reference, tag=None), image_id, force=False)

    def _add(self, reference: Reference, image_id: Digest, force: bool) -> None:
        _check_name(reference)
        before = self._ids.get(reference)
        if before == image_id:
            return
        if before is not None:
            self._check(reference, before, force)
            self._forget(reference, before)
        self._ids[reference] = image_id
        self._names.setdefault(image_id, set()).add(reference)

    @staticmethod
    def _check(reference: Reference, before: Digest, force: bool) -> None:
        if reference.digest is not None:
            raise ConflictError(f"Cannot overwrite digest {reference.digest}")
        if not force:
            raise ConflictError(
                f"Conflict: Tag {reference} is already set to image {before}, if you want to replace it, "
                "please use the force option"
            )

    def _forget(self, reference: Reference, image_id: Digest) -> None:
        del self._ids[reference]
        names = self._names[image_id]
        names.remove(reference)
        if not names:
            del self._names[image_id]

    def find(self, reference: Reference) -> Digest | None:
        """What a name means: by its digest where it has one, else by its tag or latest; None for nothing."""
        exact = replace(reference, tag=None) if reference.digest else reference.with_default_tag()
        return self._ids.get(exact)

    def get(self, reference: Reference) -> Digest:
        """The same; `NotFoundError` for nothing."""
        image_id = self.find(reference)
        if image_id is None:
            raise NotFoundError("reference does not exist")
        return image_id

    def remove(self, reference: Reference) -> bool:
        """Forget a name; whether it was known."""
        exact = reference.with_default_tag()
        image_id = self._ids.get(exact)
        if image_id is None:
            return False
        self._forget(exact, image_id)
        return True

    def of(self, image_id: Digest) -> list[Reference]:
        """All names of an image, tags and digests, sorted by their full text."""
        return sorted(self._names.get(image_id, ()), key=str)

    def tags_of(self, image_id: Digest) -> list[Reference]:
        """The tags of an image."""
        return [reference for reference in self.of(image_id) if reference.tag is not None]

    def by_name(self, repository: Reference) -> list[tuple[Reference, Digest]]:
        """All names in a repository with what they mean."""
        found = ((name, image_id) for name, image_id in self._ids.items() if name.name == repository.name)
        return sorted(found, key=lambda pair: str(pair[0]))

    def __iter__(self) -> Iterator[tuple[Reference, Digest]]:
        return iter(sorted(self._ids.items(), key=lambda pair: str(pair[0])))

    def __len__(self) -> int:
        return len(self._ids)


def check_tag(reference: Reference) -> None:
    """Refuse a name that can't be a tag's."""
    if reference.digest is not None:
        raise InvalidParameterError("refusing to create a tag with a digest reference")
    _check_name(reference)


def _check_name(reference: Reference) -> None:
    if reference.familiar_name == "sha256":
        raise InvalidParameterError("refusing to create an ambiguous tag using digest algorithm as name")
