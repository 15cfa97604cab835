"""The law of the house (CONTRIBUTING.md): a module imports only what stands before it.

Every import is read from the source, the lazy ones inside functions too, so the law can't be got round.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "dockerlab"

# Bottom first. Names that share a rank never import each other.
RANKS = [
    {"errors"},
    {"events", "world", "release"},
    {"oci"},
    {"fs"},
    {"store"},
    {"build", "runtime", "registry"},
    {"engine"},
    {"cli"},
    {"lab"},
    {"notebook"},
    {"course"},
    {"program"},
    {"__init__", "__main__"},
]
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}

# The one module that may import each library; nobody else may.
OWNERS = {
    "e2b_dockerfile_utils": ("build/dockerfile.py", "build/words.py", "build/ignore.py"),
    "just_bash": ("runtime/tools.py",),
    "tuf": ("registry/trust/",),
    "securesystemslib": ("registry/trust/metadata.py",),
    "cryptography": ("registry/trust/keys.py", "registry/trust/pkcs8.py", "registry/signatures/"),
    "graphviz": ("notebook/diagrams/render.py",),
    "ipywidgets": ("notebook/",),
    "anywidget": ("notebook/widgets/base.py",),
    "traitlets": ("notebook/widgets/base.py",),
    "IPython": ("notebook/",),
    "httpx": ("registry/remote.py", "registry/gowords.py"),
    "h11": ("registry/gowords.py",),
    "ssl": ("registry/gowords.py",),
    "socket": ("registry/gowords.py", "registry/serve.py"),
    "cheroot": ("registry/serve.py",),
    "werkzeug": ("registry/wsgi.py",),
    "bcrypt": ("registry/htpasswd.py",),
    "typer": ("program/",),
    "jupyter_client": ("course/kernel.py",),
    "jupyterlab": ("program/course.py",),
    "nbformat": ("course/",),
    "nbgrader": ("course/assignment.py",),
    "platformdirs": ("notebook/learning/progress.py",),
    "time": ("world.py",),
    "random": ("world.py",),
    "uuid": ("world.py",),
    "secrets": ("world.py",),
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Full names of all that a module imports, wherever in it."""
    package = ("dockerlab", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else ()
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{prefix}.{alias.name}" for alias in node.names)


def room(name: str) -> str | None:
    """The top-level name inside dockerlab that an import leads to."""
    parts = name.split(".")
    if parts[0] != "dockerlab":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in RANK else "__init__"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_stands_before_it(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for name in imports(path):
        target = room(name)
        if target is not None and target != own:
            assert RANK[target] < RANK[own], f"{path.name} imports {name}: {own} may not import {target}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_library_has_one_owner(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for name in imports(path):
        owners = OWNERS.get(name.split(".")[0])
        if owners:
            assert place.startswith(owners), f"{place} imports {name}; only {', '.join(owners)} may"


def test_every_module_says_what_it_is() -> None:
    silent = [str(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_no_module_outgrows_its_idea() -> None:
    long = {
        str(path): lines for path in modules() if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
