"""awk's words: a program cut into tokens (POSIX.1-2024, awk, "Lexical Conventions")."""

from __future__ import annotations

import re
from dataclasses import dataclass

KEYWORDS = {
    "BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue", "next", "nextfile",
    "exit", "return", "delete", "in", "getline", "print", "printf",
}  # fmt: skip
FUNCTIONS = {
    "length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "tolower", "toupper", "int", "sqrt", "exp",
    "log", "sin", "cos", "atan2", "rand", "srand", "system", "close", "fflush", "systime", "strftime",
}  # fmt: skip
OPERATORS = re.compile(r"\*\*=|\|\||&&|>>|<=|>=|==|!=|!~|\+\+|--|\+=|-=|\*=|/=|%=|\^=|\*\*|[-+*/%^!<>|?:~$=,;(){}\[\]]")
NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?")
NAME = re.compile(r"[A-Za-z_]\w*")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "/": "/", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
OPERANDS = {"number", "string", "ere", "name", "funcname", "builtin"}
"""Kinds of token after which '/' divides."""


class AwkError(ValueError):
    """A program that awk refuses."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Token:
    """A token: its kind (an operator is its own kind), its text, its line."""

    kind: str
    text: str
    line: int


def tokens_of(source: str) -> list[Token]:
    """All tokens; newlines are tokens, the last one is 'end'. Raises AwkError."""
    found: list[Token] = []
    at, line = 0, 1
    while at < len(source):
        char = source[at]
        if char in " \t\r" or source.startswith("\\\n", at):
            line += char == "\\"
            at += 2 if char == "\\" else 1
        elif char == "#":
            end = source.find("\n", at)
            at = len(source) if end < 0 else end
        elif char == "\n":
            found.append(Token("newline", "\n", line))
            at, line = at + 1, line + 1
        else:
            token, at = _token(source, at, line, found[-1] if found else None)
            found.append(token)
    return [*found, Token("newline", "\n", line), Token("end", "", line)]


def _token(source: str, at: int, line: int, before: Token | None) -> tuple[Token, int]:
    char = source[at]
    if char == '"':
        return _string(source, at + 1, line)
    if char == "/" and not _divides(before):
        return _regex(source, at + 1, line)
    if number := NUMBER.match(source, at):
        return Token("number", number[0], line), number.end()
    if name := NAME.match(source, at):
        return Token(_kind(name[0], source, name.end()), name[0], line), name.end()
    operator = OPERATORS.match(source, at)
    if not operator:
        raise AwkError(f"syntax error at or near {char}", line)
    text = operator[0].replace("**", "^")
    return Token(text, text, line), operator.end()


def _kind(name: str, source: str, end: int) -> str:
    if name in KEYWORDS:
        return "function" if name == "func" else name
    if name in FUNCTIONS:
        return "builtin"
    # A call of one's own function has its bracket right behind the name.
    return "funcname" if source[end : end + 1] == "(" else "name"


def _divides(before: Token | None) -> bool:
    return before is not None and (before.kind in OPERANDS or before.kind in (")", "]", "$", "++", "--"))


def _string(source: str, at: int, line: int) -> tuple[Token, int]:
    out = ""
    while at < len(source):
        char = source[at]
        if char == '"':
            return Token("string", out, line), at + 1
        if char == "\n":
            break
        if char == "\\" and at + 1 < len(source):
            octal = re.compile("[0-7]{1,3}").match(source, at + 1)
            if octal:
                out, at = out + chr(int(octal[0], 8)), octal.end()
                continue
            following = source[at + 1]
            out += ESCAPES.get(following, "" if following == "\n" else "\\" + following)
            at += 2
            continue
        out, at = out + char, at + 1
    raise AwkError(f"non-terminated string {out[:10]}... at source line {line}", line)


def _regex(source: str, at: int, line: int) -> tuple[Token, int]:
    start, inside = at, False
    while at < len(source) and source[at] != "\n":
        char = source[at]
        if char == "\\":
            at += 2
            continue
        if char == "/" and not inside:
            return Token("ere", source[start:at].replace("\\/", "/"), line), at + 1
        inside = (char == "[" and not inside) or (inside and (char != "]" or source[at - 1] == "["))
        at += 1
    raise AwkError("non-terminated regular expression " + source[start : start + 10], line)
