"""The built-in functions (docs.python.org, library/functions) and exceptions that scripts have."""

from __future__ import annotations

import builtins as own
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dockerlab.runtime.python.builtin_rows import ROWS
from dockerlab.runtime.python.errors import NotSimulatedError, StopIterationError
from dockerlab.runtime.python.files import open_file
from dockerlab.runtime.python.iteration import type_name
from dockerlab.runtime.python.objects import (
    Class,
    Function,
    Given,
    Instance,
    Method,
    Module,
    Native,
    Parent,
    Property,
    ScriptError,
    Unbound,
    address,
)
from dockerlab.runtime.python.output import Output
from dockerlab.runtime.python.trampoline import Evaluator
from dockerlab.runtime.python.values import METHODS, formatted

if TYPE_CHECKING:
    from dockerlab.runtime.python.interpreter import Interpreter

_EXCEPTIONS = """ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError
ConnectionError ConnectionRefusedError ConnectionResetError EOFError Exception FileExistsError FileNotFoundError
FloatingPointError IOError ImportError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt
LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError
PermissionError ProcessLookupError RecursionError RuntimeError SyntaxError SystemExit TimeoutError TypeError
UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError Warning ZeroDivisionError
DeprecationWarning UserWarning""".split()
_PLAIN = (
    "abs ascii bin bool bytes chr dict divmod float frozenset hex int list object oct ord range round set str tuple"
)
_BEYOND = "bytearray compile complex eval exec memoryview help breakpoint __import__ slice"


def builtins(interpreter: Interpreter) -> dict[str, Any]:
    """All that scripts find without an import."""
    names: dict[str, Any] = {name: getattr(own, name) for name in (*_EXCEPTIONS, *_PLAIN.split())}
    names |= {name: Native(name, function) for name, function in _NATIVES.items()}
    names |= {name: Native(name, _refusal(name)) for name in _BEYOND.split()}
    names |= {"NotImplemented": NotImplemented, "Ellipsis": ..., "__debug__": True, "__name__": "builtins"}
    return names | {"StopIteration": StopIterationError}


def _refusal(name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> None:
        raise NotSimulatedError(f"{name}()")

    return refuse


# Input and output.


def _print(interpreter: Interpreter, *values: Any, sep: Any = " ", end: Any = "\n", **how: Any) -> Evaluator:
    texts = []
    for value in values:
        texts.append((yield interpreter.text(value)))
    file = how.get("file") or interpreter.stdout
    text = (" " if sep is None else sep).join(texts) + ("\n" if end is None else end)
    if isinstance(file, Output):
        file.write(text)
    else:
        yield interpreter.call((yield interpreter.attribute(file, "write")), [text], {})
    if how.get("flush"):
        yield interpreter.call((yield interpreter.attribute(file, "flush")), [], {})
    yield from interpreter.proc.writable()


def _input(interpreter: Interpreter, prompt: Any = "") -> Evaluator:
    interpreter.stdout.write((yield interpreter.text(prompt)))
    interpreter.stdout.flush()
    line = yield interpreter.proc.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.decode("utf-8", "replace").removesuffix("\n")


def _exit(_: Interpreter, code: Any = None) -> None:
    raise SystemExit(code)


# Texts and types.


def _repr(interpreter: Interpreter, value: Any) -> Evaluator:
    return interpreter.shown(value)


def _format(interpreter: Interpreter, value: Any, spec: str = "") -> Evaluator:
    return formatted(value if spec else (yield interpreter.text(value)), spec)


def _len(interpreter: Interpreter, value: Any) -> Evaluator:
    special = interpreter.special(value, "__len__")
    if special is not None:
        return (yield interpreter.call(special, [], {}))
    if isinstance(value, Instance | Function | Class | Module | Native) or not hasattr(value, "__len__"):
        raise TypeError(f"object of type '{type_name(value)}' has no len()")
    return len(value)


def _type(_: Interpreter, value: Any, *more: Any) -> Any:
    if more:
        raise NotSimulatedError("type() with three arguments")
    value = value.instance if isinstance(value, ScriptError) else value
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Function | Native | Method | Module | Class | Given):
        return Class(type_name(value), (), {}, module="builtins")
    return type(value)


def _isinstance(interpreter: Interpreter, value: Any, kind: Any) -> bool:
    if isinstance(kind, tuple):
        return any(_isinstance(interpreter, value, each) for each in kind)
    value = value.instance if isinstance(value, ScriptError) else value
    if isinstance(value, Instance):
        return value.cls.derives_from(kind)
    kind = getattr(kind, "kind", kind)
    if isinstance(kind, type):
        return isinstance(value, kind) or kind is object
    if isinstance(kind, Class | Native | Given):
        return type_name(value) == getattr(kind, "name", None)
    raise TypeError("isinstance() arg 2 must be a type, a tuple of types, or a union")


def _issubclass(interpreter: Interpreter, kind: Any, other: Any) -> bool:
    if isinstance(other, tuple):
        return any(_issubclass(interpreter, kind, each) for each in other)
    if isinstance(kind, Class):
        return kind.derives_from(other)
    return isinstance(kind, type) and isinstance(other, type) and issubclass(kind, other)


def _callable(interpreter: Interpreter, value: Any) -> bool:
    if isinstance(value, Instance):
        return interpreter.special(value, "__call__") is not None
    return (not isinstance(value, Given | Module) and callable(value)) or isinstance(
        value, Function | Method | Native | Class
    )


def _hash(interpreter: Interpreter, value: Any) -> Evaluator:
    """The same in every run, unlike CPython's for texts."""
    special = interpreter.special(value, "__hash__")
    if special is not None:
        return (yield interpreter.call(special, [], {}))
    if isinstance(value, int | float):
        return hash(value)
    if isinstance(value, list | dict | set):
        raise TypeError(f"unhashable type: '{type_name(value)}'")
    return zlib.crc32((yield interpreter.shown(value)).encode())


def _id(_: Interpreter, value: Any) -> int:
    return int(address(value), 16)


# Attributes.


def _getattr(interpreter: Interpreter, owner: Any, name: str, *default: Any) -> Evaluator:
    try:
        return (yield interpreter.attribute(owner, name))
    except AttributeError:
        if not default:
            raise
        return default[0]


def _hasattr(interpreter: Interpreter, owner: Any, name: str) -> Evaluator:
    missing = object()
    return (yield _getattr(interpreter, owner, name, missing)) is not missing


def _setattr(interpreter: Interpreter, owner: Any, name: str, value: Any) -> Evaluator:
    return interpreter.set_attribute(owner, name, value)


def _delattr(interpreter: Interpreter, owner: Any, name: str) -> None:
    interpreter.delete_attribute(owner, name)


def _vars(interpreter: Interpreter, *owner: Any) -> Any:
    if not owner:
        return _locals(interpreter)
    if isinstance(owner[0], Instance | Class | Module):
        return owner[0].names
    raise TypeError("vars() argument must have __dict__ attribute")


def _dir(interpreter: Interpreter, *owner: Any) -> list[str]:
    if not owner:
        return sorted(_locals(interpreter))
    value = owner[0]
    if isinstance(value, Instance):
        return sorted({*value.names, *(name for cls in value.cls.line for name in cls.names)})
    if isinstance(value, Class | Module):
        return sorted(value.names)
    if isinstance(value, Given):
        return sorted(value.exposed)
    return sorted(next((names for kind, names in METHODS.items() if isinstance(value, kind)), frozenset[str]()))


def _globals(interpreter: Interpreter) -> Any:
    return interpreter.caller.scope.module.names if interpreter.caller else {}


def _locals(interpreter: Interpreter) -> Any:
    return interpreter.caller.scope.names if interpreter.caller else {}


def _super(interpreter: Interpreter, *given: Any) -> Parent:
    if given:
        return Parent(given[0], given[1])
    frame = interpreter.caller
    function = frame.function if frame else None
    if frame is None or function is None or function.owner is None:
        raise RuntimeError("super(): no arguments")
    first = function.arguments.args[0].arg
    return Parent(function.owner, frame.scope.get(first))


def _property(_: Interpreter, getter: Any, setter: Any = None) -> Property:
    return Property(getter, setter)


def _pow(interpreter: Interpreter, base: Any, exponent: Any, modulus: Any = None) -> Evaluator:
    if modulus is not None:
        return pow(base, exponent, modulus)
    return (yield interpreter.binary("Pow", base, exponent))


_NATIVES: dict[str, Callable[..., Any]] = {
    **ROWS, "callable": _callable, "delattr": _delattr, "dir": _dir, "exit": _exit, "format": _format,
    "getattr": _getattr, "globals": _globals, "hasattr": _hasattr, "hash": _hash, "id": _id, "input": _input,
    "isinstance": _isinstance, "issubclass": _issubclass, "len": _len, "locals": _locals, "open": open_file,
    "pow": _pow, "print": _print, "property": _property, "quit": _exit, "repr": _repr, "setattr": _setattr,
    "super": _super, "type": _type, "vars": _vars,
    "staticmethod": lambda _, function: Unbound(function, takes_class=False),
    "classmethod": lambda _, function: Unbound(function, takes_class=True),
}  # fmt: skip
