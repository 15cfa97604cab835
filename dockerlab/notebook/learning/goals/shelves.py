"""Goals about what a registry holds, and where: which image, that one is gone, no blob that is left over."""

from __future__ import annotations

import json
from dataclasses import dataclass

from dockerlab.engine.registry_storage import FileStorage
from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, dig, find_container
from dockerlab.notebook.learning.goals.registries import manifest_digest
from dockerlab.notebook.learning.goals.surroundings import mount_kind
from dockerlab.notebook.views.registries import client_of
from dockerlab.oci.manifest import Manifest
from dockerlab.oci.reference import Reference
from dockerlab.registry.garbage import Collector, Said

STORE = "/var/lib/registry"
ELIGIBLE = "blob eligible for deletion"


@dataclass(frozen=True, slots=True)
class NotPushed:
    """A registry answers, and has no image of that name."""

    name: str

    def look(self, lab: Lab) -> Finding:
        """Ask the registry for the manifest, and whether it is there at all."""
        wanted = f"the registry answers, and has no {self.name}"
        digest = manifest_digest(lab, self.name)
        if digest is not None:
            return Finding(False, wanted, f"it leads to {digest.short}")
        try:
            client_of(lab.engine).ping(Reference.on_daemon(self.name).repository)
        except DockerlabError:
            return Finding(False, wanted, "the registry can't be reached")
        return Finding(True, wanted, "no such image there")


@dataclass(frozen=True, slots=True)
class PushedLabel:
    """The image of that name in a registry has a label, as `docker inspect` would show it after a pull."""

    name: str
    label: str
    value: str

    def look(self, lab: Lab) -> Finding:
        """Read the image's configuration in the registry."""
        wanted = f"the registry has {self.name}, whose label {self.label} is {self.value!r}"
        client, reference = client_of(lab.engine), Reference.on_daemon(self.name).with_default_tag()
        try:
            manifest = client.get_manifest(reference)
            raw = client.get_blob(reference, manifest.config).read() if isinstance(manifest, Manifest) else b"{}"
            found = dig(json.loads(raw), f"config.Labels.{self.label}")
        except (DockerlabError, ValueError):
            return Finding(False, wanted, "the registry has no such image, or can't be reached")
        return Finding(found == self.value, wanted, f"an image with {self.label} {found!r}")


@dataclass(frozen=True, slots=True)
class Swept:
    """In the volume of a registry's container there is nothing that garbage collection would take."""

    container: str

    def look(self, lab: Lab) -> Finding:
        """Let it say what it would take."""
        wanted = f"the registry {self.container} keeps no blob that no image of it needs"
        try:
            mounts = lab.engine.containers.find(self.container).mounts
        except DockerlabError:
            return Finding(False, wanted, f"no container {self.container}")
        mount = next((each for each in mounts if each.destination == STORE), None)
        if mount is None or mount.files is None:
            return Finding(False, wanted, f"no volume at {STORE}")
        events = Collector(FileStorage(mount.files, mount.subpath).shelves, dry_run=True).run()
        try:
            count = sum(isinstance(event, Said) and event.line.startswith(ELIGIBLE) for event in events)
        except DockerlabError as error:
            return Finding(False, wanted, str(error))
        return Finding(count == 0, wanted, f"{count} such blobs")


@dataclass(frozen=True, slots=True)
class StoreUnnamed:
    """A registry's container keeps its images in a volume without a name, which no other container will find."""

    container: str

    def look(self, lab: Lab) -> Finding:
        """Look at what is mounted at its store."""
        wanted = f"container {self.container} has an anonymous volume at {STORE}"
        container = find_container(lab, self.container)
        if container is None:
            return Finding(False, wanted, f"no container {self.container}")
        mounts = [mount for mount in container["Mounts"] if mount["Destination"] == STORE]
        have = ", ".join(mount.get("Name", "") for mount in mounts) or "no volume there"
        return Finding(any(mount_kind(mount) == "anonymous volume" for mount in mounts), wanted, have)
