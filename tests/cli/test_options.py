"""Values of flags, against upstream's cases (data/options.json) and client 28.2.2's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from dockerlab.cli import options_lists
from dockerlab.cli.numbers import OptionError
from dockerlab.cli.options import pairs_of
from dockerlab.cli.options_files import read_pairs
from dockerlab.cli.options_hosts import parse_host, parse_tcp
from dockerlab.cli.options_mount import parse_mount
from dockerlab.cli.options_network import NetworkAttachment, parse_gpus, parse_network
from dockerlab.cli.options_ports import parse_expose, parse_publish
from dockerlab.cli.options_resources import parse_device
from dockerlab.cli.options_ulimit import add_ulimit
from dockerlab.cli.options_volumes import VolumeSpec, VolumeSpecError, parse_volume
from tests.peer.suite import Suite, cases_of

WORDS_OF_28 = {
    "options-0150": "unexpected key 'bogus' in 'bogus=foo'",
    "options-0151": "unexpected key ' src' in ' src=/foo'",
    "options-0152": "unexpected key 'src ' in 'src =/foo'",
    "options-0164": "invalid value for readonly:  true",
    "options-0165": "invalid value for readonly: no",
    "options-0178": "invalid value for volume-nocopy:  true",
    "options-0179": "invalid value for volume-nocopy: no",
    "options-0198": "unexpected key 'bind-create-src' in 'bind-create-src='",
    "options-0199": "unexpected key 'bind-create-src' in 'bind-create-src= true'",
    "options-0201": "unexpected key 'bind-create-src' in 'bind-create-src=1'",
    "options-0203": "unexpected key 'bind-create-src' in 'bind-create-src=0'",
}
"""What 28.2.2 says of --mount where 29.8 puts it otherwise, or knows an option more; asked of it, by case."""

ENV_FILES = {
    "3303566396": b"",
    "789709302": b"Z1=z\nEMPTY_VAR=\nFROM_ENV\nNO_SUCH_ENV\n",
    "735715937": b"Z2=z\nA2=a\n",
}
"""The files of upstream's test, by the number that it gave them."""


def env_strings(files: list[str] | None, given: list[str] | None) -> list[str] | None:
    """--env-file, and after it --env."""
    paths = [path.rpartition("-")[2] for path in files or ()]
    pairs = read_pairs(ENV_FILES.__getitem__, paths, {"FROM_ENV": "from-env"}.get)
    return [*pairs, *(given or ())] or None


def ulimits(text: str) -> str:
    """--ulimit, after the two that upstream's test gives before."""
    limits = add_ulimit(add_ulimit(add_ulimit((), "nofile=512:1024"), "core=1024:1024"), text)
    return f"[{' '.join(map(str, limits))}]"


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "ValidateEnv": lambda text: options_lists.validate_env(text, {}),
    "ValidateExtraHost": options_lists.validate_extra_host,
    "ValidateIPAddress": options_lists.validate_ip,
    "ValidateDNSSearch": options_lists.validate_dns_search,
    "ValidateLabel": options_lists.validate_label,
    "ParseLink": options_lists.parse_link,
    "ParseHost": lambda tls, text: parse_host(text, tls=tls),
    "ParseTCPAddr": parse_tcp,
    "MountOpt.Set": parse_mount,
    "ReadKVEnvStrings": env_strings,
    "ConvertKVStringsToMap": pairs_of,
    "UlimitOpt.Set": ulimits,
    "GpuOpts.Set": parse_gpus,
    "NetworkOpt.Set": parse_network,
    "volumespec.Parse": parse_volume,
}


def shown(value: Any) -> Any:
    """A value as the data have it."""
    if isinstance(value, NetworkAttachment):
        return {
            "Target": value.target,
            "Aliases": list(value.aliases),
            "DriverOpts": value.driver_options,
            "IPv4Address": value.ipv4,
            "IPv6Address": value.ipv6,
            "LinkLocalIPs": list(value.link_local),
            "MacAddress": value.mac_address,
        }
    if isinstance(value, VolumeSpec):
        bind = {"propagation": value.propagation} if value.propagation else {}
        return {"type": value.type, "source": value.source, "target": value.target, "read_only": value.read_only,
                "bind": bind}  # fmt: skip
    return value


def without_zeroes(value: dict[str, Any]) -> dict[str, Any]:
    """Go's zero values are left out of the data here and there."""
    return {key: each for key, each in value.items() if each}


def check(case: dict[str, Any]) -> None:
    """One of upstream's cases."""
    error = case["results"][-1]
    parse = FUNCTIONS[case["fn"]]
    text = WORDS_OF_28.get(case["id"], error["$error"] if error and "$error" in error else "")
    if text:
        with pytest.raises(OptionError) as caught:
            parse(*case["args"])
        assert str(caught.value) == text
        return
    value = parse(*case["args"])
    assert comparable(case, shown(value)) == comparable(case, expected_of(case))


def expected_of(case: dict[str, Any]) -> Any:
    """The value that upstream makes; its last result is the error, but of what never fails."""
    if case.get("state"):
        return case["state"] if isinstance(case["state"], str) else case["state"][0]
    values = case["results"] if case["fn"] == "ConvertKVStringsToMap" else case["results"][:-1]
    return tuple(values) if len(values) > 1 else values[0]


def comparable(case: dict[str, Any], value: Any) -> Any:
    """Some of the data leave out zero values."""
    return without_zeroes(value) if case["fn"] in {"NetworkOpt.Set", "volumespec.Parse"} else value


SUITE = Suite(
    "cli/data/options.json",
    "values of flags",
    cases_of("cli/data/options.json"),
    check,
    note=f"{len(WORDS_OF_28)} of `--mount` with 28.2.2's words",
)


@pytest.mark.parametrize("case", SUITE.params)
def test_upstream(case: dict[str, Any]) -> None:
    SUITE.check(case)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "EOF"),
        ("zz", "invalid field 'zz' must be a key=value pair"),
        ("type=bind", "target is required"),
        ("type=,target=/x", "type is required"),
        ("type=bind,,target=/x", "invalid field '' must be a key=value pair"),
        ("type=volume,target=/foo,bogus=foo", "unexpected key 'bogus' in 'bogus=foo'"),
        ("type=volume, src=/foo,target=/foo", "unexpected key ' src' in ' src=/foo'"),
        ("type=bind,target=/foo,source=/foo,readonly=no", "invalid value for readonly: no"),
        ("type=volume,target=/foo,source=foo,volume-nocopy= true", "invalid value for volume-nocopy:  true"),
        ("type=tmpfs,target=/x,tmpfs-size=zz", "invalid value for tmpfs-size: zz"),
        ("type=tmpfs,target=/x,volume-nocopy", "cannot mix 'volume-*' options with mount type 'tmpfs'"),
        ("type=volume,target=/x,image-subpath=b", "cannot mix 'image-*' options with mount type 'volume'"),
        (
            "type=bind,source=/a,target=/x,bind-recursive=zz",
            'invalid value for bind-recursive: zz (must be "enabled", "disabled", "writable", or "readonly")',
        ),
    ],
)  # fmt: skip
def test_bad_mounts(text: str, error: str) -> None:
    """Asked of client 28.2.2."""
    with pytest.raises(OptionError) as caught:
        parse_mount(text)
    assert str(caught.value) == error


@pytest.mark.parametrize(
    ("spec", "bindings"),
    [
        ("80", {"80/tcp": [{"HostIp": "", "HostPort": ""}]}),
        ("8080:80", {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}),
        ("127.0.0.1::53/udp", {"53/udp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}),
        ("[::1]:80:80", {"80/tcp": [{"HostIp": "::1", "HostPort": "80"}]}),
        ("8000-9000:80", {"80/tcp": [{"HostIp": "", "HostPort": "8000-9000"}]}),
        ("published=8080,target=80,protocol=udp", {"80/udp": [{"HostIp": "", "HostPort": "8080"}]}),
    ],
)
def test_published_ports(spec: str, bindings: object) -> None:
    assert parse_publish([spec]) == bindings


def test_ranges_of_ports() -> None:
    bindings = parse_publish(["81-82:80-81"])
    assert {port: each[0]["HostPort"] for port, each in bindings.items()} == {"80/tcp": "81", "81/tcp": "82"}
    assert parse_expose(["80-82/udp", "90"]) == ["80/udp", "81/udp", "82/udp", "90/tcp"]


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        ("80:zz", "invalid containerPort: zz"),
        ("99999:80", "invalid hostPort: 99999"),
        ("1.2.3:80:80", "invalid IP address: 1.2.3"),
        ("80:80/foo", "invalid proto: foo"),
        (":", "no port specified: :<empty>"),
        ("", "no port specified: <empty>"),
        ("a:b:c:d", "invalid IP address: a:b"),
        ("80-82:90-91", "invalid ranges specified for container and host Ports: 90-91 and 80-82"),
    ],
)
def test_bad_ports(spec: str, error: str) -> None:
    """Asked of client 28.2.2."""
    with pytest.raises(OptionError) as caught:
        parse_publish([spec])
    assert str(caught.value) == error


def test_bad_exposed_ports() -> None:
    with pytest.raises(OptionError) as caught:
        parse_expose(["/udp"])
    assert str(caught.value) == "invalid range format for --expose: /udp, error: empty string specified for ports"


def test_env_files() -> None:
    files = {"a": b"\xef\xbb\xbf# comment\n\nZ1=z\nEMPTY_VAR=\n  FROM_ENV\nNO_SUCH_ENV\r\n", "b": b"Z2=z\nA2=a"}
    environment = {"FROM_ENV": "from-env"}
    got = read_pairs(files.__getitem__, ["a", "b"], environment.get)
    assert got == ["Z1=z", "EMPTY_VAR=", "FROM_ENV=from-env", "Z2=z", "A2=a"]


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"a b=c", "variable 'a b' contains whitespaces"), (b"=x", "no variable name on line '=x'"),
     (b"A=1\n\xff", "invalid utf8 bytes at line 2: [255]")],
)  # fmt: skip
def test_bad_env_files(content: bytes, error: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_pairs(lambda path: content, ["x"])
    assert str(caught.value) == f"invalid env file (x): {error}"


def test_ulimits_are_sorted() -> None:
    limits = add_ulimit(add_ulimit(add_ulimit((), "nofile=512:1024"), "core=1"), "core=1024:1024")
    assert [str(limit) for limit in limits] == ["core=1024:1024", "nofile=512:1024"]


def test_devices() -> None:
    both = {"PathOnHost": "/dev/snd", "PathInContainer": "/dev/snd"}
    assert parse_device("/dev/snd:rw") == {**both, "CgroupPermissions": "rw"}
    with pytest.raises(OptionError, match="bad mode specified: zz"):
        parse_device("/dev/a:/dev/b:zz")


def test_a_volume_spec_with_too_many_colons() -> None:
    with pytest.raises(VolumeSpecError) as caught:
        parse_volume("vol:/b:ro:xx")
    assert str(caught.value) == "invalid spec: vol:/b:ro:xx: too many colons"
