"""Content trust in the client: which tags are signed, and for which digest (docker/cli, cli/trust/trust.go).

It is the client that believes or doesn't: it asks the Notary server what a tag means, and the engine for the image of
that digest. What it knows from before lies in ~/.docker/trust/tuf; `trust_keys` has the keys, `trust_signing` signs.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import replace
from urllib.parse import urlsplit

from dockerlab.cli.context import Context
from dockerlab.cli.credentials import config_path, stored
from dockerlab.cli.parser import Invocation
from dockerlab.cli.table import commands_of
from dockerlab.errors import CommandError
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import DEFAULT_DOMAIN, Reference
from dockerlab.registry.access import basic
from dockerlab.registry.trust import RELEASES, TARGETS, Connection, Repository, Target, Trusted
from dockerlab.registry.trust import errors as trust
from dockerlab.registry.trust.keys import need_libraries
from dockerlab.world import format_instant

SERVER = "https://notary.docker.io"
"""Where Docker Hub's trust data are; every other registry's are at its own address."""

_FALSE = frozenset("0 f F false FALSE False".split())
_ROLE = re.compile(r"[a-z]+(/[-a-z0-9_]+)?")
_MALICIOUS = "Warning: potential malicious behavior - trust data"
_WORDS: Mapping[type[trust.TrustError], str] = {
    trust.ExpiredError: "Error: remote repository {name} out-of-date: {error}",
    trust.NoTrustDataError: "Error: remote trust data does not exist for {name}: {error}",
    trust.OfflineError: "Error: error contacting notary server: {error}",
    trust.RollbackError: _MALICIOUS + " version is lower than expected for remote repository {name}: {error}",
    trust.SignatureError: _MALICIOUS + " has insufficient signatures for remote repository {name}: {error}",
}


def is_on(ctx: Context, args: Invocation) -> bool:
    """Whether tags must be signed: --disable-content-trust, or else DOCKER_CONTENT_TRUST; never where trust is gone."""
    if commands_of(ctx.release).find(("trust",)) is None:
        return False
    if "disable-content-trust" in args.changed:
        return not args["disable-content-trust"]
    return ctx.env.get("DOCKER_CONTENT_TRUST", "") not in {"", *_FALSE}


def trust_folder(ctx: Context) -> str:
    """Where the client keeps keys and what it knows: ~/.docker/trust."""
    return ctx.path(posixpath.join(posixpath.dirname(config_path(ctx)), "trust"))


def log(ctx: Context, level: str, text: str) -> None:
    """A line of the client's log: on a terminal a short one, elsewhere as logfmt (sirupsen/logrus)."""
    if ctx.terminal and ctx.proc.is_terminal(2):
        ctx.complain(f"{level.upper()[:4]}[0000] {text:<44} ")
        return
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    seconds = format_instant(ctx.now - ctx.now % 1_000_000_000)
    ctx.complain(f'time="{seconds}" level={level} msg="{quoted}"')


def worded(name: str, error: trust.TrustError) -> CommandError:
    """What the client makes of an error of the trust data of a repository; some it passes on as they are."""
    pattern = _WORDS.get(type(error))
    return CommandError(pattern.format(name=name, error=error)) if pattern else error


def open_repository(ctx: Context, name: Reference) -> Repository:
    """The trust data of an image's name; CommandError where the server's address makes no sense."""
    need_libraries()
    default = SERVER if name.domain == DEFAULT_DOMAIN else f"https://{name.domain}"
    server = _host_of(ctx.env.get("DOCKER_CONTENT_TRUST_SERVER") or default)
    credentials = stored(ctx, name.domain)
    headers = basic(*credentials) if credentials else {}
    connection = Connection(ctx.registries, server, name.name, headers)
    return Repository(
        connection, KeptMetadata(ctx, name.name), ctx.engine.world.clock.date(), lambda text: log(ctx, "warning", text)
    )


def _host_of(server: str) -> str:
    """The host of a server's address, with its port."""
    try:
        parts = urlsplit(server)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https":
        raise CommandError(f"valid https URL required for trust server, got {server}")
    return parts.netloc.rpartition("@")[2]


def trusted_targets(ctx: Context, name: Reference) -> list[Target]:
    """What a signed tag means, or all signed tags of a repository."""
    trusted = _reached(ctx, name)
    if name.tag:
        try:
            return [trusted.find(name.tag, RELEASES, TARGETS)]
        except trust.UnknownTargetError:
            if trusted.signed(name.tag):  # by somebody who does not release
                raise CommandError(f"No trust data for {name.tag}") from None
            raise
    tags = {**trusted.tags(TARGETS), **trusted.tags(RELEASES)}
    if not tags:
        raise CommandError(f"No trusted tags for {name.name}")
    return [tags[tag] for tag in sorted(tags)]


def trusted_reference(ctx: Context, name: Reference) -> Reference:
    """The digest that a signed tag means, as a reference."""
    return at_digest(name, _reached(ctx, name).find(name.tag or "", RELEASES, TARGETS))


def at_digest(name: Reference, target: Target) -> Reference:
    """A repository's image by the digest that was signed."""
    return replace(name, tag=None, digest=Digest(f"sha256:{target.sha256}"))


def _reached(ctx: Context, name: Reference) -> Trusted:
    try:
        repository = open_repository(ctx, name)
    except CommandError as error:
        raise no_connection(error) from error
    try:
        return repository.update()
    except trust.TrustError as error:
        raise worded(name.name, error) from error


def no_connection(error: CommandError) -> CommandError:
    """What pull, push and run say of a server's address that makes no sense."""
    return CommandError(f"error establishing connection to trust repository: {error}")


def tag_trusted(ctx: Context, trusted: Reference, name: Reference) -> None:
    """Give an image that was pulled by its digest the tag that was asked for."""
    ctx.complain(f"Tagging {trusted.familiar} as {name.familiar}")
    ctx.engine.images.tag(trusted.familiar, name.familiar)


class KeptMetadata(MutableMapping[str, bytes]):
    """What the client knows of a repository from before: a file for each role in trust/tuf/<name>/metadata."""

    def __init__(self, ctx: Context, gun: str) -> None:
        self._fs = ctx.fs
        folder = posixpath.join(trust_folder(ctx), "tuf", gun)
        self._folder = posixpath.join(folder, "metadata")
        for each in (posixpath.join(trust_folder(ctx), "private"), self._folder, posixpath.join(folder, "changelist")):
            if not self._fs.is_dir(each):
                self._fs.mkdir(each, 0o700, parents=True)

    def _path(self, role: str) -> str:
        """A role's file; '' for what is no role's name, so that no server can choose a path."""
        return posixpath.join(self._folder, f"{role}.json") if _ROLE.fullmatch(role) else ""

    def __getitem__(self, role: str) -> bytes:
        path = self._path(role)
        if not path or not self._fs.is_file(path):
            raise KeyError(role)
        return self._fs.read(path)

    def __setitem__(self, role: str, raw: bytes) -> None:
        path = self._path(role)
        if not path:
            return
        if not self._fs.is_dir(posixpath.dirname(path)):
            self._fs.mkdir(posixpath.dirname(path), 0o700, parents=True)
        self._fs.write(path, raw, mode=0o600)

    def __delitem__(self, role: str) -> None:
        self._fs.unlink(self._path(role))

    def __iter__(self) -> Iterator[str]:
        return (name.removesuffix(".json") for name in self._fs.listdir(self._folder) if name.endswith(".json"))

    def __len__(self) -> int:
        return sum(1 for _ in self)
