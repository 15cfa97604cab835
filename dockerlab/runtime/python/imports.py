"""`import` (Language Reference, 5): the script's own modules, then those of the library that are simulated."""

from __future__ import annotations

import ast
import posixpath
import sys
from collections.abc import Callable, Iterator
from typing import Any

from dockerlab.runtime.python.calls import Calls
from dockerlab.runtime.python.errors import NotSimulatedError
from dockerlab.runtime.python.frames import Frame, Source
from dockerlab.runtime.python.library import load
from dockerlab.runtime.python.objects import Module
from dockerlab.runtime.python.trampoline import Evaluator


class Imports(Calls):
    """Finds modules."""

    argv: list[str]
    main: Module
    has_module: Callable[[str], bool]

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.modules: dict[str, Module] = {}

    def run_module(self, tree: ast.Module, source: Source, module: Module) -> Evaluator:
        """Run a module's statements; see `Interpreter`."""
        raise NotImplementedError

    @property
    def path(self) -> list[str]:
        """Where the script's own modules are looked for: beside it, then PYTHONPATH (sys.path)."""
        script = self.argv[0] if self.argv else ""
        beside = self.proc.cwd if script in ("", "-c", "-") else posixpath.dirname(self.proc.path(script))
        return [beside, *(part for part in self.proc.env.get("PYTHONPATH", "").split(":") if part)]

    def import_module(self, name: str, frame: Frame) -> Evaluator:
        """A module by its full name: 'os.path'."""
        if name in self.modules:
            return self.modules[name]
        file = self._find(name)
        module = None if file else load(self, name)
        if module is None:
            # A folder without __init__.py is a package, too, where nothing else has the name (PEP 420).
            file = file or next(iter(self._folders(name)), None)
            if file is None:
                raise self._failure(name)
            return (yield self._own(name, file, frame))
        self.modules[name] = module
        parent, _, last = name.rpartition(".")
        if parent:
            above = yield self.import_module(parent, frame)
            above.names.setdefault(last, module)
        return module

    def _find(self, name: str) -> str | None:
        parts = name.replace(".", "/")
        for folder in self.path:
            for file in (f"{folder}/{parts}.py", f"{folder}/{parts}/__init__.py"):
                if self.proc.fs.is_file(self.proc.path(file)):
                    return self.proc.path(file)
        return None

    def _folders(self, name: str) -> Iterator[str]:
        for folder in self.path:
            path = f"{folder}/{name.replace('.', '/')}"
            if self.proc.fs.is_dir(path):
                yield f"{path}/"

    def _own(self, name: str, file: str, frame: Frame) -> Evaluator:
        parent, _, last = name.rpartition(".")
        above = (yield self.import_module(parent, frame)) if parent else None
        module = Module(name, {"__name__": name}, f"from '{file}'")
        self.modules[name] = module
        if not file.endswith("/"):
            text = self.proc.fs.read(file).decode("utf-8", "replace")
            tree = ast.parse(text, file)
            try:
                yield self.run_module(tree, Source(file, tuple(text.splitlines())), module)
            except BaseException:
                del self.modules[name]
                raise
        if above is not None:
            above.names[last] = module
        return module

    def _failure(self, name: str) -> Exception:
        """Not there, or there but not played."""
        top = name.partition(".")[0]
        if self.has_module(top):
            return NotSimulatedError(f"the module '{name}', which is installed")
        if top in sys.stdlib_module_names:
            return NotSimulatedError(f"the standard library's module '{name}'")
        return ModuleNotFoundError(f"No module named '{name}'", name=name)

    def import_names(self, node: ast.ImportFrom, frame: Frame) -> Evaluator:
        """`from … import …`: a name of a module, or a module of a package."""
        if node.module == "__future__":
            return
        name = self._absolute(node, frame)
        module = yield self.import_module(name, frame)
        for alias in node.names:
            if alias.name == "*":
                frame.scope.names.update({key: each for key, each in module.names.items() if not key.startswith("_")})
                continue
            if alias.name not in module.names:
                yield self._submodule(module, alias.name, frame)
            frame.scope.set(alias.asname or alias.name, module.names[alias.name])

    def _submodule(self, module: Module, name: str, frame: Frame) -> Evaluator:
        try:
            module.names[name] = yield self.import_module(f"{module.name}.{name}", frame)
        except (ModuleNotFoundError, NotSimulatedError):
            if module.origin == "simulated":
                raise NotSimulatedError(f"'{name}' of the module '{module.name}'") from None
            where = f"({module.origin.removeprefix('from ')[1:-1]})" if module.origin.startswith("from") else ""
            raise ImportError(f"cannot import name '{name}' from '{module.name}' {where}".rstrip()) from None

    def _absolute(self, node: ast.ImportFrom, frame: Frame) -> str:
        """The full name of what `from .module import …` means."""
        if not node.level:
            return node.module or ""
        package = str(frame.scope.module.names.get("__name__", ""))
        file = str(frame.scope.module.names.get("__file__", ""))
        parts = package.split(".")
        drop = node.level - file.endswith("/__init__.py")
        if package == "__main__" or drop > len(parts):
            raise ImportError("attempted relative import with no known parent package")
        above = parts[: len(parts) - drop]
        return ".".join([*above, *([node.module] if node.module else [])])
