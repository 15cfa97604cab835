"""Goals about signatures that stand beside an image in a registry, as cosign puts them there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, read
from dockerlab.notebook.views.registries import client_of
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference
from dockerlab.registry.signatures import Bundle, Referrers
from dockerlab.registry.trust import PublicKey

NOTHING = "the registry has no such image, or can't be reached"


@dataclass(frozen=True, slots=True)
class SignedBy:
    """An image in a registry has a signature that the public key in a file of the host verifies."""

    name: str
    key: str

    def look(self, lab: Lab) -> Finding:
        """Verify the signatures beside the image."""
        wanted = f"the registry has a signature of {self.name} that {self.key} verifies"
        try:
            digest, found = signatures(lab, self.name)
        except DockerlabError:
            return Finding(False, wanted, NOTHING)
        text = read(lab.host, self.key)
        if text is None:
            return Finding(False, wanted, f"no file {self.key}")
        if any(verifies(text, bundle, digest) for bundle in found):
            return Finding(True, wanted, "a signature that holds")
        return Finding(False, wanted, f"{len(found)} signatures of other keys" if found else "no signature")


@dataclass(frozen=True, slots=True)
class SignedAtAll:
    """An image in a registry has a signature, whoever made it."""

    name: str

    def look(self, lab: Lab) -> Finding:
        """Count the signatures beside the image."""
        wanted = f"the registry has a signature of {self.name}"
        try:
            _, found = signatures(lab, self.name)
        except DockerlabError:
            return Finding(False, wanted, NOTHING)
        return Finding(bool(found), wanted, f"{len(found)} signatures")


def signatures(lab: Lab, name: str) -> tuple[Digest, list[Bundle]]:
    """What a name in a registry leads to, and the signatures beside that."""
    reference = Reference.on_daemon(name).with_default_tag()
    store = Referrers(client_of(lab.engine), replace(reference, tag=None, digest=None))
    digest = store.subject(reference).digest
    return digest, list(bundles(store, digest))


def bundles(store: Referrers, digest: Digest) -> Iterator[Bundle]:
    """What stands beside an image and is a signature."""
    for artifact in store.of(digest):
        manifest = store.manifest(artifact)
        for layer in manifest.layers if manifest else ():
            try:
                yield Bundle.parse(store.blob(layer))
            except DockerlabError:
                continue


def verifies(key: str, bundle: Bundle, digest: Digest) -> bool:
    """Whether a public key, as the text of its file, has signed that image."""
    try:
        bundle.verify(PublicKey.parse(key.encode()), digest)
    except DockerlabError:
        return False
    return True
