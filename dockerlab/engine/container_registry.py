"""Which containers there are, and how they are found: by name, ID, or the beginning of an ID (moby, `container/`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dockerlab.engine.container_names import check_name, generate_name
from dockerlab.engine.names import check_path_name
from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError
from dockerlab.runtime.container import Container
from dockerlab.world import Chance


@dataclass
class Roll:
    """Some containers by ID, and their names."""

    by_id: dict[str, Container] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


class ContainerRegistry:
    """All containers, in the order in which they were created."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self.exchange(Roll())

    def exchange(self, roll: Roll) -> None:
        """Go on with other containers."""
        self.roll = roll
        self._by_id, self._names = roll.by_id, roll.names

    def __iter__(self) -> Iterator[Container]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, container: object) -> bool:
        return isinstance(container, Container) and container.id in self._by_id

    def find(self, name: str) -> Container:
        """By full ID, by name, by prefix of an ID; in this order."""
        check_path_name("container", name)
        if name in self._by_id:
            return self._by_id[name]
        named = self._names.get(name.removeprefix("/"))
        if named is not None:
            return self._by_id[named]
        found = [id_ for id_ in self._by_id if id_.startswith(name)]
        if len(found) > 1:
            raise InvalidParameterError(f"Multiple IDs found with provided prefix: {name}")
        if not found:
            raise NotFoundError(f"No such container: {name}")
        return self._by_id[found[0]]

    def add(self, container: Container) -> None:
        """Take in a container whose name was reserved."""
        self._by_id[container.id] = container

    def remove(self, container: Container) -> None:
        """Forget a container and its name."""
        self._by_id.pop(container.id, None)
        self.release(container.name)

    def reserve(self, name: str | None, container_id: str) -> str:
        """A valid free name for a new container: the one that was asked for, or a made-up one."""
        chosen = check_name(name) if name else generate_name(self._chance, self._names)
        self._take(chosen, container_id)
        return chosen

    def _take(self, name: str, container_id: str) -> None:
        if name in self._names:
            raise ConflictError(
                f'Conflict. The container name "/{name}" is already in use by container "{self._names[name]}". '
                "You have to remove (or rename) that container to be able to reuse that name."
            )
        self._names[name] = container_id

    def release(self, name: str) -> None:
        """Let others have the name."""
        self._names.pop(name, None)

    def rename(self, container: Container, new: str) -> None:
        """Give a container another name."""
        if not new:
            raise InvalidParameterError("Neither old nor new names may be empty")
        if new.removeprefix("/") == container.name:
            raise InvalidParameterError("Renaming a container with the same name as its current name")
        try:
            name = check_name(new, shown="/" + new.removeprefix("/"))
            self._take(name, container.id)
        except (InvalidParameterError, ConflictError) as error:
            raise type(error)(f"Error when allocating new name: {error}") from None
        self.release(container.name)
        container.name = name
