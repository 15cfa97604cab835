"""`docker pull` where containerd keeps images: blobs first, then snapshots (moby, daemon/containerd: image_pull).

What is kept is what the registry has: its index or manifest, byte for byte, is what the image is known by.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial

from dockerlab.engine.containerd_list import target_of
from dockerlab.engine.image_pull import AT_ONCE, PlatformError, Pull
from dockerlab.engine.transfers import gone_through, side_by_side
from dockerlab.errors import (
    DigestMismatchError,
    DockerlabError,
    ForbiddenError,
    NotFoundError,
    UnauthorizedError,
    UnavailableError,
)
from dockerlab.events import Event, LayerProgress
from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.layer import Layer
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.platform import HOST
from dockerlab.oci.reference import Reference
from dockerlab.store import Image
from dockerlab.store.targets import Target


@dataclass
class ContainerdPull(Pull):
    """One `docker pull`; `run` is the conversation."""

    def _ask(self) -> None:
        """Nobody is asked beforehand: containerd begins with the manifest."""

    def _warned(self) -> Iterator[Event]:
        """Images of other platforms are refused."""
        return iter(())

    def _known(self, reference: Reference, digest: Digest) -> Image | None:
        """What is here has to be looked at: of an index only the wanted platform may be."""

    @staticmethod
    def _refused(error: DockerlabError, reference: Reference) -> DockerlabError:
        return unresolved(error, reference)

    def _select(self, reference: Reference, document: Manifest | Index) -> Manifest:
        try:
            return super()._select(reference, document)
        except NotFoundError as error:
            wanted = self.platform or HOST
            text = f"no matching manifest for {wanted} in the manifest list entries: no match for platform in manifest"
            raise NotFoundError(f"{text}: not found") from error

    def _image(
        self, reference: Reference, document: Manifest | Index, manifest: Manifest
    ) -> Generator[Event, None, Image]:
        """The image as it is here already, else its contents are fetched, and its layers unpacked."""
        images = self.context.stores.images
        if document.digest in images:
            return images.get(document.digest)
        config = Bytes(self.blob(reference, manifest.config).read())
        layers = yield from self._fetch_layers(reference, manifest)
        parsed = ImageConfig.parse(config.read())
        self._check(manifest, parsed)
        if self.platform is not None and not parsed.platform.matches(self.platform):
            raise PlatformError(reference.familiar, self.platform, parsed.platform)
        stack = unpack(parsed, manifest, layers)
        documents = {each.digest: Bytes(each.raw) for each in (document, manifest)}
        target = Target(document, manifest, {**documents, manifest.config.digest: config, **layers})
        return images.add(parsed, stack, target=target)

    def _fetch_layers(self, reference: Reference, manifest: Manifest) -> Generator[Event, None, dict[Digest, Content]]:
        """The layers' blobs; only of those that are not here something is told."""
        here = self._here()
        missing = [layer for layer in dict.fromkeys(manifest.layers) if layer.digest not in here]
        for layer in missing:
            yield LayerProgress(layer.digest.short, "Pulling fs layer")
        jobs = {layer: partial(self.fetch, reference, layer) for layer in missing}
        blobs = {layer.digest: here[layer.digest] for layer in manifest.layers if layer.digest in here}
        for news in side_by_side(jobs, AT_ONCE, threads=self.context.client.is_remote(reference)):
            if isinstance(news, Event):
                yield news
                continue
            blobs[news.key.digest] = news.value
            yield LayerProgress(news.key.digest.short, "Download complete")
        for layer in missing:
            yield from gone_through(layer.digest.short, "Extracting", layer.size)
            yield LayerProgress(layer.digest.short, "Pull complete")
            self.context.stores.origins.add(layer.digest, layer.digest, reference.name)
        return blobs

    def _here(self) -> dict[Digest, Content]:
        """The blobs that some image has."""
        images = self.context.stores.images
        return {digest: blob for image in images for digest, blob in target_of(image).blobs.items()}

    def _name(self, reference: Reference, image: Image, digest: Digest) -> None:
        """The name that was asked for is all that is noted: the digest is the image's own."""
        references = self.context.stores.references
        self.updated = references.find(reference) != image.id
        if reference.digest is None:
            references.add_tag(reference, image.id)
        else:
            references.add_digest(reference, image.id)
        self.context.note(image, "pull", reference.familiar)


def unpack(config: ImageConfig, manifest: Manifest, blobs: dict[Digest, Content]) -> list[Layer]:
    """The layers of blobs, each compared with what the configuration says."""
    layers = []
    for expected, descriptor in zip(config.rootfs.diff_ids, manifest.layers, strict=True):
        layer = Layer.from_tar(blobs[descriptor.digest])
        if layer.diff_id != expected:
            raise DigestMismatchError(expected, layer.diff_id, f'wrong diff id calculated on extraction "{expected}"')
        layers.append(layer)
    return layers


def unresolved(error: DockerlabError, reference: Reference) -> DockerlabError:
    """Why a name leads to no manifest, in containerd's words and moby's."""
    if isinstance(error, ForbiddenError | UnauthorizedError):
        what = f"pull access denied for {reference.familiar_name}"
        return NotFoundError(f"{what}, repository does not exist or may require 'docker login'")
    if isinstance(error, NotFoundError):
        return NotFoundError(f'failed to resolve reference "{reference}": {reference}: not found')
    reason = failed_request(error, reference, f"manifests/{reference.digest or reference.tag}")
    return UnavailableError(f'failed to resolve reference "{reference}": {reason}')


def failed_request(error: DockerlabError, reference: Reference, what: str) -> str:
    """A request that nobody answered, in containerd's words: 'failed to do request: Head "https://…": dial tcp …'."""
    reason = str(error).partition('": ')[2]
    if not reason:
        return str(error)
    host = "registry-1.docker.io" if reference.domain == "docker.io" else reference.domain
    return f'failed to do request: Head "https://{host}/v2/{reference.path}/{what}": {reason}'
