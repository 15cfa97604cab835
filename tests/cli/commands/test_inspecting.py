"""The inspect commands (transcripts inspect.json and g08_inspect.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]
FAULT = 'template parsing error: template: :1:2: executing "" at <.id>: map has no entry for key "id"\n'


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("docker inspect -f '{{.RepoTags}}' busybox:1.35", ("[busybox:1.35]\n", "", 0)),
        ("docker inspect -f '{{.id}}' busybox:1.35", ("\n", FAULT, 1)),
        ("docker inspect -f '{{.Os' busybox:1.35", ("", "template parsing error: template: :1: unclosed action\n", 64)),
        ("docker inspect -f '{{.Config.Labels.nope}}' busybox:1.35", ("<no value>\n", "", 0)),
        ("docker inspect nosuch", ("[]\n", "Error: No such object: nosuch\n", 1)),
        ("docker image inspect nosuch",
         ("[]\n", "Error response from daemon: no such image: nosuch: No such image: nosuch:latest\n", 1)),
        ("docker inspect --type container busybox:1.35",
         ("[]\n", "Error response from daemon: No such container: busybox:1.35\n", 1)),
        ("docker volume inspect nosuch", ("[]\n", "Error response from daemon: get nosuch: no such volume\n", 1)),
        ("docker inspect -s -f '{{.Os}}' busybox:1.35", ("linux\n", "WARNING: --size ignored for image\n", 0)),
    ],
)  # fmt: skip
def test_inspect(host: Host, line: str, answer: tuple[str, str, int]) -> None:
    assert host(line) == answer


def test_ids_are_equal_by_either_name(host: Host) -> None:
    assert host("docker inspect -f '{{.Id}}' busybox:1.35") == host("docker inspect -f '{{.ID}}' busybox:1.35")


def test_the_state_prints_without_names(host: Host) -> None:
    host("docker create --name c1 busybox:1.35")
    assert host("docker inspect -f '{{.State}}' c1")[0].startswith("{created false false false false false 0 0  0001-")
