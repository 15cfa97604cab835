"""Passphrases that are typed at a terminal, as docker client 28.2.2 asked for them there."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, cast

import pytest

from dockerlab.cli import Context
from dockerlab.cli.trust_keys import Passphrases
from dockerlab.events import Wait
from dockerlab.registry.trust import PrivateKey
from dockerlab.registry.trust.errors import PassphraseError
from dockerlab.world import Chance

KEY_ID = "daefd06" + "0" * 57
SHORT = "Passphrase is too short. Please use a password manager to generate and store a good random passphrase."


class Terminal:
    """Somebody who types lines, and what was shown meanwhile."""

    stdin_is_terminal = True

    def __init__(self, *lines: str, **env: str) -> None:
        self.lines, self.env, self.shown = list(lines), env, ""

    def out(self, text: str) -> None:
        self.shown += text

    def line(self, text: str) -> None:
        self.out(text + "\n")

    def read_secret(self) -> Generator[Wait, Any, str]:
        return self.lines.pop(0) if self.lines else ""
        yield

    @property
    def passphrases(self) -> Passphrases:
        return Passphrases(cast(Context, self))


def end(steps: Generator[Wait, Any, Any]) -> Any:
    with pytest.raises(StopIteration) as stop:
        next(steps)
    return stop.value.value


def test_a_new_passphrase_is_typed_twice() -> None:
    terminal = Terminal("short", "alicesecret", "alicesecret2", "alicesecret", "alicesecret")
    assert end(terminal.passphrases.choose(KEY_ID, "alice")) == "alicesecret"
    first, again = (f"{verb} passphrase for new alice key with ID daefd06: \n" for verb in ("Enter", "Repeat"))
    mismatch = "Passphrases do not match. Please retry.\n"
    assert terminal.shown == f"{first}{SHORT}\n{first}{again}{mismatch}{first}{again}"


def test_a_wrong_passphrase_is_asked_for_again_but_not_for_ever() -> None:
    chance = Chance()
    key = PrivateKey.of(chance)
    text = key.pem("the right one", chance, role="targets")
    question = f"Enter passphrase for repository key with ID {key.public.id[:7]}: \n"
    retry = f"Passphrase incorrect. Please retry.\n{question}"
    patient = Terminal("wrong", "the right one")
    assert end(patient.passphrases.open(text, key.public.id, "targets")) == key
    assert patient.shown == question + retry
    tired = Terminal("wrong", "wronger", "wrong", "wrongest", "the right one")
    with pytest.raises(PassphraseError, match="password invalid, operation has failed"):
        next(tired.passphrases.open(text, key.public.id, "targets"))
    assert tired.shown == question + 3 * retry


def test_what_was_typed_once_is_tried_for_the_role_s_other_keys() -> None:
    terminal = Terminal("the passphrase")
    passphrases = terminal.passphrases
    assert [end(passphrases.recall(key_id, "alice", 0)) for key_id in (KEY_ID, KEY_ID)] == ["the passphrase"] * 2
    assert terminal.shown.count("Enter passphrase") == 1


def test_the_environment_knows_root_and_everybody_else() -> None:
    terminal = Terminal(DOCKER_CONTENT_TRUST_ROOT_PASSPHRASE="r", DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE="o")
    asked = [end(terminal.passphrases.recall(KEY_ID, role, 0)) for role in ("root", "targets", "alice")]
    assert asked == ["r", "o", "o"]
    assert terminal.shown == ""
