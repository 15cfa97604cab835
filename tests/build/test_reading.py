"""Instructions and stages against upstream's cases (BuildKit, dockerfile/instructions), and the legacy texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dockerlab.build.dialect import BUILDKIT, LEGACY
from dockerlab.build.dockerfile import Heredoc, Node
from dockerlab.build.instructions import (
    Add,
    Arg,
    Cmd,
    Command,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Instruction,
    Label,
    Maintainer,
    Onbuild,
    Run,
    StopSignal,
    Transfer,
    User,
    Volume,
    Workdir,
)  # fmt: skip
from dockerlab.build.mounts import Mount, parse_mount
from dockerlab.build.reading import read
from dockerlab.build.stages import plan
from dockerlab.errors import DockerfileError
from tests.build.upstream import cases


def node_of(recorded: dict[str, Any]) -> Node:
    """The syntax tree's node as recorded, as one of ours."""
    words = [following["value"] for following in recorded.get("next") or ()]
    if recorded["value"].upper() == "ONBUILD":
        children = [child for following in recorded.get("next") or () for child in following.get("children") or ()]
        words = [child["original"] for child in children]
    heredocs = tuple(
        Heredoc(found["name"], found["content"], found["chomp"], found["expand"], found["filedescriptor"])
        for found in recorded.get("heredocs") or ()
    )
    return Node(
        recorded["value"],
        recorded.get("original", ""),
        tuple(recorded.get("flags") or ()),
        tuple(words),
        bool((recorded.get("attributes") or {}).get("json")),
        heredocs,
        recorded.get("start_line", 1),
        recorded.get("end_line", 1),
    )


def command(found: Command) -> dict[str, Any]:
    return {"CmdLine": list(found.words or ()), "PrependShell": found.in_shell}


def transfer(found: Transfer) -> dict[str, Any]:
    contents = [{"Path": each.path, "Data": each.data, "Expand": each.expand} for each in found.documents]
    return {
        "DestPath": found.target,
        "SourcePaths": list(found.sources) or None,
        "SourceContents": contents or None,
        "Chown": found.chown,
        "Chmod": found.chmod,
        "Link": found.link,
    }


def pairs(found: Any) -> list[dict[str, Any]]:
    return [{"Key": pair.key, "Value": pair.value, "NoDelim": not pair.equals} for pair in found.pairs]


SHAPES: dict[type[Instruction], Callable[[Any], dict[str, Any]]] = {
    Add: transfer,
    Arg: lambda found: {"Args": [{"Key": pair.key, "Value": pair.value} for pair in found.pairs]},
    Cmd: command,
    Copy: lambda found: {**transfer(found), "From": found.origin, "Parents": found.parents},
    Entrypoint: command,
    Env: lambda found: {"Env": pairs(found)},
    Expose: lambda found: {"Ports": list(found.ports)},
    From: lambda found: {"Name": found.stage, "BaseName": found.base, "Platform": found.platform},
    Healthcheck: lambda found: {"Health": {"Test": list(found.test)}},
    Label: lambda found: {"Labels": pairs(found)},
    Maintainer: lambda found: {"Maintainer": found.author},
    Onbuild: lambda found: {"Expression": found.expression},
    Run: lambda found: {**command(found), "FlagsUsed": list(found.flags_used)},
    StopSignal: lambda found: {"Signal": found.signal},
    User: lambda found: {"User": found.user},
    Volume: lambda found: {"Volumes": list(found.paths)},
    Workdir: lambda found: {"Path": found.path},
}


def within(ours: Any, recorded: Any) -> None:
    """All that we say is recorded so; upstream's structs have more fields."""
    if isinstance(ours, dict):
        for key, value in ours.items():
            within(value, recorded[key])
    elif isinstance(ours, list):
        assert len(ours) == len(recorded)
        for first, second in zip(ours, recorded, strict=True):
            within(first, second)
    else:
        assert ours == recorded


@pytest.mark.parametrize("case", cases("instructions"))
def test_one_instruction(case: dict[str, Any]) -> None:
    node = node_of(case["node"])
    if case["expected_error"] is not None:
        with pytest.raises(DockerfileError) as caught:
            read(node, BUILDKIT)
        assert str(caught.value) == case["expected_error"]
        return
    found = read(node, BUILDKIT)
    within(SHAPES[type(found)](found), case["value"])


def source(case: dict[str, Any]) -> str:
    """The Dockerfile that the recorded syntax tree was read from; its instructions all have plain words."""
    name = case["test"].split("/")[-1]
    return "FROM busybox\n" + name.replace("_", " ")


@pytest.mark.parametrize("case", [case for case in cases("stages", {"stages-0088"}) if "/" in case.values[0]["test"]])
def test_a_whole_file(case: dict[str, Any]) -> None:
    if case["expected_error"] is not None:
        with pytest.raises(DockerfileError) as caught:
            plan(source(case), BUILDKIT)
        assert str(caught.value) == case["expected_error"]
        return
    found = plan(source(case), BUILDKIT)
    assert [stage.name for stage in found.stages] == [stage["Name"] for stage in case["stages"]]
    for stage, recorded in zip(found.stages, case["stages"], strict=True):
        for ours, theirs in zip(stage.instructions, recorded["Commands"], strict=True):
            if type(ours) in SHAPES:
                within(SHAPES[type(ours)](ours), theirs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FROM x\nFOO bar", "dockerfile parse error line 2: unknown instruction: FOO"),
        ("FROM x\nFO\\\nO bar\nRNU x", "dockerfile parse error line 2: unknown instruction: FOO"),
        ("# only a comment", "failed to parse Dockerfile: file with no instructions"),
        ("RUN echo", "no build stage in current context"),
        ("ENV A=1\nFROM x", "no build stage in current context"),
        ("FROM", "dockerfile parse error line 1: FROM requires either one or three arguments"),
        ("FROM x AS", "dockerfile parse error line 1: FROM requires either one or three arguments"),
        (
            "FROM x as 1x",
            'dockerfile parse error line 1: invalid name for build stage: "1x", '
            "name can't start with a number or contain symbols",
        ),
        ("FROM x\nENV", "dockerfile parse error line 2: ENV requires at least one argument"),
        ("FROM x\nENV A", "failed to parse Dockerfile: ENV must have two arguments"),
        (
            "FROM x\nENV A=1 B",
            'failed to parse Dockerfile: Syntax error - can\'t find = in "B". Must be of the form: name=value',
        ),
        ("FROM x\nENV =x", "dockerfile parse error line 2: ENV names can not be blank"),
        ("FROM x\nEXPOSE", "dockerfile parse error line 2: EXPOSE requires at least one argument"),
        ("FROM x\nVOLUME []", "dockerfile parse error line 2: VOLUME requires at least one argument"),
        (
            'FROM x\nCMD ["a", 1]',
            "failed to parse Dockerfile: when using JSON array syntax, arrays must be comprised of strings only",
        ),
        ("FROM x\nSHELL sh -c", "dockerfile parse error line 2: SHELL requires the arguments to be in JSON form"),
        ("FROM x\nHEALTHCHECK foo", 'dockerfile parse error line 2: Unknown type "FOO" in HEALTHCHECK (try CMD)'),
        ("FROM x\nHEALTHCHECK CMD", "dockerfile parse error line 2: Missing command after HEALTHCHECK CMD"),
        (
            "FROM x\nHEALTHCHECK --interval=1 CMD true",
            'dockerfile parse error line 2: time: missing unit in duration "1"',
        ),
        (
            "FROM x\nHEALTHCHECK --interval=abc CMD true",
            'dockerfile parse error line 2: time: invalid duration "abc"',
        ),
        (
            "FROM x\nONBUILD ONBUILD RUN x",
            "dockerfile parse error line 2: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
        ),
        (
            "FROM x\nONBUILD MAINTAINER x",
            "dockerfile parse error line 2: MAINTAINER isn't allowed as an ONBUILD trigger",
        ),
        ("FROM x\nCOPY --foo=1 a b", "dockerfile parse error line 2: Unknown flag: foo"),
        ("FROM x\nRUN <<EOF\necho hi\nEOF", "dockerfile parse error line 3: unknown instruction: ECHO"),
    ],
)
def test_what_the_legacy_builder_refuses(text: str, message: str) -> None:
    """g02_build_errors and build_errors."""
    with pytest.raises(DockerfileError) as caught:
        plan(text, LEGACY)
    assert str(caught.value) == message


def test_buildkit_suggests_what_was_meant() -> None:
    with pytest.raises(DockerfileError) as caught:
        plan("FROM x\nRUM echo", BUILDKIT)
    assert str(caught.value) == "dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)"


def test_flags() -> None:
    run = plan("FROM x\nRUN --mount=type=cache,target=/c --mount=type=tmpfs,dst=/t --network=none ls", BUILDKIT)
    [found] = run.stages[0].instructions
    assert isinstance(found, Run)
    assert [(mount.type, mount.target, mount.read_only) for mount in found.mounts] == [
        ("cache", "/c", False),
        ("tmpfs", "/t", False),
    ]
    assert found.network == "none"
    copied = plan("FROM x\nCOPY --from=a --chown=1:2 --chmod=644 --link --exclude=*.md a /b", BUILDKIT)
    [copy] = copied.stages[0].instructions
    assert isinstance(copy, Copy)
    assert (copy.origin, copy.chown, copy.chmod, copy.link, copy.exclude) == ("a", "1:2", "644", True, ("*.md",))


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--link=maybe", "expecting boolean value for flag link, not: maybe"),
        ("--chown", "missing a value on flag: chown"),
        ("--chown=1 --chown=2", "duplicate flag specified: chown"),
        ("--nosuch", "unknown flag: --nosuch"),
    ],
)
def test_flags_that_make_no_sense(flag: str, message: str) -> None:
    with pytest.raises(DockerfileError) as caught:
        plan(f"FROM x\nCOPY {flag} a b", BUILDKIT)
    assert str(caught.value) == f"dockerfile parse error on line 2: {message}"


def test_mounts() -> None:
    assert parse_mount("type=bind,source=a,target=/b,rw") == Mount("bind", "/b", "a", read_only=False)
    assert parse_mount("type=secret,id=token,required") == Mount("secret", id="token", required=True, read_only=False)
    for text in ("type=nope", "bogus=1", "target"):
        with pytest.raises(DockerfileError):
            parse_mount(text)


def test_stages_and_the_arguments_above_them() -> None:
    found = plan("ARG A=1\nFROM x AS One\nRUN a\nFROM one\nRUN b", BUILDKIT)
    assert [pair.key for arg in found.globals for pair in arg.pairs] == ["A"]
    assert [(stage.name, len(stage.instructions)) for stage in found.stages] == [("one", 1), ("", 1)]
    assert found.find("ONE") is found.stages[0]
    assert found.find("nosuch") is None
