"""What a registry keeps, asked over its own protocol, and what a push to it would send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dockerlab.engine import Engine
from dockerlab.engine.image_context import Auth
from dockerlab.errors import DockerlabError
from dockerlab.fs.layer import Layer
from dockerlab.notebook.diagrams.views import (
    BlobView,
    ManifestView,
    ParcelView,
    PushView,
    RegistryView,
    RepositoryView,
    Travel,
)
from dockerlab.notebook.views.images import history_rows
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.reference import Reference
from dockerlab.registry import Client

MOST_REPOSITORIES = 40
MOST_TAGS = 60


def registry_view(engine: Engine, name: str, auth: Auth = None) -> RegistryView:
    """A registry's repositories with their manifests."""
    client = client_of(engine)
    paths = client.catalog(name, auth=auth)[:MOST_REPOSITORIES]
    return RegistryView(name, tuple(repository_view(engine, Reference(name, path), auth) for path in paths))


def client_of(engine: Engine) -> Client:
    """The client by which the engine speaks to registries; only a real one can list them."""
    client = engine.images.context.client
    if not isinstance(client, Client):
        raise DockerlabError("the registries of this engine can't be listed")
    return client


def repository_view(engine: Engine, repository: Reference, auth: Auth) -> RepositoryView:
    """A repository: what its tags mean, and what the indexes among that lead to."""
    client = engine.images.context.client
    tags: list[tuple[str, str]] = []
    manifests: dict[str, ManifestView] = {}
    for tag in client.tags(repository, auth=auth)[:MOST_TAGS]:
        document = client.get_manifest(replace(repository, tag=tag), auth=auth)
        tags.append((tag, document.digest.short))
        for view in manifest_views(engine, repository, document, auth):
            manifests[view.digest] = view if view.platform else manifests.get(view.digest, view)
    return RepositoryView(repository.path, tuple(tags), tuple(manifests.values()))


def manifest_views(
    engine: Engine, repository: Reference, document: Manifest | Index, auth: Auth, platform: str = ""
) -> Iterator[ManifestView]:
    """A document; an index with all that it lists, as far as that is there."""
    if isinstance(document, Manifest):
        config = BlobView(document.config.digest.short, document.config.size, "config")
        layers = (BlobView(layer.digest.short, layer.size) for layer in document.layers)
        yield ManifestView(document.digest.short, (config, *layers), platform=platform)
        return
    yield ManifestView(document.digest.short, children=tuple(child.digest.short for child in document.manifests))
    for child in document.manifests:
        try:
            found = engine.images.context.client.get_manifest(replace(repository, digest=child.digest), auth=auth)
        except DockerlabError:
            continue  # An index may list what nobody pushed.
        yield from manifest_views(engine, repository, found, auth, str(child.platform or ""))


def push_view(engine: Engine, name: str, auth: Auth = None) -> PushView:
    """What `docker push NAME` would send; nothing is sent."""
    reference = Reference.on_daemon(name).with_default_tag()
    stores = engine.stores
    image = stores.images.get(stores.references.get(reference))
    engine.images.context.client.ping(reference, auth=auth)
    rows = [f"{row.keyword} {row.arguments}".rstrip() for row in history_rows(image) if not row.metadata]
    parcels = (parcel(engine, reference, layer, row, auth) for layer, row in zip(image.layers, rows, strict=False))
    return PushView(reference.familiar, tuple(parcels))


def parcel(engine: Engine, reference: Reference, layer: Layer, row: str, auth: Auth) -> ParcelView:
    """One layer: there already, to be mounted from a repository that is known to have it, or to be sent."""
    client = engine.images.context.client
    packed = ParcelView(row, layer.digest.short, layer.blob.size, Travel.UPLOADED)
    origins = [it for it in engine.stores.origins.of(layer.diff_id) if it.digest == layer.digest]
    known = [Reference.strict(origin.repository) for origin in origins]
    if known and client.has_blob(reference.repository, layer.digest, auth=auth):
        return replace(packed, travel=Travel.EXISTS)
    for source in known:
        elsewhere = source.domain == reference.domain and source.path != reference.path
        if elsewhere and client.has_blob(source, layer.digest, auth=auth):
            return replace(packed, travel=Travel.MOUNTED, source=source.path)
    return packed
