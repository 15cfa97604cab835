"""Write the golden DOT files of all diagrams anew, after looking at what changed: `python -m tests.notebook.golden`."""

from __future__ import annotations

from pathlib import Path

from tests.notebook.cases import CASES

FOLDER = Path(__file__).parent / "data" / "diagrams"


def main() -> None:
    """One file for each case, no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.dot"):
        old.unlink()
    for name, figure in CASES.items():
        (FOLDER / f"{name}.dot").write_text(figure().dot, encoding="utf-8")


if __name__ == "__main__":
    main()
