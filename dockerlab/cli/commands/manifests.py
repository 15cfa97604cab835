"""`docker manifest inspect`: what a registry has under a name (docker/cli, cli/command/manifest)."""

from __future__ import annotations

import base64
import json
from typing import Any

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.commands.transfer import parse_name
from dockerlab.cli.context import Context
from dockerlab.cli.credentials import credentials_for
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError, DockerlabError, ForbiddenError, NotFoundError, UnauthorizedError
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.reference import Reference

_LOCAL = ("localhost", "127.")


def inspect(ctx: Context, args: Invocation) -> int:
    """`docker manifest inspect`: tabs for one image's manifest, with -v all that is known about it."""
    reference = parse_name(args.args[-1]).with_default_tag()
    document = _fetch(ctx, reference, insecure=bool(args["insecure"]))
    if isinstance(document, Index) and not args["verbose"]:
        ctx.line(json.dumps(document.to_json(), indent=3, ensure_ascii=False))
    else:
        shown = _verbose(ctx, reference, document) if args["verbose"] else document.to_json()
        ctx.line(json.dumps(shown, indent="\t", ensure_ascii=False))
    return 0


def _fetch(ctx: Context, reference: Reference, *, insecure: bool) -> Manifest | Index:
    """Without --insecure only HTTPS will do, which registries on this host do not speak."""
    missing = CommandError(f"no such manifest: {reference.familiar}")
    if not insecure and reference.domain.startswith(_LOCAL):
        raise missing
    client, auth = ctx.engine.images.context.client, credentials_for(ctx, reference.domain)
    try:
        client.ping(reference, auth=auth)
    except DockerlabError as error:
        raise CommandError(f"failed to configure transport: error pinging v2 registry: {error}") from error
    try:
        document: Manifest | Index = client.get_manifest(reference, auth=auth)
    except (NotFoundError, ForbiddenError, UnauthorizedError) as error:
        raise missing from error
    return document


def _verbose(ctx: Context, reference: Reference, document: Manifest | Index) -> Any:
    if isinstance(document, Manifest):
        return _details(reference.familiar, document, {"architecture": "amd64", "os": "linux"})
    details = []
    for entry in document.manifests:
        exact = reference.with_digest(entry.digest)
        auth = credentials_for(ctx, reference.domain)
        manifest = ctx.engine.images.context.client.get_manifest(exact, auth=auth)
        platform = entry.platform.to_json() if entry.platform else {}
        details.append(_details(f"{reference.familiar}@{entry.digest}", manifest, platform))
    return details


def _details(name: str, manifest: Manifest | Index, platform: dict[str, Any]) -> dict[str, Any]:
    kind = "SchemaV2Manifest" if manifest.is_docker else "OCIManifest"
    return {
        "Ref": name,
        "Descriptor": {
            "mediaType": manifest.media_type,
            "digest": str(manifest.digest),
            "size": len(manifest.raw),
            "platform": platform,
        },
        "Raw": base64.b64encode(manifest.raw).decode(),
        kind: manifest.to_json(),
    }


COMMANDS: dict[str, Handler] = {"manifest inspect": inspect}
