"""printf, and the escapes of `echo -e` (POSIX.1-2024, printf)."""

from __future__ import annotations

import re

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import c_format
from dockerlab.runtime.programs.inputs import text_of
from dockerlab.runtime.programs.messages import ProgramFailure, complain, is_busybox, missing_operand
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "\\": "\\",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "e": "\x1b",
    '"': '"',
}
ESCAPE = re.compile(r"\\(c|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|0?[0-7]{1,3}|.)", re.S)


def unescape(text: str, *, octal_needs_zero: bool = False) -> tuple[str, bool]:
    """A text with its escapes read, and whether '\\c' ended it."""
    out = ""
    at = 0
    for found in ESCAPE.finditer(text):
        out += text[at : found.start()]
        code = found[1]
        at = found.end()
        if code == "c":
            return out, True
        out += _character(code, octal_needs_zero) or found[0]
    return out + text[at:], False


def _character(code: str, octal_needs_zero: bool) -> str:
    if code in ESCAPES:
        return ESCAPES[code]
    if code[0] == "x" and len(code) > 1:
        return text_of(bytes([int(code[1:], 16)]))
    if code[0] == "u" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code[0] in "01234567" and (code[0] == "0" or not octal_needs_zero):
        return text_of(bytes([int(code, 8) & 0xFF]))
    return ""


class Formatter:
    """One run of printf: the format is used again as long as there are arguments."""

    def __init__(self, proc: Process, form: str, words: list[str]) -> None:
        self.proc = proc
        self.form = form
        self.words = words
        self.code = 0
        self.stopped = False

    def run(self) -> int:
        """Print; 1 when an argument was no number."""
        takes = c_format.count(self.form)
        while True:
            out = c_format.fill(self.form, self.argument, lone=self.literal)
            self.proc.out(out)
            if not self.words or not takes or self.stopped:
                return self.code

    def literal(self, text: str) -> str:
        """The format's own text, with its escapes; nothing more after '\\c'."""
        if self.stopped:
            return ""
        out, self.stopped = unescape(text)
        return out

    def argument(self, kind: str) -> str | int | float:
        """The next argument, '' or 0 where there are no more."""
        word = self.words.pop(0) if self.words else None
        if kind == "b":
            out, self.stopped = unescape(word or "", octal_needs_zero=True)
            return out
        if kind in "sc":
            return word or ""
        if word is None and is_busybox(self.proc):
            self.code = complain(self.proc, "invalid number ''")
        if not word:
            return 0
        if word[:1] in ("'", '"') and len(word) > 1:
            return ord(word[1])
        return self.number(word, whole=kind == "d")

    def number(self, word: str, *, whole: bool) -> int | float:
        """A number: decimal, octal, hexadecimal; what is none counts as far as it goes, with a complaint."""
        text = word.strip()
        try:
            return _whole(text) if whole else float(int(text, 16) if text[:2].lower() == "0x" else float(text))
        except ValueError:
            self.code = 1
        digits = re.match(r"[-+]?(0[xX][0-9a-fA-F]+|\d*\.?\d*)", text)
        partial = digits[0] if digits and digits[0] not in ("", "-", "+", ".") else ""
        if is_busybox(self.proc):
            complain(self.proc, f"invalid number '{word}'")
        else:
            complain(
                self.proc, f"'{word}': " + ("value not completely converted" if partial else "expected a numeric value")
            )
        if not partial:
            return 0
        return int(float(partial)) if whole else float(partial)


def _whole(text: str) -> int:
    digits = text.lstrip("+-")
    base = 16 if digits[:2].lower() == "0x" else 8 if digits[:1] == "0" and len(digits) > 1 else 10
    return int(text, base)


@program("printf", raw=True, usage="FORMAT [ARG]...")
def printf(proc: Process, args: Arguments) -> int:
    """Format and print."""
    words = args.operands[1:] if args.operands[:1] == ["--"] else args.operands
    if not words:
        raise missing_operand()
    try:
        return Formatter(proc, words[0], list(words[1:])).run()
    except c_format.FormatError as error:
        raise ProgramFailure(f"{error}: invalid conversion specification", busybox=f"{error}: invalid format") from None
