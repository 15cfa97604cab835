"""The packages as data: they are complete, and they get older."""

from __future__ import annotations

import pytest

from dockerlab.runtime.packages.catalogue import debian, newer_version, simple
from dockerlab.runtime.packages.units import size_text
from dockerlab.world import parse_instant

START = parse_instant("2026-11-23T09:00:00Z")


@pytest.mark.parametrize("suite", ["bullseye", "bookworm", "trixie", "focal", "jammy", "noble"])
def test_all_dependencies_exist(suite: str) -> None:
    packages = debian(suite)
    missing = {name for package in packages.values() for name in (*package.depends, *package.recommends)} - set(
        packages
    )
    assert missing == set()


@pytest.mark.parametrize("name", ["alpine", "pypi", "npm"])
def test_so_they_do_elsewhere(name: str) -> None:
    packages = simple(name)
    assert {other for package in packages.values() for other in package.depends} <= set(packages)


def test_files_make_up_the_size() -> None:
    package = debian("bookworm")["python3.11-minimal"]
    assert abs(sum(content.size for _, content, _ in package.files()) - package.size) < 8192


def test_versions_grow_with_the_labs_clock() -> None:
    curl = debian("bookworm")["curl"]
    assert curl.at(START) is curl
    assert curl.at(parse_instant("2027-03-01T00:00:00Z")).version == "7.88.1-10+deb12u17"


@pytest.mark.parametrize(
    ("version", "newer"),
    [
        ("1.2-3+deb12u4", "1.2-3+deb12u6"),
        ("8.5.0-2ubuntu10.6", "8.5.0-2ubuntu10.8"),
        ("8.1-r2", "8.1-r4"),
        ("2.31.0", "2.31.2"),
    ],
)
def test_newer_versions(version: str, newer: str) -> None:
    assert newer_version(version, 2) == newer


@pytest.mark.parametrize(
    ("size", "text"), [(6_924, "6924 B"), (159_000, "159 kB"), (9_374_000, "9374 kB"), (32_500_000, "32.5 MB")]
)
def test_sizes_as_apt_prints_them(size: int, text: str) -> None:
    assert size_text(size) == text
