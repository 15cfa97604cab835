"""From `-v`, `--mount`, `--tmpfs` and `--volumes-from` to mounts (moby, `volume/mounts`: linux_parser.go, validate.go).

Only the texts are read here; nothing is made. `Spec` says what was asked for, `container_volumes` makes it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.golang import quote

_RW_MODES = ("ro", "rw")
_LABEL_MODES = ("z", "Z")
_CONSISTENCY = ("consistent", "cached", "delegated", "default")
_PROPAGATION = ("shared", "rshared", "slave", "rslave", "private", "rprivate")
_FAMILIES = (_RW_MODES, _LABEL_MODES, _CONSISTENCY, _PROPAGATION, ("nocopy",))


_TMPFS_WORDS = frozenset(
    """defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime
    nodiratime bind rbind relatime norelatime strictatime nostrictatime unbindable runbindable private rprivate shared
    rshared slave rslave""".split()
)
_TMPFS_VALUES = frozenset(("mode", "uid", "gid", "size", "nr_inodes", "nr_blocks", "mpol"))


@dataclass(frozen=True)
class Spec:
    """One mount as it was asked for."""

    type: str
    destination: str
    source: str = ""
    mode: str = ""
    rw: bool = True
    propagation: str = ""
    copy_data: bool = True
    driver: str = ""
    labels: Mapping[str, str] | None = None
    driver_options: Mapping[str, str] | None = None
    subpath: str = ""
    options: str = ""
    must_exist: bool = False
    """--mount wants the host's directory to be there; -v makes it."""
    listed: bool = True


def parse_bind(text: str, driver: str = "") -> Spec:
    """`-v SOURCE:DESTINATION[:MODE]` or `-v DESTINATION`."""
    parts = text.split(":")
    refusal = f"invalid volume specification: '{text}'"
    if not parts[0] or len(parts) > 3 or (len(parts) == 2 and _valid_mode(parts[1])):
        raise InvalidParameterError(refusal)
    if len(parts) == 1:
        return _checked_volume(Spec("volume", parts[0], driver=driver), refusal)
    source, destination, mode = (*parts, "")[:3]
    if len(parts) == 3 and not _valid_mode(mode):
        raise InvalidParameterError(f"invalid mode: {mode}")
    modes = mode.split(",") if mode else []
    kind = "bind" if source.startswith("/") else "volume"
    propagation = next((word for word in modes if word in _PROPAGATION), "")
    _check_families(kind, modes, propagation, refusal)
    spec = Spec(
        kind,
        destination,
        posixpath.normpath(source) if kind == "bind" else source,
        mode=mode or ("z" if kind == "volume" else ""),
        rw="ro" not in modes,
        propagation=propagation or ("rprivate" if kind == "bind" else ""),
        copy_data="nocopy" not in modes,
        driver=driver,
    )
    return _checked_volume(spec, refusal)


def _check_families(kind: str, modes: list[str], propagation: str, refusal: str) -> None:
    """Options that the other kind of mount has."""
    wrong = "VolumeOptions" if kind == "bind" and "nocopy" in modes else ""
    wrong = wrong or ("BindOptions" if kind == "volume" and propagation else "")
    if wrong:
        raise InvalidParameterError(
            f'{refusal}: invalid mount config for type "{kind}": field {wrong} must not be specified'
        )


def _valid_mode(text: str) -> bool:
    """Known words, none of them twice and no two of one family."""
    words = text.split(",")
    found = [family for word in words for family in _FAMILIES if word in family]
    return len(found) == len(words) and len(set(found)) == len(found)


def _checked_volume(spec: Spec, refusal: str) -> Spec:
    reason = _destination_fault(spec.destination)
    if reason:
        raise InvalidParameterError(f'{refusal}: invalid mount config for type "{spec.type}": {reason}')
    return _normal(spec)


def _destination_fault(path: str) -> str:
    if not path:
        return "field Target must not be empty"
    if posixpath.normpath(path) in ("/", "//"):
        return "invalid specification: destination can't be '/'"
    if not path.startswith("/"):
        return f"invalid mount path: '{path}' mount path must be absolute"
    return ""


def _normal(spec: Spec) -> Spec:
    return replace(spec, destination=posixpath.normpath(spec.destination))


# --mount


def parse_mount(given: Mapping[str, Any]) -> Spec:
    """A mount of the API's HostConfig.Mounts."""
    kind = given.get("Type", "")
    reason = _mount_fault(kind, given)
    if reason:
        raise InvalidParameterError(f'invalid mount config for type "{kind}": {reason}')
    return _normal(_READERS[kind](given))


def _mount_fault(kind: str, given: Mapping[str, Any]) -> str:
    source = given.get("Source", "")
    if kind not in _READERS:
        return "mount type unknown"
    fault = _destination_fault(given.get("Target", ""))
    if fault:
        return fault
    if kind == "tmpfs":
        return "field Source must not be specified" if source else ""
    if kind == "bind":
        if not source:
            return "field Source must not be empty"
        if not source.startswith("/"):
            return f"invalid mount path: '{source}' mount path must be absolute"
        propagation = (given.get("BindOptions") or {}).get("Propagation", "")
        return f"invalid propagation mode: {propagation}" if propagation not in ("", *_PROPAGATION) else ""
    subpath = (given.get("VolumeOptions") or {}).get("Subpath", "")
    if subpath and not source:
        return "must not set Subpath when using anonymous volumes"
    return "subpath must be a relative path within the volume" if subpath.startswith(("/", "..")) else ""


def _read_volume(given: Mapping[str, Any]) -> Spec:
    options = given.get("VolumeOptions") or {}
    driver = options.get("DriverConfig") or {}
    return Spec(
        "volume",
        given["Target"],
        given.get("Source", ""),
        mode="z",
        rw=not given.get("ReadOnly"),
        copy_data=not options.get("NoCopy"),
        driver=driver.get("Name", ""),
        labels=options.get("Labels"),
        driver_options=driver.get("Options"),
        subpath=options.get("Subpath", ""),
    )


def _read_bind(given: Mapping[str, Any]) -> Spec:
    options = given.get("BindOptions") or {}
    return Spec(
        "bind",
        given["Target"],
        posixpath.normpath(given["Source"]),
        rw=not given.get("ReadOnly"),
        propagation=options.get("Propagation") or "rprivate",
        must_exist=not options.get("CreateMountpoint"),
    )


def _read_tmpfs(given: Mapping[str, Any]) -> Spec:
    options = given.get("TmpfsOptions") or {}
    words = [f"mode={options['Mode']:o}"] if options.get("Mode") else []
    words += [f"size={options['SizeBytes']}"] if options.get("SizeBytes") else []
    return Spec("tmpfs", given["Target"], rw=not given.get("ReadOnly"), options=",".join(words))


_READERS = {"volume": _read_volume, "bind": _read_bind, "tmpfs": _read_tmpfs}


def parse_tmpfs(path: str, options: str) -> Spec:
    """`--tmpfs PATH[:OPTIONS]`."""
    fault = _destination_fault(path) if path else "invalid mount path: '' mount path must be absolute"
    if fault:
        raise InvalidParameterError(fault)
    for option in reversed(options.split(",") if options else ()):
        name, equals, _ = option.partition("=")
        if option not in _TMPFS_WORDS and not (equals and name in _TMPFS_VALUES):
            shown = " ".join(quote(part) for part in option.split("=", 1))
            raise InvalidParameterError(f"invalid tmpfs option [{shown}]")
    return _normal(Spec("tmpfs", path, options=options, rw="ro" not in options.split(","), listed=False))


def parse_specs(host: Mapping[str, Any], volumes: tuple[str, ...]) -> list[Spec]:
    """Every mount of a HostConfig, and the image's or user's anonymous volumes where nothing else is mounted."""
    driver = host.get("VolumeDriver", "")
    specs = [parse_bind(text, driver) for text in host.get("Binds") or ()]
    specs += [parse_mount(given) for given in host.get("Mounts") or ()]
    specs += [parse_tmpfs(path, options) for path, options in sorted((host.get("Tmpfs") or {}).items())]
    taken: set[str] = set()
    for spec in specs:
        if spec.destination in taken:
            raise InvalidParameterError(f"Duplicate mount point: {spec.destination}")
        taken.add(spec.destination)
    anonymous = [Spec("volume", posixpath.normpath(path)) for path in volumes]
    return specs + [spec for spec in anonymous if spec.destination not in taken]
