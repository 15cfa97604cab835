"""Two containers beside each other on one image, once for each storage driver, and what is done in them.

An operation is done with every driver at once, so that what it costs can be compared; nothing of it touches a lab.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dockerlab.errors import FileSystemError
from dockerlab.fs.drivers import DRIVERS, StorageDriver, Touch, Trial
from dockerlab.fs.layer import Layer

CONTAINERS = ("one", "two")


@dataclass(frozen=True, slots=True)
class Operation:
    """A verb of `VERBS`, done to a path of a container; `new` is what a rename makes of it."""

    verb: str
    container: str
    path: str
    new: str = ""

    @property
    def words(self) -> str:
        """As one would say it."""
        return VERBS[self.verb].words.format(path=self.path, new=self.new)


@dataclass(frozen=True, slots=True)
class Verb:
    """What its button says, what it says of a path, how it is done; `follows` links to what they lead to."""

    label: str
    words: str
    do: Callable[[Trial, Operation], Touch]
    follows: bool = True


def overwrite(trial: Trial, operation: Operation) -> Touch:
    """Write another byte over the one in the file's middle."""
    content = trial.files.content(operation.path)
    place = content.size // 2
    return trial.edit(operation.path, b"Y" if content.read(place, 1) == b"X" else b"X", place)


def chmod(trial: Trial, operation: Operation) -> Touch:
    """Take from the others what they may do, or give it back."""
    mode = trial.files.stat(operation.path).mode & 0o7777
    return trial.chmod(operation.path, mode & ~0o077 if mode & 0o077 else mode | 0o044)


VERBS: Mapping[str, Verb] = {
    "read": Verb("Read", "read {path}", lambda trial, it: trial.read(it.path)),
    "append": Verb("Append a byte", "append a byte to {path}", lambda trial, it: trial.append(it.path, b"x")),
    "overwrite": Verb("Overwrite a byte", "overwrite a byte in {path}", overwrite),
    "chmod": Verb("chmod", "change the mode of {path}", chmod),
    "rename": Verb("Rename", "rename {path} to {new}", lambda trial, it: trial.rename(it.path, it.new), follows=False),
    "delete": Verb("Delete", "delete {path}", lambda trial, it: trial.delete(it.path), follows=False),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an operation with one driver: what it cost, or why it was refused."""

    operation: Operation
    touch: Touch | None = None
    refusal: FileSystemError | None = None


class Pair:
    """Both containers with one storage driver, and what came of each operation."""

    def __init__(self, driver: StorageDriver, layers: Sequence[Layer]) -> None:
        self.driver = driver
        self.trials = {name: Trial(driver, layers) for name in CONTAINERS}
        self.created = self.bytes_copied
        self.outcomes: list[Outcome] = []

    def do(self, operation: Operation) -> Outcome:
        """Do it; a refusal is an outcome, too."""
        try:
            touch = VERBS[operation.verb].do(self.trials[operation.container], operation)
        except FileSystemError as error:
            outcome = Outcome(operation, refusal=error)
        else:
            outcome = Outcome(operation, touch)
        self.outcomes.append(outcome)
        return outcome

    @property
    def bytes_copied(self) -> int:
        """All that was copied so far, what it took to create the containers among it."""
        return sum(trial.bytes_copied for trial in self.trials.values())

    @property
    def blocks_copied(self) -> int:
        """The same in blocks of this driver's file system."""
        return sum(touch.blocks_copied for trial in self.trials.values() for touch in trial.touches)

    @property
    def disk(self) -> int:
        """Bytes of the disk that the two containers take beside their image."""
        return sum(trial.disk for trial in self.trials.values())

    @property
    def lookups(self) -> int:
        """Entries that were looked up for all operations."""
        return sum(touch.lookups for trial in self.trials.values() for touch in trial.touches)


def pairs(layers: Sequence[Layer]) -> dict[str, Pair]:
    """A pair for every driver."""
    return {name: Pair(driver(), layers) for name, driver in DRIVERS.items()}
