"""find: files that satisfy an expression (POSIX.1-2024, find; with GNU's predicates)."""

from __future__ import annotations

import posixpath
from collections.abc import Generator, Iterator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Process, ProgramError
from dockerlab.runtime.programs.find_tests import File, Test, make_test
from dockerlab.runtime.programs.messages import ProgramFailure, blame, complain
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

USAGE = "[-HL] [PATH]... [OPTIONS] [ACTIONS]"
ACTIONS = {"-print", "-print0", "-delete", "-exec", "-execdir", "-ok", "-printf", "-quit", "-prune", "-ls"}
Truth = Generator[Wait, Any, bool]


class Node:
    """A part of the expression: true or false for a file, perhaps with an effect."""

    def holds(self, file: File) -> Truth:
        """Whether it is true."""
        return True
        yield  # a generator that never waits


class Single(Node):
    """A test that only looks."""

    def __init__(self, test: Test) -> None:
        self.test = test

    def holds(self, file: File) -> Truth:
        return self.test(file)
        yield  # a generator that never waits


class Both(Node):
    """left -a right."""

    def __init__(self, left: Node, right: Node) -> None:
        self.left, self.right = left, right

    def holds(self, file: File) -> Truth:
        return (yield from self.left.holds(file)) and (yield from self.right.holds(file))


class Either(Node):
    """left -o right."""

    def __init__(self, left: Node, right: Node) -> None:
        self.left, self.right = left, right

    def holds(self, file: File) -> Truth:
        return (yield from self.left.holds(file)) or (yield from self.right.holds(file))


class Not(Node):
    """! inner."""

    def __init__(self, inner: Node) -> None:
        self.inner = inner

    def holds(self, file: File) -> Truth:
        return not (yield from self.inner.holds(file))


class Print(Node):
    """-print and -print0."""

    def __init__(self, proc: Process, ending: str) -> None:
        self.proc, self.ending = proc, ending

    def holds(self, file: File) -> Truth:
        self.proc.out(file.shown + self.ending)
        return True
        yield  # a generator that never waits


class Delete(Node):
    """-delete, which also makes find go deepest first."""

    def __init__(self, run: Find) -> None:
        self.run = run

    def holds(self, file: File) -> Truth:
        fs = self.run.proc.fs
        try:
            (fs.rmdir if file.stat.kind == "d" else fs.unlink)(file.path)
        except FileSystemError as error:
            self.run.code = blame(self.run.proc, error, file.shown, "cannot delete '{}'", "{}")
            return False
        return True
        yield  # a generator that never waits


class Exec(Node):
    """-exec command \\; for each file, or -exec command {} + for many at once."""

    def __init__(self, run: Find, words: list[str], *, many: bool) -> None:
        self.run, self.words, self.many = run, words, many
        self.gathered: list[str] = []

    def holds(self, file: File) -> Truth:
        if self.many:
            self.gathered.append(file.shown)
            return True
        code = yield from self.start([word.replace("{}", file.shown) for word in self.words])
        return code == 0

    def finish(self) -> Waiting:
        """Run the command on all that was gathered."""
        if not self.gathered:
            return 0
        return (yield from self.start([*self.words, *self.gathered]))

    def start(self, words: list[str]) -> Waiting:
        """Run a command; find goes on when it can't be started."""
        try:
            code = yield from self.run.proc.run(words)
        except ProgramError as error:
            reason = "No such file or directory" if error.code == 127 else error.reason
            complain(self.run.proc, f"'{words[0]}': {reason}")
            return 1
        if code and self.many:
            self.run.code = 1
        return code


class Find:
    """One run: options, expression, exit code so far."""

    def __init__(self, proc: Process, words: list[str]) -> None:
        self.proc = proc
        self.code = 0
        self.follow = False
        self.depth_first = False
        self.least, self.most = 0, -1
        self.pruned = False
        self.stopped = False
        self.acts = False
        self.batches: list[Exec] = []
        self.starts, self.words = self._split(words)
        self.at = 0
        self.expression = self._alternatives() if self.words else Node()
        if self.at < len(self.words):
            raise ProgramFailure(f"paths must precede expression: '{self.words[self.at]}'")
        if not self.acts:
            self.expression = Both(self.expression, Print(proc, "\n"))

    def _split(self, words: list[str]) -> tuple[list[str], list[str]]:
        """The start points, and the expression."""
        while words[:1] and words[0] in ("-L", "-H", "-P", "-follow"):
            self.follow = words[0] in ("-L", "-follow")
            words = words[1:]
        at = next((at for at, word in enumerate(words) if word[:1] == "-" or word in ("!", "(", ")", ",")), len(words))
        return words[:at] or ["."], words[at:]

    # The expression: alternatives of conjunctions of terms.

    def _alternatives(self) -> Node:
        node = self._conjunction()
        while self._peek() in ("-o", "-or"):
            self.at += 1
            node = Either(node, self._conjunction())
        return node

    def _conjunction(self) -> Node:
        node = self._term()
        while self._peek() not in ("", ")", "-o", "-or"):
            if self._peek() in ("-a", "-and"):
                self.at += 1
            node = Both(node, self._term())
        return node

    def _peek(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def _next(self, of: str = "") -> str:
        if self.at >= len(self.words):
            raise ProgramFailure(f"missing argument to `{of}'", busybox=f"{of} requires an argument")
        self.at += 1
        return self.words[self.at - 1]

    def _term(self) -> Node:
        word = self._next("expression")
        if word in ("!", "-not"):
            return Not(self._term())
        if word == "(":
            node = self._alternatives()
            if self._peek() != ")":
                raise ProgramFailure("invalid expression; I was expecting to find a ')' somewhere but did not see one.")
            self.at += 1
            return node
        if word in ACTIONS:
            return self._action(word)
        return self._option(word) or Single(make_test(self.proc, word, lambda: self._next(word)))

    def _option(self, word: str) -> Node | None:
        if word in ("-maxdepth", "-mindepth"):
            number = self._next(word)
            if not number.isdigit():
                raise ProgramFailure(f"Expected a positive decimal integer argument to {word}, but got '{number}'")
            self.most, self.least = (int(number), self.least) if word == "-maxdepth" else (self.most, int(number))
            return Node()
        if word in ("-depth", "-follow", "-xdev", "-mount", "-noleaf", "-daystart"):
            self.depth_first = self.depth_first or word == "-depth"
            self.follow = self.follow or word == "-follow"
            return Node()
        return None

    def _action(self, word: str) -> Node:
        self.acts = self.acts or word != "-prune"
        if word in ("-exec", "-execdir", "-ok"):
            return self._exec(word)
        if word == "-delete":
            self.depth_first = True
            return Delete(self)
        if word == "-prune":
            return Single(self._prune)
        if word == "-quit":
            return Single(self._quit)
        if word in ("-printf", "-ls"):
            test = make_test(self.proc, word, lambda: self._next(word))
            return Single(test)
        return Print(self.proc, "\n" if word == "-print" else "\0")

    def _prune(self, file: File) -> bool:
        self.pruned = True
        return True

    def _quit(self, file: File) -> bool:
        self.stopped = True
        return True

    def _exec(self, word: str) -> Node:
        words: list[str] = []
        while True:
            if self.at >= len(self.words):
                raise ProgramFailure(f"missing argument to `{word}'", busybox=f"{word} requires an argument")
            part = self._next(word)
            if part == ";" or (part == "+" and words[-1:] == ["{}"]):
                break
            words.append(part)
        node = Exec(self, words[:-1] if part == "+" else words, many=part == "+")
        if node.many:
            self.batches.append(node)
        return node

    # The walk.

    def run(self) -> Waiting:
        """Look at all files."""
        for start in self.starts:
            try:
                file = self._file(start, self.proc.path(start), 0, start)
            except FileSystemError as error:
                self.code = blame(self.proc, error, start, "'{}'", "{}")
                continue
            yield from self._visit(file)
        for batch in self.batches:
            yield from batch.finish()
        return self.code

    def _file(self, shown: str, path: str, depth: int, start: str) -> File:
        try:
            stat = self.proc.fs.stat(path, follow=self.follow)
        except FileSystemError:
            stat = self.proc.fs.stat(path, follow=False)
        return File(shown, path, stat, depth, start)

    def _visit(self, file: File) -> Waiting:
        self.pruned = False
        if not self.depth_first:
            yield from self._judge(file)
        if file.stat.kind == "d" and not self.pruned and not self.stopped and file.depth != self.most:
            for inner in self._inside(file):
                yield from self._visit(inner)
                if self.stopped:
                    return 0
        if self.depth_first:
            yield from self._judge(file)
        return 0

    def _judge(self, file: File) -> Waiting:
        if file.depth >= self.least:
            yield from self.expression.holds(file)
        return 0

    def _inside(self, folder: File) -> Iterator[File]:
        try:
            names = self.proc.fs.listdir(folder.path)
        except FileSystemError as error:
            self.code = blame(self.proc, error, folder.shown, "'{}'", "{}")
            return
        for name in names:
            path = posixpath.join(folder.path, name)
            if self.proc.fs.find(path, follow=False):
                yield self._file(posixpath.join(folder.shown, name), path, folder.depth + 1, folder.start)


@program("find", raw=True, usage=USAGE)
def find(proc: Process, args: Arguments) -> Waiting:
    """Walk over folders."""
    return (yield from Find(proc, args.operands).run())
