"""`compare_drivers`: one piece of work on a fresh lab for each storage driver, and what it cost there.

Nothing is timed: bytes, blocks and look-ups are counted, so the same work gives the same figures.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, TypeAlias

from dockerlab.engine.config import PATH
from dockerlab.errors import InvalidParameterError
from dockerlab.fs.drivers import DRIVERS

if TYPE_CHECKING:
    from dockerlab.lab.lab import Lab

Work: TypeAlias = "str | Sequence[str] | Callable[[Lab], object]"
"""Lines for the host's shell, in one text or one by one, or a function of a lab."""

TITLES = ("DRIVER", "BYTES COPIED", "DISK BEFORE", "DISK AFTER", "BLOCKS SHARED", "LOOK-UPS")


@dataclass(frozen=True, slots=True)
class DriverCost:
    """What the work cost with one driver.

    `bytes_copied` were there before and had to be written again; `disk_before` and `disk_after` are bytes of whole
    blocks, images' and containers' together; `blocks_shared` are those that the containers see and the images hold;
    `lookups` is how many entries are looked up to find every file of all containers once.
    """

    driver: str
    bytes_copied: int
    disk_before: int
    disk_after: int
    blocks_shared: int
    lookups: int

    @property
    def disk_grown(self) -> int:
        """Bytes that the work took."""
        return self.disk_after - self.disk_before


@dataclass(frozen=True, slots=True)
class Comparison:
    """The costs of one piece of work, a row for each driver; `print` shows them as a table."""

    rows: tuple[DriverCost, ...]

    def of(self, driver: str) -> DriverCost:
        """The row of a driver."""
        return next(row for row in self.rows if row.driver == driver)

    def series(self) -> Mapping[str, Mapping[str, int]]:
        """Figures to plot: for each measure its value by driver."""
        names = [each.name for each in fields(DriverCost) if each.name != "driver"]
        return {name: {row.driver: getattr(row, name) for row in self.rows} for name in (*names, "disk_grown")}

    def __str__(self) -> str:
        lines = [
            TITLES,
            *([f"{value:,}" if isinstance(value, int) else value for value in astuple(row)] for row in self.rows),
        ]
        widths = [max(len(line[column]) for line in lines) for column in range(len(TITLES))]
        return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Iterable[str], widths: list[int]) -> str:
    name, *numbers = zip(cells, widths, strict=True)
    return "   ".join([name[0].ljust(name[1]), *(cell.rjust(width) for cell, width in numbers)])


def compare_drivers(fresh: Callable[[], Lab], work: Work, setup: Work | None, drivers: Iterable[str]) -> Comparison:
    """Do the work with each driver; `setup` comes before it, and is not counted."""
    wanted = list(drivers) or list(DRIVERS)
    for name in wanted:
        if name not in DRIVERS:
            raise InvalidParameterError(f"no storage driver is called {name!r}: there are {', '.join(DRIVERS)}")
    return Comparison(tuple(_cost(fresh(), name, work, setup) for name in wanted))


def _cost(lab: Lab, driver: str, work: Work, setup: Work | None) -> DriverCost:
    settings = json.loads(lab.host.read(PATH)) if lab.host.exists(PATH) else {}
    lab.host.write(PATH, json.dumps({**settings, "storage-driver": driver}).encode())
    lab.run("systemctl restart docker")
    if setup is not None:
        _do(lab, setup)
    before = lab.engine.usage()
    _do(lab, work)
    after = lab.engine.usage()
    return DriverCost(driver, after.copied - before.copied, before.disk, after.disk, after.shared, lab.engine.lookups())


def _do(lab: Lab, work: Work) -> None:
    """Do a piece of work; a line that fails is no figure to compare, so it ends the comparison."""
    if callable(work):
        work(lab)
        return
    for lines in [work] if isinstance(work, str) else work:
        result = lab.run(lines)
        if result.exit_code:
            raise InvalidParameterError(f"the work ended with exit code {result.exit_code}: {result.stderr.strip()}")
