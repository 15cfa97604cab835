"""Modes of chmod (POSIX.1-2024, chmod, "Extended Description")."""

from __future__ import annotations

import pytest

from dockerlab.runtime.programs.modes import ModeError, changed_mode


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("755", 0o644, 0o755),
        ("u+x", 0o644, 0o744),
        ("+x", 0o644, 0o755),
        ("go-r", 0o644, 0o600),
        ("a=rw", 0o755, 0o666),
        ("u=rwx,go=", 0o644, 0o700),
        ("g=u", 0o640, 0o660),
        ("+X", 0o644, 0o644),
        ("+X", 0o744, 0o755),
        ("u+s", 0o755, 0o4755),
        ("+t", 0o777, 0o1777),
        ("u-x+w", 0o500, 0o600),
    ],
)
def test_files(text: str, before: int, after: int) -> None:
    assert changed_mode(text, before, folder=False, umask=0o022) == after


def test_the_umask_counts_only_without_who() -> None:
    assert changed_mode("+w", 0o444, folder=False, umask=0o022) == 0o644
    assert changed_mode("a+w", 0o444, folder=False, umask=0o022) == 0o666


@pytest.mark.parametrize("text", ["", "9", "u", "z+x", "77777"])
def test_nonsense(text: str) -> None:
    with pytest.raises(ModeError):
        changed_mode(text, 0, folder=False, umask=0)
