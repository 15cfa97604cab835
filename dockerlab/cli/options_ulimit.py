"""`--ulimit name=soft[:hard]` (github.com/docker/go-units, ulimit.go)."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.cli.numbers import OptionError, parse_int

_NAMES = frozenset(
    (
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice",
        "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ulimit:
    """A resource limit; -1 is none."""

    name: str
    soft: int
    hard: int

    def to_json(self) -> dict[str, object]:
        """As the Engine API has it."""
        return {"Name": self.name, "Hard": self.hard, "Soft": self.soft}

    def __str__(self) -> str:
        return f"{self.name}={self.soft}:{self.hard}"


def parse_ulimit(text: str) -> Ulimit:
    """The limit of 'nofile=512:1024'; one number stands for both."""
    name, equals, limits = text.partition("=")
    if not equals:
        raise OptionError(f"invalid ulimit argument: {text}")
    if name not in _NAMES:
        raise OptionError(f"invalid ulimit type: {name}")
    parts = limits.split(":")
    if len(parts) > 2:
        raise OptionError(f"too many limit value arguments - {limits}, can only have up to two, `soft[:hard]`")
    soft, *hard = (parse_int(part, base=10) for part in parts)
    limit = Ulimit(name, soft, hard[0] if hard else soft)
    _check_order(limit)
    return limit


def _check_order(limit: Ulimit) -> None:
    text = "ulimit soft limit must be less than or equal to hard limit: "
    if limit.hard == -1:
        return
    if limit.soft == -1:
        raise OptionError(f"{text}soft: -1 (unlimited), hard: {limit.hard}")
    if limit.soft > limit.hard:
        raise OptionError(f"{text}{limit.soft} > {limit.hard}")


def add_ulimit(limits: tuple[Ulimit, ...], text: str) -> tuple[Ulimit, ...]:
    """One more limit; a later one of the same name wins. Sorted by name, as the client sends them."""
    limit = parse_ulimit(text)
    others = [other for other in limits if other.name != limit.name]
    return tuple(sorted([*others, limit], key=lambda each: each.name))
