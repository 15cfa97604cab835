"""sed's commands, each a small function of the editor (POSIX.1-2024, sed, "Editing Commands"; some of GNU's)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dockerlab.errors import FileSystemError
from dockerlab.runtime.programs.inputs import bytes_of, text_of
from dockerlab.runtime.programs.sed_editor import DROP, END, QUIT_SILENTLY, Editor, Handler, Step
from dockerlab.runtime.programs.sed_script import Command

HANDLERS: dict[str, Handler] = {}


def _handler(names: str) -> Callable[[Callable[[Editor, Command], int | None]], None]:
    """Register a command that never waits."""

    def register(function: Callable[[Editor, Command], int | None]) -> None:
        def step(editor: Editor, command: Command) -> Step:
            return function(editor, command)
            yield  # a generator that never waits

        for name in names:
            HANDLERS[name] = step

    return register


@_handler(":{}")
def _mark(editor: Editor, command: Command) -> None:
    """Labels and braces do nothing."""


@_handler("d")
def _delete(editor: Editor, command: Command) -> int:
    return DROP


@_handler("D")
def _delete_line(editor: Editor, command: Command) -> int:
    _, newline, rest = editor.space.partition("\n")
    if newline:
        editor.space, editor.again = rest, True
    return DROP


@_handler("p")
def _print(editor: Editor, command: Command) -> None:
    editor.put(editor.space)


@_handler("P")
def _print_line(editor: Editor, command: Command) -> None:
    editor.put(editor.space.partition("\n")[0])


@_handler("=")
def _number(editor: Editor, command: Command) -> None:
    editor.put_text(f"{editor.lines.number}\n")


@_handler("l")
def _list(editor: Editor, command: Command) -> None:
    shown = editor.space.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    editor.put_text(
        "".join(c if " " <= c < "\x7f" else "".join(f"\\{b:03o}" for b in bytes_of(c)) for c in shown) + "$\n"
    )


@_handler("gGhHxz")
def _hold(editor: Editor, command: Command) -> None:
    space, hold = editor.space, editor.hold
    editor.space, editor.hold = {
        "g": (hold, hold), "G": (f"{space}\n{hold}", hold), "h": (space, space), "H": (space, f"{hold}\n{space}"),
        "x": (hold, space), "z": ("", hold),
    }[command.name]  # fmt: skip


@_handler("a")
def _append(editor: Editor, command: Command) -> None:
    editor.later.append(command.text)


@_handler("i")
def _insert(editor: Editor, command: Command) -> None:
    editor.put_text(command.text)


@_handler("c")
def _change(editor: Editor, command: Command) -> int:
    if not command.active or command.negated:
        editor.put_text(command.text)
    return DROP


@_handler("y")
def _transliterate(editor: Editor, command: Command) -> None:
    source, target = (str(part) for part in command.replacement)
    editor.space = editor.space.translate(str.maketrans(source, target))


@_handler("qQ")
def _quit(editor: Editor, command: Command) -> int:
    editor.exit_code = command.code
    return QUIT_SILENTLY if command.name == "Q" else END


@_handler("b")
def _branch(editor: Editor, command: Command) -> int:
    return command.target


@_handler("tT")
def _branch_if(editor: Editor, command: Command) -> int | None:
    replaced, editor.replaced = editor.replaced, False
    return command.target if replaced is (command.name == "t") else None


@_handler("r")
def _read(editor: Editor, command: Command) -> None:
    try:
        editor.later.append(text_of(editor.proc.fs.read(editor.proc.path(command.text))))
    except FileSystemError:
        return  # POSIX: a file that can't be read is an empty one


@_handler("wW")
def _write(editor: Editor, command: Command) -> None:
    text = editor.space.partition("\n")[0] if command.name == "W" else editor.space
    _write_line(editor, command.text, text)


@_handler("F")
def _file_name(editor: Editor, command: Command) -> None:
    editor.put_text("-\n")


@_handler("s")
def _substitute(editor: Editor, command: Command) -> None:
    assert command.pattern
    text, count = substitute(editor.space, command)
    if not count:
        return
    editor.space, editor.replaced = text, True
    for flag in command.flags:
        if flag == "p":
            editor.put(editor.space)
    if command.text:
        _write_line(editor, command.text, editor.space)


def _write_line(editor: Editor, name: str, text: str) -> None:
    if name in ("/dev/stdout", "/dev/stderr"):
        (editor.proc.out if name.endswith("out") else editor.proc.err)(text + "\n")
        return
    editor.proc.fs.write(editor.proc.path(name), bytes_of(text + "\n"), append=name in editor.opened)
    editor.opened.add(name)


def substitute(text: str, command: Command) -> tuple[str, int]:
    """The text with matches replaced from the `count`-th on, and how many were."""
    assert command.pattern
    everything = "g" in command.flags
    out: list[str] = []
    end = done = seen = 0
    for found in _matches_of(command.pattern, text):
        seen += 1
        if seen < command.count or (done and not everything):
            continue
        out += [text[end : found.start()], expand(command.replacement, found)]
        end = found.end()
        done += 1
    return "".join([*out, text[end:]]), done


def _matches_of(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches; an empty one right after another match doesn't count (POSIX)."""
    last = -1
    for found in pattern.finditer(text):
        if found.end() > found.start() or found.start() != last:
            yield found
        last = found.end()


def expand(parts: list[str | int], found: re.Match[str]) -> str:
    """The right side of s filled in, with \\U, \\L, \\E, \\u, \\l."""
    out, mode, once = "", "E", ""
    for part in parts:
        if isinstance(part, str) and part[0] == "\\" and part[1:] in tuple("ULEul"):
            if part[1] in "ULE":
                mode = part[1]
            else:
                once = part[1]
            continue
        piece = (found[part] or "") if isinstance(part, int) else part
        piece = piece.upper() if mode == "U" else piece.lower() if mode == "L" else piece
        if once and piece:
            piece = (piece[0].upper() if once == "u" else piece[0].lower()) + piece[1:]
            once = ""
        out += piece
    return out


def _next(editor: Editor, command: Command) -> Step:
    """n: the next line instead of this one."""
    if (yield from editor.lines.is_last()):
        if not editor.quiet:
            editor.put(editor.space)
        editor.exit_code = editor.exit_code or 0
        return DROP
    if not editor.quiet:
        editor.put(editor.space)
    line = yield from editor.next_line()
    editor.space = line or ""
    return None


def _next_too(editor: Editor, command: Command) -> Step:
    """N: the next line added to this one; without one GNU prints what there is and ends."""
    line = None if (yield from editor.lines.is_last()) else (yield from editor.next_line())
    if line is None:
        editor.exit_code = editor.exit_code or 0
        return END
    editor.space += "\n" + line
    return None


HANDLERS |= {"n": _next, "N": _next_too}
