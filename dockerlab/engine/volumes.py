"""Volumes: create, list, inspect, remove, prune (Engine API, "Volume"; moby, `volume/service`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dockerlab.engine.events import EventLog
from dockerlab.engine.names import check_path_name
from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError
from dockerlab.fs.filesystem import FileSystem
from dockerlab.oci.golang import quote
from dockerlab.runtime.container_mounts import empty_files
from dockerlab.store.volumes import Volume, VolumeStore
from dockerlab.world import Chance, Clock, format_instant

ALLOWED = "[a-zA-Z0-9][a-zA-Z0-9_.-]"
_NAME = re.compile(rf"{ALLOWED}+")
_FILTERS = frozenset({"dangling", "driver", "label", "name"})
_PRUNE_FILTERS = frozenset({"label", "label!", "all"})
_TRUE, _FALSE = (
    frozenset({"1", "true", "t", "True", "TRUE", "T"}),
    frozenset({"0", "false", "f", "False", "FALSE", "F"}),
)


def truth(values: Sequence[str], name: str) -> bool:
    """A filter's boolean, as Go's strconv.ParseBool reads it."""
    if len(values) == 1 and values[0] in _TRUE | _FALSE:
        return values[0] in _TRUE
    raise InvalidParameterError(f"Invalid filter '{name}=[{' '.join(values)}]'")


def like(text: str, pattern: str) -> bool:
    """Whether a filter's value is a part of the text, or a regular expression that fits (moby, filters.Match)."""
    try:
        return pattern in text or bool(re.search(pattern, text))
    except re.error:
        return False


def label_matches(labels: Mapping[str, str] | None, wanted: str) -> bool:
    """Whether labels hold 'key' or 'key=value'."""
    key, has_value, value = wanted.partition("=")
    return key in (labels or {}) and (not has_value or (labels or {})[key] == value)


class Volumes:
    """The volumes of one engine. `users(name)` gives the IDs of the containers that mount a volume."""

    def __init__(
        self, store: VolumeStore, events: EventLog, clock: Clock, chance: Chance, root: Callable[[], str]
    ) -> None:
        self.store = store
        self.users: Callable[[str], list[str]] = lambda name: []
        self._events = events
        self._clock = clock
        self._chance = chance
        self._root = root

    # What `docker volume` does.

    def create(
        self,
        name: str = "",
        *,
        driver: str = "",
        labels: Mapping[str, str] | None = None,
        options: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Make a volume, or find the one of that name; without a name it is an anonymous one."""
        return self.to_json(self.make(name, driver=driver, labels=labels, options=options))

    def make(
        self,
        name: str = "",
        *,
        driver: str = "",
        labels: Mapping[str, str] | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Volume:
        """The same, as the store keeps it."""
        existing = self.store.find(name) if name else None
        if existing is not None:
            if driver and driver != existing.driver:
                raise ConflictError(f"create {name}: found reference to volume '{name}' in driver '{existing.driver}'")
            self._note("create", existing)  # moby tells of it all the same
            return existing
        anonymous = not name
        if anonymous:
            name = self._chance.hex()
            labels = {**(labels or {}), "com.docker.volume.anonymous": ""}
        self._check(name, driver, options or {})
        volume = Volume(
            name=name,
            driver=driver or "local",
            labels=labels,
            options=options,
            created=self._clock.now,
            fs=empty_files(self._clock),
            anonymous=anonymous,
        )
        self.store.add(volume)
        self._note("create", volume)
        return volume

    def _check(self, name: str, driver: str, options: Mapping[str, str]) -> None:
        if driver and driver != "local":
            text = f'plugin "{driver}" not found'
            raise NotFoundError(f"create {name}: error looking up volume plugin {driver}: {text}")
        if name and len(name) < 2:
            text = "volume name is too short, names should be at least two alphanumeric characters"
            raise InvalidParameterError(f"create {name}: {text}")
        if name and not _NAME.fullmatch(name):
            raise InvalidParameterError(
                f'create {name}: {quote(name)} includes invalid characters for a local volume name, only "{ALLOWED}" '
                "are allowed. If you intended to pass a host directory, use absolute path"
            )
        for option in options:
            if option not in {"type", "device", "o", "size"}:
                raise InvalidParameterError(f'create {name}: invalid option: "{option}"')
        for option in ("device", "type") if options else ():
            if not options.get(option) and set(options) != {"size"}:
                raise InvalidParameterError(f'create {name}: missing required option: "{option}"')

    def find(self, name: str) -> Volume:
        """A volume by its name."""
        check_path_name("volume", name)
        volume = self.store.find(name)
        if volume is None:
            raise NotFoundError(f"get {name}: no such volume")
        return volume

    def inspect(self, name: str) -> dict[str, Any]:
        """`docker volume inspect`."""
        return self.to_json(self.find(name))

    def list(self, filters: Mapping[str, Sequence[str]] | None = None) -> list[dict[str, Any]]:
        """`docker volume ls`, by name."""
        wanted = filters or {}
        for name in wanted:
            if name not in _FILTERS:
                raise InvalidParameterError(f"Invalid filter '{name}'")
        if "dangling" in wanted:
            truth(wanted["dangling"], "dangling")
        volumes = sorted(self.store, key=lambda volume: volume.name)
        return [self.to_json(volume) for volume in volumes if self._passes(volume, wanted)]

    def _passes(self, volume: Volume, filters: Mapping[str, Sequence[str]]) -> bool:
        tests: dict[str, Callable[[Sequence[str]], bool]] = {
            "dangling": lambda values: truth(values, "dangling") == (not self.users(volume.name)),
            "driver": lambda values: volume.driver in values,
            "label": lambda values: all(label_matches(volume.labels, value) for value in values),
            "name": lambda values: any(like(volume.name, value) for value in values),
        }
        return all(tests[name](values) for name, values in filters.items())

    def remove(self, name: str, *, force: bool = False) -> None:
        """`docker volume rm`; with `force` a missing one is fine."""
        check_path_name("volume", name)
        volume = self.store.find(name)
        if volume is None:
            if force:
                return
            raise NotFoundError(f"get {name}: no such volume")
        self.check_unused(name, self.users(name))
        self.store.remove(name)
        self._note("destroy", volume)

    def check_unused(self, name: str, users: Sequence[str]) -> None:
        """A volume that containers mount stays."""
        if users:
            raise ConflictError(f"remove {name}: volume is in use - [{', '.join(users)}]")

    def prune(self, filters: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
        """`docker volume prune`: anonymous volumes that no container uses; with all=1 named ones too."""
        wanted = filters or {}
        for name in wanted:
            if name not in _PRUNE_FILTERS:
                raise InvalidParameterError(f"Invalid filter '{name}'")
        everything = truth(wanted["all"], "all") if wanted.get("all") else False
        victims = [
            volume
            for volume in sorted(self.store, key=lambda volume: volume.name)
            if (everything or volume.anonymous) and not self.users(volume.name) and self._prunable(volume, wanted)
        ]
        space = sum(volume.fs.disk_usage("/") for volume in victims)
        for volume in victims:
            self.remove(volume.name)
        self._events.add("volume", "prune", "", {"reclaimed": str(space)})
        return {"VolumesDeleted": [volume.name for volume in victims] or None, "SpaceReclaimed": space}

    @staticmethod
    def _prunable(volume: Volume, filters: Mapping[str, Sequence[str]]) -> bool:
        return all(label_matches(volume.labels, value) for value in filters.get("label", ())) and not any(
            label_matches(volume.labels, value) for value in filters.get("label!", ())
        )

    # What the rest of the engine asks.

    def mount_point(self, name: str) -> str:
        """Where the host would have the volume's files."""
        return f"{self._root()}/volumes/{name}/_data"

    def files(self, name: str) -> FileSystem:
        """The volume's own file system."""
        return self.find(name).fs

    def remove_anonymous(self, names: Iterable[str]) -> None:
        """What `docker rm -v` and `--rm` do: anonymous volumes that nobody else uses go too."""
        for name in names:
            volume = self.store.find(name)
            if volume is not None and volume.anonymous and not self.users(name):
                self.remove(name)

    def usage(self) -> Sequence[dict[str, Any]]:
        """The volumes with their sizes and users, for `docker system df`."""
        return [
            self.to_json(volume)
            | {"UsageData": {"RefCount": len(self.users(volume.name)), "Size": volume.fs.disk_usage("/")}}
            for volume in sorted(self.store, key=lambda volume: volume.name)
        ]

    def to_json(self, volume: Volume) -> dict[str, Any]:
        """A volume as `docker volume inspect` prints it; its time has no fraction."""
        created = volume.created // 1_000_000_000 * 1_000_000_000
        return {
            "CreatedAt": format_instant(created),
            "Driver": volume.driver,
            "Labels": dict(volume.labels) if volume.labels else None,
            "Mountpoint": self.mount_point(volume.name),
            "Name": volume.name,
            "Options": dict(volume.options) if volume.options else None,
            "Scope": "local",
        }

    def _note(self, action: str, volume: Volume, **more: str) -> None:
        self._events.add("volume", action, volume.name, {"driver": volume.driver, **more})

    def note_mount(self, name: str, container: str, destination: str, *, rw: bool) -> None:
        """A container that starts has mounted the volume."""
        attributes = {
            "container": container,
            "destination": destination,
            "propagation": "",
            "read/write": str(rw).lower(),
        }
        self._note("mount", self.find(name), **attributes)

    def note_unmount(self, name: str, container: str) -> None:
        """The container has ended."""
        if self.store.find(name) is not None:
            self._note("unmount", self.find(name), container=container)
