"""The texts of `docker version` and `docker info` (docker/cli's golden docker-info-no-swarm; client 28.2.2)."""

from __future__ import annotations

from typing import Any

from dockerlab.cli.information import client_version, info_text, version_text
from dockerlab.release import DOCKER_28

CLIENT = client_version(DOCKER_28.client)

ENGINE = {
    "Name": "Engine",
    "Version": "28.2.2",
    "Details": {
        "ApiVersion": "1.50", "MinAPIVersion": "1.24", "GoVersion": "go1.24.3", "GitCommit": "45873be",
        "BuildTime": "Fri May 30 12:07:26 2025", "Os": "linux", "Arch": "amd64", "Experimental": "false",
    },
}  # fmt: skip
INFO: dict[str, Any] = {
    "Containers": 2, "ContainersRunning": 1, "ContainersPaused": 0, "ContainersStopped": 1, "Images": 3,
    "ServerVersion": "28.2.2", "Driver": "overlay2", "DriverStatus": [["Supports d_type", "true"]],
    "LoggingDriver": "json-file", "CgroupDriver": "systemd", "CgroupVersion": "2",
    "Plugins": {"Volume": ["local"], "Network": ["bridge", "host"], "Authorization": None, "Log": ["json-file"]},
    "Swarm": {"LocalNodeState": "inactive"}, "Runtimes": {"runc": {}, "io.containerd.runc.v2": {}},
    "DefaultRuntime": "runc", "InitBinary": "docker-init", "ContainerdCommit": {"ID": "c1"},
    "RuncCommit": {"ID": "r1"}, "InitCommit": {"ID": "i1"}, "SecurityOptions": ["name=seccomp,profile=builtin"],
    "KernelVersion": "6.8.0", "OperatingSystem": "Debian", "OSType": "linux", "Architecture": "x86_64", "NCPU": 4,
    "MemTotal": 8 << 30, "Name": "lab", "ID": "X", "DockerRootDir": "/var/lib/docker", "Debug": False,
    "ExperimentalBuild": True, "LiveRestoreEnabled": False, "Labels": [],
    "RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8"], "IndexConfigs": {}, "Mirrors": []},
}  # fmt: skip


def test_version_stands_in_a_column() -> None:
    server = {"Platform": {"Name": ""}, "Components": [ENGINE]}
    lines = version_text(CLIENT, server).splitlines()
    assert lines[:2] == ["Client:", " Version:           28.2.2"]
    start = lines.index("Server:")
    assert lines[start + 1 : start + 4] == [
        " Engine:", "  Version:          28.2.2", "  API version:      1.50 (minimum version 1.24)",
    ]  # fmt: skip
    assert lines[-1] == "  Experimental:     false"


def test_info_is_indented_by_what_belongs_to_what() -> None:
    lines = info_text(INFO, CLIENT).splitlines()
    start = lines.index("Server:")
    assert lines[start + 1 : start + 9] == [
        " Containers: 2", "  Running: 1", "  Paused: 0", "  Stopped: 1", " Images: 3", " Server Version: 28.2.2",
        " Storage Driver: overlay2", "  Supports d_type: true",
    ]  # fmt: skip
    assert " Runtimes: io.containerd.runc.v2 runc" in lines
    assert lines[lines.index(" Security Options:") + 1 :][:2] == ["  seccomp", "   Profile: builtin"]
    assert " Total Memory: 8GiB" in lines
    assert lines[lines.index(" Insecure Registries:") + 1 :] == ["  127.0.0.0/8", " Live Restore Enabled: false", ""]


def test_info_leaves_out_what_is_not_set() -> None:
    """Asked of client 28.2.2, with a server that answers so."""
    more = {
        "CgroupVersion": "", "CDISpecDirs": ["/etc/cdi"], "HttpProxy": "http://p", "ProductLicense": "Community",
        "DefaultAddressPools": [{"Base": "10.0.0.0/8", "Size": 24}], "Debug": True, "NFd": 3, "NGoroutines": 5,
        "SystemTime": "now", "NEventsListener": 1,
    }  # fmt: skip
    text = info_text({**INFO, **more}, CLIENT)
    assert "Cgroup Version" not in text
    assert " CDI spec directories:\n  /etc/cdi\n Swarm: inactive\n" in text
    assert (
        " Debug Mode: true\n  File Descriptors: 3\n  Goroutines: 5\n  System Time: now\n  EventsListeners: 1\n" in text
    )
    assert "\n HTTP Proxy: http://p\n" in text
    assert text.endswith(" Product License: Community\n Default Address Pools:\n   Base: 10.0.0.0/8, Size: 24\n\n")


def test_without_a_server_there_is_only_the_client() -> None:
    """Client 28.2.2 without a daemon."""
    assert version_text(CLIENT, None).splitlines()[-1] == " Context:           default"
    assert info_text(None, CLIENT).endswith(" Debug Mode: false\n\nServer:\n")
