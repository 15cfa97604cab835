"""A line of comma-separated values as Go reads it, quotes and all (encoding/csv)."""

from __future__ import annotations

from dockerlab.cli.numbers import OptionError


def parse_comma_list(text: str) -> tuple[str, ...]:
    """The fields of 'a,"b,c"'; nothing for an empty text."""
    if not text:
        return ()
    fields: list[str] = []
    at = 0
    while True:
        value, at = _quoted(text, at) if text[at : at + 1] == '"' else _plain(text, at)
        fields.append(value)
        if at >= len(text):
            return tuple(fields)
        at += 1


def _plain(text: str, start: int) -> tuple[str, int]:
    comma = text.find(",", start)
    end = len(text) if comma < 0 else comma
    quote = text.find('"', start, end)
    if quote >= 0:
        raise _fault(text, quote, 'bare " in non-quoted-field')
    return text[start:end], end


def _quoted(text: str, start: int) -> tuple[str, int]:
    """A field in quotes; two of them within it are one."""
    at = start + 1
    parts: list[str] = []
    while (quote := text.find('"', at)) >= 0:
        parts.append(text[at:quote])
        after = text[quote + 1 : quote + 2]
        if after in {"", ","}:
            return "".join(parts), quote + 1
        if after != '"':
            raise _fault(text, quote, 'extraneous or missing " in quoted-field')
        parts.append('"')
        at = quote + 2
    raise _fault(text, len(text), 'extraneous or missing " in quoted-field')


def _fault(text: str, at: int, what: str) -> OptionError:
    column = len(text[:at].encode()) + 1
    return OptionError(f"parse error on line 1, column {column}: {what}")
