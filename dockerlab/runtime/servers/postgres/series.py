"""generate_series(1, 10), which SQLite lacks: a recursive query stands for it ("Set Returning Functions")."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlab.runtime.servers.postgres.dialect import RULES
from dockerlab.runtime.servers.sql.rewrite import render
from dockerlab.runtime.servers.sql.tokens import MARK, QUOTED, WORD, Cursor, Token, by_commas, identifier

NAME = "generate_series"
_NO_ALIAS = frozenset("where order limit group join on cross left inner union having returning".split())


def with_series(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with each call replaced: a table after FROM or JOIN, else a column of a table that is added."""
    cursor, result = Cursor(tokens), list[Token]()
    added: Token | None = None
    while cursor.here.text:
        token = cursor.here
        if token.text == "(":
            inner = cursor.group()
            result += [token, *with_series(inner), Token(MARK, ")", token.at)]
            continue
        cursor.take()
        if token.low != NAME or cursor.here.text != "(":
            result.append(token)
            continue
        query = _query(cursor.group())
        if result and result[-1].low in ("from", "join"):
            column, alias = _alias(cursor)
            result.append(_raw(f"({query.format(column)}) as {alias}", token))
        else:
            result.append(_raw(NAME, token))
            added = _raw(f"from ({query.format(NAME)}) as series_t", token)
    return result if added is None else _inserted(result, added)


def _inserted(tokens: list[Token], table: Token) -> list[Token]:
    """The table that was added comes before WHERE, ORDER BY and so on."""
    place = next((at for at, token in enumerate(tokens) if token.low in _NO_ALIAS and at), len(tokens))
    return [*tokens[:place], table, *tokens[place:]]


def _raw(text: str, near: Token) -> Token:
    return Token(MARK, text, near.at)


def _query(arguments: Sequence[Token]) -> str:
    """The query, with {} where the column's name belongs."""
    parts = [render(part, RULES) for part in by_commas(arguments)]
    first, last, step = (*parts[:3], "1")[:3] if len(parts) > 1 else ("1", "0", "1")
    return (
        f"with recursive series_s(v) as (select {first} where {first} <= {last} union all "
        f"select v + {step} from series_s where v + {step} <= {last}) select v as {{}} from series_s"
    )


def _alias(cursor: Cursor) -> tuple[str, str]:
    """The names of the column and of the table that follow: AS i, AS g(i), or none."""
    cursor.words("as")
    if cursor.here.kind not in (WORD, QUOTED) or cursor.here.low in _NO_ALIAS:
        return NAME, NAME
    alias = identifier(cursor.take().name.lower())
    inner = cursor.group()
    return (identifier(inner[0].name.lower()) if inner else alias), alias
