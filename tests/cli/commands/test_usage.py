"""docker system df (transcript g23_misc_layers.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_one_table(host: Host) -> None:
    lines = host("docker system df")[0].splitlines()
    assert lines[0] == "TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE"
    assert lines[1] == "Images          1         0         1.984MB   1.984MB (100%)"


def test_a_table_for_each_kind(host: Host) -> None:
    lines = host("docker system df -v")[0].splitlines()
    assert [line for line in lines if line.endswith("usage:")] == [
        "Images space usage:", "Containers space usage:", "Local Volumes space usage:",
    ]  # fmt: skip
    assert lines[-1] == "CACHE ID   CACHE TYPE   SIZE      CREATED   LAST USED   USAGE     SHARED"


def test_all_kinds_through_one_template(host: Host) -> None:
    """Client 28.2.2: each row has what its own listing shows."""
    host("docker create --name c1 busybox:1.35")
    show = "{{range .Containers}}{{.Names}} {{.Size}} {{.Status}}{{end}} {{len .Volumes}}"
    assert host(f"docker system df -v --format '{show}'") == ("c1 0B Created 0", "", 0)
    text = 'template: :1:2: executing "" at <.X>: can\'t evaluate field X in type *formatter.diskUsageContext\n'
    assert host("docker system df -v --format '{{.X}}'") == ("", text, 1)
    assert host("docker system df -v --format '{{'") == (
        "",
        "template parsing error: template: :1: unclosed action\n",
        1,
    )
