"""docker context, without any but the default one (asked of client 28.2.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]
ROW = (
    '{"Current":true,"Description":"Current DOCKER_HOST based configuration",'
    '"DockerEndpoint":"unix:///var/run/docker.sock","Error":"","Name":"default"}\n'
)
MISSING = (
    'context "nosuch": context not found: open /root/.docker/contexts/meta/'
    "9e62f93eb7d2499903ac66232f187c56fc050eb74c765f90eb214360b21f0e96/meta.json: no such file or directory\n"
)


def test_the_current_one_has_a_star(host: Host) -> None:
    out = host("docker context ls")[0]
    assert [line.split("   ")[0] for line in out.splitlines()] == ["NAME", "default *"]
    assert host("docker context ls --format table")[0] == out


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("ls -q", ("default\n", "", 0)),
        ("ls --format json", (ROW, "", 0)),
        ("ls --format '{{.Name}} {{.Current}}'", ("default true\n", "", 0)),
        ("ls --format 'table {{.Current}}|{{.Name}}'", ("<no value>|NAME\ntrue|default\n", "", 0)),
        ("use default", ("default\n", 'Current context is now "default"\n', 0)),
        ("use nosuch", ("", MISSING, 1)),
        ("use ''", ("", "context name cannot be empty\n", 1)),
        ("rm a default", ("", 'context "a" does not exist\ncontext "default" cannot be removed\n', 1)),
        ("rm -f nosuch", ("nosuch\n", "", 0)),
        ("inspect nosuch default -f '{{.Name}}'", ("default\n", MISSING, 1)),
        ("inspect -f '{{json .Storage.TLSPath}}'", ('"<IN MEMORY>"\n', "", 0)),
        ("inspect -f '{{.X}}'", ("\n", 'template parsing error: template: :1:2: executing "" at <.X>: '
                                 "can't evaluate field X in type context.contextWithTLSListing\n", 1)),
    ],
)  # fmt: skip
def test_answers(host: Host, line: str, answer: tuple[str, str, int]) -> None:
    assert host(f"docker context {line}") == answer


def test_inspected_in_full_it_is_escaped(host: Host) -> None:
    assert '"TLSPath": "\\u003cIN MEMORY\\u003e"' in host("docker context inspect")[0]
