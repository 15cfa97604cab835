"""RUN --mount=…: what a step may see besides its own files (BuildKit's reference, "RUN --mount")."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.build.suggestions import suggest
from dockerlab.errors import DockerfileError
from dockerlab.oci.golang import quote

TYPES = ("bind", "cache", "tmpfs", "secret", "ssh")
_ALIASES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"}
_SWITCHES = {"readonly", "readwrite", "required"}
_VALUES = {"type", "from", "source", "target", "id", "sharing", "mode", "uid", "gid", "size", "env"}


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount of a RUN step. `source` is a path in the stage, image or context that `from_` names."""

    type: str = "bind"
    target: str = ""
    source: str = ""
    from_: str = ""
    id: str = ""
    read_only: bool = True
    required: bool = False
    sharing: str = "shared"
    mode: int | None = None
    uid: int = 0
    gid: int = 0


def parse_mount(text: str) -> Mount:
    """Read 'type=cache,target=/x'; raises `DockerfileError`."""
    given: dict[str, str] = {}
    for part in text.split(","):
        key, equals, value = part.partition("=")
        key = _ALIASES.get(key.strip().lower(), key.strip().lower())
        if key not in _VALUES | _SWITCHES:
            raise DockerfileError(f"unexpected key '{key}' in '{part}'{suggest(key, sorted(_VALUES | _SWITCHES))}")
        if not equals and key not in _SWITCHES:
            raise DockerfileError(f"invalid field '{part}' must be a key=value pair")
        given[key] = value if equals else "true"
    kind = given.get("type", "bind").lower()
    if kind not in TYPES:
        raise DockerfileError(f"unsupported mount type {quote(kind)}{suggest(kind, TYPES)}")
    return _checked(kind, given)


def _checked(kind: str, given: dict[str, str]) -> Mount:
    target = given.get("target", "")
    if kind in {"bind", "cache", "tmpfs"} and not target:
        raise DockerfileError('invalid mount target ""' if kind == "tmpfs" else "mount target is required")
    writable = kind != "bind"
    if "readwrite" in given:
        writable = given["readwrite"] == "true"
    if "readonly" in given:
        writable = given["readonly"] != "true"
    return Mount(
        kind,
        target,
        given.get("source", ""),
        given.get("from", ""),
        given.get("id", ""),
        not writable,
        given.get("required") == "true",
        given.get("sharing", "shared"),
        int(given["mode"], 8) if "mode" in given else None,
        int(given.get("uid", 0)),
        int(given.get("gid", 0)),
    )
