"""What BuildKit makes, as containerd keeps it: a manifest, what attests it, and an index over both.

The attestation says how the image came about (in-toto.io/Statement/v0.1 with SLSA provenance v0.2, `mode=min`), as
buildx asks for without being told (asked of engine 28.5.2 with the containerd image store and buildx 0.29.1).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import Any

from dockerlab.build.backend import Product
from dockerlab.engine.containerd_list import REFERENCE_DIGEST
from dockerlab.engine.containerd_removal import forget, given_names
from dockerlab.engine.image_context import ImageContext
from dockerlab.fs.content import Bytes
from dockerlab.oci import gojson
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Manifest
from dockerlab.oci.media_types import OCI_CONFIG, OCI_MANIFEST
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.store import Image
from dockerlab.store.containerd import TargetImages
from dockerlab.store.targets import BUILDER_INDENT, OCI, Target, indexed, packed, written
from dockerlab.world import format_instant

STATEMENT = "application/vnd.in-toto+json"
PREDICATE = "https://slsa.dev/provenance/v0.2"
BUILD_TYPE = "https://mobyproject.org/buildkit@v1"
NOWHERE = Platform("unknown", "unknown")
"""For which machines an attestation is."""


def export_image(context: ImageContext, product: Product) -> Generator[str, None, str]:
    """Keep what was built, under its names; tells what is done, returns the image's ID."""
    yield "exporting layers"
    target = _packed(context, product)
    yield f"exporting manifest {target.digest}"
    yield f"exporting config {target.manifest.config.digest}"
    if product.provenance:
        target, attestation = _attested(context, product, target)
        yield f"exporting attestation manifest {attestation}"
        yield f"exporting manifest list {target.digest}"
    image = context.stores.images.add(product.config, product.layers, target=target)
    for tag in product.tags:
        _name(context, image, tag)
    for name in [str(tag) for tag in product.tags] or [f"moby-dangling@{image.id}"]:
        yield f"naming to {name}"
        yield f"unpacking to {name}"
    return str(image.id)


def _packed(context: ImageContext, product: Product) -> Target:
    """The manifest: layers that were here before stay in the bytes that they came in."""
    maker = context.stores.make_image
    assert isinstance(maker, TargetImages)
    layers = [maker.blobs.converted(layer) for layer in product.layers]
    return packed(product.config, layers, OCI, BUILDER_INDENT)


def _name(context: ImageContext, image: Image, tag: Reference) -> None:
    """Let a name mean the new image; what it meant before goes, where it has no other name."""
    before = context.stores.references.find(tag)
    context.tag(image, tag)
    images = context.stores.images
    if before is not None and before != image.id and before in images:
        old = images.get(before)
        if not given_names(context).stored(old.id) and not images.children(old.id):
            forget(context, old)


def _attested(context: ImageContext, product: Product, target: Target) -> tuple[Target, Digest]:
    """The same under an index, beside a manifest that leads to the statement; and that manifest's digest."""
    statement = Bytes(gojson.encode(_statement(context, product, target)))
    rootfs = {"type": "layers", "diff_ids": [str(statement.digest)]}
    blank = {"architecture": NOWHERE.architecture, "os": NOWHERE.os, "config": {}, "rootfs": rootfs}
    config = Bytes(gojson.encode(blank))
    layer = Descriptor(STATEMENT, statement.digest, statement.size, {"in-toto.io/predicate-type": PREDICATE})
    described = Manifest.new(Descriptor(OCI_CONFIG, config.digest, config.size), [layer], OCI_MANIFEST)
    manifest = written(described, BUILDER_INDENT)
    about = {REFERENCE_DIGEST: str(target.digest), "vnd.docker.reference.type": "attestation-manifest"}
    entries = (
        _entry(target.descriptor, product.config.platform),
        _entry(manifest.descriptor, NOWHERE, about),
    )
    return indexed(target, entries, (Bytes(manifest.raw), config, statement)), manifest.digest


def _entry(found: Descriptor, platform: Platform, about: Mapping[str, str] | None = None) -> Descriptor:
    return Descriptor(found.media_type, found.digest, found.size, about or {}, platform)


def _statement(context: ImageContext, product: Product, target: Target) -> dict[str, Any]:
    """What was made, of what, and how."""
    platform = str(product.config.platform)
    materials = [
        {"uri": _package(Reference.parse(name), platform), "digest": _digest(Digest(digest))}
        for name, digest in product.materials.items()
    ]
    return {
        "_type": "https://in-toto.io/Statement/v0.1",
        "predicateType": PREDICATE,
        "subject": list(_subjects(product, target, platform)),
        "predicate": {
            "builder": {"id": ""},
            "buildType": BUILD_TYPE,
            "materials": materials,
            "invocation": _invocation(product, platform),
            "metadata": _metadata(context),
        },
    }


def _subjects(product: Product, target: Target, platform: str) -> Iterator[dict[str, Any]]:
    """The image under each of its names."""
    for tag in product.tags:
        yield {"name": _package(tag, platform), "digest": _digest(target.digest)}


def _invocation(product: Product, platform: str) -> dict[str, Any]:
    """What the builder was asked for."""
    arguments = {f"build-arg:{name}": value for name, value in sorted(product.arguments.items())}
    return {
        "configSource": {"entryPoint": "Dockerfile"},
        "parameters": {
            "frontend": "dockerfile.v0",
            **({"args": arguments} if arguments else {}),
            "locals": [{"name": "context"}, {"name": "dockerfile"}],
        },
        "environment": {"platform": platform},
    }


def _metadata(context: ImageContext) -> dict[str, Any]:
    """When it was, and how much of this is known."""
    now = format_instant(context.now)
    return {
        "buildInvocationID": context.world.chance.hex()[:25],
        "buildStartedOn": now,
        "buildFinishedOn": now,
        "completeness": {"parameters": True, "environment": True, "materials": False},
        "reproducible": False,
        f"{BUILD_TYPE}#metadata": {},
    }


def _package(name: Reference, platform: str) -> str:
    """A package URL: 'pkg:docker/busybox@1.35?platform=linux%2Famd64'."""
    named = name.with_default_tag()
    return f"pkg:docker/{named.familiar_name}@{named.tag or 'latest'}?platform={platform.replace('/', '%2F')}"


def _digest(digest: Digest) -> dict[str, str]:
    return {digest.algorithm: digest.hex}
