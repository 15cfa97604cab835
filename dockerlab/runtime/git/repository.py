"""A repository: where it is, what HEAD and the branches point to, its configuration (gitrepository-layout)."""

from __future__ import annotations

import configparser
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.fs.filesystem import FileSystem
from dockerlab.runtime.git.index import read_index, write_index
from dockerlab.runtime.git.objects import FILE, LINK, PROGRAM, Commit, Files, ObjectStore
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text, write_text

_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n"
DEFAULT_BRANCH = "master"


@dataclass(frozen=True)
class Repository:
    """A working tree at `root` with its `.git`."""

    fs: FileSystem
    root: str

    @property
    def git(self) -> str:
        """The folder `.git`."""
        return f"{self.root.rstrip('/')}/.git"

    @property
    def objects(self) -> ObjectStore:
        """Its objects."""
        return ObjectStore(self.fs, f"{self.git}/objects")

    @classmethod
    def find(cls, proc: Process) -> Repository | None:
        """The repository that the working directory is in."""
        folder = proc.cwd
        while not proc.fs.is_dir(f"{folder.rstrip('/')}/.git"):
            if folder == "/":
                return None
            folder = posixpath.dirname(folder)
        return cls(proc.fs, folder)

    @classmethod
    def create(cls, fs: FileSystem, root: str, branch: str) -> Repository:
        """An empty one."""
        found = cls(fs, root)
        for folder in ("objects", "refs/heads", "refs/tags"):
            fs.mkdir(f"{found.git}/{folder}", parents=True)
        write_text(fs, f"{found.git}/HEAD", f"ref: refs/heads/{branch}\n")
        write_text(fs, f"{found.git}/config", _CONFIG)
        write_text(fs, f"{found.git}/description", "Unnamed repository; edit this file 'description' to name it.\n")
        return found

    # References.

    @property
    def branch(self) -> str:
        """The current branch, '' where HEAD is detached."""
        text = read_text(self.fs, f"{self.git}/HEAD").strip()
        return text.removeprefix("ref: refs/heads/") if text.startswith("ref: ") else ""

    @property
    def head(self) -> str:
        """The name of the current commit, '' before the first."""
        text = read_text(self.fs, f"{self.git}/HEAD").strip()
        return self.reference(text.removeprefix("ref: ")) if text.startswith("ref: ") else text

    def reference(self, name: str) -> str:
        """What a reference points to: 'refs/heads/main'; '' for none."""
        return read_text(self.fs, f"{self.git}/{name}").strip()

    def point(self, name: str, commit: str) -> None:
        """Let a reference point to a commit."""
        self.fs.mkdir(f"{self.git}/{posixpath.dirname(name)}", parents=True)
        write_text(self.fs, f"{self.git}/{name}", f"{commit}\n")

    def point_head(self, commit: str) -> None:
        """Move the current branch, or a detached HEAD."""
        self.point(f"refs/heads/{self.branch}" if self.branch else "HEAD", commit)

    def branches(self, where: str = "refs/heads") -> list[str]:
        """The branches by name."""
        folder = f"{self.git}/{where}"
        return [name for name in self.fs.listdir(folder) if name != "HEAD"] if self.fs.is_dir(folder) else []

    def resolve(self, text: str) -> str:
        """The commit that a branch, a tag, a name or HEAD~2 means; '' for none."""
        base, _, steps = text.partition("~")
        base, caret, _ = base.partition("^")
        found = self.head if base in ("HEAD", "@") else ""
        for place in ("refs/heads", "refs/tags", "refs/remotes", "refs/remotes/origin"):
            found = found or self.reference(f"{place}/{base}")
        if not found:
            names = self.objects.names(base)
            found = names[0] if len(names) == 1 else ""
        for _ in range(int(steps or 0) if steps.isdigit() else bool(caret)):
            parents = self.objects.commit(found).parents if found else ()
            found = parents[0] if parents else ""
        return found

    def history(self, start: str) -> Iterator[tuple[str, Commit]]:
        """The commits from one back to the first."""
        while start:
            commit = self.objects.commit(start)
            yield start, commit
            start = commit.parents[0] if commit.parents else ""

    # Files.

    @property
    def index(self) -> dict[str, tuple[str, str]]:
        """What is staged."""
        return read_index(self.fs, f"{self.git}/index")

    def stage(self, files: Files) -> None:
        """Set what is staged."""
        write_index(self.fs, f"{self.git}/index", files, self.root.rstrip("/"))

    def committed(self, commit: str = "") -> dict[str, tuple[str, str]]:
        """The files of a commit, of HEAD where none is named."""
        name = commit or self.head
        return self.objects.files(self.objects.commit(name).tree) if name else {}

    def check_out(self, files: Files, before: Files) -> None:
        """Let the working tree have these files in place of those before."""
        for path in before.keys() - files.keys():
            full = f"{self.root.rstrip('/')}/{path}"
            if self.fs.find(full, follow=False) is not None:
                self.fs.unlink(full)
        for path, (mode, name) in files.items():
            if before.get(path) != (mode, name) or not self.fs.exists(f"{self.root.rstrip('/')}/{path}"):
                self._write(f"{self.root.rstrip('/')}/{path}", mode, name)
        self.stage(files)

    def _write(self, full: str, mode: str, name: str) -> None:
        data = (self.objects.get(name) or ("", b""))[1]
        self.fs.mkdir(posixpath.dirname(full), parents=True)
        if mode == LINK:
            self.fs.symlink(data.decode("utf-8", "surrogateescape"), full)
        else:
            self.fs.write(full, data)
            self.fs.chmod(full, 0o755 if mode == PROGRAM else 0o644)

    def work_file(self, path: str) -> tuple[str, bytes] | None:
        """Mode and content of a file of the working tree; None where there is none."""
        full = f"{self.root.rstrip('/')}/{path}"
        status = self.fs.find(full, follow=False)
        if status is None or status.kind == "d":
            return None
        if status.kind == "l":
            return LINK, status.target.encode("utf-8", "surrogateescape")
        return (PROGRAM if status.mode & 0o100 else FILE), self.fs.read(full)

    # Configuration.

    def setting(self, home: str, name: str) -> str:
        """A setting, the repository's own before the user's."""
        return setting_in(self.fs, f"{self.git}/config", name) or setting_in(self.fs, f"{home}/.gitconfig", name)


def setting_in(fs: FileSystem, path: str, name: str) -> str:
    """A setting of one configuration file: 'user.name'; '' for none."""
    section, _, key = name.rpartition(".")
    return _parsed(fs, path).get(_section(section), key, fallback="")


def set_in(fs: FileSystem, path: str, name: str, value: str) -> None:
    """Write a setting into a configuration file."""
    section, _, key = name.rpartition(".")
    parser = _parsed(fs, path)
    if not parser.has_section(_section(section)):
        parser.add_section(_section(section))
    parser.set(_section(section), key, value)
    lines = []
    for each in parser.sections():
        lines += [f"[{each}]", *(f"\t{name} = {text}" for name, text in parser.items(each))]
    write_text(fs, path, "".join(f"{line}\n" for line in lines))


def settings_in(fs: FileSystem, path: str) -> Iterator[tuple[str, str]]:
    """All settings of a configuration file."""
    parser = _parsed(fs, path)
    for each in parser.sections():
        name, _, rest = each.partition(" ")
        prefix = f"{name}.{rest.strip(chr(34))}" if rest else name
        yield from ((f"{prefix}.{key}", value) for key, value in parser.items(each))


def _section(name: str) -> str:
    """'remote.origin' stands as [remote "origin"]."""
    first, dot, rest = name.partition(".")
    return f'{first} "{rest}"' if dot else first


def _parsed(fs: FileSystem, path: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#", ";"))
    try:
        parser.read_string("\n".join(line.strip() for line in read_text(fs, path).splitlines()))
    except configparser.Error:
        parser.clear()
    return parser
