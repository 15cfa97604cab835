"""Docker's own registry and ours collect the garbage of one folder: the same lines, and the same files are left."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from dockerlab.registry import Server
from dockerlab.registry.disk import DiskFiles
from dockerlab.registry.folder import FolderStorage
from dockerlab.registry.garbage import Collector, Deleted, Said
from dockerlab.registry.layout import Shelves
from tests.interop.conftest import Real, tool
from tests.interop.registries import docker_registry
from tests.registry.asking import Wire
from tests.registry.stocked import stock

CONFIG = "version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}\n"


@pytest.fixture(params=["theirs", "ours"])
def roots(request: pytest.FixtureRequest, real: Real) -> tuple[Path, Path]:
    """Two copies of a folder that Docker's registry has filled, or ours."""
    tool("docker-registry")
    if request.param == "theirs":
        with docker_registry(real.folder) as host:
            stock(Wire(int(host.rpartition(":")[2])))
    else:
        (real.folder / "data").mkdir()
        stock(Server(FolderStorage(real.folder / "data")))
    return real.folder / "data", Path(shutil.copytree(real.folder / "data", real.folder / "copy"))


def files(root: Path) -> set[str]:
    """All files below a folder."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"delete_untagged": True}], ids=json.dumps)
def test_both_sweep_the_same(real: Real, roots: tuple[Path, Path], options: dict[str, bool]) -> None:
    """They sweep in no order, so lines are compared without it."""
    theirs, ours = roots
    (real.folder / "gc.yml").write_text(CONFIG % theirs)
    flags = [f"--{name.replace('_', '-')}" for name in options]
    answer = real.run(["docker-registry", "garbage-collect", *flags, str(real.folder / "gc.yml")])
    assert answer.exit_code == 0, answer.stderr
    events = list(Collector(Shelves(DiskFiles(ours), ""), **options, takes_all_untagged=True).run())
    said = "".join(f"{event.line}\n" for event in events if isinstance(event, Said))
    assert sorted(said.splitlines()) == sorted(answer.stdout.splitlines())
    deleted = [f"{event.what}: {event.path}" for event in events if isinstance(event, Deleted)]
    assert sorted(deleted) == sorted(re.findall(r'msg="([^"]*)"', answer.stderr))
    assert files(ours) == files(theirs)


def test_the_command_says_the_same(real: Real, roots: tuple[Path, Path]) -> None:
    theirs, ours = roots
    (real.folder / "gc.yml").write_text(CONFIG % theirs)
    said = real.check([sys.executable, "-m", "dockerlab", "registry", "garbage-collect", "--root", str(ours)])
    expected = real.check(["docker-registry", "garbage-collect", str(real.folder / "gc.yml")])
    assert sorted(said.splitlines()) == sorted(expected.splitlines())
    assert files(ours) == files(theirs)
