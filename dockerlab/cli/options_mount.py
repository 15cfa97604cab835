"""`--mount type=bind,source=…,target=…` (docker/cli, opts/mount.go at 28.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlab.cli.comma_lists import parse_comma_list
from dockerlab.cli.numbers import OptionError, parse_bool
from dockerlab.cli.units import parse_ram_size

Json = dict[str, Any]

_MAY_STAND_ALONE = frozenset(("readonly", "ro", "volume-nocopy", "bind-nonrecursive"))
_PREFIX_OF = {"bind": "BindOptions", "volume": "VolumeOptions", "image": "ImageOptions", "tmpfs": "TmpfsOptions"}


@dataclass
class _Mount:
    """What has been read so far; `options` are the API's, by their section."""

    type: str = "volume"
    source: str = ""
    target: str = ""
    read_only: bool = False
    consistency: str = ""
    recursive: str = ""
    options: dict[str, Json] = field(default_factory=dict)

    def section(self, name: str) -> Json:
        return self.options.setdefault(name, {})


def parse_mount(text: str) -> Json:
    """A mount of the Engine API (`HostConfig.Mounts`)."""
    mount = _Mount()
    for part in _fields(text):
        key, equals, value = part.partition("=")
        key = key.lower()
        if not equals and key not in _MAY_STAND_ALONE:
            raise OptionError(f"invalid field '{part}' must be a key=value pair")
        if key not in _FIELDS:
            raise OptionError(f"unexpected key '{key}' in '{part}'")
        _FIELDS[key](mount, value if equals else "true")
    _check(mount)
    return _to_json(mount)


def _fields(text: str) -> tuple[str, ...]:
    if not text:
        raise OptionError("EOF")
    return parse_comma_list(text)


def _text(attribute: str) -> Callable[[_Mount, str], None]:
    return lambda mount, value: setattr(mount, attribute, value)


def _option(section: str, name: str) -> Callable[[_Mount, str], None]:
    def put(mount: _Mount, value: str) -> None:
        mount.section(section)[name] = value

    return put


def _flag(section: str, name: str, key: str) -> Callable[[_Mount, str], None]:
    def put(mount: _Mount, value: str) -> None:
        mount.section(section)[name] = _truth(key, value)

    return put


def _truth(key: str, value: str) -> bool:
    try:
        return parse_bool(value)
    except OptionError as error:
        raise OptionError(f"invalid value for {key}: {value}") from error


def _set_type(mount: _Mount, value: str) -> None:
    mount.type = value.lower()


def _set_read_only(key: str) -> Callable[[_Mount, str], None]:
    return lambda mount, value: setattr(mount, "read_only", _truth(key, value))


def _set_propagation(mount: _Mount, value: str) -> None:
    mount.section("BindOptions")["Propagation"] = value.lower()


def _set_recursive(mount: _Mount, value: str) -> None:
    if value not in {"enabled", "disabled", "writable", "readonly"}:
        expected = '(must be "enabled", "disabled", "writable", or "readonly")'
        raise OptionError(f"invalid value for bind-recursive: {value} {expected}")
    mount.recursive = value
    names = {"disabled": "NonRecursive", "writable": "ReadOnlyNonRecursive", "readonly": "ReadOnlyForceRecursive"}
    if value in names:
        mount.section("BindOptions")[names[value]] = True


def _add_label(mount: _Mount, value: str) -> None:
    labels = mount.section("VolumeOptions").setdefault("Labels", {})
    name, _, content = value.partition("=")
    if name:
        labels[name] = content


def _set_driver(mount: _Mount, value: str) -> None:
    mount.section("VolumeOptions").setdefault("DriverConfig", {})["Name"] = value


def _add_driver_option(mount: _Mount, value: str) -> None:
    options = mount.section("VolumeOptions").setdefault("DriverConfig", {}).setdefault("Options", {})
    name, _, content = value.partition("=")
    if name:
        options[name] = content


def _set_tmpfs_size(mount: _Mount, value: str) -> None:
    try:
        mount.section("TmpfsOptions")["SizeBytes"] = parse_ram_size(value)
    except OptionError as error:
        raise OptionError(f"invalid value for tmpfs-size: {value}") from error


def _set_tmpfs_mode(mount: _Mount, value: str) -> None:
    try:
        mount.section("TmpfsOptions")["Mode"] = int(value, 8)
    except ValueError as error:
        raise OptionError(f"invalid value for tmpfs-mode: {value}") from error


_FIELDS: Mapping[str, Callable[[_Mount, str], None]] = {
    "type": _set_type,
    **dict.fromkeys(("source", "src"), _text("source")),
    **dict.fromkeys(("target", "dst", "destination"), _text("target")),
    "readonly": _set_read_only("readonly"),
    "ro": _set_read_only("ro"),
    "consistency": lambda mount, value: setattr(mount, "consistency", value.lower()),
    "bind-propagation": _set_propagation,
    "bind-nonrecursive": _flag("BindOptions", "NonRecursive", "bind-nonrecursive"),
    "bind-recursive": _set_recursive,
    "volume-subpath": _option("VolumeOptions", "Subpath"),
    "volume-nocopy": _flag("VolumeOptions", "NoCopy", "volume-nocopy"),
    "volume-label": _add_label,
    "volume-driver": _set_driver,
    "volume-opt": _add_driver_option,
    "image-subpath": _option("ImageOptions", "Subpath"),
    "tmpfs-size": _set_tmpfs_size,
    "tmpfs-mode": _set_tmpfs_mode,
}


def _check(mount: _Mount) -> None:
    if not mount.type:
        raise OptionError("type is required")
    if not mount.target:
        raise OptionError("target is required")
    for kind in ("volume", "image", "bind", "tmpfs"):
        if _PREFIX_OF[kind] in mount.options and mount.type != kind:
            raise OptionError(f"cannot mix '{kind}-*' options with mount type '{mount.type}'")
    if mount.recursive in {"writable", "readonly"} and not mount.read_only:
        raise OptionError(_in_conjunction(mount.recursive, "readonly"))
    if mount.recursive == "readonly" and mount.options["BindOptions"].get("Propagation") != "rprivate":
        raise OptionError(_in_conjunction(mount.recursive, "bind-propagation=rprivate"))


def _in_conjunction(value: str, needed: str) -> str:
    return f"option 'bind-recursive={value}' requires '{needed}' to be specified in conjunction"


def _to_json(mount: _Mount) -> Json:
    answer: Json = {
        "Type": mount.type,
        "Source": mount.source,
        "Target": mount.target,
        "ReadOnly": mount.read_only,
        "Consistency": mount.consistency,
    }
    answer = {key: value for key, value in answer.items() if value}
    for name, section in mount.options.items():
        answer[name] = {key: value for key, value in section.items() if value or (value == 0 and value is not False)}
    return answer
