"""Ports as EXPOSE and `docker run -p` write them (docker/go-connections, nat.ParsePortSpecs), and signals' names."""

from __future__ import annotations

import re

from dockerlab.errors import InvalidParameterError

_PROTOCOLS = {"tcp", "udp", "sctp"}
_SIGNALS = frozenset(
    """ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP
    TSTP TTIN TTOU UNUSED URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX""".split()
)


def exposed_ports(text: str) -> list[str]:
    """The ports that a word of EXPOSE names: '80' is 80/tcp, '8000-8002/udp' three of them."""
    spec, _, protocol = text.partition("/")
    protocol = protocol or "tcp"
    if not spec:
        raise InvalidParameterError(f"No port specified: {text}<empty>")
    container = spec.rpartition(":")[2]
    numbers = _range(container)
    if numbers is None:
        raise InvalidParameterError(f"Invalid containerPort: {container}")
    if protocol.lower() not in _PROTOCOLS:
        raise InvalidParameterError(f"Invalid proto: {protocol}")
    return [f"{number}/{protocol.lower()}" for number in numbers]


def _range(text: str) -> range | None:
    first, dash, last = text.partition("-")
    ends = [first, last] if dash else [first, first]
    if not all(end.isascii() and end.isdigit() and int(end) <= 65535 for end in ends) or int(ends[0]) > int(ends[1]):
        return None
    return range(int(ends[0]), int(ends[1]) + 1)


def check_signal(text: str) -> None:
    """Refuse what is no signal: a name has to be known, and any number but 0 will do (moby/sys/signal)."""
    known = int(text) != 0 if re.fullmatch(r"[+-]?\d+", text, re.ASCII) else _is_signal_name(text)
    if not known:
        raise InvalidParameterError(f"Invalid signal: {text}")


def _is_signal_name(text: str) -> bool:
    name = text.upper().removeprefix("SIG")
    stem, sign, offset = name.partition("+") if "+" in name else name.partition("-")
    return name in _SIGNALS or (bool(sign) and stem in {"RTMIN", "RTMAX"} and offset.isdigit() and int(offset) <= 15)
