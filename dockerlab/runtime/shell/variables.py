"""The variables of a shell: values, export and readonly marks, arrays, and the scopes that `local` makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from dockerlab.runtime.shell.errors import ShellError

Array: TypeAlias = Mapping[str, str]
_ELEMENT = re.compile(r"([A-Za-z_]\w*)\[(.*)\]\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Variable:
    """A value (None: marked, but unset) and its marks. An array's keys are its subscripts as text."""

    value: str | Array | None = None
    exported: bool = False
    readonly: bool = False
    integer: bool = False
    keyed: bool = False
    """Whether the subscripts are any text (`declare -A`) and not numbers."""

    @property
    def text(self) -> str | None:
        """The value as `$name` shows it: an array's element 0."""
        if self.value is None or isinstance(self.value, str):
            return self.value
        return self.value.get("0")


class Variables:
    """All variables; `push` and `pop` bracket a function whose `local` names come back afterwards."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._all = {
            name: Variable(value, exported=True)
            for name, value in environment.items()
            if re.fullmatch(r"[A-Za-z_]\w*", name)
        }
        self._scopes: list[dict[str, Variable | None]] = []
        self._strange = {name: value for name, value in environment.items() if name not in self._all}

    def copy(self) -> Variables:
        """An independent copy, for a subshell."""
        twin = Variables({})
        twin._all = dict(self._all)
        twin._scopes = [dict(scope) for scope in self._scopes]
        twin._strange = self._strange
        return twin

    def find(self, name: str) -> Variable | None:
        """A variable with its marks."""
        return self._all.get(name)

    def get(self, name: str) -> str | None:
        """A value as text; `name[subscript]` for an element of an array."""
        match = _ELEMENT.match(name)
        if match:
            return self.elements(match[1]).get(match[2])
        found = self._all.get(name)
        return found.text if found else None

    def elements(self, name: str) -> Array:
        """An array's elements by subscript; a plain value is element 0."""
        found = self._all.get(name)
        if found is None or found.value is None:
            return {}
        return {"0": found.value} if isinstance(found.value, str) else found.value

    def set(self, name: str, value: str | Array, *, export: bool = False) -> None:
        """Assign; raises ShellError for a readonly variable."""
        match = _ELEMENT.match(name)
        if match and isinstance(value, str):
            self._set_element(match[1], match[2], value)
            return
        old = self._all.get(name, Variable())
        if old.readonly:
            raise ShellError("readonly", name)
        if isinstance(value, str) and old.value is not None and not isinstance(old.value, str):
            value = {**old.value, "0": value}
        self._all[name] = replace(old, value=value, exported=old.exported or export)

    def _set_element(self, name: str, subscript: str, value: str) -> None:
        old = self._all.get(name, Variable())
        if old.readonly:
            raise ShellError("readonly", name)
        elements = {**self.elements(name), subscript: value}
        if not old.keyed:
            elements = dict(sorted(elements.items(), key=lambda item: int(item[0])))
        self._all[name] = replace(old, value=elements)

    def mark(self, name: str, marks: Mapping[str, bool]) -> None:
        """Set marks: exported, readonly, integer, keyed."""
        old = self._all.get(name, Variable())
        kept = {mark: getattr(old, mark) for mark in ("exported", "readonly", "integer", "keyed")}
        self._all[name] = Variable(old.value, **{**kept, **marks})

    def unset(self, name: str) -> None:
        """Remove a variable or an array's element."""
        match = _ELEMENT.match(name)
        old = self._all.get(match[1] if match else name)
        if old is None:
            return
        if old.readonly:
            raise ShellError("readonly", name)
        if match:
            kept = {key: value for key, value in self.elements(match[1]).items() if key != match[2]}
            self._all[match[1]] = replace(old, value=kept)
        else:
            del self._all[name]

    def local(self, name: str) -> None:
        """From here to the end of the function the name is the function's own; its value stays until it is set."""
        scope = self._scopes[-1]
        if name not in scope:
            scope[name] = self._all.get(name)

    def push(self, names: Iterable[str] = ()) -> None:
        """Enter a scope in which `names` are local."""
        self._scopes.append({name: self._all.get(name) for name in names})

    def pop(self) -> None:
        """Leave the scope: its names are again what they were."""
        for name, variable in self._scopes.pop().items():
            if variable is None:
                self._all.pop(name, None)
            else:
                self._all[name] = variable

    @property
    def depth(self) -> int:
        """How many scopes are open."""
        return len(self._scopes)

    def environment(self) -> dict[str, str]:
        """What a child process gets."""
        exported = {name: text for name, one in self._all.items() if one.exported and (text := one.text) is not None}
        return {**self._strange, **exported}

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._all)

    def is_local(self, name: str) -> bool:
        """Whether the innermost function has declared the name."""
        return bool(self._scopes) and name in self._scopes[-1]
