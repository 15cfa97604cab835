"""`docker push` where containerd keeps images: all blobs of the target (moby, daemon/containerd: image_push).

Of an index whose other platforms are not here only this machine's manifest is pushed, and the client says so.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial

from dockerlab.engine.containerd_list import target_of
from dockerlab.engine.containerd_pull import failed_request
from dockerlab.engine.image_pull import PlatformError
from dockerlab.engine.image_push import AT_ONCE, Push, Pushed
from dockerlab.engine.transfers import Progress, Tell, side_by_side
from dockerlab.errors import (
    DockerlabError,
    ForbiddenError,
    InvalidParameterError,
    NotFoundError,
    ScopeError,
    UnavailableError,
)
from dockerlab.events import Conversation, Event, LayerProgress, Status
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.oci.media_types import LAYERS
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.store.targets import Target

_DENIED = (
    "push access denied, repository does not exist or may require authorization: server message: "
    "insufficient_scope: authorization failed"
)
_PART = """
 Info -> Not all multiplatform-content is present and only the available single-platform image was pushed
         {whole} -> {part}
"""


@dataclass
class ContainerdPush(Push):
    """One `docker push`; `run` is the conversation."""

    def run(self) -> Conversation[Pushed]:
        """Push a tag, or every tag of the repository that is here; returns what the registry has now."""
        repository = self.reference.repository
        yield Status(f"The push refers to repository [{repository.name}]")
        pushed = {}
        for reference in self._named():
            try:
                pushed[reference.tag or ""] = yield from self._push(reference)
            except DockerlabError as error:
                raise _refused(error) from error
        return pushed

    def _named(self) -> list[Reference]:
        references = self.context.stores.references
        if self.reference.digest is not None:
            raise InvalidParameterError("cannot push a digest reference")
        if not self.all_tags:
            reference = self.reference.with_default_tag()
            if references.find(reference) is None:
                raise NotFoundError(f"tag does not exist: {reference.familiar}")
            return [reference]
        tags = [name for name, _ in references.by_name(self.reference) if name.digest is None]
        if not tags:
            raise NotFoundError(f"An image does not exist locally with the tag: {self.reference.familiar_name}")
        return tags

    def _push(self, reference: Reference) -> Generator[Event, None, Descriptor]:
        stores = self.context.stores
        image = stores.images.get(stores.references.get(reference))
        target = target_of(image)
        pushed = _whole(target) if self.platform is None else self._only(reference, target, self.platform)
        yield from self._blobs(reference, target, pushed)
        self.context.client.put_manifest(reference, pushed, auth=self.auth)
        yield Status(f"{reference.tag}: digest: {pushed.digest} size: {len(pushed.raw)}")
        if pushed.digest != target.digest and self.platform is None:
            yield Status(_PART.format(whole=target.digest, part=pushed.digest).rstrip())
        self.context.note(image, "push", reference.familiar)
        return pushed.descriptor

    @staticmethod
    def _only(reference: Reference, target: Target, platform: Platform) -> Manifest | Index:
        """The manifest of one platform, whose content is here."""
        for entry in target.manifests:
            if entry.platform is not None and entry.platform.matches(platform) and entry.digest in target.blobs:
                return parse_manifest(target.blobs[entry.digest].read(), entry.media_type)
        actual = ImageConfig.parse(target.blobs[target.manifest.config.digest].read()).platform
        if not actual.matches(platform):
            raise PlatformError(reference.familiar, platform, actual)
        return target.manifest

    def _blobs(self, reference: Reference, target: Target, pushed: Manifest | Index) -> Generator[Event, None, None]:
        """Bring over what the manifests lead to, layers with a word, then the manifests below an index."""
        manifests = list(_manifests(target, pushed))
        layers = [layer for manifest in manifests for layer in manifest.layers]
        configs = [manifest.config for manifest in manifests]
        self._reach(reference, layers, configs[0])
        jobs = {layer: partial(self._brought_blob, reference, target, layer) for layer in layers}
        for news in side_by_side(jobs, AT_ONCE, threads=self.context.client.is_remote(reference)):
            if isinstance(news, Event):
                yield news
                continue
            yield LayerProgress(news.key.digest.short, news.value)
            self.context.stores.origins.add(news.key.digest, news.key.digest, reference.name)
        for config in configs:
            blob = target.blobs[config.digest]
            self.context.client.put_blob(reference.repository, blob, digest=config.digest, auth=self.auth)
        for manifest in manifests if isinstance(pushed, Index) else ():
            exact = Reference.strict(f"{reference.name}@{manifest.digest}")
            self.context.client.put_manifest(exact, manifest, auth=self.auth)

    def _reach(self, reference: Reference, layers: list[Descriptor], first: Descriptor) -> None:
        """Fail where no registry answers."""
        try:
            self.context.client.ping(reference.repository, auth=self.auth)
        except UnavailableError as error:
            raise UnavailableError(failed_request(error, reference, f"blobs/{first.digest}")) from error

    def _brought_blob(self, reference: Reference, target: Target, layer: Descriptor, tell: Tell) -> str:
        """One layer: it is there, or in another repository of the registry, or it is uploaded."""
        client, repository = self.context.client, reference.repository
        if client.has_blob(repository, layer.digest, auth=self.auth):
            return "Layer already exists" if layer.media_type in LAYERS else "Already exists"
        content, sources = target.blobs[layer.digest], self._sources(reference, layer)
        follower = Progress(tell, layer.digest.short, "Pushing", layer.size)
        source = client.put_blob(
            repository, content, digest=layer.digest, sources=sources, auth=self.auth, follower=follower
        )
        return f"Mounted from {source.path}" if source else "Pushed"

    def _sources(self, reference: Reference, layer: Descriptor) -> list[Reference]:
        """The other repository of the same registry that was seen last to have the blob."""
        seen = [Reference.strict(origin.repository) for origin in self.context.stores.origins.of(layer.digest)]
        return [each for each in seen if each.domain == reference.domain and each.path != reference.path][:1]


def _refused(error: DockerlabError) -> DockerlabError:
    """A registry's refusal in containerd's words (core/remotes/docker)."""
    return ForbiddenError(_DENIED) if isinstance(error.first, ScopeError) else error.first


def _whole(target: Target) -> Manifest | Index:
    """What can be pushed: the target, or this machine's manifest where others below an index are missing."""
    here = all(entry.digest in target.blobs for entry in target.manifests)
    return target.document if here else target.manifest


def _manifests(target: Target, pushed: Manifest | Index) -> Iterator[Manifest]:
    entries = pushed.manifests if isinstance(pushed, Index) else (pushed.descriptor,)
    for entry in entries:
        manifest = parse_manifest(target.blobs[entry.digest].read(), entry.media_type)
        if isinstance(manifest, Manifest):
            yield manifest
