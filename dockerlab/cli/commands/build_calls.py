"""`docker build --call` (and --check): what BuildKit answers about a Dockerfile, as text or as JSON (buildx)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dockerlab.cli.progress.plain import excerpt
from dockerlab.cli.tabwriter import tabulate

Document = Mapping[str, Any]


def shown(name: str, document: Document, *, as_json: bool) -> tuple[str, int]:
    """The text on standard output, and the exit code: 1 where the checks found something."""
    code = 1 if name == "check" and document.get("warnings") else 0
    if as_json:
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n", code
    return "".join(_WRITERS[name](document)), code


def _checks(document: Document) -> Iterator[str]:
    found: Sequence[Document] = document.get("warnings") or ()
    if not found:
        yield "Check complete, no warnings found.\n"
        return
    count = "1 warning has" if len(found) == 1 else f"{len(found)} warnings have"
    yield f"Check complete, {count} been found!\n"
    (source,) = document["sources"]
    text = base64.b64decode(source["data"]).decode("utf-8", "replace")
    for one in sorted(found, key=_line):
        yield f"\nWARNING: {one['ruleName']} - {one['url']}\n{one['detail']}\n"
        yield excerpt(source["filename"], text, _line(one))


def _line(entry: Document) -> int:
    line: int = entry["location"]["ranges"][0]["start"]["line"]
    return line


def _outline(document: Document) -> Iterator[str]:
    if "name" in document or "description" in document:
        yield f"TARGET:{_gap(document)}{document.get('name', '')}\n"
        if "description" in document:
            yield f"DESCRIPTION: {document['description']}\n"
        yield "\n" if len(document) > 2 or "description" in document else ""
    yield from (f"{table}\n" for table in (_arguments(document), _secrets(document), _sockets(document)) if table)


def _gap(document: Document) -> str:
    return "      " if "description" in document else " "


def _arguments(document: Document) -> str:
    rows = [(one["name"], one.get("value", ""), one.get("description", "")) for one in document.get("args", ())]
    return _table(("BUILD ARG", "VALUE", "DESCRIPTION"), rows)


def _secrets(document: Document) -> str:
    rows = [(one["name"], "true" if one.get("required") else "") for one in document.get("secrets", ())]
    return _table(("SECRET", "REQUIRED"), rows)


def _sockets(document: Document) -> str:
    rows = [(one["name"], "true" if one.get("required") else "") for one in document.get("ssh", ())]
    return _table(("SSH", "REQUIRED"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["\t".join(row) for row in (head, *rows)]
    return tabulate("\n".join(lines) + "\n", minimum=0) if rows else ""


def _targets(document: Document) -> Iterator[str]:
    rows = []
    for one in document["targets"]:
        name = one.get("name", "")
        default = f"{name} (default)" if name else "(default)"
        rows.append(f"{default if one.get('default') else name}\t{one.get('description', '')}")
    yield tabulate("\n".join(["TARGET\tDESCRIPTION", *rows]) + "\n", minimum=0, padding=1)


_WRITERS: Mapping[str, Callable[[Document], Iterator[str]]] = {
    "check": _checks,
    "outline": _outline,
    "targets": _targets,
}
