"""What an image or a container runs: moby's container.Config and HealthConfig, field for field.

`to_json` writes moby's own order with its omitempty rules; `to_oci_json` what BuildKit writes into an image, whose
struct starts as the one of OCI image-spec, config.md and goes on with Docker's additions. Go tells a nil list from an
empty one (`null` from `[]`), and the difference is in the bytes that an image ID is the digest of: NIL and NIL_MAP are
the nil ones, and otherwise as good as any empty tuple and mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from dockerlab.oci import fields

Json = dict[str, Any]


class _Nil(tuple[str, ...]):
    """The type of NIL."""

    __slots__ = ()


NIL: tuple[str, ...] = _Nil()
"""Go's nil list: empty, written as null."""

NIL_MAP: Mapping[str, str] = MappingProxyType({})
"""Go's nil map: empty, written as null."""


@dataclass(frozen=True, slots=True)
class Healthcheck:
    """How a container is asked whether it is well; times in nanoseconds, 0 where inherited."""

    test: tuple[str, ...] | None = None
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0

    def to_json(self) -> Json:
        """As moby writes it: zero values are left out."""
        named = {
            "Test": list(self.test or ()),
            "Interval": self.interval,
            "Timeout": self.timeout,
            "StartPeriod": self.start_period,
            "StartInterval": self.start_interval,
            "Retries": self.retries,
        }
        return {key: value for key, value in named.items() if value}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> Healthcheck:
        """Read moby's form."""
        names = ("Interval", "Timeout", "StartPeriod", "StartInterval", "Retries")
        return Healthcheck(fields.texts(document, "Test"), *(fields.number(document, name) for name in names))


@dataclass(frozen=True)
class ContainerConfig:
    """What to run and how; a container's own, or what an image gives to its containers."""

    hostname: str = ""
    domainname: str = ""
    user: str = ""
    attach_stdin: bool = False
    attach_stdout: bool = False
    attach_stderr: bool = False
    exposed_ports: tuple[str, ...] = ()
    tty: bool = False
    open_stdin: bool = False
    stdin_once: bool = False
    env: tuple[str, ...] = NIL
    cmd: tuple[str, ...] | None = None
    healthcheck: Healthcheck | None = None
    args_escaped: bool = False
    image: str = ""
    volumes: tuple[str, ...] = NIL
    working_dir: str = ""
    entrypoint: tuple[str, ...] | None = None
    network_disabled: bool = False
    mac_address: str = ""
    on_build: tuple[str, ...] | None = None
    labels: Mapping[str, str] = field(default_factory=lambda: NIL_MAP, hash=False)
    stop_signal: str = ""
    stop_timeout: int | None = None
    shell: tuple[str, ...] | None = None

    def to_json(self) -> Json:
        """As moby writes it: its order, its omitempty, nil as null."""
        return {
            "Hostname": self.hostname,
            "Domainname": self.domainname,
            "User": self.user,
            "AttachStdin": self.attach_stdin,
            "AttachStdout": self.attach_stdout,
            "AttachStderr": self.attach_stderr,
            **_if_set(ExposedPorts=_set(self.exposed_ports)),
            "Tty": self.tty,
            "OpenStdin": self.open_stdin,
            "StdinOnce": self.stdin_once,
            "Env": _list(self.env),
            "Cmd": _list(self.cmd),
            **self._check_json(),
            "Image": self.image,
            "Volumes": _set(self.volumes),
            "WorkingDir": self.working_dir,
            "Entrypoint": _list(self.entrypoint),
            **_if_set(NetworkDisabled=self.network_disabled, MacAddress=self.mac_address),
            "OnBuild": _list(self.on_build),
            "Labels": _map(self.labels),
            **self._stop_json(),
        }

    def to_oci_json(self) -> Json:
        """As BuildKit writes it into an image: only what is set, except for OnBuild."""
        return {
            **_if_set(
                User=self.user,
                ExposedPorts=_set(self.exposed_ports),
                Env=_list(self.env),
                Entrypoint=_list(self.entrypoint),
                Cmd=_list(self.cmd),
                Volumes=_set(self.volumes),
                WorkingDir=self.working_dir,
                Labels=_map(self.labels),
                StopSignal=self.stop_signal,
            ),
            **self._check_json(),
            "OnBuild": _list(self.on_build),
            **{key: value for key, value in self._stop_json().items() if key != "StopSignal"},
        }

    def _check_json(self) -> Json:
        check = {} if self.healthcheck is None else {"Healthcheck": self.healthcheck.to_json()}
        return {**check, **_if_set(ArgsEscaped=self.args_escaped)}

    def _stop_json(self) -> Json:
        timeout = {} if self.stop_timeout is None else {"StopTimeout": self.stop_timeout}
        return {**_if_set(StopSignal=self.stop_signal), **timeout, **_if_set(Shell=_list(self.shell))}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> ContainerConfig:
        """Read moby's form or BuildKit's; fields that are missing get Go's zero values."""
        texts, flags = _named(document, _TEXTS, fields.text), _named(document, _FLAGS, fields.flag)
        lists = _named(document, _LISTS, fields.texts)
        check = document.get("Healthcheck")
        labels, volumes = fields.text_map(document, "Labels"), fields.keys(document, "Volumes")
        env = fields.texts(document, "Env")
        return ContainerConfig(
            **texts,
            **flags,
            **lists,
            env=NIL if env is None else env,
            exposed_ports=fields.keys(document, "ExposedPorts") or (),
            healthcheck=None if check is None else Healthcheck.from_json(fields.checked(check, dict, "Healthcheck")),
            volumes=NIL if volumes is None else volumes,
            labels=NIL_MAP if labels is None else labels,
            stop_timeout=None if document.get("StopTimeout") is None else fields.number(document, "StopTimeout"),
        )


_TEXTS = {
    "hostname": "Hostname",
    "domainname": "Domainname",
    "user": "User",
    "image": "Image",
    "working_dir": "WorkingDir",
    "mac_address": "MacAddress",
    "stop_signal": "StopSignal",
}
_FLAGS = {
    "attach_stdin": "AttachStdin",
    "attach_stdout": "AttachStdout",
    "attach_stderr": "AttachStderr",
    "tty": "Tty",
    "open_stdin": "OpenStdin",
    "stdin_once": "StdinOnce",
    "args_escaped": "ArgsEscaped",
    "network_disabled": "NetworkDisabled",
}
_LISTS = {"cmd": "Cmd", "entrypoint": "Entrypoint", "on_build": "OnBuild", "shell": "Shell"}


def _named(document: Mapping[str, Any], names: Mapping[str, str], read: Any) -> Json:
    return {ours: read(document, theirs) for ours, theirs in names.items()}


def _if_set(**values: Any) -> Json:
    """Go's omitempty: without false, '', 0, and lists and maps that hold nothing."""
    return {key: value for key, value in values.items() if value}


def _list(items: tuple[str, ...] | None) -> list[str] | None:
    return None if items is None or items is NIL else list(items)


def _set(items: Iterable[str]) -> Json | None:
    """A Go set, sorted as a Go map is written."""
    return None if items is NIL else {item: {} for item in sorted(items)}


def _map(labels: Mapping[str, str]) -> Json | None:
    return None if labels is NIL_MAP else {key: labels[key] for key in sorted(labels)}
