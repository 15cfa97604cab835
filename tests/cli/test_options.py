"""Values of flags, against upstream's cases (data/options.json) and client 28.2.2's own words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from dockerlab.cli import options_lists
from dockerlab.cli.numbers import OptionError
from dockerlab.cli.options_files import read_pairs
from dockerlab.cli.options_hosts import parse_host, parse_tcp
from dockerlab.cli.options_mount import parse_mount
from dockerlab.cli.options_network import NetworkAttachment, parse_gpus, parse_network
from dockerlab.cli.options_ports import parse_expose, parse_publish
from dockerlab.cli.options_resources import parse_device
from dockerlab.cli.options_ulimit import add_ulimit
from dockerlab.cli.options_volumes import VolumeSpec, VolumeSpecError, parse_volume

DATA = json.loads((Path(__file__).parent / "data/options.json").read_text())["cases"]

NOT_OURS = {
    "ConvertKVStringsToMap": "a helper of Go's, without a counterpart here",
    "ReadKVEnvStrings": "names files that are not in the data; test_env_files has its cases",
    "UlimitOpt.Set": "its state is a Go text; test_ulimits_are_sorted has its case",
}
NEWER_MOUNT_WORDS = ("should not have whitespace", "unknown option", "invalid boolean value", "bind-create-src")
"""What 29.8 says of --mount where 28.2.2 says something else, or does not know the option."""


def is_ours(case: Mapping[str, Any]) -> bool:
    """28.2.2 has it, and says the same."""
    text = json.dumps(case) if case["fn"] == "MountOpt.Set" else ""
    return case["fn"] not in NOT_OURS and not any(word in text for word in NEWER_MOUNT_WORDS)


CASES = [case for case in DATA if is_ours(case)]

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


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_upstream(case: dict[str, Any]) -> None:
    *values, error = case["results"]
    parse = FUNCTIONS[case["fn"]]
    if error:
        with pytest.raises(OptionError) as caught:
            parse(*case["args"])
        assert str(caught.value) == error["$error"]
        return
    value = parse(*case["args"])
    expected = case["state"][0] if case.get("state") else (tuple(values) if len(values) > 1 else values[0])
    got = shown(value)
    if case["fn"] in {"NetworkOpt.Set", "volumespec.Parse"}:
        got, expected = without_zeroes(got), without_zeroes(expected)
    assert got == expected


def test_nearly_all_of_upstreams_cases_are_asked() -> None:
    assert len(CASES) / len(DATA) > 0.9


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
