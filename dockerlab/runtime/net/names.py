"""How a name becomes an address: numbers, /etc/hosts, then the name server (nsswitch.conf: `hosts: files dns`)."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from dockerlab.errors import FileSystemError
from dockerlab.runtime.net.errors import HostError

if TYPE_CHECKING:
    from dockerlab.runtime.machine import Machine

LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}


def resolve(machine: Machine, name: str) -> str:
    """The address of a name as the programs of a machine see it; HostError where there is none."""
    if name in LOOPBACK:
        return LOOPBACK[name]
    if is_address(name):
        return name
    found = _in_file(machine, name) or (machine.hostname == name and "127.0.1.1") or machine.network.lookup(name)
    if not found:
        raise HostError(name)
    return found


def is_address(text: str) -> bool:
    """Whether a text is an address itself, of either version."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _in_file(machine: Machine, name: str) -> str:
    """What /etc/hosts says (hosts(5)): the first IPv4 address whose line has the name."""
    try:
        text = machine.fs.read("/etc/hosts").decode("utf-8", "replace")
    except FileSystemError:
        return ""
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    found = [words[0] for words in lines if name.lower() in (word.lower() for word in words[1:])]
    return next((address for address in found if ":" not in address), next(iter(found), ""))
