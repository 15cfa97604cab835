"""`docker run` to the API's create request, against upstream's cases (data/run_flags.json) and client 28.2.2."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.cli.options import container_body
from dockerlab.cli.parser import parse
from dockerlab.errors import CommandError
from tests.peer.suite import Suite, cases_of

WORDS_OF_28 = {
    "--expose=/udp": "invalid range format for --expose: /udp, error: empty string specified for ports",
    "--expose=1234567890-8080/tcp": "invalid range format for --expose: 1234567890-8080/tcp, error: "
    'strconv.ParseUint: parsing "1234567890": value out of range',
    "--expose=8080:9090": "invalid port format for --expose: 8080:9090",
    "--env-file=testdata/utf16.env": "invalid env file (testdata/utf16.env): invalid utf8 bytes at line 1: "
    "[255 254 70 0 79 0 79 0 61 0 66 0 65 0 82 0 13 0]",
    "--env-file=testdata/utf16be.env": "invalid env file (testdata/utf16be.env): invalid utf8 bytes at line 1: "
    "[254 255 0 70 0 79 0 79 0 61 0 66 0 65 0 82 0 13 0]",
    "--label-file=nonexistent": "open nonexistent: no such file or directory",
}
"""Where 28.2.2 puts it otherwise than 29.8."""

FILES = {
    "testdata/valid.env": b"ENV1=value1\n",
    "testdata/utf8.env": "\ufeffFOO=BAR\nHELLO=您好\nBAR=FOO".encode(),
    "testdata/utf16.env": "\ufeffFOO=BAR\r\n".encode("utf-16-le"),
    "testdata/utf16be.env": "\ufeffFOO=BAR\r\n".encode("utf-16-be"),
    "testdata/valid.label": b"LABEL1=value1\n",
}


def read(path: str) -> bytes:
    """A host file."""
    if path not in FILES:
        raise CommandError(f"open {path}: no such file or directory")
    return FILES[path]


def body_of(*argv: str) -> dict[str, Any]:
    """The request of `docker run`."""
    return container_body(parse(["run", *argv]), read, cwd="/home/me")


def without_zeroes(value: Any) -> Any:
    """The data leave out what has its zero value."""
    if isinstance(value, dict):
        parts = {key: without_zeroes(each) for key, each in value.items()}
        return {key: each for key, each in parts.items() if each or each == [0, 0]}
    return [without_zeroes(each) for each in value] if isinstance(value, list) else value


def check(case: dict[str, Any]) -> None:
    """One of upstream's command lines."""
    flags = case["args"]
    # Upstream's cases about networks name no image.
    argv = flags if "img" in flags or "ubuntu" in flags else [*flags, "img"]
    error = WORDS_OF_28.get(flags[0], case["expected_error"])
    if error:
        with pytest.raises(CommandError) as caught:
            body_of(*argv)
        assert str(caught.value) == error
        return
    body = body_of(*argv)
    host, networking = body.pop("HostConfig"), body.pop("NetworkingConfig")
    # 28.2.2 still sends the address among the container's own settings, too.
    for key in ("Image", "Cmd", "MacAddress"):
        body.pop(key)
    assert without_zeroes(body) == case["config"]
    assert without_zeroes(host) == case["host_config"]
    assert without_zeroes(networking) == case["networking_config"]


SUITE = Suite(
    "cli/data/run_flags.json",
    "`docker run` to the API's request",
    cases_of("cli/data/run_flags.json"),
    check,
    note=f"{len(WORDS_OF_28)} errors with 28.2.2's words",
)


@pytest.mark.parametrize("case", SUITE.params)
def test_upstream(case: dict[str, Any]) -> None:
    SUITE.check(case)


def test_image_and_command() -> None:
    body = body_of("-it", "alpine", "sh", "-c", "ls -l")
    assert (body["Image"], body["Cmd"]) == ("alpine", ["sh", "-c", "ls -l"])
    assert all(body[name] for name in ("AttachStdin", "OpenStdin", "StdinOnce", "Tty"))
    assert body_of("alpine")["Cmd"] is None


def test_volumes() -> None:
    body = body_of("-v", "/anon", "-v", "data:/d", "-v", "./src:/src:ro", "-v", "/abs:/abs", "x")
    assert body["Volumes"] == {"/anon": {}}
    assert body["HostConfig"]["Binds"] == ["data:/d", "/home/me/src:/src:ro", "/abs:/abs"]


def test_an_empty_entrypoint_clears_the_images_own() -> None:
    assert body_of("--entrypoint=", "x")["Entrypoint"] == [""]
    assert body_of("x")["Entrypoint"] is None


def test_a_stop_timeout_of_zero_is_not_none() -> None:
    assert body_of("--stop-timeout", "0", "x")["StopTimeout"] == 0
    assert "StopTimeout" not in body_of("x")


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["--pid", "zz"], "--pid: invalid PID mode"),
        (["--uts", "zz"], "--uts: invalid UTS mode"),
        (["--userns", "zz"], "--userns: invalid USER mode"),
        (["--cgroupns", "zz"], "--cgroupns: invalid CGROUP mode"),
        (["--memory-swappiness", "101"], "invalid value: 101. Valid memory swappiness range is 0-100"),
        (["--health-timeout", "-1s"], "--health-timeout cannot be negative"),
        (["--health-retries", "-1"], "--health-retries cannot be negative"),
        (["--storage-opt", "zz"], "invalid storage option"),
        (
            ["--security-opt", "seccomp=/nosuch"],
            "opening seccomp profile (/nosuch) failed: open /nosuch: no such file or directory",
        ),
        (["--mac-address", "zz"], "zz is not a valid mac address"),
        (["-p", "zz"], "invalid containerPort: zz"),
    ],
)
def test_refused(argv: list[str], error: str) -> None:
    """Asked of client 28.2.2."""
    with pytest.raises(CommandError) as caught:
        body_of(*argv, "x")
    assert str(caught.value) == error
