"""Changes to a repository's trust data, put together on the signer's machine until they are signed and published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dockerlab.registry.trust.keys import PublicKey
from dockerlab.registry.trust.metadata import (
    RELEASES,
    ROOT,
    TARGETS,
    Role,
    Target,
    delegate,
    end_delegation,
    new_root,
    new_targets,
    parse,
    put_target,
    renew,
    tags_of,
)
from dockerlab.registry.trust.verify import Trusted

if TYPE_CHECKING:
    from tuf.api.metadata import Metadata


class Draft:
    """Targets, and what is delegated, as they are to be.

    `changed` names the documents that must be signed anew, `emptied` the roles whose last key was taken away.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._documents: dict[str, Metadata[Any]] = {}
        self._roles: dict[str, Role] = {}
        self._versions: Mapping[str, int] = {}
        self.changed: list[str] = []
        self.emptied: set[str] = set()

    @classmethod
    def begin(cls, keys: dict[str, PublicKey], now: datetime) -> Draft:
        """The first trust data of a repository: whose key signs each of the four roles, and no tag yet."""
        draft = cls(now)
        draft._documents = {ROOT: new_root(keys, now), TARGETS: new_targets(now)}
        draft._roles = {role: Role(role, [keys[role].id], 1) for role in (ROOT, TARGETS)}
        draft.changed = [ROOT, TARGETS]
        return draft

    @classmethod
    def of(cls, trusted: Trusted, now: datetime) -> Draft:
        """What was verified, to be changed."""
        draft = cls(now)
        draft._roles = {role.name: role for role in trusted.roles}
        draft._versions = trusted.versions
        draft._documents = {role: parse(raw) for role, raw in trusted.documents.items() if role in draft._roles}
        return draft

    @property
    def is_first(self) -> bool:
        """Whether nothing was published before."""
        return ROOT in self.changed

    @property
    def delegations(self) -> Sequence[Role]:
        """The delegated roles, in the order in which they were made."""
        return [role for role in self._roles.values() if role.name.startswith(f"{TARGETS}/")]

    def document(self, role: str) -> Metadata[Any]:
        """A document as it is to be."""
        return self._documents[role]

    def role(self, name: str) -> Role:
        """Who may sign a document."""
        return self._roles[name]

    def add(self, role: str, target: Target) -> None:
        """Sign a tag in a role; what is signed already stays as it is."""
        known = self._documents.get(role)
        if known is None or tags_of(known.signed).get(target.name) != target:
            put_target(self._touched(role), target)

    def remove(self, role: str, tag: str) -> None:
        """Take a tag out of a role; one that has not signed it stays as it is."""
        known = self._documents.get(role)
        if known is not None and tag in known.signed.targets:
            del self._touched(role).signed.targets[tag]

    def add_signer(self, name: str, keys: Sequence[PublicKey]) -> None:
        """Let a person's keys sign releases."""
        for role in (f"{TARGETS}/{name}", RELEASES):
            delegate(self._touched(TARGETS), role, keys)
            known = self._roles.get(role, Role(role, (), 1))
            self._roles[role] = Role(role, _joined(known.key_ids, [key.id for key in keys]), 1)

    def remove_signer(self, name: str) -> None:
        """Let a person's keys sign nothing any more."""
        role = f"{TARGETS}/{name}"
        gone = self._roles.pop(role).key_ids
        self._documents.pop(role, None)
        for each in (RELEASES, role):
            end_delegation(self._touched(TARGETS), each, gone)
        left = [key_id for key_id in self._roles[RELEASES].key_ids if key_id not in gone]
        self._roles[RELEASES] = Role(RELEASES, left, 1)
        self.emptied |= set() if left else {RELEASES}

    def _touched(self, role: str) -> Metadata[Any]:
        """A document that is about to change; it is one version further then."""
        if role not in self._documents:
            self._documents[role] = new_targets(self._now, self._versions.get(role, 0) + 1)
            self.changed.append(role)
        elif role not in self.changed:
            renew(self._documents[role], role, self._now)
            self.changed.append(role)
        return self._documents[role]


def _joined(known: Iterable[str], more: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*known, *more]))
