"""`-v [source:]target[:options]` (docker/cli, cli/compose/loader/volume.go)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.cli.numbers import OptionError

_PROPAGATIONS = frozenset(("private", "rprivate", "shared", "rshared", "slave", "rslave"))


@dataclass
class VolumeSpec:
    """What a -v says. `type` is 'bind' where the source is a path, else 'volume'; no source: an anonymous volume."""

    type: str = "volume"
    source: str = ""
    target: str = ""
    read_only: bool = False
    no_copy: bool = False
    propagation: str = ""


class VolumeSpecError(OptionError):
    """A -v that makes no sense; `partial` is what could be read."""

    def __init__(self, message: str, partial: VolumeSpec) -> None:
        super().__init__(message)
        self.partial = partial


def parse_volume(text: str) -> VolumeSpec:
    """Read a -v. The colon of a Windows drive parts nothing."""
    spec = VolumeSpec()
    if not text:
        raise VolumeSpecError("invalid empty volume spec", spec)
    if len(text) <= 2:
        spec.target = text
        return spec
    for section, is_last in _sections(text):
        problem = _put(spec, section, is_last)
        spec.type = "bind" if _is_path(spec.source) else "volume"
        if problem:
            raise VolumeSpecError(f"invalid spec: {text}: {problem}", spec)
    return spec


def _sections(text: str) -> Iterator[tuple[str, bool]]:
    """The sections between colons, and whether each is the last."""
    section = ""
    for character in text:
        if character == ":" and not _is_drive(section):
            yield section, False
            section = ""
        else:
            section += character
    yield section, True


def _is_drive(section: str) -> bool:
    return len(section) == 1 and section.isalpha()


def _put(spec: VolumeSpec, section: str, is_last: bool) -> str:
    """Fill in the next field; returns what is wrong, '' for nothing."""
    if not section:
        return "empty section between colons"
    if not spec.source and is_last:
        spec.target = section
    elif not spec.source:
        spec.source = section
    elif not spec.target:
        spec.target = section
    elif not is_last:
        return "too many colons"
    else:
        _put_options(spec, section)
    return ""


def _put_options(spec: VolumeSpec, section: str) -> None:
    """Options that aren't known are let be: the engine may know them."""
    for option in section.split(","):
        if option in {"ro", "rw"}:
            spec.read_only = option == "ro"
        elif option == "nocopy":
            spec.no_copy = True
        elif option in _PROPAGATIONS:
            spec.propagation = option


def _is_path(source: str) -> bool:
    return source[:1] in {".", "/", "~"} or source.startswith("\\\\") or (_is_drive(source[:1]) and source[1:2] == ":")
