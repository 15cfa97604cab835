"""Redis commands about sorted sets: ZADD, ZRANGE, ZINCRBY … (redis.io/commands, "sorted-set")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dockerlab.runtime.servers.redis.commands import SYNTAX_ERROR, Call, command
from dockerlab.runtime.servers.redis.data import Scores, format_float, parse_float, parse_integer
from dockerlab.runtime.servers.redis.keys import scanned
from dockerlab.runtime.servers.redis.protocol import RedisError, Reply
from dockerlab.runtime.servers.redis.strings import span

Pairs = Sequence[tuple[bytes, float]]
ADDING = {"NX", "XX", "GT", "LT", "CH", "INCR"}


def _scores(call: Call) -> Scores:
    return call.db.get(call.key, Scores) or Scores()


@command("zadd", -4, writes=True)
def add(call: Call) -> Reply:
    """Add members with scores, or change their scores."""
    options = []
    for word in call.options(1):
        if word not in ADDING:
            break
        options.append(word)
    rest = call.args[1 + len(options) :]
    if not rest or len(rest) % 2 or ("INCR" in options and len(rest) > 2):
        raise RedisError(SYNTAX_ERROR)
    if "NX" in options and {"XX", "GT", "LT"} & set(options):
        raise RedisError("ERR GT, LT, and/or NX options at the same time are not compatible")
    numbers = [parse_float(text) for text in rest[::2]]
    scores = call.db.made(call.key, Scores)
    results = [_add(scores, member, number, options) for number, member in zip(numbers, rest[1::2], strict=True)]
    call.db.settle(call.key, any(results))
    if "INCR" in options:
        return format_float(scores[rest[1]]) if results[0] else None
    return sum(result == "new" or ("CH" in options and bool(result)) for result in results)


def _add(scores: Scores, member: bytes, number: float, options: Sequence[str]) -> str:
    """Add one member; 'new', 'changed', or '' where nothing came of it."""
    old = scores.get(member)
    if (old is None and "XX" in options) or (old is not None and "NX" in options):
        return ""
    if "INCR" in options:
        number += old or 0
    if old is not None and (("GT" in options and number <= old) or ("LT" in options and number >= old)):
        return ""
    scores[member] = number
    return "new" if old is None else "changed" if number != old or "INCR" in options else ""


@command("zincrby", 4, writes=True)
def increase(call: Call) -> Reply:
    """Add to a member's score."""
    number = parse_float(call.args[1])
    scores = call.db.made(call.key, Scores)
    scores[call.args[2]] = scores.get(call.args[2], 0) + number
    call.db.settle(call.key)
    return format_float(scores[call.args[2]])


@command("zrem", -3, writes=True)
def remove(call: Call) -> Reply:
    """Remove members; how many there were."""
    return _remove(call, [member for member in dict.fromkeys(call.args[1:]) if member in _scores(call)])


def _remove(call: Call, members: Sequence[bytes]) -> int:
    scores = _scores(call)
    for member in members:
        del scores[member]
    call.db.settle(call.key, len(members))
    return len(members)


@command("zcard", 2)
def size(call: Call) -> Reply:
    """How many members there are."""
    return len(_scores(call))


@command("zscore", 3)
def score(call: Call) -> Reply:
    """A member's score."""
    return _shown(_scores(call).get(call.args[1]))


@command("zmscore", -3)
def scores_of(call: Call) -> Reply:
    """The scores of several members."""
    return [_shown(_scores(call).get(member)) for member in call.args[1:]]


def _shown(number: float | None) -> bytes | None:
    return None if number is None else format_float(number)


def _rank(call: Call, *, backwards: bool) -> Reply:
    members = [member for member, _ in _scores(call).ordered()]
    if call.args[1] not in members:
        return None
    at = members.index(call.args[1])
    return len(members) - 1 - at if backwards else at


command("zrank", 3)(lambda call: _rank(call, backwards=False))
command("zrevrank", 3)(lambda call: _rank(call, backwards=True))


# Ranges.


@dataclass(frozen=True)
class Bounds:
    """Two ends of a range of scores; '(1' leaves 1 out."""

    low: float
    high: float
    open_low: bool
    open_high: bool

    @classmethod
    def of(cls, low: bytes, high: bytes) -> Bounds:
        """From their texts; raises RedisError."""
        wrong = "ERR min or max is not a float"
        ends = [parse_float(text.removeprefix(b"("), wrong) for text in (low, high)]
        return cls(ends[0], ends[1], low.startswith(b"("), high.startswith(b"("))

    def hold(self, number: float) -> bool:
        """Whether a score lies in the range."""
        above = number > self.low if self.open_low else number >= self.low
        return above and (number < self.high if self.open_high else number <= self.high)


def _reply(pairs: Pairs, with_scores: bool) -> Reply:
    if not with_scores:
        return [member for member, _ in pairs]
    return [word for member, number in pairs for word in (member, format_float(number))]


def _limited(pairs: Pairs, options: list[str]) -> Pairs:
    if "LIMIT" not in options:
        return pairs
    at = options.index("LIMIT")
    if len(options) < at + 3:
        raise RedisError(SYNTAX_ERROR)
    offset, count = (parse_integer(text.encode()) for text in options[at + 1 : at + 3])
    return pairs[offset:] if count < 0 else pairs[offset : offset + count]


def _ranged(*, by_score: bool = False, backwards: bool = False) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        options = call.options(3)
        if "BYLEX" in options:
            raise RedisError("ERR BYLEX is not simulated by dockerlab")
        scored, reverse = by_score or "BYSCORE" in options, backwards or "REV" in options
        pairs: Pairs = _scores(call).ordered()
        pairs = pairs[::-1] if reverse else pairs
        low, high = call.args[1:3]
        if scored:
            bounds = Bounds.of(*((high, low) if reverse else (low, high)))
            pairs = _limited([pair for pair in pairs if bounds.hold(pair[1])], options)
        else:
            start, stop = span(parse_integer(low), parse_integer(high), len(pairs))
            pairs = pairs[start:stop]
        return _reply(pairs, "WITHSCORES" in options)

    return handler


command("zrange", -4)(_ranged())
command("zrevrange", -4)(_ranged(backwards=True))
command("zrangebyscore", -4)(_ranged(by_score=True))
command("zrevrangebyscore", -4)(_ranged(by_score=True, backwards=True))


@command("zcount", 4)
def count(call: Call) -> Reply:
    """How many members have a score in a range."""
    bounds = Bounds.of(call.args[1], call.args[2])
    return sum(bounds.hold(number) for number in _scores(call).values())


@command("zremrangebyscore", 4, writes=True)
def remove_by_score(call: Call) -> Reply:
    """Remove members with a score in a range."""
    bounds = Bounds.of(call.args[1], call.args[2])
    return _remove(call, [member for member, number in _scores(call).items() if bounds.hold(number)])


@command("zremrangebyrank", 4, writes=True)
def remove_by_rank(call: Call) -> Reply:
    """Remove members by their place."""
    pairs = _scores(call).ordered()
    start, stop = span(parse_integer(call.args[1]), parse_integer(call.args[2]), len(pairs))
    return _remove(call, [member for member, _ in pairs[start:stop]])


def _popped(*, highest: bool) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        count = parse_integer(call.args[1]) if len(call.args) > 1 else 1
        pairs = _scores(call).ordered()
        pairs = (pairs[::-1] if highest else pairs)[: max(count, 0)]
        _remove(call, [member for member, _ in pairs])
        return _reply(pairs, True)

    return handler


command("zpopmin", -2, writes=True)(_popped(highest=False))
command("zpopmax", -2, writes=True)(_popped(highest=True))


@command("zscan", -3)
def scan(call: Call) -> Reply:
    """A part of the members."""
    scores = _scores(call)
    members = [member for member, _ in scores.ordered()]
    return scanned(call.args[1:], call.options(2), members, lambda member: (member, format_float(scores[member])))
