"""POSIX regular expressions for Python's `re`: basic and extended ones with GNU's additions (POSIX.1-2024 XBD 9).

What differs from `re`: which characters are special (in basic ones '+', '?', '|', '{' and '(' only with a backslash),
bracket expressions ('[[:alpha:]]', '[]abc]', a backslash in them stands for itself), '*' at the start of a basic
expression, '\\<' and '\\>'. Alternatives match leftmost-first instead of leftmost-longest.
"""

from __future__ import annotations

import functools
import re

CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r" \t\n\r\f\v",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9A-Fa-f",
    "cntrl": r"\x00-\x1f\x7f",
    "print": " -~",
    "graph": "!-~",
}
WORDS = {"<": r"\b(?=\w)", ">": r"\b(?<=\w)", "b": r"\b", "B": r"\B", "w": r"\w", "W": r"\W", "s": r"\s", "S": r"\S"}
WORDS |= {"`": r"\A", "'": r"\Z", "n": r"\n", "t": r"\t"}


class PatternError(ValueError):
    """A text that is no regular expression, in the words of GNU's regcomp(3)."""


@functools.lru_cache(maxsize=256)
def compile_pattern(text: str, *, extended: bool = False, ignore_case: bool = False) -> re.Pattern[str]:
    """The Python pattern of a POSIX one; raises PatternError."""
    translated = _Translator(text, extended).run()
    try:
        return re.compile(translated, re.I if ignore_case else 0)
    except re.error as error:
        raise PatternError(_words(error)) from None


def _words(error: re.error) -> str:
    known = {
        "unbalanced": "Unmatched ) or \\)",
        "missing )": "Unmatched ( or \\(",
        "invalid group": "Invalid back reference",
    }
    return next((text for start, text in known.items() if error.msg.startswith(start)), "Invalid regular expression")


class _Translator:
    """Walks over a POSIX expression once."""

    def __init__(self, text: str, extended: bool) -> None:
        self.text = text
        self.extended = extended
        self.at = 0
        self.out: list[str] = []
        self.depth = 0

    def run(self) -> str:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "[":
                self.out.append(self._bracket())
            elif char == "\\":
                self._escaped()
            else:
                self.at += 1
                self._plain(char)
        if self.depth:
            raise PatternError("Unmatched ( or \\(")
        return "".join(self.out)

    def _at_start(self) -> bool:
        """Whether nothing stands before that could be repeated or closed."""
        return not self.out or self.out[-1] in ("(", "|", "^")

    def _plain(self, char: str) -> None:
        if char == "*":
            self._repeat("*")
        elif char == "^":
            self.out.append("^" if self.extended or self._at_start() else r"\^")
        elif char == "$":
            rest = self.text[self.at :]
            final = self.extended or not rest or rest.startswith((r"\)", r"\|"))
            # The end of the line, never the place before a newline at the end.
            self.out.append(r"(?!.)(?!\n)" if final else r"\$")
        elif char == ".":
            self.out.append("(?s:.)")
        elif self.extended and char in "+?|(){":
            self._operator(char)
        else:
            self.out.append(re.escape(char))

    def _escaped(self) -> None:
        if self.at + 1 >= len(self.text):
            raise PatternError("Trailing backslash")
        char = self.text[self.at + 1]
        self.at += 2
        if not self.extended and char in "+?|(){":
            self._operator(char)
        elif char in WORDS:
            self.out.append(WORDS[char])
        elif char.isdigit() and char != "0":
            self.out.append(f"(?:\\{char})")
        else:
            self.out.append(re.escape(char))

    def _operator(self, char: str) -> None:
        if char == "(":
            self.depth += 1
            self.out.append("(")
        elif char == ")":
            if not self.depth:
                if not self.extended:
                    raise PatternError("Unmatched ) or \\)")
                self.out.append(r"\)")
                return
            self.depth -= 1
            self.out.append(")")
        elif char == "|":
            self.out.append("|")
        elif char == "{":
            self._interval()
        else:
            self._repeat(char)

    def _repeat(self, mark: str) -> None:
        if self._at_start():
            self.out.append("" if self.extended else re.escape(mark))
        elif self.out[-1][-1:] not in "*+?}" or self.out[-1].endswith(("\\*", "\\+", "\\?", "\\}")):
            self.out.append(mark)
        elif mark != self.out[-1]:
            # 'a**' and 'a+*' repeat as 'a*' does.
            self.out[-1] = "*"

    def _interval(self) -> None:
        closing = "}" if self.extended else r"\}"
        end = self.text.find(closing, self.at)
        body = self.text[self.at : end] if end >= 0 else ""
        if not re.fullmatch(r"\d*(,\d*)?", body) or not body or self._at_start():
            if self.extended:
                self.out.append(r"\{")
                return
            raise PatternError("Unmatched { or \\{" if end < 0 else "Invalid content of \\{\\}")
        self.out.append("{" + (f"0{body}" if body.startswith(",") else body) + "}")
        self.at = end + len(closing)

    def _bracket(self) -> str:
        """A bracket expression, from '[' on."""
        at = self.at + 1
        negated = self.text[at : at + 1] == "^"
        at += negated
        items: list[str] = []
        first = True
        while True:
            if at >= len(self.text):
                raise PatternError("Unmatched [, [^, [:, [., or [=")
            char = self.text[at]
            if char == "]" and not first:
                break
            first = False
            if self.text[at : at + 2] in ("[:", "[.", "[="):
                item, at = self._named(at)
                items.append(item)
            else:
                items.append("\\" + char if char in r"\[]^&~|" else char)
                at += 1
        self.at = at + 1
        return f"[{'^' if negated else ''}{_ranges(items)}]"

    def _named(self, at: int) -> tuple[str, int]:
        mark = self.text[at + 1]
        end = self.text.find(f"{mark}]", at + 2)
        if end < 0:
            raise PatternError("Unmatched [, [^, [:, [., or [=")
        name = self.text[at + 2 : end]
        if mark == ":" and name not in CLASSES:
            raise PatternError("Invalid character class name")
        return (CLASSES[name] if mark == ":" else re.escape(name)), end + 2


def _ranges(items: list[str]) -> str:
    """Items of a bracket expression; a '-' at either end stands for itself."""
    if items and items[0] == "-":
        items[0] = r"\-"
    if items and items[-1] == "-":
        items[-1] = r"\-"
    return "".join(items)
