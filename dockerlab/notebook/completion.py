"""Tab completion in cells: docker's commands and flags, and the names of images, containers and volumes."""

from __future__ import annotations

import re
from typing import Any

from dockerlab import cli
from dockerlab.notebook.drawing import completions
from dockerlab.notebook.session import current_lab

DOCKER = re.compile(r"(?:^|[|;&(]\s*|%%?|\$\(\s*)docker\s+(?P<words>[^|;&]*)$", re.M)
"""The docker command that the cursor stands in, in a magic or in a line of the host's shell."""
DRAW = re.compile(r"^%lab\s+draw\s+(?P<words>.*)$", re.M)
DRAW_CALL = re.compile(r"""(?P<call>draw(?:\.(?P<word>\w+))?\((?:"[^"]*",\s*)*["'])(?P<name>[^"']*)$""")
"""A name in the magic, and in a call of `draw`."""


def candidates(text: str) -> list[str]:
    """What the last word of `text` (all that stands before the cursor) may become."""
    match = DOCKER.search(text)
    if match is None:
        return drawable(text)
    words = match["words"].split(" ")
    return cli.complete([word for word in words[:-1] if word] + [words[-1]], current_lab().engine)


def drawable(text: str) -> list[str]:
    """The names that a picture may be asked for."""
    engine = current_lab().engine
    images = [name for row in engine.images.list() for name in row["RepoTags"] or [] if name != "<none>:<none>"]
    containers = [row["Names"][0].lstrip("/") for row in engine.containers.list(all=True)]
    if match := DRAW.search(text):
        return completions(match["words"].split(" "), images, containers)
    if match := DRAW_CALL.search(text):
        call = match["call"].split(" ")[-1]
        words = [match["word"] or "", match["name"]]
        return [f"{call}{name}" for name in completions(words, images, containers)]
    return []


def register(shell: Any) -> None:
    """Give a shell's completer the matcher."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher()  # type: ignore[untyped-decorator]
    def docker_matcher(context: Any) -> dict[str, Any]:
        before = context.full_text[: offset(context)]
        found = candidates(before)
        fragment = before.split(" ")[-1].split("\n")[-1]
        return {
            "completions": [SimpleCompletion(text=text, type="docker") for text in found],
            "matched_fragment": fragment,
            "suppress": bool(found),
        }

    matchers = shell.Completer.custom_matchers
    matchers[:] = [old for old in matchers if getattr(old, "__name__", "") != "docker_matcher"] + [docker_matcher]


def offset(context: Any) -> int:
    """Where the cursor stands in the whole cell, in characters."""
    lines = context.full_text.split("\n")
    return sum(len(line) + 1 for line in lines[: context.cursor_line]) + int(context.cursor_position)
