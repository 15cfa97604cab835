"""The key files of `cosign`: made, opened with a password, read (sigstore/cosign 3.1.2, cmd/cosign/cli/generate)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.cli import Context
from dockerlab.errors import CommandError
from dockerlab.events import Wait
from dockerlab.registry.signatures.keyfile import lock, unlock
from dockerlab.registry.trust import PrivateKey, PublicKey
from dockerlab.registry.trust.errors import KeyFileError

_PASSWORD = "COSIGN_PASSWORD"


def generate(ctx: Context, prefix: str) -> Generator[Wait, Any, int]:
    """`cosign generate-key-pair`."""
    private, public = f"{prefix}.key", f"{prefix}.pub"
    password = yield from _password(ctx, confirm=True)
    if ctx.fs.exists(ctx.path(private)):
        ctx.complain(f"WARNING: File {private} already exists. Overwrite?")
        yield from _confirm(ctx)
    chance = ctx.engine.world.chance
    key = PrivateKey.of(chance)
    ctx.write_file(private, lock(key, password, chance), mode=0o600)
    ctx.complain(f"Private key written to {private}")
    ctx.write_file(public, key.public.pem(), mode=0o644)
    ctx.complain(f"Public key written to {public}")
    return 0


def private_key(ctx: Context, path: str) -> Generator[Wait, Any, PrivateKey]:
    """The key that signs."""
    try:
        text = ctx.read_file(path)
        password = yield from _password(ctx, confirm=False)
        return unlock(text, password)
    except CommandError as error:
        raise CommandError(f"getting signer: reading key: {error}") from error


def public_key(ctx: Context, path: str) -> PublicKey:
    """The key that verifies."""
    before = "loading verifier from key opts: loading public key"
    try:
        return PublicKey.parse(ctx.read_file(path))
    except KeyFileError as error:
        raise CommandError(f"{before}: pem to public key: {error}") from error
    except CommandError as error:
        raise CommandError(f"{before}: {error}") from error


def _password(ctx: Context, *, confirm: bool) -> Generator[Wait, Any, str]:
    """From the environment, typed, or everything that comes through a pipe."""
    if _PASSWORD in ctx.env:
        return ctx.env[_PASSWORD]
    if not ctx.stdin_is_terminal:
        return (yield from ctx.read_stdin()).decode("utf-8", "replace")
    typed = []
    for again in ("", " again") if confirm else ("",):
        ctx.err(f"Enter password for private key{again}: ")
        typed.append((yield from ctx.read_secret()))
        ctx.err("\n")
    if len(set(typed)) > 1:
        raise CommandError("passwords do not match")
    return typed[0]


def _confirm(ctx: Context) -> Generator[Wait, Any, None]:
    ctx.err("Are you sure you would like to continue? [y/N] ")
    answer = (yield from ctx.read_stdin_line()).lower()
    if answer not in ("y", "n", ""):
        raise CommandError(f'invalid input "{answer}" (allowed values y, n)')
    if answer != "y":
        raise CommandError("user declined the prompt")
