"""The PORTS column of `docker ps` (docker/cli, cli/command/formatter, DisplayablePorts)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any


def displayable_ports(ports: Sequence[Mapping[str, Any]] | None) -> str:
    """'0.0.0.0:80-82->80-82/tcp, 9000/udp': neighbouring ports in ranges, mappings to other ports one by one."""
    ranges: dict[str, list[int]] = {}
    shown: list[str] = []
    mapped: list[str] = []
    for port in sorted(ports or (), key=_order):
        private, public = int(port["PrivatePort"]), int(port.get("PublicPort") or 0)
        address = str(port.get("IP") or "")
        key = str(port["Type"])
        if address:
            if public != private:
                mapped.append(f"{_host(address)}:{public}->{private}/{key}")
                continue
            key = f"{address}/{key}"
        _extend(ranges, shown, key, private)
    shown += [_range(key, first, last) for key, (first, last) in ranges.items()]
    return ", ".join(shown + mapped)


def _extend(ranges: dict[str, list[int]], shown: list[str], key: str, port: int) -> None:
    """Lengthen the open range of a key, or show it and open another."""
    current = ranges.get(key)
    if current and current[1] == port - 1:
        current[1] = port
        return
    if current:
        shown.append(_range(key, *current))
    ranges[key] = [port, port]


def _order(port: Mapping[str, Any]) -> tuple[int, tuple[int, int], int, str]:
    return int(port["PrivatePort"]), _address_order(port), int(port.get("PublicPort") or 0), str(port["Type"])


def _address_order(port: Mapping[str, Any]) -> tuple[int, int]:
    """No address first, then version 4, then version 6."""
    if not port.get("IP"):
        return 0, 0
    address = ipaddress.ip_address(port["IP"])
    return address.version, int(address)


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _range(key: str, first: int, last: int) -> str:
    address, slash, kind = key.rpartition("/")
    group = str(first) if first == last else f"{first}-{last}"
    if slash:
        group = f"{_host(address)}:{group}->{group}"
    return f"{group}/{kind}"
