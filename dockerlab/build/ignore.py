""".dockerignore: which files of a build context stay at home (moby/patternmatcher, and the file's own syntax).

The patterns match as Go's filepath.Match does, with '**' for any depth; the last one that matches decides, and '!'
takes a file back in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from dockerlab.errors import InvalidParameterError
from dockerlab.fs.tree import Directory, Node

if TYPE_CHECKING:
    from e2b_dockerfile_utils import PatternMatcher


def parse_ignore(text: str) -> list[str]:
    """The patterns of a .dockerignore: comments and empty lines are left out, paths are cleaned."""
    patterns = []
    for line in text.removeprefix("\ufeff").splitlines():
        if line.startswith("#"):
            continue
        pattern = line.strip()
        if not pattern:
            continue
        exception = pattern.startswith("!")
        pattern = pattern[1:].strip() if exception else pattern
        if pattern:
            pattern = _clean(pattern)
            if len(pattern) > 1 and pattern.startswith("/"):
                pattern = pattern[1:]
        patterns.append(f"!{pattern}" if exception else pattern)
    return patterns


def _clean(path: str) -> str:
    """Go's filepath.Clean."""
    rooted = path.startswith("/")
    names: list[str] = []
    for name in path.split("/"):
        if name in {"", "."}:
            continue
        if name == ".." and names and names[-1] != "..":
            names.pop()
        elif name != ".." or not rooted:
            names.append(name)
    return ("/" if rooted else "") + "/".join(names) or "."


@dataclass(frozen=True)
class Ignore:
    """A list of patterns, ready to be asked."""

    patterns: tuple[str, ...] = ()

    @staticmethod
    def parse(text: str) -> Ignore:
        """The patterns of a .dockerignore file; a bad one raises at once."""
        ignore = Ignore(tuple(parse_ignore(text)))
        _ = ignore._matcher
        return ignore

    def keeping(self, names: Iterable[str]) -> Ignore:
        """The same with exceptions for files that are always sent: the Dockerfile and .dockerignore itself."""
        kept = [f"!{name}" for name in names if self.excludes(name)]
        return replace(self, patterns=(*self.patterns, *kept))

    @cached_property
    def _matcher(self) -> PatternMatcher:
        from e2b_dockerfile_utils import PatternMatcher

        if "!" in self.patterns:
            raise InvalidParameterError('illegal exclusion pattern: "!"')
        try:
            return PatternMatcher(list(self.patterns))
        except ValueError as error:
            reason = str(error).rpartition(": ")[2]
            raise InvalidParameterError(reason) from None

    def excludes(self, path: str) -> bool:
        """Whether a path (slash-separated, relative) stays at home."""
        return bool(self.patterns) and self._matcher.matches(path)

    def filter(self, tree: Directory, *, thorough: bool = True) -> Directory:
        """The tree without what is excluded; a directory stays when something in it is taken back in.

        The legacy client is not `thorough`: into an excluded directory it looks only when an exception names it.
        """
        if not self.patterns:
            return tree
        return self._filter(tree, "", self._matcher.may_match_under if thorough else self._names_directory)

    def _names_directory(self, path: str) -> bool:
        return any(pattern.startswith(f"!{path}/") for pattern in self.patterns)

    def _filter(self, directory: Directory, prefix: str, may_hold: Callable[[str], bool]) -> Directory:
        kept: dict[str, Node] = {}
        for name, node in directory.entries.items():
            path = prefix + name
            excluded = self._matcher.matches(path)
            if isinstance(node, Directory):
                if excluded and not may_hold(path):
                    continue
                below = self._filter(node, f"{path}/", may_hold)
                if below.entries or not excluded:
                    kept[name] = below
            elif not excluded:
                kept[name] = node
        return replace(directory, entries=kept)
