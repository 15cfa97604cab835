"""A registry's configuration: the part of YAML that its files are written in, and variables that overrule it.

`REGISTRY_STORAGE_DELETE_ENABLED=true` is `storage: {delete: {enabled: true}}` (distribution, configuration.md,
"Override specific configuration options").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PREFIX = "REGISTRY_"


class ConfigurationError(Exception):
    """A file that can't be understood; the text is what stands behind `configuration error:`."""


@dataclass(frozen=True)
class Line:
    """A line that says something, with its indentation."""

    number: int
    indent: int
    text: str


@dataclass(frozen=True)
class Configuration:
    """The settings as a tree of maps."""

    tree: Mapping[str, Any]

    def find(self, *path: str) -> Any:
        """A setting, None where there is none."""
        place: Any = self.tree
        for name in path:
            place = place.get(name) if isinstance(place, Mapping) else None
        return place

    def text(self, *path: str, default: str = "") -> str:
        """A setting as text."""
        found = self.find(*path)
        return default if found is None or isinstance(found, Mapping | list) else str(found)

    def is_on(self, *path: str) -> bool:
        """A switch."""
        return self.text(*path).lower() in ("true", "yes", "on", "1")


def read_configuration(text: str, variables: Mapping[str, str]) -> Configuration:
    """A configuration with what the environment overrules; raises ConfigurationError."""
    lines = list(_lines(text))
    tree, rest = _map(lines, 0) if lines else ({}, 0)
    if rest < len(lines):
        raise ConfigurationError(f"error parsing config: yaml: line {lines[rest].number}: did not find expected key")
    if not tree.get("version"):
        raise ConfigurationError("error parsing config: no configuration version: version is required")
    for name, value in sorted(variables.items()):
        if name.startswith(PREFIX):
            _overrule(tree, name[len(PREFIX) :].lower().split("_"), value)
    if not isinstance(tree.get("storage"), dict) or not tree["storage"]:
        raise ConfigurationError("error parsing config: no storage configuration provided")
    return Configuration(tree)


def _lines(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        bare = _uncommented(line).rstrip()
        if "\t" in bare[: len(bare) - len(bare.lstrip())]:
            message = "found character that cannot start any token"
            raise ConfigurationError(f"error parsing config: yaml: line {number}: {message}")
        if bare.strip() and bare.strip() != "---":
            yield Line(number, len(bare) - len(bare.lstrip()), bare.strip())


def _uncommented(line: str) -> str:
    quote = ""
    for at, char in enumerate(line):
        if char in "\"'" and quote in ("", char):
            quote = "" if quote else char
        elif char == "#" and not quote and (at == 0 or line[at - 1] in " \t"):
            return line[:at]
    return line


def _map(lines: list[Line], at: int) -> tuple[dict[str, Any], int]:
    """The map that begins at a line, and the line behind it."""
    indent, found = lines[at].indent, dict[str, Any]()
    while at < len(lines) and lines[at].indent == indent and not lines[at].text.startswith("- "):
        line = lines[at]
        key, colon, value = line.text.partition(":")
        if not colon or (value and not value.startswith(" ")):
            raise ConfigurationError(f"error parsing config: yaml: line {line.number}: could not find expected ':'")
        at += 1
        if value.strip():
            found[_scalar(key)] = _value(value.strip())
        elif at < len(lines) and (lines[at].indent > indent or _is_list(lines[at], indent)):
            found[_scalar(key)], at = (_list if lines[at].text.startswith("-") else _map)(lines, at)
        else:
            found[_scalar(key)] = None
    return found, at


def _is_list(line: Line, indent: int) -> bool:
    return line.indent == indent and line.text.startswith("- ")


def _list(lines: list[Line], at: int) -> tuple[list[Any], int]:
    """The list that begins at a line; maps in it begin behind the dash."""
    indent, found = lines[at].indent, list[Any]()
    while at < len(lines) and lines[at].indent == indent and lines[at].text.startswith("-"):
        line = lines[at]
        text = line.text[1:].lstrip()
        if ": " in text or text.endswith(":"):
            lines[at] = Line(line.number, indent + len(line.text) - len(text), text)
            item, at = _map(lines, at)
            found.append(item)
        else:
            found.append(_value(text))
            at += 1
    return found, at


def _value(text: str) -> Any:
    if text.startswith("[") and text.endswith("]"):
        return [_scalar(item.strip()) for item in text[1:-1].split(",") if item.strip()]
    return {} if text == "{}" else _scalar(text)


def _scalar(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


def _overrule(tree: dict[str, Any], names: list[str], value: str) -> None:
    *above, last = names
    for name in above:
        inner = tree.get(name)
        if not isinstance(inner, dict):
            inner = tree[name] = {}
        tree = inner
    tree[last] = _value(value)


__all__ = ["Configuration", "ConfigurationError", "read_configuration"]
