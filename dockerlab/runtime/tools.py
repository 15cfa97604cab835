"""jq, lent from just-bash: its evaluator runs over our files and streams.

just-bash's commands are coroutines that never really wait (their files are in memory), so one `send(None)` runs a
command to its end. It is imported on the first use of jq, because that takes a quarter of a second. Its awk, sed and
grep were tried and don't behave like the real ones; ours are in `programs`.
"""

from __future__ import annotations

import json
from collections.abc import Coroutine
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import bytes_of, open_source, text_of
from dockerlab.runtime.programs.messages import complain
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

FLAGS = "rcsenjaSCM"
MISSING_FILE, NO_JSON, NO_PROGRAM = 2, 2, 3
LONG = {"--raw-output", "--compact-output", "--slurp", "--exit-status", "--null-input", "--sort-keys", "--tab"}
WITH_TWO = {"--arg", "--argjson"}


def run_now(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that never waits, and return its value."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise RuntimeError("the command wanted to wait")


@program("jq", raw=True, usage="[OPTIONS] FILTER [FILE]...")
def jq(proc: Process, args: Arguments) -> Waiting:
    """Filter JSON."""
    options, operands = split_words(args.operands)
    if not operands:
        proc.err("Usage:\tjq [OPTIONS] FILTER [FILES...]\n")
        return NO_PROGRAM
    text = ""
    if "-n" not in options and "--null-input" not in options:
        for name in operands[1:] or ["-"]:
            try:
                text += text_of((yield from open_source(proc, name).read_all()))
            except FileSystemError as error:
                return complain(proc, f"error: Could not open {name}: {error.strerror}", MISSING_FILE)
        wrong = parse_error(text)
        if wrong:
            return complain(proc, f"parse error: {wrong}", NO_JSON)
    result = _run(proc, [*options, operands[0]], text)
    proc.out(bytes_of(result.stdout))
    proc.err(bytes_of(result.stderr))
    return int(result.exit_code)


def _run(proc: Process, words: list[str], text: str) -> Any:
    from just_bash.commands.jq.jq import JqCommand
    from just_bash.types import CommandContext

    context = CommandContext(fs=None, cwd="/", env=dict(proc.env), stdin=text)  # type: ignore[arg-type]
    return run_now(JqCommand().execute(words, context))


def split_words(words: list[str]) -> tuple[list[str], list[str]]:
    """Options (with the values that some take) and operands."""
    options: list[str] = []
    operands: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in WITH_TWO:
            options += [word, next(rest, ""), next(rest, "")]
        elif word in LONG or (word[:1] == "-" and word[1:] and set(word[1:]) <= set(FLAGS)):
            options.append(word)
        else:
            operands.append(word)
    return options, operands


def parse_error(text: str) -> str:
    """What is wrong with a row of JSON values, in jq's words as far as they can be known; '' when nothing is."""
    decoder = json.JSONDecoder()
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            _, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            what = "literal" if text[error.pos : error.pos + 1].isalpha() else "JSON"
            return f"Invalid {what} at line {error.lineno}, column {error.colno}"
    return ""
