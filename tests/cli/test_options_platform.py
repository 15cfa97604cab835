"""--platform where the client reads it itself; asked of client 28.2.2."""

from __future__ import annotations

import pytest

from dockerlab.cli.options_platform import check_platforms
from dockerlab.errors import CommandError


@pytest.mark.parametrize("given", ["", (), "linux", "linux/amd64", "arm64", "linux/arm64/v8", "linux(1)/amd64"])
def test_good_ones(given: str | tuple[str, ...]) -> None:
    check_platforms(given)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "<invalid>",
            '"<invalid>" is an invalid OS component of "<invalid>": OSAndVersion specifier component must match '
            r'"^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.-]*)\\))?$"',
        ),
        (
            "linux/<x>",
            '"<x>" is an invalid component of "linux/<x>": platform specifier component must match "^[A-Za-z0-9_.-]+$"',
        ),
        ("a/b/c/d", '"a/b/c/d": cannot parse platform specifier'),
        ("zz", '"zz": unknown operating system or architecture'),
    ],
)
def test_bad_ones(text: str, error: str) -> None:
    with pytest.raises(CommandError) as caught:
        check_platforms([text])
    assert str(caught.value) == f"invalid platform: {error}: invalid argument"
