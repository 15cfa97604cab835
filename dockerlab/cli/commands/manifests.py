"""`docker manifest`: what a registry has under a name, and lists of images for several platforms.

Lists are put together on the host and then pushed (docker/cli, cli/command/manifest; asked of client 28.2.2 and
distribution 2.8.2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.commands.transfer import parse_name
from dockerlab.cli.context import Context
from dockerlab.cli.credentials import credentials_for
from dockerlab.cli.manifest_store import ListedImage, ManifestStore, index_of
from dockerlab.cli.parser import Invocation
from dockerlab.engine.image_context import Auth, RegistryClient
from dockerlab.errors import (
    CommandError,
    CredentialsError,
    DockerlabError,
    ForbiddenError,
    InvalidParameterError,
    NotFoundError,
    UnauthorizedError,
)
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference

_LOCAL = ("localhost", "127.")
_ARCHITECTURES: Mapping[str, str] = {
    "darwin": "386 amd64 arm arm64",
    "dragonfly": "amd64",
    "freebsd": "386 amd64 arm",
    "linux": "386 amd64 arm arm64 ppc64le mips64 mips64le riscv64 s390x",
    "netbsd": "386 amd64 arm",
    "openbsd": "386 amd64 arm",
    "plan9": "386 amd64",
    "solaris": "amd64",
    "windows": "386 amd64 arm arm64",
}
"""The processors that Go knows for each operating system."""


def inspect(ctx: Context, args: Invocation) -> int:
    """`docker manifest inspect`: a list of the host, else what the registry has; -v tells all that is known."""
    name = parse_name(args.args[-1]).with_default_tag()
    store, verbose = ManifestStore(ctx), bool(args["verbose"])
    if len(args.args) == 2:
        found = store.find(parse_name(args.args[0]).with_default_tag(), name)
        if found is None:
            raise CommandError(f"No such manifest: {name.familiar}")
        _show_image(ctx, found, verbose=verbose)
    elif name in store:
        _show_list(ctx, _assembled(name, store.images(name)), verbose=verbose)
    else:
        _inspect_remote(ctx, _Remote(ctx, name, insecure=bool(args["insecure"])), verbose=verbose)
    return 0


def _assembled(name: Reference, images: Sequence[ListedImage]) -> Sequence[ListedImage]:
    try:
        _check_registries(name, images)
    except CommandError as error:
        raise CommandError(f"failed to assemble ManifestDescriptor: {error}") from error
    return images


def _inspect_remote(ctx: Context, remote: _Remote, *, verbose: bool) -> None:
    document = remote.document()
    if isinstance(document, Manifest):
        _show_image(ctx, remote.image(document), verbose=verbose)
    elif verbose:
        _show_list(ctx, remote.members(document), verbose=True)
    else:
        ctx.line(json.dumps(document.to_json(), indent=3, ensure_ascii=False))


def _show_image(ctx: Context, image: ListedImage, *, verbose: bool) -> None:
    shown = image.to_json() if verbose else image.manifest.to_json()
    ctx.line(json.dumps(shown, indent="\t", ensure_ascii=False))


def _show_list(ctx: Context, images: Sequence[ListedImage], *, verbose: bool) -> None:
    if verbose:
        ctx.line(json.dumps([image.to_json() for image in images], indent="\t", ensure_ascii=False))
    else:
        ctx.line(index_of(images).raw.decode())


def create(ctx: Context, args: Invocation) -> int:
    """`docker manifest create`: begin a list of images that a registry has, or add to one with --amend."""
    name = _list_name(args.args[0])
    store = ManifestStore(ctx)
    if name in store and not args["amend"]:
        raise CommandError("refusing to amend an existing manifest list with no --amend flag")
    for text in args.args[1:]:
        image = parse_name(text).with_default_tag()
        if store.find(name, image) is None:
            store.save(name, image, _Remote(ctx, image, insecure=bool(args["insecure"])).single())
    ctx.line(f"Created manifest list {name}")
    return 0


def annotate(ctx: Context, args: Invocation) -> int:
    """`docker manifest annotate`: say for which platform an image of a list is."""
    try:
        name = _list_name(args.args[0])
    except CommandError as error:
        raise CommandError(f"annotate: {error}") from error
    try:
        image = parse_name(args.args[1]).with_default_tag()
    except CommandError as error:
        raise CommandError(f"annotate: error parsing name for manifest {args.args[1]}: {error}") from error
    store = ManifestStore(ctx)
    found = store.find(name, image)
    if found is None:
        raise CommandError(f"manifest for image {image.familiar} does not exist in {name.familiar}")
    platform = _annotated(found.platform, args)
    if platform.architecture not in _ARCHITECTURES.get(platform.os, "").split():
        asked = f"{args['os']}/{args['arch']}"
        raise CommandError(f"manifest entry for image has unsupported os/arch combination: {asked}")
    store.save(name, image, replace(found, platform=platform))
    return 0


def _annotated(platform: Platform, args: Invocation) -> Platform:
    """The platform with what was given; features are added to those that are there."""
    given = {
        "os": args["os"],
        "architecture": args["arch"],
        "variant": args["variant"],
        "os_version": args["os-version"],
        "os_features": tuple(dict.fromkeys((*platform.os_features, *args["os-features"]))),
    }
    return replace(platform, **{key: value for key, value in given.items() if value})


def push(ctx: Context, args: Invocation) -> int:
    """`docker manifest push`: the images, where they aren't in the list's repository yet, and then the list."""
    name = parse_name(args.args[0]).with_default_tag()
    store = ManifestStore(ctx)
    images = store.images(name)
    _check_registries(name, images)
    client, auth = _client(ctx), credentials_for(ctx, name.domain)
    try:
        for image in images:
            target = name.repository.with_digest(image.manifest.digest)
            _mount_blobs(client, image, target, name, auth)
            client.put_manifest(target, image.manifest, auth=auth)
            ctx.line(f"Pushed ref {target} with digest: {image.manifest.digest}")
        ctx.line(str(client.put_manifest(name, index_of(images), auth=auth)))
    except DockerlabError as error:
        raise CommandError(str(error)) from error  # it is the client itself that asks
    if args["purge"]:
        store.remove(name)
    return 0


def _check_registries(name: Reference, images: Sequence[ListedImage]) -> None:
    """A registry takes over blobs from its own repositories only."""
    for source in (Reference.parse(image.name) for image in images):
        if source.domain != name.domain:
            rule = "cannot use source images from a different registry than the target image"
            raise CommandError(f"{rule}: {source.domain} != {name.domain}")


def _mount_blobs(client: RegistryClient, image: ListedImage, target: Reference, name: Reference, auth: Auth) -> None:
    """Let the repository of a list have what an image of another repository is made of."""
    source = Reference.parse(image.name)
    if source.path == target.path:
        return
    for blob in (image.manifest.config, *image.manifest.layers):
        try:
            client.mount_blob(target, blob.digest, source, auth=auth)
        except DockerlabError as error:
            raise CommandError(f"failed to mount blob {source.path}@{blob.digest} to {name}: {error}") from error


def remove(ctx: Context, args: Invocation) -> int:
    """`docker manifest rm`: forget lists of the host; the registry keeps what was pushed."""
    store = ManifestStore(ctx)
    complaints = []
    for text in args.args:
        name = parse_name(text).with_default_tag()
        if name in store:
            store.remove(name)
        else:
            complaints.append(f"No such manifest: {name}")
    if complaints:
        raise CommandError("\n".join(complaints))
    return 0


def _list_name(text: str) -> Reference:
    try:
        return parse_name(text).with_default_tag()
    except CommandError as error:
        raise CommandError(f"error parsing name for manifest list {text}: {error}") from error


def _client(ctx: Context) -> RegistryClient:
    return ctx.engine.images.context.client


class _Remote:
    """What a registry has under one name, as the client itself asks for it."""

    def __init__(self, ctx: Context, name: Reference, *, insecure: bool) -> None:
        self._name, self._insecure = name, insecure
        self._client, self._auth = _client(ctx), credentials_for(ctx, name.domain)

    def document(self) -> Manifest | Index:
        """Without --insecure only HTTPS will do, which registries on this host do not speak."""
        missing = CommandError(f"no such manifest: {self._name.familiar}")
        try:
            self._client.ping(self._name, auth=self._auth)
        except DockerlabError as error:
            # HTTPS is tried first, and the first complaint is the one that is shown.
            said = str(error).replace('"http://', '"https://')
            raise CommandError(f"failed to configure transport: error pinging v2 registry: {said}") from error
        if not self._insecure and self._name.domain.startswith(_LOCAL):
            raise missing
        try:
            return self._client.get_manifest(self._name, auth=self._auth)
        except (CredentialsError, ForbiddenError) as error:
            raise CommandError(str(error)) from error
        except (NotFoundError, UnauthorizedError) as error:
            raise missing from error

    def image(self, manifest: Manifest) -> ListedImage:
        """A single image; its configuration says for which platform it is."""
        return ListedImage(self._name.familiar, manifest, self._platform(manifest))

    def single(self) -> ListedImage:
        """The image of this name, which must not be a list."""
        document = self.document()
        if isinstance(document, Index):
            raise CommandError(f"{self._name.familiar} is a manifest list")
        return self.image(document)

    def members(self, index: Index) -> list[ListedImage]:
        """The images of a list."""
        found = []
        for entry in index.manifests:
            manifest = self._client.get_manifest(self._name.with_digest(entry.digest), auth=self._auth)
            if isinstance(manifest, Manifest):
                name = f"{self._name.familiar}@{entry.digest}"
                found.append(ListedImage(name, manifest, entry.platform or self._platform(manifest)))
        return found

    def _platform(self, manifest: Manifest) -> Platform:
        try:
            raw = self._client.get_blob(self._name, manifest.config, auth=self._auth).read()
            config = ImageConfig.parse(raw)
        except InvalidParameterError as error:
            raise CommandError(str(error)) from error
        return Platform(config.os, config.architecture, config.variant)


COMMANDS: dict[str, Handler] = {
    "manifest annotate": annotate,
    "manifest create": create,
    "manifest inspect": inspect,
    "manifest push": push,
    "manifest rm": remove,
}
