"""Goals about what a registry keeps, asked over its own protocol."""

from __future__ import annotations

import json
from dataclasses import dataclass

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, read
from dockerlab.notebook.views.registries import client_of
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference


@dataclass(frozen=True, slots=True)
class Pushed:
    """A registry has an image of that name, e.g. 'localhost:5000/web:2'."""

    name: str

    def look(self, lab: Lab) -> Finding:
        """Ask the registry for the manifest."""
        digest = manifest_digest(lab, self.name)
        have = f"it leads to {digest.short}" if digest else "the registry has no such image, or can't be reached"
        return Finding(digest is not None, f"the registry has {self.name}", have)


@dataclass(frozen=True, slots=True)
class PushedSame:
    """Two names in registries lead to one manifest."""

    name: str
    other: str

    def look(self, lab: Lab) -> Finding:
        """Compare the manifests' digests."""
        wanted = f"in the registry {self.name} is the same image as {self.other}"
        first, second = manifest_digest(lab, self.name), manifest_digest(lab, self.other)
        if first is None or second is None:
            return Finding(False, wanted, f"no {self.name if first is None else self.other} in the registry")
        return Finding(first == second, wanted, f"{first.short} and {second.short}")


@dataclass(frozen=True, slots=True)
class DigestNoted:
    """A file of the host holds the digest to which a name in a registry leads."""

    path: str
    name: str

    def look(self, lab: Lab) -> Finding:
        """Ask the registry, and read the file."""
        wanted = f"the host's file {self.path} holds the digest of {self.name}"
        digest, noted = manifest_digest(lab, self.name), read(lab.host, self.path)
        if digest is None or noted is None:
            return Finding(
                False, wanted, f"no {self.name} in the registry" if digest is None else f"no file {self.path}"
            )
        return Finding(digest.hex in noted, wanted, repr(noted[:80]))


@dataclass(frozen=True, slots=True)
class TagsNoted:
    """A file of the host holds what a registry answers when it is asked for the tags of a repository."""

    path: str
    repository: str

    def look(self, lab: Lab) -> Finding:
        """Ask the registry, and compare: the same name, the same tags."""
        wanted = f"the host's file {self.path} holds the registry's answer about the tags of {self.repository}"
        reference, noted = Reference.on_daemon(self.repository), read(lab.host, self.path)
        if noted is None:
            return Finding(False, wanted, f"no file {self.path}")
        try:
            tags = list(client_of(lab.engine).tags(reference))
            answer = json.loads(noted)
        except (DockerlabError, ValueError):
            return Finding(False, wanted, repr(noted[:80]))
        return Finding(answer == {"name": reference.path, "tags": tags}, wanted, repr(noted[:80]))


def manifest_digest(lab: Lab, name: str) -> Digest | None:
    """The digest to which a name in a registry leads, None where it leads nowhere."""
    try:
        return client_of(lab.engine).get_manifest(Reference.on_daemon(name).with_default_tag()).digest
    except DockerlabError:
        return None
