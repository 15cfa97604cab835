"""jq, lent from just-bash, run synchronously over our streams."""

from __future__ import annotations

import pytest

from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.runtime.process import Buffer, Feed, Kernel, Machine
from dockerlab.runtime.programs import PROGRAMS
from dockerlab.world import Clock


def jq(words: list[str], stdin: str = "") -> tuple[str, str, int]:
    clock = Clock()
    fs = OverlayFs(EMPTY, clock)
    fs.mkdir("/bin")
    fs.write("/bin/jq", b"\0", mode=0o755)
    fs.write("/file.json", b'{"Config": {"Env": ["A=1", "B=2"]}}')
    machine = Machine(Kernel(clock), fs, "box", PROGRAMS)
    out, err = Buffer(), Buffer()
    proc = machine.start(["jq", *words], stdin=Feed(stdin), stdout=out, stderr=err)
    machine.kernel.finish(machine.kernel.until(lambda: proc.exit_code is not None))
    assert proc.fault is None
    return out.text, err.text, proc.exit_code or 0


@pytest.mark.parametrize(
    ("words", "stdin", "stdout"),
    [
        ([".[0].Id"], '[{"Id": "sha256:1"}]', '"sha256:1"\n'),
        (["-r", ".[].Id"], '[{"Id": "a"}, {"Id": "b"}]', "a\nb\n"),
        (["-c", "."], '{"b": 1, "a": [1, 2]}', '{"b":1,"a":[1,2]}\n'),
        (["-r", ".Config.Env[]", "/file.json"], "", "A=1\nB=2\n"),
        (["-n", "1 + 1"], "", "2\n"),
    ],
)
def test_filters(words: list[str], stdin: str, stdout: str) -> None:
    assert jq(words, stdin) == (stdout, "", 0)


def test_what_is_no_json() -> None:
    out, err, code = jq(["."], "nope")
    assert (out, code) == ("", 2)
    assert err.startswith("jq: parse error: Invalid literal at line 1, column")


def test_a_missing_file() -> None:
    assert jq([".", "/nosuch"]) == ("", "jq: error: Could not open /nosuch: No such file or directory\n", 2)
