"""The client's signing keys, ~/.docker/trust/private, and the passphrases that open them.

A passphrase comes from DOCKER_CONTENT_TRUST_ROOT_PASSPHRASE or DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE, or is typed;
what was typed once for a role is tried again for its other keys. Passphrases and private keys are never printed.
Sources: theupdateframework/notary, passphrase/passphrase.go and trustmanager/keystore.go.
"""

from __future__ import annotations

import posixpath
from collections.abc import Generator
from typing import Any

from dockerlab.cli.context import Context
from dockerlab.cli.trust import log, trust_folder
from dockerlab.events import Wait
from dockerlab.registry.trust import PrivateKey
from dockerlab.registry.trust.errors import KeyFileError, PassphraseError
from dockerlab.registry.trust.keys import PemBlock, is_private, need_libraries

ROOT_WARNING = """\
You are about to create a new root signing key passphrase. This passphrase
will be used to protect the most sensitive key in your signing system. Please
choose a long, complex passphrase and be careful to keep the password and the
key file itself secure and backed up. It is highly recommended that you use a
password manager to generate the passphrase and keep it safe. There will be no
way to recover this key. You can find the key in your config directory."""
_SHORTEST = 8
_TRIES = 12
_RETRIES = 3
_SHOWN = 7
_PREFIX = "DOCKER_CONTENT_TRUST"
_ALIASES = {"targets": "repository", "snapshot": "repository"}


class Passphrases:
    """Gets passphrases for one command; one that can't be had raises PassphraseError."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._said: dict[str, str] = {}

    def _given(self, role: str) -> str:
        """What the environment says; every role but root's goes by the repository's."""
        name = "ROOT" if role == "root" else "REPOSITORY"
        return self._ctx.env.get(f"{_PREFIX}_{name}_PASSPHRASE", "")

    def choose(self, key_id: str, role: str) -> Generator[Wait, Any, str]:
        """A passphrase for a new key, typed twice, with some patience."""
        if given := self._given(role):
            return given
        if role == "root":
            self._ctx.line(ROOT_WARNING)
        if role in self._said:
            return self._said[role]
        for _ in range(_TRIES):
            typed = yield from self._typed_twice(f"new {_ALIASES.get(role, role)} key{_with_id(key_id)}")
            if typed:
                self._said[role] = typed
                return typed
        raise PassphraseError("maximum number of passphrase attempts exceeded")

    def _typed_twice(self, title: str) -> Generator[Wait, Any, str]:
        """What was typed, '' where it is too short, or not the same twice, or where nothing comes any more."""
        lines = _Lines(self._ctx)
        first = yield from lines.ask(f"Enter passphrase for {title}: ")
        if first is None:
            return ""
        if len(first) < _SHORTEST:
            short = (
                "Passphrase is too short. Please use a password manager to generate and store a good random passphrase."
            )
            self._ctx.line(short)
            return ""
        second = yield from lines.ask(f"Repeat passphrase for {title}: ")
        if second is not None and first != second:
            self._ctx.line("Passphrases do not match. Please retry.")
        return first if first == second else ""

    def recall(self, key_id: str, role: str, attempt: int) -> Generator[Wait, Any, str]:
        """The passphrase of a key that is there; `attempt` counts the wrong ones so far."""
        if given := self._given(role):
            if attempt > 1:
                raise PassphraseError("password invalid, operation has failed.")
            return given
        if not attempt and role in self._said:
            return self._said[role]
        if attempt > _RETRIES:
            raise PassphraseError("password invalid, operation has failed.")
        if attempt:
            self._ctx.line("Passphrase incorrect. Please retry.")
        typed = yield from _Lines(self._ctx).ask(
            f"Enter passphrase for {_ALIASES.get(role, role)} key{_with_id(key_id)}: "
        )
        if typed is None:
            raise PassphraseError("password invalid, operation has failed.")
        self._said[role] = typed
        return typed

    def open(self, text: bytes, key_id: str, role: str) -> Generator[Wait, Any, PrivateKey]:
        """The key of a file; asks again while the passphrase is wrong."""
        attempt = 0
        while True:
            passphrase = yield from self.recall(key_id, role, attempt)
            try:
                return PrivateKey.parse(text, passphrase)
            except PassphraseError:
                attempt += 1


def _with_id(key_id: str) -> str:
    return f" with ID {key_id[:_SHOWN]}" if key_id else ""


class _Lines:
    """The lines of one question: from a terminal one by one; a pipe is read whole, and what is left over is lost."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._rest: list[bytes] | None = None

    def ask(self, question: str) -> Generator[Wait, Any, str | None]:
        """A line without the blanks around it; None where there is no whole line any more."""
        self._ctx.out(question)
        if self._ctx.stdin_is_terminal:
            typed: str | None = (yield from self._ctx.read_secret()).strip()
        else:
            if self._rest is None:
                self._rest = (yield from self._ctx.read_stdin()).split(b"\n")
            typed = self._rest.pop(0).decode("utf-8", "replace").strip() if len(self._rest) > 1 else None
        self._ctx.out("\n")
        return typed


class KeyStore:
    """The private keys on this machine, by ID."""

    def __init__(self, ctx: Context) -> None:
        need_libraries()
        self._ctx = ctx
        self.passphrases = Passphrases(ctx)
        self._folder = posixpath.join(trust_folder(ctx), "private")
        self._unlocked: dict[str, PrivateKey] = {}
        self._roles = self._listed()

    def _listed(self) -> dict[str, str]:
        """The role of each key, as its file says."""
        fs, found = self._ctx.fs, {}
        names = fs.listdir(self._folder) if fs.is_dir(self._folder) else ()
        for name in sorted(names):
            if not name.endswith(".key"):
                continue
            text = fs.read(posixpath.join(self._folder, name))
            if is_private(text):
                found[name.removesuffix(".key")] = PemBlock.parse(text).headers.get("role", "")
            else:
                log(self._ctx, "error", "PEM block is empty")
        return found

    def __contains__(self, key_id: str) -> bool:
        return key_id in self._roles

    def of_role(self, role: str) -> list[str]:
        """The IDs of a role's keys."""
        return [key_id for key_id, its in self._roles.items() if its == role]

    def create(self, role: str, gun: str = "") -> Generator[Wait, Any, PrivateKey]:
        """Make a key and keep it; PassphraseError where no passphrase is chosen."""
        key = PrivateKey.of(self._ctx.engine.world.chance)
        yield from self.add(key, role, gun)
        return key

    def add(self, key: PrivateKey, role: str, gun: str = "") -> Generator[Wait, Any, None]:
        """Keep a key under a passphrase that is chosen now."""
        passphrase = yield from self.passphrases.choose(key.public.id, role)
        if not self._ctx.fs.is_dir(self._folder):
            self._ctx.fs.mkdir(self._folder, 0o700, parents=True)
        text = key.pem(passphrase, self._ctx.engine.world.chance, role=role, gun=gun)
        self._ctx.fs.write(posixpath.join(self._folder, f"{key.public.id}.key"), text, mode=0o600)
        self._roles[key.public.id] = role
        self._unlocked[key.public.id] = key

    def get(self, key_id: str) -> Generator[Wait, Any, PrivateKey]:
        """A key that is here; PassphraseError where it stays locked."""
        if key_id not in self._unlocked:
            text = self._ctx.fs.read(posixpath.join(self._folder, f"{key_id}.key"))
            try:
                self._unlocked[key_id] = yield from self.passphrases.open(text, key_id, self._roles[key_id])
            except KeyFileError as error:
                raise PassphraseError(str(error)) from error
        return self._unlocked[key_id]

    def unlock(self, key_id: str) -> Generator[Wait, Any, PrivateKey | None]:
        """A key, None where it is not here or stays locked.

        The client looks for it by its ID and by its canonical ID, which are one here: so it asks twice.
        """
        for _ in range(2 if key_id in self else 0):
            try:
                return (yield from self.get(key_id))
            except PassphraseError:
                continue
        return None
