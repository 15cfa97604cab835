"""`docker trust key` and `docker trust signer` (docker/cli, cli/command/trust)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Generator, Sequence
from typing import Any

from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.commands.transfer import parse_name
from dockerlab.cli.context import Context
from dockerlab.cli.parser import Invocation
from dockerlab.cli.trust import worded
from dockerlab.cli.trust_keys import KeyStore
from dockerlab.cli.trust_signing import Signing
from dockerlab.errors import CommandError, DockerlabError
from dockerlab.events import Wait
from dockerlab.registry.trust import RELEASES, TARGETS, Draft, PrivateKey, PublicKey, Role, Trusted
from dockerlab.registry.trust import errors as trust
from dockerlab.registry.trust.keys import PemBlock, is_private

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_RULE = 'must start with lowercase alphanumeric characters and can include "-" or "_" after the first character'
_OF_OTHERS = 0o077


def generate(ctx: Context, args: Invocation) -> Running:
    """`docker trust key generate`: the private key into the store, the public one into a file."""
    name = args.args[0]
    folder = args["dir"] or ctx.cwd
    _check_name("key", name)
    if not ctx.fs.exists(ctx.path(folder)):
        raise CommandError(f'public key path does not exist: "{folder}"')
    path = posixpath.normpath(posixpath.join(folder, f"{name}.pub"))
    if ctx.fs.exists(ctx.path(path)):
        raise CommandError(f'public key file already exists: "{path}"')
    ctx.line(f"Generating key for {name}...")
    try:
        key = yield from KeyStore(ctx).create(name)
    except trust.TrustError as error:
        ctx.out(str(error))
        raise CommandError(f"failed to generate key for {name}: {error}") from error
    try:
        ctx.write_file(path, key.public.pem(name), mode=0o600)
    except CommandError as error:
        raise CommandError(f"failed to write public key to {path}: {error}") from error
    ctx.line(f"Successfully generated and loaded private key. Corresponding public key available: {path}")
    return 0


def _check_name(what: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise CommandError(f'{what} name "{name}" {_RULE}')


def load(ctx: Context, args: Invocation) -> Running:
    """`docker trust key load`: a private key from a file into the store."""
    path = args.args[0]
    if args["name"]:
        _check_name("key", args["name"])
    ctx.line(f'Loading key from "{path}"...')
    try:
        text = _private_file(ctx, path)
    except CommandError as error:
        raise CommandError(f"refusing to load key from {path}: {error}") from error
    try:
        yield from _import(ctx, path, text, args["name"] or "signer")
    except CommandError as error:
        raise CommandError(f"error importing key from {path}: {error}") from error
    ctx.line(f"Successfully imported key from {path}")
    return 0


def _private_file(ctx: Context, path: str) -> bytes:
    if not ctx.fs.exists(ctx.path(path)):
        raise CommandError(f"stat {path}: no such file or directory")
    if ctx.fs.stat(ctx.path(path)).mode & _OF_OTHERS:
        raise CommandError(f"private key file {path} must not be readable or writable by others")
    return ctx.read_file(path)


def _import(ctx: Context, path: str, text: bytes, name: str) -> Generator[Wait, Any, None]:
    if not is_private(text):
        reason = "is not a supported private key - to add a signer's public key use docker trust signer add"
        raise CommandError(f"provided file {path} {reason}")
    store = KeyStore(ctx)
    if PemBlock.parse(text).kind.startswith("ENCRYPTED"):
        try:
            yield from store.passphrases.open(text, "", "encrypted")
        except trust.PassphraseError as error:
            raise CommandError(f"cannot load key from provided file {path}: could not decrypt key") from error
        return  # The client has the bare key now, looks for PEM in it, finds none, and is content.
    yield from store.add(PrivateKey.parse(text), name)


def add(ctx: Context, args: Invocation) -> Running:
    """`docker trust signer add`: let somebody's keys sign the tags of some repositories."""
    name, repositories = args.args[0], args.args[1:]
    _check_name("signer", name)
    if name == "releases":
        raise CommandError("releases is a reserved keyword, use a different signer name")
    if not args["key"]:
        raise CommandError("path to a public key must be provided using the `--key` flag")
    keys = [_public_file(ctx, path) for path in args["key"]]

    def act(repository: str) -> Generator[Wait, Any, None]:
        ctx.line(f'Adding signer "{name}" to {repository}...')
        yield from _add_to(ctx, name, repository, keys)
        ctx.line(f"Successfully added signer: {name} to {repository}\n")

    yield from _each(ctx, repositories, act, "failed to add signer to")
    return 0


def _public_file(ctx: Context, path: str) -> PublicKey:
    try:
        text = ctx.read_file(path)
    except CommandError as error:
        raise CommandError(f"unable to read public key from file: {error}") from error
    try:
        return PublicKey.parse(text)
    except trust.KeyFileError as error:
        raise CommandError(f"could not parse public key from file: {path}: {error}") from error


def _each(
    ctx: Context, repositories: Sequence[str], act: Callable[[str], Generator[Wait, Any, None]], failed: str
) -> Generator[Wait, Any, None]:
    """Go through all repositories; what goes wrong with one is said at once, and which they were at the end."""
    wrong = []
    for repository in repositories:
        try:
            yield from act(repository)
        except DockerlabError as error:
            ctx.complain(f"{error}\n")
            wrong.append(repository)
    if wrong:
        raise CommandError(f"{failed}: {', '.join(wrong)}")


def _add_to(ctx: Context, name: str, repository: str, keys: Sequence[PublicKey]) -> Generator[Wait, Any, None]:
    signing = Signing(ctx, parse_name(repository))
    try:
        draft = signing.draft(signing.repository.update())
    except trust.NoTrustDataError:
        ctx.line(f"Initializing signed repository for {repository}...")
        draft = yield from signing.initialize()
        ctx.line(f'Successfully initialized "{repository}"')
    except trust.TrustError as error:
        raise worded(repository, error) from error
    draft.add_signer(name, keys)
    yield from signing.publish(draft)


def remove(ctx: Context, args: Invocation) -> Running:
    """`docker trust signer remove`."""
    name = args.args[0]

    def act(repository: str) -> Generator[Wait, Any, None]:
        ctx.line(f'Removing signer "{name}" from {repository}...')
        yield from _remove_from(ctx, name, repository, forced=bool(args["force"]))

    yield from _each(ctx, args.args[1:], act, "error removing signer from")
    return 0


def _remove_from(ctx: Context, name: str, repository: str, *, forced: bool) -> Generator[Wait, Any, None]:
    reference, role = parse_name(repository), f"{TARGETS}/{name}"
    if role == RELEASES:
        raise CommandError("releases is a reserved keyword and cannot be removed")
    signing = Signing(ctx, reference)
    try:
        trusted = signing.repository.update()
    except trust.TrustError as error:
        raise CommandError(f"error retrieving signers for {repository}: {error}") from error
    found = next((each for each in trusted.delegations if each.name == role), None)
    if found is None:
        raise CommandError(f"no signer {name} for repository {repository}")
    if forced or not _signed_last(trusted, found):
        return  # The client takes "nothing to ask" for a no, so without a question it removes nobody.
    sure = yield from ctx.confirm(
        f'The signer "{name}" signed the last released version of {repository}. Removing this signer will make '
        f"{repository} unpullable. Are you sure you want to continue?"
    )
    if not sure:
        return
    draft: Draft = signing.draft(trusted)
    draft.remove_signer(name)
    yield from signing.publish(draft)
    ctx.line(f"Successfully removed {name} from {repository}\n")


def _signed_last(trusted: Trusted, signer: Role) -> bool:
    """Whether the releases would be left without enough signatures."""
    releases = next(role for role in trusted.roles if role.name == RELEASES)
    if not releases.signed_by:
        raise CommandError("all signed tags are currently revoked, use docker trust sign to fix")
    left = [key_id for key_id in releases.signed_by if key_id not in signer.key_ids]
    return len(left) < releases.threshold


COMMANDS: dict[str, Handler] = {
    "trust key generate": generate,
    "trust key load": load,
    "trust signer add": add,
    "trust signer remove": remove,
}
