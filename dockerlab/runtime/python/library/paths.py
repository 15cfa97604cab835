"""pathlib and glob, over the container's files."""

from __future__ import annotations

import fnmatch
import posixpath
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.python.files import FileObject, open_file
from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.library.operating_system import FileStatus
from dockerlab.runtime.python.objects import Given, Kind


class Path(Given):
    """pathlib.Path."""

    exposed = frozenset(
        "absolute chmod exists glob is_dir is_file is_absolute iterdir joinpath mkdir name open parent parents parts "
        "read_bytes read_text rename resolve rglob rmdir stat stem suffix touch unlink with_name with_suffix "
        "write_bytes write_text".split()
    )
    type_name = "PosixPath"

    def __init__(self, interpreter: Any, *parts: Any) -> None:
        self._interpreter = interpreter
        self._text = posixpath.normpath(posixpath.join("", *(str(part) for part in parts)) or ".")

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"PosixPath('{self._text}')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Path) and str(other) == self._text

    def __lt__(self, other: Path) -> bool:
        return self._text < str(other)

    def __hash__(self) -> int:
        return hash(self._text)

    def __truediv__(self, part: Any) -> Path:
        return self._at(self._text, part)

    def __rtruediv__(self, part: Any) -> Path:
        return self._at(part, self._text)

    def _at(self, *parts: Any) -> Path:
        return Path(self._interpreter, *parts)

    @property
    def _proc(self) -> Process:
        return self._interpreter.proc  # type: ignore[no-any-return]

    def _do(self, name: str, *given: Any, **named: Any) -> Any:
        """A call of the file system on it; an error names the path as the script wrote it."""
        try:
            return getattr(self._proc.fs, name)(self._full, *given, **named)
        except FileSystemError as error:
            raise OSError(error.errno, error.strerror, self._text) from None

    @property
    def _full(self) -> str:
        return self._proc.path(self._text)

    @property
    def name(self) -> str:
        """The last part."""
        return "" if self._text in ("/", ".") else posixpath.basename(self._text)

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return posixpath.splitext(self.name)[0]

    @property
    def suffix(self) -> str:
        """'.txt'."""
        return posixpath.splitext(self.name)[1]

    @property
    def parent(self) -> Path:
        """The folder that it is in."""
        return self._at(posixpath.dirname(self._text))

    @property
    def parents(self) -> list[Path]:
        """The folders above, the nearest first."""
        above = self.parent
        return [above] if str(above) in ("/", ".") else [above, *above.parents]

    @property
    def parts(self) -> tuple[str, ...]:
        """The names along the way."""
        names = tuple(name for name in self._text.split("/") if name)
        return ("/", *names) if self._text.startswith("/") else names

    def joinpath(self, *parts: Any) -> Path:
        """One or more parts further."""
        return self._at(self._text, *parts)

    def with_name(self, name: str) -> Path:
        """Another file beside it."""
        return self.parent / name

    def with_suffix(self, suffix: str) -> Path:
        """The same with another suffix."""
        return self.parent / f"{self.stem}{suffix}"

    def is_absolute(self) -> bool:
        """Whether it begins at the root."""
        return self._text.startswith("/")

    def absolute(self) -> Path:
        """From the root on."""
        return self._at(self._full)

    def resolve(self) -> Path:
        """Without symbolic links."""
        return self._at(self._proc.fs.realpath(self._full) if self.exists() else posixpath.normpath(self._full))

    def exists(self) -> bool:
        """Whether there is something."""
        return self._proc.fs.exists(self._full)

    def is_dir(self) -> bool:
        """Whether it is a directory."""
        return self._proc.fs.is_dir(self._full)

    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return self._proc.fs.is_file(self._full)

    def stat(self) -> FileStatus:
        """Its status."""
        return FileStatus(self._do("stat"))

    def iterdir(self) -> list[Path]:
        """What is in it."""
        return [self / name for name in self._do("listdir")]

    def glob(self, pattern: str) -> list[Path]:
        """What fits a pattern below it."""
        return [self._at(path) for path in _matches(self._proc, self._text, pattern.split("/"))]

    def rglob(self, pattern: str) -> list[Path]:
        """What fits a pattern, at any depth."""
        return self.glob(f"**/{pattern}")

    def open(self, mode: str = "r", **how: Any) -> FileObject:
        """Open it."""
        return open_file(self._interpreter, self._text, mode, **how)

    def read_bytes(self) -> bytes:
        """Its bytes."""
        return bytes(self._do("read"))

    def read_text(self, encoding: str = "utf-8") -> str:
        """Its text."""
        return self.read_bytes().decode("utf-8", "surrogateescape")

    def write_text(self, text: str, encoding: str = "utf-8") -> int:
        """Replace its text; returns the length."""
        with self.open("w") as file:
            return file.write(text)

    def write_bytes(self, data: bytes) -> int:
        """Replace its bytes; returns the length."""
        with self.open("wb") as file:
            return file.write(data)

    def touch(self, exist_ok: bool = True) -> None:
        """Make sure that it is there."""
        self.open("a").close()

    def mkdir(self, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        """Make it a directory."""
        if not (exist_ok and self.is_dir()):
            self._do("mkdir", mode & ~self._proc.umask, parents=parents)

    def unlink(self, missing_ok: bool = False) -> None:
        """Remove it."""
        if not missing_ok or self.exists():
            self._do("unlink")

    def rmdir(self) -> None:
        """Remove it, an empty directory."""
        self._do("rmdir")

    def rename(self, target: Any) -> Path:
        """Give it another place."""
        self._do("rename", self._proc.path(str(target)))
        return self._at(target)

    def chmod(self, mode: int) -> None:
        """Set its mode."""
        self._do("chmod", mode)


def _matches(proc: Process, folder: str, parts: list[str]) -> list[str]:
    first, *rest = parts
    if first == "**":
        below = [name for name in _names(proc, folder) if proc.fs.is_dir(proc.path(f"{folder}/{name}"))]
        found = _matches(proc, folder, rest) if rest else []
        return found + [path for name in below for path in _matches(proc, posixpath.join(folder, name), parts)]
    paths = [posixpath.join(folder, name) for name in _names(proc, folder) if fnmatch.fnmatchcase(name, first)]
    return [deeper for path in paths for deeper in _matches(proc, path, rest)] if rest else paths


def _names(proc: Process, folder: str) -> list[str]:
    return sorted(proc.fs.listdir(proc.path(folder))) if proc.fs.is_dir(proc.path(folder)) else []


def _glob(interpreter: Any, pattern: str, **_: Any) -> list[str]:
    start = "/" if pattern.startswith("/") else "."
    found = _matches(interpreter.proc, start, pattern.strip("/").split("/"))
    return [path.removeprefix("./") for path in found]


def _pathlib(interpreter: Any) -> dict[str, Any]:
    functions = {
        "cwd": lambda _: Path(interpreter, interpreter.proc.cwd),
        "home": lambda _: Path(interpreter, interpreter.proc.env.get("HOME", "/")),
    }
    kind = PathKind(Path, functions)
    return {"Path": kind, "PosixPath": kind, "PurePath": kind}


class PathKind(Kind):
    """The class Path: making one needs to know whose files they are."""

    def __init__(self, kind: Any, functions: dict[str, Any]) -> None:
        super().__init__(kind, functions)
        object.__setattr__(self, "call", kind)


MODULES = {"glob": lambda _: natives({"glob": _glob}), "pathlib": _pathlib}
