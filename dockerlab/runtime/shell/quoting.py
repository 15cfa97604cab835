"""Quoting a text so that a shell reads it back as one word: for traces, `export -p`, `set`, `trap`, `%q`."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./^{}~#-]+\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\E", "\a": "\\a", "\b": "\\b", "\v": "\\v", "\f": "\\f"}


def single(text: str) -> str:
    """In single quotes, whatever it is."""
    return "'" + text.replace("'", "'\\''") + "'"


def quote(text: str, *, always: bool = False) -> str:
    """In single quotes where it needs them; control characters as `$'…'` (bash)."""
    if _CONTROL.search(text) and always:
        return _ansi(text)
    return single(text) if always or not _plain(text) else text


def _plain(text: str) -> bool:
    return bool(_PLAIN.match(text)) and text[0] not in "~#" and "{" not in text


def trace_bash(text: str) -> str:
    """As `set -x` of bash shows a word."""
    if re.fullmatch(r"[A-Za-z0-9_@%+=:,./{}^-][A-Za-z0-9_@%+=:,./{}~#^-]*", text) and text != "^":
        return text
    return single(text)


def trace_ash(text: str) -> str:
    """As `set -x` of busybox shows a word."""
    if text and not re.search(r"[^A-Za-z0-9_@%+:,./\]!^{}~#?-]", text):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'" if text else ""


def _ansi(text: str) -> str:
    body = text.replace("\\", "\\\\").replace("'", "\\'")
    return "$'" + _CONTROL.sub(lambda match: _NAMED.get(match[0], f"\\{ord(match[0]):03o}"), body) + "'"


def backslashed(text: str) -> str:
    """As bash's `printf %q` does it: a backslash before each special character."""
    if not text:
        return "''"
    if _CONTROL.search(text):
        return _ansi(text)
    return re.sub(r"([^A-Za-z0-9_@%+=:./-])", r"\\\1", text)
