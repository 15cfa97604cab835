"""The networks of `docker run`: --network with --ip, --link, --network-alias … (docker/cli, container/opts.go)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dockerlab.cli.numbers import OptionError
from dockerlab.cli.options_network import NetworkAttachment
from dockerlab.oci.golang import quote

Json = dict[str, Any]

_MAC = re.compile(r"[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}|[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2}")

_CONFLICTS = (
    ("network-alias", "aliases", "--network-alias and per-network alias"),
    ("ip", "ipv4", "--ip and per-network IPv4 address"),
    ("ip6", "ipv6", "--ip6 and per-network IPv6 address"),
    ("mac-address", "mac_address", "--mac-address and per-network MAC address"),
    ("link-local-ip", "link_local", "--link-local-ip and per-network link-local IP addresses"),
)
"""Flag, field, and what is said of both being given."""


def check_mac(address: str) -> None:
    """Refuse what isn't a MAC address."""
    if address and not _MAC.fullmatch(address.strip()):
        raise OptionError(f"{address} is not a valid mac address")


def network_mode(flags: Mapping[str, Any]) -> str:
    """HostConfig.NetworkMode: the first network."""
    networks: tuple[NetworkAttachment, ...] = _networks(flags)
    return networks[0].target if networks else "default"


def _networks(flags: Mapping[str, Any]) -> tuple[NetworkAttachment, ...]:
    return (*flags["network"], *flags.get("net", ()))


def endpoints(flags: Mapping[str, Any]) -> Json:
    """NetworkingConfig.EndpointsConfig: what is wanted of each network; a lone one without wishes is left out."""
    networks = _networks(flags)
    given: tuple[NetworkAttachment, ...] = networks or (NetworkAttachment("default"),)
    found: Json = {}
    for position, network in enumerate(given):
        attachment = _with_flags(network, flags) if position == 0 else network
        if attachment.aliases and not attachment.user_defined:
            raise OptionError("network-scoped aliases are only supported for user-defined networks")
        if network.target in found:
            raise OptionError(f"network {quote(network.target)} is specified multiple times")
        endpoint = _endpoint(attachment, flags if position == 0 else {})
        if endpoint or len(networks) > 1:
            found[network.target] = endpoint
    if len({network.user_defined for network in networks}) > 1:
        raise OptionError("conflicting options: cannot attach both user-defined and non-user-defined network-modes")
    return found


def _with_flags(network: NetworkAttachment, flags: Mapping[str, Any]) -> NetworkAttachment:
    """The first network also gets what the flags of old say."""
    changes: Json = {}
    for flag, field, both in _CONFLICTS:
        value = (*flags[flag], *flags.get("net-alias", ())) if flag == "network-alias" else flags[flag]
        if value and getattr(network, field):
            raise OptionError(f"conflicting options: cannot specify both {both}")
        if value:
            changes[field] = value
    return replace(network, **changes)


def _endpoint(network: NetworkAttachment, flags: Mapping[str, Any]) -> Json:
    check_mac(network.mac_address)
    addresses = {
        "IPv4Address": network.ipv4,
        "IPv6Address": network.ipv6,
        "LinkLocalIPs": list(network.link_local),
    }
    endpoint: Json = {
        "IPAMConfig": {name: value for name, value in addresses.items() if value},
        "Links": list(flags.get("link", ())) if network.user_defined else [],
        "Aliases": list(network.aliases),
        "DriverOpts": network.driver_options,
        "MacAddress": network.mac_address,
        "GwPriority": network.gateway_priority,
    }
    return {name: value for name, value in endpoint.items() if value}
