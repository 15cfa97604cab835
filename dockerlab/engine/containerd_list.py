"""What there is to say about images that containerd keeps: rows of the list, inspect, disk usage.

Two figures belong to an image: its contents are the blobs that it was pulled or built as, its usage on disk is these
and the snapshots that they were unpacked to (moby, daemon/containerd: image_list, image_inspect; asked of engine
28.5.2 with the containerd image store).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dockerlab.engine.image_context import ImageContext
from dockerlab.engine.image_list import NEVER, Listing, optional_fields, rootfs
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ContainerConfig
from dockerlab.store import Image, StoredLayer
from dockerlab.store.targets import Target
from dockerlab.store.v1 import go_time
from dockerlab.world import NANOSECOND, format_instant

_ALWAYS: Mapping[str, Any] = {
    **dict.fromkeys(("Cmd", "Entrypoint", "Env", "Labels", "OnBuild", "Volumes")),
    **dict.fromkeys(("User", "WorkingDir"), ""),
}
"""Fields of `.Config` that inspect shows with or without a value."""

REFERENCE_DIGEST = "vnd.docker.reference.digest"
"""The annotation by which an attestation says what it attests (docker/buildx, attestation storage)."""


def target_of(image: Image) -> Target:
    """The target of an image in containerd's store, where every one has one."""
    assert image.target is not None
    return image.target


def unpacked(image: Image) -> int:
    """Bytes of the snapshots that an image's top layer stands on, itself among them."""
    return sum(stored.usage + stored.between for stored in image.stack)


def disk_usage(image: Image) -> int:
    """Bytes of an image's manifests, with all that they lead to, and of its snapshots."""
    target = target_of(image)
    return sum(target.size_of(entry) for entry in target.manifests) + unpacked(image)


def layer_usage(stored: StoredLayer) -> int:
    """What `docker history` says of a layer: its snapshot."""
    return stored.usage


def summary(context: ImageContext, image: Image, tags: Sequence[str], digests: Sequence[str]) -> dict[str, Any]:
    """A row of `docker images`. What has no name says so with lists of nothing, and not `<none>:<none>`."""
    users = [user.id for user in context.containers_using(image.id)]
    target = target_of(image)
    return {
        "Containers": len(users),
        "Created": image.created // NANOSECOND,
        "Descriptor": target.descriptor.to_json(),
        "Id": str(image.id),
        "Labels": dict(image.config.config.labels) or None,
        "Manifests": [_manifest(image, target, entry, users) for entry in target.manifests],
        "ParentId": str(image.parent_id or ""),
        "RepoDigests": list(digests),
        "RepoTags": list(tags or digests),
        "SharedSize": -1,
        "Size": disk_usage(image),
    }


def _manifest(image: Image, target: Target, entry: Descriptor, users: Sequence[str]) -> dict[str, Any]:
    """One manifest of an image: of a platform, or what attests one."""
    content, mine = target.size_of(entry), entry.digest == target.manifest.digest
    snapshots = unpacked(image) if mine else 0
    row = {
        "ID": str(entry.digest),
        "Descriptor": entry.to_json(),
        "Available": entry.digest in target.blobs,
        "Size": {"Content": content, "Total": content + snapshots},
    }
    if attested := entry.annotations.get(REFERENCE_DIGEST):
        return {**row, "Kind": "attestation", "AttestationData": {"For": attested}}
    platform = entry.platform or image.config.platform
    details = {
        "Platform": platform.to_json(),
        "Size": {"Unpacked": snapshots},
        "Containers": list(users) if mine and users else None,
    }
    return {**row, "Kind": "image", "ImageData": details}


def inspect_image(context: ImageContext, name: str) -> dict[str, Any]:
    """All about one image, as `docker image inspect` prints it."""
    image = context.find(name)
    config, target = image.config, target_of(image)
    tagged = NEVER if image.last_tagged is None else format_instant(image.last_tagged)
    tags, digests = context.tags_of(image), context.digests_of(image)
    return {
        "Id": str(image.id),
        "RepoTags": tags or digests,
        "RepoDigests": digests,
        "Parent": str(image.parent_id or ""),
        "Comment": config.history[-1].comment if config.history else "",
        "Created": go_time(config.created),
        "DockerVersion": "",
        "Author": config.author,
        "Architecture": config.architecture,
        **optional_fields(config, "Variant"),
        "Os": config.os,
        **optional_fields(config, "OsVersion"),
        "Size": sum(target.blobs[digest].size for digest in target.here),
        "GraphDriver": {"Data": None, "Name": context.driver().name},
        "RootFS": rootfs(image),
        "Metadata": {"LastTagTime": tagged},
        "Descriptor": target.descriptor.to_json(),
        "Config": _config(config.config),
    }


def _config(config: ContainerConfig) -> dict[str, Any]:
    """The settings that are set, and some that are shown even if they aren't, by name."""
    told = {**_ALWAYS, **{key: value for key, value in config.to_oci_json().items() if value}}
    return dict(sorted(told.items()))


def manifest_descriptor(image: Image) -> dict[str, Any]:
    """`.ImageManifestDescriptor` of a container: the manifest for this machine."""
    target = target_of(image)
    entry = next(entry for entry in target.manifests if entry.digest == target.manifest.digest)
    return entry.to_json() | {"platform": (entry.platform or image.config.platform).to_json()}


def image_usage(context: ImageContext) -> dict[str, Any]:
    """`LayersSize`, and the rows of `docker images` with `SharedSize`: snapshots that several images stand on."""
    images = context.stores.images
    rows = Listing(context, {}, everything=False).rows()
    listed = [images.get(Digest(row["Id"])) for row in rows]
    users = Counter(stored.chain_id for image in listed for stored in image.stack)
    for row, image in zip(rows, listed, strict=True):
        row["SharedSize"] = sum(stored.usage for stored in image.stack if users[stored.chain_id] > 1)
    snapshots = {stored.chain_id: stored.usage + stored.between for image in images for stored in image.stack}
    blobs = {digest: blob.size for image in images for digest, blob in target_of(image).blobs.items()}
    return {"LayersSize": sum(snapshots.values()) + sum(blobs.values()), "Images": rows}
