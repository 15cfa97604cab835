"""fmt.Sprintf: flags, widths, precisions, argument numbers, and what each verb makes of each kind of value (Go 1.24).

    sprintf("%-5s|%+d", ["a", 3])  -> 'a    |+3'

What doesn't fit is said in the text itself, as Go does: '%!d(string=x)', '%!s(MISSING)', '%!(EXTRA int=1)'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dockerlab.cli.template.numerals import BASES, complex_text, float_text, integer_text, unicode_text
from dockerlab.cli.template.printing import ADDRESS, plain, sorted_keys, source
from dockerlab.cli.template.values import Duration, NilPointer, Number, Struct, Value, type_of
from dockerlab.oci.golang import quote, quote_rune

_INDEX = re.compile(r"\[([^\]]*)\]")
_DIGITS = re.compile(r"\d+")
_LARGEST = 1_000_000
"""Of widths and precisions."""


def sprintf(template: str, values: Sequence[Value]) -> str:
    """The template with its values put in."""
    return _Reader(template, values).text()


@dataclass(frozen=True)
class Directive:
    """What stands between '%' and the verb."""

    flags: str = ""
    width: int | None = None
    precision: int | None = None

    def has(self, flag: str) -> bool:
        """Whether a flag is set."""
        return flag in self.flags

    def padded(self, text: str, *, zeroes: bool = True) -> str:
        """Filled up to the width; with zeroes only in front."""
        missing = (self.width or 0) - len(text)
        if missing <= 0:
            return text
        if self.has("-"):
            return text + " " * missing
        return ("0" if zeroes and self.has("0") else " ") * missing + text

    def cut(self, text: str) -> str:
        """No longer than the precision."""
        return text if self.precision is None else text[: self.precision]


@dataclass
class _Reader:
    """Goes through a template; `at` is where it stands, `next` the number of the next value."""

    template: str
    values: Sequence[Value]
    at: int = 0
    next: int = 0
    reordered: bool = False
    good_index: bool = True
    parts: list[str] = field(default_factory=list)

    def text(self) -> str:
        """All of it, and what is said of values that were not used."""
        while (percent := self.template.find("%", self.at)) >= 0:
            self.parts.append(self.template[self.at : percent])
            self.at = percent + 1
            self._directive()
        self.parts.append(self.template[self.at :])
        if not self.reordered and self.next < len(self.values):
            self.parts.append(_extra(self.values[self.next :]))
        return "".join(self.parts)

    def _directive(self) -> None:
        self.good_index = True
        flags = self._flags()
        indexed = self._index()
        width, indexed = self._number("BADWIDTH", indexed)
        if width is not None and width < 0:
            flags, width = flags + "-", -width
        precision = None
        if self._peek() == ".":
            self.at += 1
            self.good_index = self.good_index and not indexed
            indexed = self._index()
            starred = self._peek() == "*"
            precision, indexed = self._number("BADPREC", indexed, counts=False)
            if precision is None and not starred:
                precision = 0
            elif precision is not None and precision < 0:
                precision = None
                self.parts.append("%!(BADPREC)")
        if not indexed:
            self._index()
        self._verb(Directive(flags, width, precision))

    def _peek(self) -> str:
        return self.template[self.at : self.at + 1]

    def _flags(self) -> str:
        start = self.at
        while self._peek() and self._peek() in "#0+- ":
            self.at += 1
        return self.template[start : self.at]

    def _index(self) -> bool:
        """'[2]': which value comes next."""
        if self._peek() != "[":
            return False
        self.reordered = True
        match = _INDEX.match(self.template, self.at)
        if match is None:
            self.at, self.good_index = self.at + 1, False
            return False
        self.at = match.end()
        if _DIGITS.fullmatch(match[1]) and 1 <= int(match[1]) <= len(self.values):
            self.next = int(match[1]) - 1
            return True
        self.good_index = False
        return bool(_DIGITS.fullmatch(match[1]))

    def _number(self, complaint: str, indexed: bool, *, counts: bool = True) -> tuple[int | None, bool]:
        """A width or precision, in digits or as '*'; and whether an index still waits for its verb."""
        if self._peek() == "*":
            self.at += 1
            value = self._star()
            if value is None:
                self.parts.append(f"%!({complaint})")
            return value, False
        match = _DIGITS.match(self.template, self.at)
        if match is None:
            return None, indexed
        self.at = match.end()
        if counts and indexed:
            self.good_index = False
        return (int(match[0]) if int(match[0]) <= _LARGEST else None), indexed

    def _star(self) -> int | None:
        if self.next >= len(self.values):
            return None
        value = self.values[self.next]
        self.next += 1
        fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
        return int(value) if fits else None

    def _verb(self, directive: Directive) -> None:
        verb = self._peek()
        self.at += len(verb)
        if not verb:
            self.parts.append("%!(NOVERB)")
        elif verb == "%":
            self.parts.append("%")
        elif not self.good_index:
            self.parts.append(f"%!{verb}(BADINDEX)")
        elif self.next >= len(self.values):
            self.parts.append(f"%!{verb}(MISSING)")
        else:
            self.parts.append(Shown(directive, verb).value(self.values[self.next]))
            self.next += 1


def _extra(values: Sequence[Value]) -> str:
    shown = ("<nil>" if value is None else f"{type_of(value)}={plain(value, pointer=True)}" for value in values)
    return f"%!(EXTRA {', '.join(shown)})"


@dataclass(frozen=True)
class Shown:
    """A verb with its flags, for values of every kind; `bad` where it says what a wrong verb's value is."""

    directive: Directive
    verb: str
    bad: bool = False

    def value(self, value: Value, depth: int = 0) -> str:
        """The value's text; `depth` counts the values that it lies in."""
        if self.verb == "T" and value is not None:
            return self.directive.padded(self.directive.cut(type_of(value)))
        if self.verb == "v" and self.directive.has("#") and not self.bad:
            return self._source(value)
        if value is None:
            if self.verb in "vT":
                return self.directive.padded("<nil>")
            return "<nil>" if depth else f"%!{self.verb}(<nil>)"
        if self._is_address(value, depth):
            return self._address(value)
        if self.verb in "pw" and not _is_basic(value):
            return self._wrong(value)
        return self._container(value, depth)

    def _source(self, value: Value) -> str:
        """%#v: the value in Go's own notation; numbers and texts take width and precision."""
        if not _is_basic(value):
            return source(value)
        bare = replace(self.directive, flags=self.directive.flags.replace("#", "").replace("+", ""))
        return Shown(bare, "q" if isinstance(value, str) else "v").value(value)

    def _container(self, value: Value, depth: int) -> str:
        if isinstance(value, Mapping):
            keys = sorted_keys(value)
            parts = (f"{self.value(key, depth + 1)}:{self.value(value[key], depth + 1)}" for key in keys)
            return f"map[{' '.join(parts)}]"
        if isinstance(value, Struct):
            return self._struct(value, depth)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return f"[{' '.join(self.value(each, depth + 1) for each in value)}]"
        return self._basic(value)

    def _struct(self, value: Struct, depth: int) -> str:
        named = self.verb == "v" and self.directive.has("+") and not self.bad
        fields = ((name, value.get(name)) for name in value.fields if value.is_data(name))
        texts = (f"{name}:" * named + self.value(each, depth + 1) for name, each in fields)
        return ("&" if value.go_type.startswith("*") else "") + "{" + " ".join(texts) + "}"

    def _wrong(self, value: Value) -> str:
        """A verb that is none of this kind's."""
        # %w takes the flags '+' and '#' as %v does, all others as they are.
        flags = self.directive.flags.replace("+", "") if self.verb == "w" else self.directive.flags
        in_go = self.verb == "w" and self.directive.has("#")
        shown = Shown(replace(self.directive, flags=flags), "v", bad=not in_go).value(value)
        return f"%!{self.verb}({type_of(value)}={shown})"

    # Pointers.

    def _is_address(self, value: Value, depth: int) -> bool:
        """Pointers within other values show where they point to; %p shows it of all that has an address."""
        if isinstance(value, NilPointer):
            return self.verb != "w"
        if isinstance(value, Struct):
            return value.go_type.startswith("*") and (depth > 0 or self.verb == "p")
        return self.verb == "p" and isinstance(value, Mapping | Sequence) and not isinstance(value, str)

    def _address(self, value: Value) -> str:
        nil = isinstance(value, NilPointer)
        if self.verb == "v":
            return self.directive.padded("<nil>" if nil else ADDRESS)
        if self.verb == "p":
            flags = self.directive.flags.replace("#", "") + "#" * (not self.directive.has("#"))
            return integer_text(0 if nil else int(ADDRESS, 16), "x", replace(self.directive, flags=flags))
        return self._integer(0 if nil else int(ADDRESS, 16)) if self.verb in BASES else self._wrong(value)

    # Basic kinds.

    def _basic(self, value: Value) -> str:
        if isinstance(value, Duration) and self.verb in "vsqxX" and not self.bad:
            return self._string(str(value)) if self.verb != "v" else replace(self, verb="s")._string(str(value))
        if isinstance(value, bool):
            return self.directive.padded(plain(value)) if self.verb in "tv" else self._wrong(value)
        if isinstance(value, int):
            return self._integer(value)
        if isinstance(value, float):
            shown = float_text(value, self.verb, self._without_plus())
        elif isinstance(value, complex):
            shown = complex_text(value, self.verb, self._without_plus())
        else:
            return self._string(value)
        return self._wrong(value) if shown is None else shown

    def _integer(self, value: int) -> str:
        directive = self._without_plus()
        if self.verb in BASES:
            return integer_text(value, self.verb, directive)
        if self.verb == "c":
            return directive.padded(chr(value) if 0 <= value < 0x110000 else "\ufffd")
        if self.verb == "q":
            return directive.padded(quote_rune(value, ascii_only=directive.has("+")))
        return unicode_text(value, directive) if self.verb == "U" else self._wrong(value)

    def _without_plus(self) -> Directive:
        """%+v is about the names of fields, not about signs."""
        named = self.verb == "v" and not self.bad
        return replace(self.directive, flags=self.directive.flags.replace("+", "")) if named else self.directive

    def _string(self, text: str) -> str:
        directive = self.directive
        if self.verb in "sv":
            return directive.padded(directive.cut(text))
        if self.verb == "q":
            cut = directive.cut(text)
            raw = directive.has("#") and _is_raw(cut)
            return directive.padded(f"`{cut}`" if raw else quote(cut, ascii_only=directive.has("+")))
        return self._hex(text) if self.verb in "xX" else self._wrong(text)

    def _hex(self, text: str) -> str:
        data = text.encode("utf-8", "surrogateescape")[: self.directive.precision]
        prefix = f"0{self.verb}" if self.directive.has("#") and data else ""
        spaced = self.directive.has(" ")
        digits = (format(byte, f"02{self.verb}") for byte in data)
        return self.directive.padded((" " + prefix if spaced else "").join(digits).join((prefix, "")))


def _is_basic(value: Value) -> bool:
    return isinstance(value, bool | int | float | complex | str) and not isinstance(value, Number | Duration)


def _is_raw(text: str) -> bool:
    """Whether it can stand in backquotes (strconv.CanBackquote)."""
    return all(character == "\t" or (character.isprintable() and character not in "`\x7f\ufeff") for character in text)
