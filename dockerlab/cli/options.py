"""`docker run` and `docker create`: flags and arguments to the body of the API's create request.

Follows docker/cli, cli/command/container/opts.go at 28.2.2 in what it refuses, with which words and in which order.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dockerlab.cli.numbers import OptionError
from dockerlab.cli.options_endpoints import check_mac, endpoints, network_mode
from dockerlab.cli.options_files import read_pairs
from dockerlab.cli.options_ports import parse_expose, parse_publish
from dockerlab.cli.options_resources import parse_health, parse_restart, resources
from dockerlab.cli.options_volumes import parse_volume
from dockerlab.cli.parser import Invocation
from dockerlab.engine.config import json_fault
from dockerlab.errors import CommandError
from dockerlab.oci.golang import quote

Json = dict[str, Any]
Reader = Callable[[str], bytes]
"""The bytes of a host file; raises CommandError."""


def container_body(
    args: Invocation, read_file: Reader, *, env: Mapping[str, str] | None = None, cwd: str = "/"
) -> Json:
    """The container's configuration with HostConfig and NetworkingConfig in it.

    `env` is the client's environment (for names alone in an --env-file), `cwd` what -v ./x is relative to.
    """
    flags = args.flags
    check_mac(flags["mac-address"])
    limits = resources(flags)
    binds, volumes = _volumes(flags["volume"], cwd)
    bindings = parse_publish(flags["publish"])
    ports = [*bindings, *parse_expose(flags["expose"])]
    config = _config(args, read_file, env or {})
    config |= {"ExposedPorts": {port: {} for port in ports}, "Volumes": {path: {} for path in volumes}}
    host = _host(flags, args.changed, read_file)
    host |= {"Binds": binds or None, "PortBindings": bindings, **limits}
    if flags.get("rm") and host["RestartPolicy"]["Name"] not in {"", "no"}:
        raise OptionError("conflicting options: cannot specify both --restart and --rm")
    networking = {"EndpointsConfig": endpoints(flags)}
    return {**config, "HostConfig": host, "NetworkingConfig": networking}


def _volumes(specs: Iterable[str], cwd: str) -> tuple[list[str], list[str]]:
    """(binds, anonymous volumes) of all -v; relative host paths become absolute."""
    binds: list[str] = []
    anonymous: list[str] = []
    for spec in dict.fromkeys(specs):
        volume = parse_volume(spec)
        if not volume.source:
            anonymous.append(spec)
        elif volume.type == "bind" and spec.startswith("."):
            source, _, rest = spec.partition(":")
            binds.append(f"{posixpath.normpath(posixpath.join(cwd, source))}:{rest}")
        else:
            binds.append(spec)
    return binds, anonymous


def _config(args: Invocation, read_file: Reader, env: Mapping[str, str]) -> Json:
    flags = args.flags
    image, *command = args.args or [""]
    stdin = bool(flags["interactive"])
    attached = set(flags["attach"]) or {"stdout", "stderr"}
    config: Json = {
        "Hostname": flags["hostname"],
        "Domainname": flags["domainname"],
        "User": flags["user"],
        "AttachStdin": stdin or "stdin" in attached,
        "AttachStdout": "stdout" in attached,
        "AttachStderr": "stderr" in attached,
        "Tty": bool(flags["tty"]),
        "OpenStdin": stdin,
        "StdinOnce": stdin,
        "Env": [*read_pairs(read_file, flags["env-file"], env.get), *flags["env"]],
        "Cmd": command or None,
        "Image": image,
        "WorkingDir": flags["workdir"],
        "Entrypoint": _entrypoint(args),
        "Labels": pairs_of([*read_pairs(read_file, flags["label-file"]), *flags["label"]]),
        "StopSignal": flags["stop-signal"],
        "MacAddress": flags["mac-address"],
        "Healthcheck": parse_health(flags),
    }
    if "stop-timeout" in args.changed:
        config["StopTimeout"] = flags["stop-timeout"]
    return config


def _entrypoint(args: Invocation) -> list[str] | None:
    """--entrypoint=x; with an empty text the image's own is cleared."""
    return [args["entrypoint"]] if "entrypoint" in args.changed else None


def pairs_of(texts: Iterable[str]) -> dict[str, str]:
    """'a=1' and 'b' as {'a': '1', 'b': ''}."""
    return {name: value for name, _, value in (text.partition("=") for text in texts)}


UNCONFINED = "systempaths=unconfined"
"""A security option that the client itself turns into settings."""

_MODES = (
    ("pid", "PidMode", "PID", ("host",)),
    ("uts", "UTSMode", "UTS", ("host",)),
    ("userns", "UsernsMode", "USER", ("host",)),
    ("cgroupns", "CgroupnsMode", "CGROUP", ("host", "private")),
)
"""Flag, field, name in errors, and words that are allowed."""


def _host(flags: Mapping[str, Any], changed: frozenset[str], read_file: Reader) -> Json:
    host: Json = {
        "ContainerIDFile": flags["cidfile"],
        "OomScoreAdj": flags["oom-score-adj"],
        "AutoRemove": bool(flags.get("rm", False)),
        "Privileged": bool(flags["privileged"]),
        "Links": list(flags["link"]),
        "PublishAllPorts": bool(flags["publish-all"]),
        "Dns": list(flags["dns"]),
        "DnsSearch": list(flags["dns-search"]),
        "DnsOptions": [*flags["dns-option"], *flags.get("dns-opt", ())],
        "ExtraHosts": list(flags["add-host"]) or None,
        "VolumesFrom": list(flags["volumes-from"]) or None,
        "IpcMode": flags["ipc"],
        "NetworkMode": network_mode(flags),
        "CapAdd": list(flags["cap-add"]) or None,
        "CapDrop": list(flags["cap-drop"]) or None,
        "GroupAdd": list(flags["group-add"]) or None,
        "ReadonlyRootfs": bool(flags["read-only"]),
        "VolumeDriver": flags["volume-driver"],
        "Isolation": flags["isolation"],
        "ShmSize": flags["shm-size"],
        "Tmpfs": {path: options for path, _, options in (text.partition(":") for text in flags["tmpfs"])},
        "Sysctls": dict(flags["sysctl"]),
        "Runtime": flags["runtime"],
        "Mounts": list(flags["mount"]),
        "Annotations": dict(flags["annotation"]),
        "ConsoleSize": [0, 0],
    }
    options = flags["security-opt"]
    host |= {field: _mode(flags[flag], flag, name, words) for flag, field, name, words in _MODES}
    host |= {
        "RestartPolicy": parse_restart(flags["restart"]),
        "LogConfig": _logging(flags),
        "SecurityOpt": [_security(text, read_file) for text in options if text != UNCONFINED] or None,
        "StorageOpt": _storage(flags["storage-opt"]),
    }
    if UNCONFINED in options:
        host |= {"MaskedPaths": [], "ReadonlyPaths": []}
    if "init" in changed:
        host["Init"] = flags["init"]
    return host


def _mode(text: str, flag: str, name: str, words: tuple[str, ...]) -> str:
    if not text or text in words or (flag == "pid" and re.fullmatch("container:.+", text)):
        return text
    raise OptionError(f"--{flag}: invalid {name} mode")


def _logging(flags: Mapping[str, Any]) -> Json:
    driver, options = flags["log-driver"], flags["log-opt"]
    if driver == "none" and options:
        raise OptionError(f"invalid logging opts for driver {driver}")
    return {"Type": driver, "Config": pairs_of(options)}


def _security(text: str, read_file: Reader) -> str:
    """A security option; the profile of seccomp=FILE is sent along."""
    name, equals, value = text.partition("=")
    if not equals and name != "no-new-privileges":
        name, equals, value = text.partition(":")
        if not equals:
            raise OptionError(f"Invalid --security-opt: {quote(text)}")
    if name != "seccomp" or value in {"unconfined", "builtin"}:
        return text
    try:
        profile = read_file(value)
    except CommandError as error:
        raise OptionError(f"opening seccomp profile ({value}) failed: {error}") from error
    text = profile.decode("utf-8", "replace")
    try:
        return f"seccomp={json.dumps(json.loads(text), separators=(',', ':'), ensure_ascii=False)}"
    except json.JSONDecodeError as error:
        raise OptionError(f"compacting json for seccomp profile ({value}) failed: {json_fault(text, error)}") from error


def _storage(options: Iterable[str]) -> dict[str, str]:
    for option in options:
        if "=" not in option:
            raise OptionError("invalid storage option")
    return pairs_of(options)
