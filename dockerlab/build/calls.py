"""What BuildKit answers when it is asked about a Dockerfile instead of to build it: `docker build --call`.

Documents as `--call=NAME,format=json` prints them (BuildKit, frontend/subrequests: lint, outline, targets), but for the
low-level definition of the sources.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from dockerlab.build.checks import Finding
from dockerlab.build.context import BuildContext
from dockerlab.build.instructions import Arg, Run
from dockerlab.build.mounts import Mount
from dockerlab.build.request import BuildRequest
from dockerlab.build.rules import RULES
from dockerlab.build.stages import Plan, Stage

Document = Mapping[str, Any]


def checks(found: Sequence[Finding], context: BuildContext, fault: str = "") -> Document:
    """The findings of the build checks; `fault` is why they are errors, where they are."""
    warnings = [
        {
            "ruleName": one.rule,
            "description": RULES[one.rule].description,
            "url": RULES[one.rule].url,
            "detail": one.text,
            "location": _location(one.line),
        }
        for one in found
    ]
    source = {"filename": context.base_name, "data": _encoded(context.dockerfile), "language": "Dockerfile"}
    more = {"buildError": {"message": fault, "location": {}}} if fault else {}
    return {"warnings": warnings or None, "sources": [source] if warnings else None, **more}


def outline(plan: Plan, stages: Sequence[Stage], request: BuildRequest) -> Document:
    """What a build of the target takes: its arguments, secrets and SSH sockets."""
    target = stages[-1]
    mounts = [
        (mount, instruction.node.first_line)
        for stage in stages
        for instruction in stage.instructions
        if isinstance(instruction, Run)
        for mount in instruction.mounts
    ]
    parts = {
        "name": target.name,
        "description": _description(plan, target.head.node.first_line, target.name),
        "args": _arguments(plan, stages, request),
        "secrets": [_need(mount.id, mount, line) for mount, line in mounts if mount.type == "secret"],
        "ssh": [_need(mount.id or "default", mount, line) for mount, line in mounts if mount.type == "ssh"],
        "sources": [_encoded(plan.dockerfile.text)],
    }
    return {key: value for key, value in parts.items() if value}


def _arguments(plan: Plan, stages: Sequence[Stage], request: BuildRequest) -> list[Document]:
    rows: list[Document] = []
    for stage in stages:
        for instruction in stage.instructions:
            for pair in instruction.pairs if isinstance(instruction, Arg) else ():
                line = instruction.node.first_line
                parts = {
                    "name": pair.key,
                    "description": _description(plan, line, pair.key),
                    "value": request.build_args.get(pair.key) or pair.value or "",
                    "location": _location(line),
                }
                rows.append({key: value for key, value in parts.items() if value})
    return rows


def _need(name: str, mount: Mount, line: int) -> Document:
    required = {"required": True} if mount.required else {}
    return {"name": name, **required, "location": _location(line)}


def targets(plan: Plan) -> Document:
    """The stages that can be built by name; the last is built by default."""
    rows = []
    for stage in plan.stages:
        line = stage.head.node.first_line
        parts = {
            "name": stage.name,
            "description": _description(plan, line, stage.name),
            "default": stage is plan.stages[-1],
            "base": stage.head.base,
            "location": _location(line),
        }
        rows.append({key: value for key, value in parts.items() if value})
    return {"targets": rows, "sources": [_encoded(plan.dockerfile.text)]}


def _description(plan: Plan, line: int, name: str) -> str:
    """The comment right above a line, where it begins with the name of what it describes."""
    lines = plan.dockerfile.text.split("\n")
    above = lines[line - 2].strip() if line >= 2 else ""
    first, _, rest = above.removeprefix("#").strip().partition(" ")
    return rest.strip() if above.startswith("#") and name and first.lower() == name.lower() else ""


def _location(line: int) -> Document:
    return {"ranges": [{"start": {"line": line}, "end": {"line": line}}]}


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()
