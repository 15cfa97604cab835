"""pull, push, save, load, import (transcripts registry.json, save_load.json, import_export.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_push_then_pull(host: Host) -> None:
    host("docker tag busybox:1.35 localhost:5005/bb:v1")
    lines = host("docker push localhost:5005/bb:v1")[0].splitlines()
    assert lines[0] == "The push refers to repository [localhost:5005/bb]"
    assert [line.partition(": ")[2] for line in lines[1:3]] == ["Preparing", "Pushed"]
    lines = host("docker pull localhost:5005/bb:v1")[0].splitlines()
    assert lines[0] == "v1: Pulling from bb"
    assert lines[-2:] == ["Status: Image is up to date for localhost:5005/bb:v1", "localhost:5005/bb:v1"]
    assert host("docker pull -q localhost:5005/bb:v1") == ("localhost:5005/bb:v1\n", "", 0)


def test_the_default_tag_is_said(host: Host) -> None:
    text = "manifest for localhost:5005/bb:latest not found: manifest unknown: manifest unknown\n"
    answer = ("Using default tag: latest\n", f"Error response from daemon: {text}", 1)
    assert host("docker pull localhost:5005/bb") == answer


def test_a_push_fails_in_the_middle_of_its_words(host: Host) -> None:
    out = "The push refers to repository [localhost:5005/nosuch]\n"
    err = "An image does not exist locally with the tag: localhost:5005/nosuch\n"
    assert host("docker push localhost:5005/nosuch:v1") == (out, err, 1)


def test_save_and_load(host: Host) -> None:
    host("docker tag busybox:1.35 sl:1; docker save -o sl.tar sl:1; docker rmi sl:1")
    assert host("docker load -i sl.tar") == ("Loaded image: sl:1\n", "", 0)
    assert host("docker save sl:1 | gzip > sl.tgz; docker load < sl.tgz") == ("Loaded image: sl:1\n", "", 0)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("docker load -i nosuch.tar", "open nosuch.tar: no such file or directory\n"),
        ("docker import nosuch.tar x", "open nosuch.tar: no such file or directory\n"),
        ("docker save -o /nodir/x.tar busybox:1.35",
         "failed to save image: invalid output path: stat /nodir: no such file or directory\n"),
    ],
)  # fmt: skip
def test_files_that_are_not_there(host: Host, line: str, text: str) -> None:
    assert host(line) == ("", text, 1)


def test_import_makes_one_layer(host: Host) -> None:
    host("docker create --name c1 busybox:1.35; docker export c1 > c1.tar")
    assert host('docker import -c \'CMD ["cat","/etc/motd"]\' -m why c1.tar flat:1 | cut -c1-7')[0] == "sha256:\n"
    assert host("docker history --format '{{.Comment}}' flat:1")[0] == "why\n"
