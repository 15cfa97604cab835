"""Volumes: files that outlive their containers (moby, volume/local)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dockerlab.errors import NotFoundError
from dockerlab.fs.filesystem import FileSystem


@dataclass(frozen=True, eq=False)
class Volume:
    """One volume; `created` in nanoseconds since 1970, labels and options None where nobody gave any."""

    name: str
    driver: str
    labels: Mapping[str, str] | None
    options: Mapping[str, str] | None
    created: int
    fs: FileSystem
    anonymous: bool = False


class VolumeStore:
    """Volumes by name."""

    def __init__(self) -> None:
        self._volumes: dict[str, Volume] = {}

    def add(self, volume: Volume) -> Volume:
        """Keep the volume under its name."""
        self._volumes[volume.name] = volume
        return volume

    def find(self, name: str) -> Volume | None:
        """The volume of that name, None where there is none."""
        return self._volumes.get(name)

    def get(self, name: str) -> Volume:
        """The volume of that name; `NotFoundError` in moby's words where there is none."""
        try:
            return self._volumes[name]
        except KeyError:
            raise NotFoundError(f"get {name}: no such volume") from None

    def remove(self, name: str) -> None:
        """Forget the volume and its files."""
        self.get(name)
        del self._volumes[name]

    def __iter__(self) -> Iterator[Volume]:
        return iter(tuple(self._volumes.values()))

    def __contains__(self, name: object) -> bool:
        return name in self._volumes

    def __len__(self) -> int:
        return len(self._volumes)
