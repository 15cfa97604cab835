"""The widgets' front ends as text: `frontend/lab.js` and a widget's own module in one; styles with the palette.

There is no build step. Each front end is an ES module that imports from "./lab.js"; a widget's model carries one text,
so the two are put in a row, and the words that join modules are taken out.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from dockerlab.notebook.diagrams import palette

FOLDER = Path(__file__).parent / "frontend"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./lab\.js";\n', re.M)
EXPORT = re.compile(r"^export (?=(?:async )?function |const )", re.M)


@cache
def module(name: str) -> str:
    """The ES module of a front end, what it shares with the others included."""
    shared = EXPORT.sub("", _read("lab.js"))
    return shared + "\n" + IMPORT.sub("", _read(f"{name}.js"))


@cache
def style(name: str) -> str:
    """The style sheet of a front end: the palette of the diagrams, what all share, and its own where it has one."""
    own = FOLDER / f"{name}.css"
    return "\n".join([_palette(), _read("lab.css"), own.read_text(encoding="utf-8") if own.is_file() else ""])


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _palette() -> str:
    """The diagrams' roles as CSS variables: --dl-layer-fill, --dl-layer-edge …"""
    roles = {name.lower(): role for name, role in vars(palette).items() if isinstance(role, palette.Role)}
    lines = [
        f"  --dl-{name.replace('_', '-')}-fill: {role.fill};\n  --dl-{name.replace('_', '-')}-edge: {role.edge};"
        for name, role in roles.items()
    ]
    return "\n".join([".dockerlab {", f"  --dl-ink: {palette.INK};", *lines, "}"])
