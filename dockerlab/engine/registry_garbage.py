"""`registry garbage-collect` in a container: what `registry.garbage` does, told as the program tells it."""

from __future__ import annotations

from collections.abc import Set

from dockerlab.engine.registry_log import Journal
from dockerlab.engine.registry_storage import FileStorage
from dockerlab.engine.registry_version import TWO, version_of
from dockerlab.errors import SystemError_
from dockerlab.registry.garbage import Collector, Said
from dockerlab.runtime.process import Process


def collect(proc: Process, storage: FileStorage, journal: Journal, words: Set[str]) -> int:
    """Delete the blobs that no manifest needs; with `--delete-untagged` the manifests without a tag, too."""
    shelves = storage.shelves
    blobs = f"{shelves.top}/blobs"
    if not shelves.files.is_dir(blobs):
        where = f"filesystem: Path not found: {blobs.removeprefix(shelves.root)}"
        proc.err(f"failed to garbage collect: error enumerating blobs: {where}")
        return 1
    collector = Collector(
        shelves,
        dry_run=bool({"-d", "--dry-run"} & words),
        delete_untagged=bool({"-m", "--delete-untagged"} & words),
        takes_all_untagged=version_of(proc) == TWO,
    )
    try:
        for event in collector.run():
            if isinstance(event, Said):
                proc.out(f"{event.line}\n")
            else:
                journal.note(f"{event.what}: {event.path}")
    except SystemError_ as error:
        proc.err(str(error))
        return 1
    return 0
