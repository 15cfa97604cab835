"""`upstream` and `proxy_pass`: which machines stand behind a name (nginx.org, ngx_http_upstream_module)."""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlab.runtime.net.errors import HostError
from dockerlab.runtime.net.names import resolve
from dockerlab.runtime.process import Machine
from dockerlab.runtime.servers.nginx.syntax import ConfigError, Directive

METHODS = frozenset("ip_hash least_conn hash random".split())


@dataclass(frozen=True)
class Peer:
    """One machine of an upstream."""

    address: str
    port: int
    weight: int = 1
    backup: bool = False
    down: bool = False

    @property
    def place(self) -> str:
        """'172.18.0.3:8080'."""
        return f"{self.address}:{self.port}"


@dataclass(eq=False)
class Upstream:
    """Several machines that take turns; `balance` is how much each of them is owed (smooth weighted round robin)."""

    name: str
    peers: tuple[Peer, ...]
    sticky: bool = False
    """Whether a client always gets the same one (ip_hash)."""
    balance: dict[Peer, int] = field(default_factory=dict)

    def order(self, client: str) -> list[Peer]:
        """The machines to try, the one whose turn it is first."""
        able = [peer for peer in self.peers if not peer.down]
        usual = [peer for peer in able if not peer.backup]
        if self.sticky and usual:
            at = sum(int(part) for part in client.split(".")[:3] if part.isdigit()) % len(usual)
            usual = usual[at:] + usual[:at]
        elif usual:
            first = self._turn(usual)
            usual = [first, *(peer for peer in usual if peer is not first)]
        return usual + [peer for peer in able if peer.backup]

    def _turn(self, peers: list[Peer]) -> Peer:
        for peer in peers:
            self.balance[peer] = self.balance.get(peer, 0) + peer.weight
        chosen = max(peers, key=lambda peer: self.balance[peer])
        self.balance[chosen] -= sum(peer.weight for peer in peers)
        return chosen


@dataclass(frozen=True)
class Target:
    """A `proxy_pass`: scheme, the machine or upstream, and the path that replaces the location's ('' for none)."""

    scheme: str
    host: str
    port: int
    path: str
    authority: str
    """As `$proxy_host` has it: without the port where it is the scheme's own."""


def parse_upstream(machine: Machine, block: Directive) -> Upstream:
    """An `upstream` block."""
    peers = [_peer(machine, each) for each in block.block if each.name == "server"]
    if not peers:
        raise block.error("no servers are inside upstream")
    return Upstream(block.args[0], tuple(peers), any(each.name in ("ip_hash", "hash") for each in block.block))


def _peer(machine: Machine, directive: Directive) -> Peer:
    place, *words = directive.args
    host, colon, port = place.rpartition(":")
    host, port = (host, port) if colon and not place.endswith("]") else (place, "80")
    if not port.isdigit() or not 0 < int(port) < 65_536:
        raise directive.error(f'invalid port in upstream "{place}"')
    settings = dict(word.partition("=")[::2] for word in words)
    for word in words:
        if word.partition("=")[0] not in (
            "weight",
            "max_fails",
            "fail_timeout",
            "max_conns",
            "backup",
            "down",
            "resolve",
            "slow_start",
        ):
            raise directive.error(f'invalid parameter "{word}"')
    weight = settings.get("weight", "1")
    if not weight.isdigit():
        raise directive.error(f'invalid parameter "weight={weight}"')
    try:
        address = resolve(machine, host.strip("[]"))
    except HostError:
        raise directive.error(f'host not found in upstream "{place}"') from None
    return Peer(address, int(port), int(weight), "backup" in settings, "down" in settings)


def parse_proxy_pass(directive: Directive, text: str) -> Target:
    """The address of a `proxy_pass`."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("http", "https"):
        raise directive.error("invalid URL prefix")
    cut = min([at for at in (rest.find("/"), rest.find("?")) if at >= 0], default=len(rest))
    place, path = rest[:cut], rest[cut:]
    usual = 443 if scheme == "https" else 80
    host, colon, port = place.rpartition(":")
    host, port = (host, port) if colon and not place.endswith("]") else (place, str(usual))
    if not host:
        raise directive.error(f'no host in upstream "{rest}"')
    if not port.isdigit() or not 0 < int(port) < 65_536:
        raise directive.error(f'invalid port in upstream "{rest}"')
    authority = host if int(port) == usual else f"{host}:{port}"
    return Target(scheme, host.strip("[]"), int(port), path, authority)


__all__ = ["ConfigError", "METHODS", "Peer", "Target", "Upstream", "parse_proxy_pass", "parse_upstream"]
