"""Users and groups as /etc/passwd and /etc/group of the container's own file system name them (passwd(5), group(5))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.errors import FileSystemError
from dockerlab.fs.filesystem import FileSystem


@dataclass(frozen=True)
class User:
    """A line of /etc/passwd."""

    name: str
    uid: int
    gid: int
    comment: str = ""
    home: str = "/"
    shell: str = "/bin/sh"

    @property
    def line(self) -> str:
        """The line itself; the password is in /etc/shadow."""
        return f"{self.name}:x:{self.uid}:{self.gid}:{self.comment}:{self.home}:{self.shell}"


@dataclass(frozen=True)
class Group:
    """A line of /etc/group."""

    name: str
    gid: int
    members: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The line itself."""
        return f"{self.name}:x:{self.gid}:{','.join(self.members)}"


def read_text(fs: FileSystem, path: str) -> str:
    """A small text file, '' where there is none."""
    try:
        return fs.read(path).decode("utf-8", "surrogateescape")
    except FileSystemError:
        return ""


def _rows(fs: FileSystem, path: str, number: int, least: int) -> Iterator[list[str]]:
    """The lines of a colon-separated file whose field `number` is a number."""
    for line in read_text(fs, path).splitlines():
        row = line.split(":")
        if len(row) >= least and row[number].isdigit():
            yield row


def users(fs: FileSystem) -> list[User]:
    """All users, in the file's order."""
    rows = (row for row in _rows(fs, "/etc/passwd", 2, 7) if row[3].isdigit())
    return [User(row[0], int(row[2]), int(row[3]), row[4], row[5], row[6]) for row in rows]


def groups(fs: FileSystem) -> list[Group]:
    """All groups, in the file's order."""
    rows = _rows(fs, "/etc/group", 2, 4)
    return [Group(row[0], int(row[2]), tuple(name for name in row[3].split(",") if name)) for row in rows]


def find_user(fs: FileSystem, name: str) -> User | None:
    """The user of a name or a number."""
    everybody = users(fs)
    named = next((user for user in everybody if user.name == name), None)
    if named is None and name.isdigit():
        return next((user for user in everybody if user.uid == int(name)), None)
    return named


def find_group(fs: FileSystem, name: str) -> Group | None:
    """The group of a name or a number."""
    every = groups(fs)
    named = next((group for group in every if group.name == name), None)
    if named is None and name.isdigit():
        return next((group for group in every if group.gid == int(name)), None)
    return named


class Names:
    """Names for numbers, looked up once for a listing."""

    def __init__(self, fs: FileSystem) -> None:
        # The first line of a number names it, as getpwuid(3) does.
        self._users = {user.uid: user.name for user in reversed(users(fs))}
        self._groups = {group.gid: group.name for group in reversed(groups(fs))}

    def user(self, uid: int, default: str | None = None) -> str:
        """The name of a user, or the number where it has none."""
        return self._users.get(uid, str(uid) if default is None else default)

    def group(self, gid: int, default: str | None = None) -> str:
        """The name of a group, or the number where it has none."""
        return self._groups.get(gid, str(gid) if default is None else default)


def groups_of(fs: FileSystem, user: str, gid: int) -> list[int]:
    """A user's groups: the first one, then all that list the name."""
    return [gid, *(group.gid for group in groups(fs) if user in group.members and group.gid != gid)]


def add_line(fs: FileSystem, path: str, line: str, mode: int = 0o644) -> None:
    """Add a line to one of the files of users, making the file where it is missing."""
    present = read_text(fs, path)
    if present and not present.endswith("\n"):
        present += "\n"
    write_text(fs, path, f"{present}{line}\n", mode)


def write_text(fs: FileSystem, path: str, text: str, mode: int = 0o644) -> None:
    """Replace a small text file's content; mode and owner of a file that is there stay."""
    fs.write(path, text.encode("utf-8", "surrogateescape"), mode=mode)
