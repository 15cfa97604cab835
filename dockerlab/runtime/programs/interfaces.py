"""ip, ifconfig, netstat, ss: what a machine's network namespace looks like from inside (iproute2, net-tools)."""

from __future__ import annotations

import ipaddress

from dockerlab.runtime.capabilities import Capability
from dockerlab.runtime.net.sockets import Listener
from dockerlab.runtime.net.stack import Interface
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

LOOPBACK_LINES = (
    "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue {more}qlen 1000",
    "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
    "    inet 127.0.0.1/8 scope host lo",
    "       valid_lft forever preferred_lft forever",
)
CHANGES = frozenset("add append change del delete flush replace set".split())
FLAGS = "<BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN>"


@program("ip", raw=True)
def ip(proc: Process, args: Arguments) -> int:
    """Addresses, links or routes."""
    words = [word for word in args.operands if not word.startswith("-")]
    what = words[0] if words else ""
    if words[1:] and words[1] in CHANGES:
        return _refuse_change(proc, flags=words[1] == "set")
    if what and any(name.startswith(what) for name in ("address", "addr", "link")):
        brief = any(word in {"-br", "-brief"} for word in args.operands)
        proc.out(_brief(proc) if brief else _addresses(proc, with_inet="link".startswith(what) is False))
    elif what and "route".startswith(what):
        proc.out(_routes(proc))
    elif what and "neighbour".startswith(what):
        proc.out("")
    else:
        known = "{ address | link | route | neigh }"
        proc.err(
            f'Object "{what}" is unknown, try "ip help".\n' if what else f"Usage: ip [ OPTIONS ] OBJECT\n  {known}\n"
        )
        return 1 if what else 255
    return 0


def _refuse_change(proc: Process, *, flags: bool) -> int:
    """To change the network takes NET_ADMIN; the lab's networks are docker's to change."""
    if proc.capable(Capability.NET_ADMIN):
        return complain(proc, "dockerlab does not simulate changes of a network", 2)
    if not is_busybox(proc):
        proc.err("RTNETLINK answers: Operation not permitted\n")
        return 2
    return complain(proc, f"{'SIOCSIFFLAGS' if flags else 'RTNETLINK answers'}: Operation not permitted", 2)


def _number(position: int) -> int:
    """Interface numbers as containers have them: the loopback is 1, the first network card 2."""
    return position + 2


def _addresses(proc: Process, *, with_inet: bool) -> str:
    more = "" if is_busybox(proc) else "state UNKNOWN group default "
    lines = [line.format(more=more) for line in LOOPBACK_LINES]
    for position, each in enumerate(proc.machine.network.interfaces):
        peer = f"@if{_number(position) + 100}" if each.name.startswith("eth") else ""
        state = "" if is_busybox(proc) else "state UP group default "
        lines += [
            f"{_number(position)}: {each.name}{peer}: {FLAGS} mtu 1500 qdisc noqueue {state}",
            f"    link/ether {each.mac or '02:42:00:00:00:01'} brd ff:ff:ff:ff:ff:ff",
            f"    inet {each.address}/{each.prefix} brd {_broadcast(each)} scope global {each.name}",
            "       valid_lft forever preferred_lft forever",
        ]
    if not with_inet:
        lines = [line for line in lines if not line.startswith(("    inet", "       valid"))]
    return "".join(f"{line}\n" for line in lines)


def _broadcast(interface: Interface) -> str:
    return str(ipaddress.ip_network(interface.link.subnet).broadcast_address)


def _brief(proc: Process) -> str:
    rows = [("lo", "UNKNOWN", "127.0.0.1/8")]
    rows += [(each.name, "UP", f"{each.address}/{each.prefix}") for each in proc.machine.network.interfaces]
    return "".join(f"{name:<16} {state:<14} {address} \n" for name, state, address in rows)


def _routes(proc: Process) -> str:
    stack = proc.machine.network
    ways = [each for each in stack.interfaces if not each.link.internal]
    first = [f"default via {_gateway(ways[0])} dev {ways[0].name} "] if ways and stack.gateway else []
    rest = [
        f"{each.link.subnet} dev {each.name} proto kernel scope link src {each.address} " for each in stack.interfaces
    ]
    return "".join(f"{line}\n" for line in first + rest)


def _gateway(interface: Interface) -> str:
    return str(next(ipaddress.ip_network(interface.link.subnet).hosts()))


@program("ifconfig", raw=True)
def ifconfig(proc: Process, args: Arguments) -> int:
    """The interfaces in the older form."""
    if len(args.operands) > 1:
        if proc.capable(Capability.NET_ADMIN):
            return complain(proc, "dockerlab does not simulate changes of a network")
        return complain(proc, "SIOCSIFFLAGS: Operation not permitted")
    stack = proc.machine.network
    text = ""
    for each in stack.interfaces:
        mask = ipaddress.ip_network(each.link.subnet).netmask
        text += (
            f"{each.name:<9} Link encap:Ethernet  HWaddr {each.mac.upper()}  \n"
            f"          inet addr:{each.address}  Bcast:{_broadcast(each)}  Mask:{mask}\n"
            "          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n"
            f"          RX bytes:{stack.traffic.received}  TX bytes:{stack.traffic.sent}\n\n"
        )
    text += "lo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n"
    proc.out(f"{text}          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n")
    return 0


@program("netstat", raw=True)
def netstat(proc: Process, args: Arguments) -> int:
    """Who listens, in netstat's columns."""
    letters = _letters(args)
    proc.out("Active Internet connections (only servers)\n")
    head = "Proto Recv-Q Send-Q Local Address           Foreign Address         State       "
    proc.out(f"{head}{'PID/Program name    ' if 'p' in letters else ''}\n")
    for each in _listeners(proc):
        local, owner = f"{each.address}:{each.port}", f"{each.pid}/{each.program}" if each.pid else "-"
        row = f"tcp        0      0 {local:<23} {'0.0.0.0:*':<23} LISTEN      "
        proc.out(f"{row}{f'{owner:<20}' if 'p' in letters else ''}\n")
    return 0


@program("ss", raw=True)
def ss(proc: Process, args: Arguments) -> int:
    """Who listens, in ss's columns."""
    letters = _letters(args)
    rows = [(f"{each.address}:{each.port}", each) for each in _listeners(proc)]
    width = max([len("Local Address:Port"), *(len(local) for local, _ in rows)])
    proc.out(f"State  Recv-Q Send-Q {'Local Address:Port':>{width}} Peer Address:PortProcess\n")
    for local, each in rows:
        owner = f'users:(("{each.program}",pid={each.pid},fd=3))' if "p" in letters and each.pid else ""
        proc.out(f"LISTEN 0      511    {local:>{width}}      0.0.0.0:*    {owner}\n")
    return 0


def _letters(args: Arguments) -> str:
    return "".join(word.lstrip("-") for word in args.operands if word.startswith("-") and not word.startswith("--"))


def _listeners(proc: Process) -> list[Listener]:
    return sorted(proc.machine.network.listeners.values(), key=lambda each: each.port)


@program("route", raw=True)
def route(proc: Process, args: Arguments) -> int:
    """The routes in the older form."""
    proc.out("Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n")
    for each in proc.machine.network.interfaces:
        network = ipaddress.ip_network(each.link.subnet)
        if proc.machine.network.gateway and not each.link.internal:
            proc.out(f"{'0.0.0.0':<16}{_gateway(each):<16}{'0.0.0.0':<16}UG    0      0        0 {each.name}\n")
        zone = str(network.network_address)
        proc.out(f"{zone:<16}{'0.0.0.0':<16}{network.netmask!s:<16}U     0      0        0 {each.name}\n")
    return 0
