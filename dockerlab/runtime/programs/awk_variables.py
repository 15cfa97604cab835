"""awk's variables and arrays: global ones, those of a function's call, and the special ones."""

from __future__ import annotations

from typing import TypeAlias

from dockerlab.runtime.programs.awk_lexer import AwkError
from dockerlab.runtime.programs.awk_record import Record
from dockerlab.runtime.programs.awk_values import UNSET, Value, number, text

Array: TypeAlias = dict[str, Value]


class Variables:
    """What a program remembers; `frames` are the parameters of the calls that go on."""

    def __init__(self) -> None:
        self.record = Record()
        self.globals: dict[str, Value] = {
            "FS": " ", "OFS": " ", "ORS": "\n", "RS": "\n", "NR": 0.0, "FNR": 0.0, "SUBSEP": "\x1c", "CONVFMT": "%.6g",
            "OFMT": "%.6g", "RSTART": 0.0, "RLENGTH": -1.0, "FILENAME": "",
        }  # fmt: skip
        self.arrays: dict[str, Array] = {}
        self.frames: list[dict[str, Value | Array]] = []

    def get(self, name: str) -> Value:
        """A variable's value."""
        if self.frames and name in self.frames[-1]:
            value = self.frames[-1][name]
            if isinstance(value, dict):
                raise AwkError(f"can't use array {name} in scalar context")
            return value
        if name == "NF":
            return float(len(self.record.fields))
        return self.globals.get(name, UNSET)

    def set(self, name: str, value: Value) -> None:
        """Assign to a variable; NF changes the record."""
        if self.frames and name in self.frames[-1]:
            self.frames[-1][name] = value
        elif name == "NF":
            self.record.resize(int(number(value)))
        else:
            self.globals[name] = value
            if name == "OFS":
                self.record.joint = text(value)

    def is_array(self, name: str) -> bool:
        """Whether a name is an array by now."""
        if self.frames and name in self.frames[-1]:
            return isinstance(self.frames[-1][name], dict)
        return name in self.arrays

    def array(self, name: str) -> Array:
        """An array, made when it is first used."""
        if self.frames and name in self.frames[-1]:
            found = self.frames[-1][name]
            if not isinstance(found, dict):
                found = self.frames[-1][name] = {}
            return found
        return self.arrays.setdefault(name, {})
