"""Which words of which instruction $VARIABLES count in (Dockerfile reference, "Environment replacement").

RUN, CMD and ENTRYPOINT are not among them: their shell does it when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from dockerlab.build.instructions import (
    Add,
    Arg,
    Copy,
    Document,
    Env,
    Expose,
    Instruction,
    Label,
    Pair,
    StopSignal,
    User,
    Volume,
    Workdir,
)  # fmt: skip
from dockerlab.build.words import Words


def expand(instruction: Instruction, words: Words) -> Instruction:
    """The instruction with its variables put in."""
    expander = _EXPANDERS.get(type(instruction))
    expanded: Instruction = expander(instruction, words) if expander else instruction
    return expanded


def _pairs(pairs: Iterable[Pair], words: Words) -> tuple[Pair, ...]:
    return tuple(
        replace(pair, key=words.word(pair.key), value=None if pair.value is None else words.word(pair.value))
        for pair in pairs
    )


def _all(texts: Iterable[str], words: Words) -> tuple[str, ...]:
    return tuple(map(words.word, texts))


def _document(document: Document, words: Words) -> Document:
    """Quotes mean nothing inside a heredoc."""
    if not document.expand:
        return document
    return replace(document, path=words.word(document.path), data=words.inside(document.data))


def _transfer(instruction: Any, words: Words) -> Instruction:
    expanded: Instruction = replace(
        instruction,
        sources=_all(instruction.sources, words),
        target=words.word(instruction.target),
        documents=tuple(_document(document, words) for document in instruction.documents),
        chown=words.word(instruction.chown),
        chmod=words.word(instruction.chmod),
    )
    return expanded


_EXPANDERS: dict[type[Instruction], Callable[[Any, Words], Instruction]] = {
    Add: _transfer,
    Copy: lambda copy, words: replace(_transfer(copy, words), origin=words.word(copy.origin)),  # type: ignore[call-arg]
    Arg: lambda arg, words: replace(arg, pairs=_pairs(arg.pairs, words)),
    Env: lambda env, words: replace(env, pairs=_pairs(env.pairs, words)),
    Label: lambda label, words: replace(label, pairs=_pairs(label.pairs, words)),
    Expose: lambda expose, words: replace(
        expose, ports=tuple(port for text in expose.ports for port in words.split(text))
    ),
    StopSignal: lambda stop, words: replace(stop, signal=words.word(stop.signal)),
    User: lambda user, words: replace(user, user=words.word(user.user)),
    Volume: lambda volume, words: replace(volume, paths=_all(volume.paths, words)),
    Workdir: lambda workdir, words: replace(workdir, path=words.word(workdir.path)),
}
