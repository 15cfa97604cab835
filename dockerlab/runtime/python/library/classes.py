"""dataclasses, typing, abc: what classes are decorated with or stand on."""

from __future__ import annotations

from typing import Any, ClassVar

from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.objects import Class, Given, Instance, Native
from dockerlab.runtime.python.trampoline import Evaluator

_MISSING = object()


class Field(Given):
    """dataclasses.field()."""

    def __init__(self, default: Any = _MISSING, default_factory: Any = None) -> None:
        self.default = default
        self.default_factory = default_factory


def _fields(cls: Class) -> list[str]:
    names: dict[str, None] = {}
    for each in reversed(cls.line):
        names |= dict.fromkeys(each.names.get("__annotations__", {}))
    return list(names)


def _dataclass(interpreter: Any, cls: Any = None, **how: Any) -> Any:
    if cls is None:
        return Native("dataclass", lambda inner, decorated: _dataclass(inner, decorated, **how))
    cls.names.setdefault("__init__", Native("__init__", _start_of(cls)))
    cls.names.setdefault("__repr__", Native("__repr__", _shown_of(cls)))
    cls.names.setdefault("__eq__", Native("__eq__", lambda inner, one, two: _equal(inner, cls, one, two)))
    if how.get("order"):
        cls.names["__lt__"] = Native("__lt__", lambda _, one, two: _values(cls, one) < _values(cls, two))
    return cls


def _start_of(cls: Class) -> Any:
    def start(interpreter: Any, instance: Instance, *given: Any, **named: Any) -> Evaluator:
        fields = _fields(cls)
        if len(given) > len(fields):
            raise TypeError(
                f"{cls.name}.__init__() takes {len(fields) + 1} positional arguments but {len(given) + 1} were given"
            )
        values = dict(zip(fields, given, strict=False)) | named
        unknown = next((name for name in named if name not in fields), None)
        if unknown is not None:
            raise TypeError(f"{cls.name}.__init__() got an unexpected keyword argument '{unknown}'")
        missing = []
        for name in fields:
            if name not in values:
                default = yield _default(interpreter, cls, name)
                if default is _MISSING:
                    missing.append(name)
                values[name] = default
        if missing:
            shown = " and ".join(f"'{name}'" for name in missing)
            plural = "s" * (len(missing) != 1)
            raise TypeError(
                f"{cls.name}.__init__() missing {len(missing)} required positional argument{plural}: {shown}"
            )
        instance.names.update({name: values[name] for name in fields})
        after = interpreter.special(instance, "__post_init__")
        if after is not None:
            yield interpreter.call(after, [], {})

    return start


def _default(interpreter: Any, cls: Class, name: str) -> Evaluator:
    try:
        found = cls.find(name)
    except KeyError:
        return _MISSING
    if not isinstance(found, Field):
        return found
    return (yield interpreter.call(found.default_factory, [], {})) if found.default_factory else found.default


def _shown_of(cls: Class) -> Any:
    def shown(interpreter: Any, instance: Instance) -> Evaluator:
        pieces = []
        for name in _fields(cls):
            pieces.append(f"{name}={(yield interpreter.shown(instance.names[name]))}")
        return f"{instance.cls.name}({', '.join(pieces)})"

    return shown


def _values(cls: Class, instance: Instance) -> tuple[Any, ...]:
    return tuple(instance.names[name] for name in _fields(cls))


def _equal(interpreter: Any, cls: Class, one: Instance, two: Any) -> Evaluator:
    if not isinstance(two, Instance) or two.cls is not one.cls:
        return False
    for left, right in zip(_values(cls, one), _values(cls, two), strict=True):
        if not (yield interpreter.compare("Eq", left, right)):
            return False
    return True


def _as_dict(interpreter: Any, value: Any) -> Any:
    if isinstance(value, Instance):
        return {name: _as_dict(interpreter, each) for name, each in value.names.items()}
    return [_as_dict(interpreter, each) for each in value] if isinstance(value, list) else value


# typing and abc: nothing but names.


class Annotation(Given):
    """Something that only stands in annotations: `Optional[int]`."""

    type_name = "_SpecialForm"
    attributes: ClassVar[dict[str, Any]] = {}

    def __init__(self, name: str) -> None:
        self.name = name

    def __getitem__(self, _: Any) -> Annotation:
        return self

    def __repr__(self) -> str:
        return f"typing.{self.name}"


def _typing(_: Any) -> dict[str, Any]:
    names = "Any Callable ClassVar Dict Final Generator Iterable Iterator List Literal Mapping Optional Sequence Set"
    found: dict[str, Any] = {name: Annotation(name) for name in f"{names} Tuple Type Union Protocol Generic".split()}
    return {
        **found,
        **natives({"TypeVar": lambda _, name, *kinds: Annotation(name), "cast": lambda _, kind, value: value}),
    }


def _abc(_: Any) -> dict[str, Any]:
    return {"ABC": Annotation("ABC"), "abstractmethod": Native("abstractmethod", lambda _, function: function)}


MODULES = {
    "abc": _abc,
    "dataclasses": lambda _: natives(
        {
            "asdict": _as_dict,
            "dataclass": _dataclass,
            "field": lambda _, **how: Field(how.get("default", _MISSING), how.get("default_factory")),
        }
    ),
    "typing": _typing,
}
