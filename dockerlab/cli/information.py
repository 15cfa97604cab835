"""The texts of `docker info` and `docker version` (docker/cli, cli/command/system/{info,version}.go)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dockerlab.cli.units import bytes_size
from dockerlab.release import Build

_INFO_KEYS = ("Version", "DefaultAPIVersion", "GitCommit", "GoVersion", "Os", "Arch", "BuildTime", "Context")


def client_version(build: Build) -> dict[str, Any]:
    """What `docker version` has about the client."""
    return {
        "Version": build.version,
        "ApiVersion": build.api,
        "DefaultAPIVersion": build.api,
        "GitCommit": build.commit,
        "GoVersion": build.go,
        "Os": "linux",
        "Arch": "amd64",
        "BuildTime": build.built,
        "Context": "default",
    }


def client_info(build: Build) -> dict[str, Any]:
    """What `docker info` has about the client."""
    told = client_version(build)
    return {"Debug": False, **{key: told[key] for key in _INFO_KEYS}, "Plugins": [], "Warnings": None}


_VERSION_COLUMN = 20


def _cell(name: str, value: object) -> str:
    return f"{name}:".ljust(_VERSION_COLUMN) + str(value)


def version_text(client: Mapping[str, Any], server: Mapping[str, Any] | None) -> str:
    """`docker version`: the client, then each component of the server, if there is one."""
    lines = ["Client:", *_client_lines(client)]
    if server is None:
        return "\n".join(lines) + "\n"
    lines += ["", f"Server: {server['Platform']['Name']}".rstrip()]
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


def info_text(info: Mapping[str, Any] | None, client: Mapping[str, Any]) -> str:
    """`docker info`: the client, then what the daemon says of itself, if there is one."""
    lines = [
        "Client:",
        f" Version:    {client['Version']}",
        f" Context:    {client['Context']}",
        " Debug Mode: false",
        "",
        "Server:",
        *((" " + line for line in _server_lines(info)) if info else ()),
        *([""] if info else ()),
    ]
    return "\n".join(lines) + "\n"


def _server_lines(info: Mapping[str, Any]) -> Iterator[str]:
    yield from _count_lines(info)
    yield f"Storage Driver: {info['Driver']}"
    yield from (f" {name}: {value}" for name, value in info["DriverStatus"] or ())
    yield from _set(info, ("Logging Driver", "LoggingDriver"), ("Cgroup Driver", "CgroupDriver"))
    yield from _set(info, ("Cgroup Version", "CgroupVersion"))
    yield from _plugin_lines(info["Plugins"])
    yield from _listed("CDI spec directories", info.get("CDISpecDirs") or ())
    yield f"Swarm: {info['Swarm']['LocalNodeState']}"
    yield from _runtime_lines(info)
    yield from _security_lines(info["SecurityOptions"] or ())
    yield from _machine_lines(info)
    yield from _setting_lines(info)


def _set(info: Mapping[str, Any], *lines: tuple[str, str]) -> Iterator[str]:
    """Lines of a title and a field; those without a value are left out."""
    yield from (f"{title}: {info[key]}" for title, key in lines if info.get(key))


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
    yield from _set(info, ("Kernel Version", "KernelVersion"), ("Operating System", "OperatingSystem"))
    yield from _set(info, ("OSType", "OSType"), ("Architecture", "Architecture"))
    yield f"CPUs: {info['NCPU']}"
    yield f"Total Memory: {bytes_size(info['MemTotal'])}"
    yield from _set(info, ("Name", "Name"), ("ID", "ID"))
    yield f"Docker Root Dir: {info['DockerRootDir']}"


_DEBUG = (("File Descriptors", "NFd"), ("Goroutines", "NGoroutines"), ("System Time", "SystemTime"))


def _setting_lines(info: Mapping[str, Any]) -> Iterator[str]:
    yield f"Debug Mode: {_go_bool(info['Debug'])}"
    if info["Debug"]:
        yield from (f" {title}: {info[key]}" for title, key in (*_DEBUG, ("EventsListeners", "NEventsListener")))
    yield from _set(info, ("HTTP Proxy", "HttpProxy"), ("HTTPS Proxy", "HttpsProxy"), ("No Proxy", "NoProxy"))
    yield from _listed("Labels", info.get("Labels") or ())
    yield f"Experimental: {_go_bool(info['ExperimentalBuild'])}"
    yield from _registry_lines(info.get("RegistryConfig") or {})
    yield f"Live Restore Enabled: {_go_bool(info['LiveRestoreEnabled'])}"
    yield from _set(info, ("Product License", "ProductLicense"))
    pools = info.get("DefaultAddressPools") or ()
    yield from _listed("Default Address Pools", [f" Base: {pool['Base']}, Size: {pool['Size']}" for pool in pools])
    if firewall := info.get("FirewallBackend"):
        yield f"Firewall Backend: {firewall['Driver']}"


def _registry_lines(registries: Mapping[str, Any]) -> Iterator[str]:
    indexes = registries.get("IndexConfigs") or {}
    insecure = [name for name, index in sorted(indexes.items()) if not index.get("Secure", True)]
    yield from _listed("Insecure Registries", [*insecure, *(registries.get("InsecureRegistryCIDRs") or ())])
    yield from _listed("Registry Mirrors", registries.get("Mirrors") or ())


def _listed(title: str, values: Sequence[str]) -> Iterator[str]:
    if values:
        yield f"{title}:"
        yield from (f" {value}" for value in values)


def _go_bool(value: object) -> str:
    return "true" if value else "false"
