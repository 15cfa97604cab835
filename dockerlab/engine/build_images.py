"""The images of a build: found here, pulled as `docker pull` does, or fetched for BuildKit, which names none."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace

from dockerlab.build.backend import Base, Product
from dockerlab.engine.image_context import VERSION, Auth, ImageContext
from dockerlab.engine.image_pull import Pull
from dockerlab.errors import (
    CredentialsError,
    DockerlabError,
    ForbiddenError,
    NotFoundError,
    ScopeError,
    SystemError_,
    UnauthorizedError,
    UnavailableError,
)
from dockerlab.events import Conversation
from dockerlab.fs.layer import Layer, apply_all
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.platform import HOST, Platform
from dockerlab.oci.reference import Reference
from dockerlab.registry.transport import url
from dockerlab.registry.words import status_line
from dockerlab.store.images import Image
from dockerlab.world import Clock

_DENIED = (
    "pull access denied, repository does not exist or may require authorization: server message: "
    "insufficient_scope: authorization failed"
)
_NO_TOKEN = "failed to authorize: failed to fetch oauth token: unexpected status from GET request to "


@dataclass
class BuildImages:
    """Implements `build.backend.Images`; what BuildKit fetched stays in `fetched`, by the configuration's digest.

    `auth` has the credentials for a registry, of whoever builds.
    """

    images: ImageContext
    fetched: dict[Digest, tuple[ImageConfig, tuple[Layer, ...]]] = field(default_factory=dict)
    auth: Callable[[str], Auth] = field(default=lambda domain: None, repr=False)

    @property
    def clock(self) -> Clock:
        """The lab's clock."""
        return self.images.world.clock

    @property
    def version(self) -> str:
        """The engine's version."""
        return VERSION

    def new_id(self) -> str:
        """64 hex digits."""
        return self.images.world.chance.hex()

    def find_image(self, name: str) -> Image | None:
        """A local image, None where there is none of that name."""
        try:
            return self.images.find(name)
        except NotFoundError:
            return None

    def pull_image(self, reference: Reference, platform: Platform | None) -> Conversation[Image]:
        """Pull an image as `docker pull` does."""
        image = yield from self.images.ways.pull(self.images, reference, platform, self.auth(reference.domain)).run()
        if image is None:
            raise NotFoundError(f"No such image: {reference.familiar}")
        return image

    def children(self, image_id: str) -> Sequence[Image]:
        """The images that were built on one; those that were built on none where the ID is ''."""
        if image_id:
            return self.images.stores.images.children(Digest(image_id))
        return [image for image in self.images.stores.images if image.parent_id is None]

    def add_image(self, config: ImageConfig, layers: Sequence[Layer], parent_id: str | None) -> Image:
        """Keep an image."""
        parent = Digest(parent_id) if parent_id else None
        image = self.images.stores.images.add(config, layers, parent)
        if layers and config.container and parent is not None:
            self.images.note_container(image, self.images.stores.images.get(parent))
        return image

    def adopt_image(self, image_id: str, parent_id: str | None) -> Image:
        """Note on which image one was built."""
        parent = Digest(parent_id) if parent_id else None
        return self.images.stores.images.set_parent(Digest(image_id), parent)

    def tag_image(self, image_id: str, reference: Reference) -> None:
        """Give an image a name."""
        self.images.tag(self.images.stores.images.get(Digest(image_id)), reference)

    # BuildKit's own way to an image.

    def export_image(self, product: Product) -> Generator[str, None, str]:
        """Keep what BuildKit has made, under its names; tells what is done, returns the image's ID."""
        return self.images.ways.export(self.images, product)

    def fetch_image(self, reference: Reference, platform: Platform | None) -> Conversation[Base]:
        """Get an image from its registry without giving it a name here; errors are worded as BuildKit words them."""
        try:
            return (yield from self._fetch(Pull(self.images, reference, platform, self.auth(reference.domain))))
        except DockerlabError as error:
            raise _reworded(error, reference) from error

    def _fetch(self, pull: Pull) -> Conversation[Base]:
        client, reference = self.images.client, pull.reference
        client.ping(reference.repository, auth=pull.auth)
        document = client.get_manifest(reference, auth=pull.auth)
        manifest = self._select(pull, document)
        if manifest.config.digest not in self.fetched:
            self.fetched[manifest.config.digest] = yield from self._download(pull, manifest)
        config, layers = self.fetched[manifest.config.digest]
        return Base(config.image_id, config, layers, apply_all(layers), document.digest)

    def _download(self, pull: Pull, manifest: Manifest) -> Conversation[tuple[ImageConfig, tuple[Layer, ...]]]:
        known = self.images.stores.images
        image = known.of_config(manifest.config.digest)
        if image is not None:
            return image.config, image.layers
        config = ImageConfig.parse(pull.blob(pull.reference, manifest.config).read())
        layers = []
        for descriptor in manifest.layers:
            layer = Layer.from_tar(pull.blob(pull.reference, descriptor))
            self.images.stores.origins.add(layer.diff_id, descriptor.digest, pull.reference.name)
            layers.append(layer)
        yield from ()
        return config, tuple(layers)

    def _select(self, pull: Pull, document: Manifest | Index) -> Manifest:
        """The manifest for the wanted platform."""
        if isinstance(document, Index):
            exact = replace(pull.reference.repository, digest=document.select(pull.platform or HOST).digest)
            document = self.images.client.get_manifest(exact, auth=pull.auth)
        if isinstance(document, Index):
            raise SystemError_("unsupported manifest format: a manifest list in a manifest list")
        return document


def _reworded(error: DockerlabError, reference: Reference) -> DockerlabError:
    """A registry's refusal in the words of BuildKit and containerd (util/resolver; core/remotes/docker)."""
    error = error.first
    if isinstance(error, NotFoundError):
        return NotFoundError(f"{reference}: not found")
    if isinstance(error, ScopeError):
        return NotFoundError(_DENIED)
    if isinstance(error, CredentialsError) and error.asked:
        return UnauthorizedError(f"{_NO_TOKEN}{error.asked}: 401 Unauthorized: {error.details}")
    if isinstance(error, ForbiddenError | UnauthorizedError):
        address = url(reference.domain, f"/v2/{reference.path}/manifests/{reference.digest or reference.tag}")
        return type(error)(f"unexpected status from HEAD request to {address}: {status_line(error.http_status)}")
    reason = str(error).partition('": ')[2]
    if not reason:
        return error
    host = "registry-1.docker.io" if reference.domain == "docker.io" else reference.domain
    what = reference.digest or reference.tag
    address = f"https://{host}/v2/{reference.path}/manifests/{what}"
    return UnavailableError(f'failed to do request: Head "{address}": {reason}')
