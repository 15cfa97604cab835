"""The daemon's own settings, as /etc/docker/daemon.json gives them (`dockerd --help`, "Daemon configuration file").

Only what this engine acts on has an effect; every other option that dockerd knows is accepted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import InvalidParameterError
from dockerlab.fs.drivers import DRIVERS, REMOVED

PATH = "/etc/docker/daemon.json"
DRIVERS_PAGE = "https://docs.docker.com/go/storage-driver/"

KNOWN = frozenset(
    """allow-nondistributable-artifacts api-cors-header authorization-plugins bip bridge builder cgroup-parent
    containerd containerd-namespace containerd-plugins-namespace cpu-rt-period cpu-rt-runtime data-root debug
    default-address-pools default-cgroupns-mode default-gateway default-gateway-v6 default-ipc-mode
    default-network-opts default-runtime default-shm-size default-ulimits dns dns-opts dns-search exec-opts exec-root
    experimental features fixed-cidr fixed-cidr-v6 group host-gateway-ip hosts http-proxy https-proxy icc init
    init-path insecure-registries ip ip-forward ip-masq iptables ip6tables ipv6 labels live-restore log-driver
    log-format log-level log-opts max-concurrent-downloads max-concurrent-uploads max-download-attempts
    metrics-addr mtu no-new-privileges no-proxy node-generic-resources oom-score-adjust pidfile proxies
    raw-logs registry-mirrors runtimes seccomp-profile selinux-enabled shutdown-timeout storage-driver storage-opts
    swarm-default-advertise-addr tls tlscacert tlscert tlskey tlsverify userland-proxy userland-proxy-path
    userns-remap validate""".split()
)

_KINDS: Mapping[str, type] = {
    "experimental": bool,
    "debug": bool,
    "registry-mirrors": list,
    "labels": list,
    "storage-driver": str,
}
_GO_KINDS = {bool: "bool", list: "[]string", str: "string"}
_JSON_KINDS = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}


@dataclass(frozen=True)
class DaemonConfig:
    """What a running daemon was started with."""

    experimental: bool = False
    debug: bool = False
    storage_driver: str = "overlay2"
    registry_mirrors: tuple[str, ...] = ()
    insecure_registries: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    log_driver: str = "json-file"
    root: str = "/var/lib/docker"
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str, path: str = PATH) -> DaemonConfig:
        """The settings in a daemon.json; raises with what dockerd prints when it refuses the file."""
        options = _read_object(text, path)
        unknown = [name for name in options if name not in KNOWN]
        if unknown:
            names = ", ".join(unknown)
            raise _refusal(path, f"the following directives don't match any configuration option: {names}")
        # To Go's decoder null is no value: the setting stays what it was.
        options = {name: value for name, value in options.items() if value is not None}
        for name, kind in _KINDS.items():
            if name in options and not isinstance(options[name], kind):
                raise _refusal(path, _mismatch(name, options[name], kind))
        driver = options.get("storage-driver") or "overlay2"
        if driver in REMOVED:
            gone = f"[graphdriver] ERROR: the {driver} storage-driver has been deprecated and removed"
            raise refused_driver(f"{gone}; visit {DRIVERS_PAGE} for more information: {driver}")
        if driver not in DRIVERS:
            raise refused_driver(f"driver not supported: {driver}")
        return cls._of(options, driver)

    @classmethod
    def _of(cls, options: Mapping[str, Any], driver: str) -> DaemonConfig:
        return cls(
            experimental=options.get("experimental", False),
            debug=options.get("debug", False),
            storage_driver=driver,
            registry_mirrors=tuple(options.get("registry-mirrors", ())),
            insecure_registries=tuple(options.get("insecure-registries", ())),
            labels=tuple(options.get("labels", ())),
            log_driver=options.get("log-driver", "json-file"),
            root=options.get("data-root", "/var/lib/docker"),
            options=options,
        )


def refused_driver(reason: str) -> InvalidParameterError:
    """What dockerd ends with when it can't use a storage driver (moby, layer/layer_store.go)."""
    return InvalidParameterError(f"failed to start daemon: error initializing graphdriver: {reason}")


def _refusal(path: str, reason: str) -> InvalidParameterError:
    return InvalidParameterError(f"unable to configure the Docker daemon with file {path}: {reason}")


def _mismatch(name: str, value: object, kind: type) -> str:
    found = _JSON_KINDS.get(type(value), "null")
    return f"json: cannot unmarshal {found} into Go struct field Config.{name} of type {_GO_KINDS[kind]}"


def _read_object(text: str, path: str) -> dict[str, Any]:
    """The JSON object of a file; an empty file is no configuration. Errors in the words of Go's encoding/json."""
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise _refusal(path, json_fault(text, error)) from None
    if not isinstance(value, dict):
        kind = _JSON_KINDS.get(type(value), "null")
        raise _refusal(path, f"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}")
    return value


def json_fault(text: str, error: json.JSONDecodeError) -> str:
    """What Go's decoder says about the same fault (encoding/json, scanner.go)."""
    position = _offence(text, error)
    if position >= len(text.rstrip()):
        return "unexpected end of JSON input" if text.strip() else "EOF"
    character = text[position]
    shown = "'\\''" if character == "'" else "'\"'" if character == '"' else f"'{character}'"
    if character == "\n":
        shown = "'\\n'"
    return f"invalid character {shown} {_expectation(text, position, error.msg)}"


def _offence(text: str, error: json.JSONDecodeError) -> int:
    """Where Go would stop: Python names the trailing comma, Go the bracket that follows it."""
    position = error.pos
    if "trailing comma" in error.msg:
        position += 1
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _expectation(text: str, position: int, message: str) -> str:
    before = text[:position].rstrip()[-1:]
    if "property name" in message or "trailing comma" in message:
        return "looking for beginning of object key string" if before in "{," else "after object key"
    if "':' delimiter" in message:
        return "after object key"
    if "',' delimiter" in message:
        opener = _enclosing(text[:position])
        return "after array element" if opener == "[" else "after object key:value pair"
    if "Extra data" in message:
        return "after top-level value"
    if "Invalid control character" in message:
        return "in string literal"
    return "looking for beginning of value"


def _enclosing(text: str) -> str:
    """The bracket that is still open at the end of `text`, strings apart."""
    stack, in_string, escaped = ["{"], False, False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "{[":
            stack.append(character)
        elif character in "}]" and len(stack) > 1:
            stack.pop()
    return stack[-1]
