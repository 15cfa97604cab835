"""How a command line is parted into command, flags and arguments (spf13/pflag's rules)."""

from __future__ import annotations

import pytest

from dockerlab.cli.parser import Invocation, parse
from dockerlab.errors import CommandError


def changed(line: str, **options: bool) -> tuple[dict[str, object], list[str]]:
    """The flags that were given, and the arguments."""
    invocation = parse(line.split(), **options)
    return {name: invocation[name] for name in invocation.changed}, invocation.args


@pytest.mark.parametrize(
    ("line", "flags", "args"),
    [
        ("ps -aq", {"all": True, "quiet": True}, []),
        ("ps -n3", {"last": 3}, []),
        ("ps -n=3", {"last": 3}, []),
        ("ps -an 3", {"all": True, "last": 3}, []),
        ("ps --all=false", {"all": False}, []),
        ("images alpine -q", {"quiet": True}, ["alpine"]),
        ("images -- -q", {}, ["-q"]),
        ("run -it alpine sh -c ls", {"interactive": True, "tty": True}, ["alpine", "sh", "-c", "ls"]),
        ("exec web ls -l", {}, ["web", "ls", "-l"]),
        ("run -eA=1 -e B=2 x", {"env": ("A=1", "B=2")}, ["x"]),
        ("run -p 80:80 -p81:81 x", {"publish": ("80:80", "81:81")}, ["x"]),
        ("run --rm --name=web x -d", {"rm": True, "name": "web"}, ["x", "-d"]),
        ("run -m 1g --cpus 1.5 x", {"memory": 1 << 30, "cpus": 1_500_000_000}, ["x"]),
        ("run --memory-swap -1 x", {"memory-swap": -1}, ["x"]),
        ("run --health-interval 1m30s x", {"health-interval": 90_000_000_000}, ["x"]),
        ("run --sysctl net.a=1 --sysctl net.b=2 x", {"sysctl": {"net.a": "1", "net.b": "2"}}, ["x"]),
        ("images -f dangling=true -f Label=a=b", {"filter": {"dangling": ("true",), "label": ("a=b",)}}, []),
        ("build -t a -t b --rm=false .", {"tag": ("a", "b"), "rm": False}, ["."]),
        ("save -", {}, ["-"]),
    ],
)  # fmt: skip
def test_flags(line: str, flags: dict[str, object], args: list[str]) -> None:
    assert changed(line, buildkit=False) == (flags, args)


def test_flags_that_were_not_given_have_their_defaults() -> None:
    invocation = parse(["run", "x"])
    assert invocation["restart"] == "no"
    assert invocation["memory-swappiness"] == -1
    assert invocation["sig-proxy"] is True
    assert invocation["env"] == ()
    assert not invocation.changed


def test_global_flags_stand_before_the_command() -> None:
    invocation = parse(["-D", "--host", "tcp://a", "-l", "warn", "image", "ls"])
    assert invocation.globals["debug"] is True
    assert invocation.globals["host"] == ("tcp://a",)
    assert invocation.command.key == ("image", "ls")


def test_a_name_alone_takes_the_clients_own_value() -> None:
    """`docker run -e HOME`, and a build argument too."""
    assert parse(["run", "-e", "HOME", "-e", "NOSUCH", "x"], env={"HOME": "/root"})["env"] == ("HOME=/root", "NOSUCH")


def test_deprecated_flags_say_so() -> None:
    told: list[str] = []
    assert parse(["restart", "--time", "3", "web"], tell=told.append)["time"] == 3
    assert told == ["Flag --time has been deprecated, use --timeout instead"]


def test_both_builders_have_their_own_flags() -> None:
    assert parse(["build", "."]).command.name == "docker buildx build"
    assert parse(["image", "build", "."], buildkit=False).command.name == "docker image build"
    assert parse(["build", "."]).command.key == parse(["build", "."], buildkit=False).command.key == ("image", "build")


def test_version_is_no_command() -> None:
    invocation = parse(["--version"])
    assert isinstance(invocation, Invocation)
    assert invocation.command.path == ()
    assert invocation.globals["version"] is True


@pytest.mark.parametrize(
    ("line", "first_line"),
    [
        ("run --ulimit nofile=5:3 x", "ulimit soft limit must be less than or equal to hard limit: 5 > 3"),
        ("run --ulimit foo=1 x", "invalid ulimit type: foo"),
        ("run --cpus 1.0000000001 x", "value is too precise"),
        ("run --attach zz y", "valid streams are STDIN, STDOUT and STDERR"),
        ("run --sysctl zz y", "sysctl 'zz' is not allowed"),
        ("run --network name=n,foo=bar x", "invalid field key foo"),
        ("run --device-read-bps /x:1 y", "bad format for device path: /x:1"),
        ("run --gpus 2,count=3 x", "gpu request key 'count' can be specified only once"),
    ],
)
def test_bad_values(line: str, first_line: str) -> None:
    """Asked of client 28.2.2."""
    with pytest.raises(CommandError) as caught:
        parse(line.split())
    assert str(caught.value).splitlines()[0].endswith(f" flag: {first_line}")
    assert caught.value.exit_code == 125
