"""The texts of `docker info` and `docker version` (docker/cli, cli/command/system/{info,version}.go)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dockerlab.cli.units import bytes_size

_INFO_KEYS = ("Version", "DefaultAPIVersion", "GitCommit", "GoVersion", "Os", "Arch", "BuildTime", "Context")

CLIENT: Mapping[str, Any] = {
    "Version": "28.2.2",
    "ApiVersion": "1.50",
    "DefaultAPIVersion": "1.50",
    "GitCommit": "e6534b4",
    "GoVersion": "go1.24.3",
    "Os": "linux",
    "Arch": "amd64",
    "BuildTime": "Fri May 30 12:07:14 2025",
    "Context": "default",
}
"""The client whose output dockerlab prints."""

CLIENT_INFO: Mapping[str, Any] = {
    "Debug": False,
    **{key: CLIENT[key] for key in _INFO_KEYS},
    "Plugins": [],
    "Warnings": None,
}
"""What `docker info` has about the client."""

_VERSION_COLUMN = 20


def _cell(name: str, value: object) -> str:
    return f"{name}:".ljust(_VERSION_COLUMN) + str(value)


def version_text(client: Mapping[str, Any], server: Mapping[str, Any]) -> str:
    """`docker version`: the client, then each component of the server."""
    lines = ["Client:", *_client_lines(client), "", f"Server: {server['Platform']['Name']}".rstrip()]
    for component in server["Components"]:
        lines += [f" {component['Name']}:", *_component_lines(component)]
    return "\n".join(lines) + "\n"


def _client_lines(client: Mapping[str, Any]) -> Iterator[str]:
    yield _cell(" Version", client["Version"])
    yield _cell(" API version", client["ApiVersion"])
    yield _cell(" Go version", client["GoVersion"])
    yield _cell(" Git commit", client["GitCommit"])
    yield _cell(" Built", client["BuildTime"])
    yield _cell(" OS/Arch", f"{client['Os']}/{client['Arch']}")
    yield _cell(" Context", client["Context"])


def _component_lines(component: Mapping[str, Any]) -> Iterator[str]:
    details = component["Details"]
    yield _cell("  Version", component["Version"])
    if component["Name"] != "Engine":
        yield _cell("  GitCommit", details.get("GitCommit", ""))
        return
    yield _cell("  API version", f"{details['ApiVersion']} (minimum version {details['MinAPIVersion']})")
    yield _cell("  Go version", details["GoVersion"])
    yield _cell("  Git commit", details["GitCommit"])
    yield _cell("  Built", details["BuildTime"])
    yield _cell("  OS/Arch", f"{details['Os']}/{details['Arch']}")
    yield _cell("  Experimental", details["Experimental"])


def info_text(info: Mapping[str, Any]) -> str:
    """`docker info`: the client, then what the daemon says of itself."""
    lines = [
        "Client:",
        f" Version:    {CLIENT['Version']}",
        f" Context:    {CLIENT['Context']}",
        " Debug Mode: false",
        "",
        "Server:",
        *(" " + line for line in _server_lines(info)),
        "",
    ]
    return "\n".join(lines) + "\n"


def _server_lines(info: Mapping[str, Any]) -> Iterator[str]:
    yield from _count_lines(info)
    yield f"Storage Driver: {info['Driver']}"
    yield from (f" {name}: {value}" for name, value in info["DriverStatus"] or ())
    yield f"Logging Driver: {info['LoggingDriver']}"
    yield f"Cgroup Driver: {info['CgroupDriver']}"
    yield f"Cgroup Version: {info['CgroupVersion']}"
    yield from _plugin_lines(info["Plugins"])
    yield f"Swarm: {info['Swarm']['LocalNodeState']}"
    yield from _runtime_lines(info)
    yield from _security_lines(info["SecurityOptions"] or ())
    yield from _machine_lines(info)
    yield from _setting_lines(info)


def _count_lines(info: Mapping[str, Any]) -> Iterator[str]:
    yield f"Containers: {info['Containers']}"
    yield from (f" {state}: {info['Containers' + state]}" for state in ("Running", "Paused", "Stopped"))
    yield f"Images: {info['Images']}"
    yield f"Server Version: {info['ServerVersion']}"


def _plugin_lines(plugins: Mapping[str, Sequence[str] | None]) -> Iterator[str]:
    yield "Plugins:"
    for kind in ("Volume", "Network", "Authorization", "Log"):
        names = plugins.get(kind)
        if names or kind != "Authorization":
            yield f" {kind}: {' '.join(names or ())}"


def _runtime_lines(info: Mapping[str, Any]) -> Iterator[str]:
    yield "Runtimes: " + " ".join(sorted(info["Runtimes"]))
    yield f"Default Runtime: {info['DefaultRuntime']}"
    yield f"Init Binary: {info['InitBinary']}"
    for name, key in (("containerd", "ContainerdCommit"), ("runc", "RuncCommit"), ("init", "InitCommit")):
        yield f"{name} version: {info[key]['ID']}"


def _security_lines(options: Sequence[str]) -> Iterator[str]:
    if options:
        yield "Security Options:"
    for option in options:
        fields = dict(part.partition("=")[::2] for part in option.split(","))
        yield f" {fields.get('name', option)}"
        yield from (f"  {key.capitalize()}: {value}" for key, value in fields.items() if key != "name")


def _machine_lines(info: Mapping[str, Any]) -> Iterator[str]:
    yield f"Kernel Version: {info['KernelVersion']}"
    yield f"Operating System: {info['OperatingSystem']}"
    yield f"OSType: {info['OSType']}"
    yield f"Architecture: {info['Architecture']}"
    yield f"CPUs: {info['NCPU']}"
    yield f"Total Memory: {bytes_size(info['MemTotal'])}"
    yield f"Name: {info['Name']}"
    yield f"ID: {info['ID']}"
    yield f"Docker Root Dir: {info['DockerRootDir']}"


def _setting_lines(info: Mapping[str, Any]) -> Iterator[str]:
    yield f"Debug Mode: {_go_bool(info['Debug'])}"
    yield from _listed("Labels", info.get("Labels") or ())
    yield f"Experimental: {_go_bool(info['ExperimentalBuild'])}"
    registries = info.get("RegistryConfig") or {}
    indexes = registries.get("IndexConfigs") or {}
    insecure = [name for name, index in sorted(indexes.items()) if not index.get("Secure", True)]
    yield from _listed("Insecure Registries", [*insecure, *(registries.get("InsecureRegistryCIDRs") or ())])
    yield from _listed("Registry Mirrors", registries.get("Mirrors") or ())
    yield f"Live Restore Enabled: {_go_bool(info['LiveRestoreEnabled'])}"


def _listed(title: str, values: Sequence[str]) -> Iterator[str]:
    if values:
        yield f"{title}:"
        yield from (f" {value}" for value in values)


def _go_bool(value: object) -> str:
    return "true" if value else "false"
