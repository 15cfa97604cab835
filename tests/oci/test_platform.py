"""Platforms as containerd reads them (containerd/platforms; the errors asked of engine 20.10.24)."""

from __future__ import annotations

import pytest

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.platform import HOST, Platform, mismatch


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux/arm64/v8", Platform("linux", "arm64", "v8")),
        ("linux", Platform("linux")),
        ("windows", Platform("windows")),
        ("arm64", Platform("linux", "arm64")),
        ("aarch64", Platform("linux", "arm64")),
        ("Linux/x86_64", Platform("linux", "amd64")),
    ],
)
def test_one_word_is_a_system_or_a_processor(text: str, platform: Platform) -> None:
    assert Platform.parse(text) == platform


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("bogus", '"bogus": unknown operating system or architecture: invalid argument'),
        ("a/b/c/d", '"a/b/c/d": cannot parse platform specifier: invalid argument'),
        ("", '"" is an invalid component of "": platform specifier component must match "^[A-Za-z0-9_-]+$": '
         "invalid argument"),
    ],
)  # fmt: skip
def test_what_is_no_platform(text: str, error: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        Platform.parse(text)
    assert str(caught.value) == error


def test_an_index_tells_more() -> None:
    document = {"architecture": "amd64", "os": "windows", "os.version": "10.0", "os.features": ["win32k"]}
    assert Platform.from_json(document).to_json() == document


@pytest.mark.parametrize(
    ("image", "runs"),
    [("linux/amd64", True), ("linux/386", True), ("linux/arm64", False), ("linux/arm/v7", False), ("windows", False)],
)
def test_a_processor_runs_its_own_programs_and_those_of_its_forerunner(image: str, runs: bool) -> None:
    """As engine 20.10.24 warns, or doesn't (transcript other_platforms)."""
    platform = Platform.parse(image)
    assert platform.runs_on(HOST) is runs
    assert mismatch(platform) == (
        ""
        if runs
        else f"The requested image's platform ({platform}) does not match the detected host platform (linux/amd64)"
        " and no specific platform was requested"
    )
