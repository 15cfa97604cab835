"""`docker network` but for its listing: create, rm, connect, disconnect (docker/cli, cli/command/network)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.context import Context
from dockerlab.cli.errors import worded
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError, DockerlabError, NotFoundError

Json = dict[str, Any]


def create(ctx: Context, args: Invocation) -> int:
    """`docker network create`: prints the ID."""
    body = {
        "Name": args.args[0],
        "Driver": args["driver"],
        "Options": _pairs(args["opt"]),
        "IPAM": {
            "Driver": args["ipam-driver"],
            "Options": _pairs(args["ipam-opt"]),
            "Config": ipam_config(args["subnet"], args["ip-range"], args["gateway"], _pairs(args["aux-address"])),
        },
        "Internal": bool(args["internal"]),
        "Attachable": bool(args["attachable"]),
        "EnableIPv6": bool(args["ipv6"]),
        "Labels": _labels(args["label"]),
    }
    ctx.line(ctx.engine.networks.create(body)["Id"])
    return 0


def _pairs(options: Any) -> dict[str, str]:
    """Options that were given as name=value, whether the parser has put them into a table or not."""
    if isinstance(options, dict):
        return dict(options)
    return {name: value for name, _, value in (option.partition("=") for option in options or ())}


def _labels(labels: Iterable[str]) -> dict[str, str]:
    return _pairs(list(labels))


def ipam_config(
    subnets: Sequence[str], ranges: Sequence[str], gateways: Sequence[str], others: dict[str, str]
) -> list[Json]:
    """The rows of IPAM.Config: each range, gateway and further address goes to the subnet that it lies in."""
    if len(subnets) < len(ranges) or len(subnets) < len(gateways):
        raise CommandError("every ip-range or gateway must have a corresponding subnet")
    rows: dict[str, Json] = {}
    for subnet in subnets:
        if rows:
            _check_network(subnet, "invalid subnet: ")
        if any(_overlap(subnet, other) for other in rows):
            raise CommandError("multiple overlapping subnet configuration is not supported")
        rows[subnet] = {"Subnet": subnet}
    for text in ranges:
        _check_network(text)
        _row_of(rows, text, "range", "IPRange", "ranges on")["IPRange"] = text
    for text in gateways:
        _row_of(rows, text, "gateway", "Gateway", "gateways for")["Gateway"] = text
    for name, address in others.items():
        _row_of(rows, address, "aux-address", "", "").setdefault("AuxiliaryAddresses", {})[name] = address
    return list(rows.values())


def _check_network(text: str, lead: str = "") -> None:
    """What the client looks at by itself; the first subnet it leaves to the daemon."""
    try:
        valid = "/" in text and ipaddress.ip_interface(text)
    except ValueError:
        valid = False
    if not valid:
        raise CommandError(f"{lead}invalid CIDR address: {text}")


def _row_of(rows: dict[str, Json], text: str, what: str, taken: str, plural: str) -> Json:
    """The subnet that an address or a range lies in."""
    for subnet, row in rows.items():
        if _overlap(subnet, text):
            if taken and row.get(taken):
                noun, preposition = plural.split()
                both = f"{noun} ({text}, {row[taken]})"
                raise CommandError(f"cannot configure multiple {both} {preposition} the same subnet ({subnet})")
            return row
    raise CommandError(f"no matching subnet for {what} {text}")


def _overlap(one: str, other: str) -> bool:
    try:
        left, right = ipaddress.ip_network(one, strict=False), ipaddress.ip_network(other, strict=False)
    except ValueError:
        # What is no subnet is for the daemon to refuse.
        return False
    return left.version == right.version and left.overlaps(right)


def remove(ctx: Context, args: Invocation) -> int:
    """`docker network rm`: goes on after an error."""
    failed = False
    for name in args.args:
        try:
            ctx.engine.networks.remove(name)
        except DockerlabError as error:
            if args["force"] and isinstance(error, NotFoundError):
                continue
            ctx.complain(worded(error))
            failed = True
            continue
        ctx.line(name)
    if failed:
        # The client's own status, which it prints as any other error.
        ctx.complain("exit status 1")
    return 1 if failed else 0


def connect(ctx: Context, args: Invocation) -> int:
    """`docker network connect`."""
    network, container = args.args
    addresses = {
        "IPv4Address": args["ip"],
        "IPv6Address": args["ip6"],
        "LinkLocalIPs": list(args["link-local-ip"] or ()),
    }
    settings = {
        "IPAMConfig": {name: value for name, value in addresses.items() if value},
        "Links": list(args["link"]) or None,
        "Aliases": list(args["alias"]) or None,
        "DriverOpts": _pairs(args["driver-opt"]),
    }
    ctx.engine.networks.connect(network, container, settings)
    return 0


def disconnect(ctx: Context, args: Invocation) -> int:
    """`docker network disconnect`."""
    network, container = args.args
    ctx.engine.networks.disconnect(network, container, force=bool(args["force"]))
    return 0


COMMANDS: dict[str, Handler] = {
    "network connect": connect,
    "network create": create,
    "network disconnect": disconnect,
    "network rm": remove,
}
