"""The build context: the files that COPY and ADD can reach, and how it gets to the builder.

It comes from a folder, from an archive, or from nothing but a Dockerfile on standard input; a folder passes through
.dockerignore on its way (Docker's manual, "Build context").
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dockerlab.build.checksums import Owners
from dockerlab.build.ignore import Ignore
from dockerlab.errors import CommandError, InvalidParameterError
from dockerlab.fs.archive import decompress, entries_of, is_compressed, read_tar, tree_of
from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.gzip import gzip
from dockerlab.fs.tar_writer import write_tar
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata, Node, insert, lookup, remove, walk

DEFAULT_NAME = "Dockerfile"
IGNORE_NAME = ".dockerignore"


@dataclass(frozen=True)
class BuildContext:
    """The files of a build, after .dockerignore, and the text of its Dockerfile.

    `size` is what the legacy client counts as sent: the bytes of the tar. `ignored` tells a file that .dockerignore
    kept at home from one that was never there.
    """

    tree: Directory = field(default_factory=Directory)
    dockerfile: str = ""
    dockerfile_name: str = DEFAULT_NAME
    size: int = 0
    ignore: Ignore = field(default_factory=Ignore)
    owners: Mapping[str, Owners] = field(default_factory=dict)
    """The names of user and group that an archive gives its files, by path: the legacy cache goes by them too."""
    missing: bool = False
    """The context has no such Dockerfile, or a folder of its name, which the builder says."""

    @property
    def base_name(self) -> str:
        """The Dockerfile's name without its folder: BuildKit gets that folder on its own, and knows no more."""
        return posixpath.basename(self.dockerfile_name)

    def ignored(self, path: str) -> bool:
        """Whether .dockerignore keeps a path out of the context."""
        return self.ignore.excludes(path)

    @property
    def transfer_size(self) -> int:
        """Bytes that BuildKit says it transfers for the context when all of it is needed."""
        return max(2, sum(transfer_size(path, node.size) for path, node in walk(self.tree) if node.kind != "d"))


def transfer_size(path: str, size: int) -> int:
    """Bytes of one file on its way to BuildKit: its content, its path, and the frame around them."""
    return size + len(path.encode("utf-8", "surrogateescape")) + 27


def context_of(
    folder: Directory,
    name: str = DEFAULT_NAME,
    *,
    outside: str | None = None,
    buildkit: bool = True,
    compress: bool = False,
) -> BuildContext:
    """The context of a folder whose Dockerfile is `name` in it; `outside` is the text of one that is not in it.

    BuildKit prefers `<name>.dockerignore` to .dockerignore. The legacy builder refuses a missing Dockerfile here; one
    from outside goes along under a name that is nobody's.
    """
    folders = isinstance(lookup(folder, posixpath.normpath(name)), Directory)
    missing = outside is None and (folders or buildkit) and not _has_dockerfile(folder, name)
    if outside is not None and not buildkit:
        name = f".dockerfile.{hashlib.sha256(outside.encode()).hexdigest()[:20]}"
    text, name = _dockerfile_of(folder, name) if outside is None and not missing else (outside or "", name)
    ignore = _ignore_of(folder, name if buildkit and outside is None else "")
    sent = _owned_by_root(ignore.keeping([name, IGNORE_NAME]).filter(folder, thorough=buildkit))
    size = _tar_size(sent, compress)
    if outside is not None:
        size += _tar_size(_single(text), False)
    tree = _without_excluded(sent, ignore, name)
    return BuildContext(tree, text, name, size, ignore, missing=missing)


def context_of_archive(content: Content, name: str = DEFAULT_NAME) -> BuildContext:
    """The context that an archive holds, compressed or not (`docker build - < context.tar.gz`).

    The client has no say in what is in it, so .dockerignore keeps nothing out but itself and the Dockerfile.
    """
    entries = list(read_tar(decompress(content)))
    tree = tree_of(entries)
    missing = not _has_dockerfile(tree, name)
    text, name = ("", name) if missing else _dockerfile_of(tree, name)
    ignore = _ignore_of(tree, "")
    owners = {entry.path: (entry.uname, entry.gname) for entry in entries}
    return BuildContext(_without_excluded(tree, ignore, name), text, name, content.size, owners=owners, missing=missing)


def context_of_stdin(data: bytes, name: str = DEFAULT_NAME, *, buildkit: bool = True) -> BuildContext:
    """What comes in on standard input: an archive is a context, any other text a Dockerfile without one.

    The legacy client sends that text as a context whose only file it is.
    """
    content = Bytes(data)
    if is_archive(content):
        return context_of_archive(content, name)
    text = data.decode("utf-8", "replace")
    sent = _single(text)
    return BuildContext(EMPTY if buildkit else sent, text, DEFAULT_NAME, _tar_size(sent, False))


def is_archive(content: Content) -> bool:
    """Whether a content is an archive, by its first bytes (moby, pkg/archive: IsArchive)."""
    return is_compressed(content) or content.read(257, 5) == b"ustar"


def _single(text: str) -> Directory:
    return insert(EMPTY, DEFAULT_NAME, File(Metadata(0o600), Bytes(text.encode("utf-8", "surrogateescape"))))


def _has_dockerfile(tree: Directory, name: str) -> bool:
    try:
        _dockerfile_of(tree, name)
    except InvalidParameterError:
        return False
    return True


def _dockerfile_of(tree: Directory, name: str) -> tuple[str, str]:
    path = posixpath.normpath(name).lstrip("/")
    node = lookup(tree, path)
    if node is None and name == DEFAULT_NAME:
        # `docker build` takes a file in small letters too, where there is no other.
        node, path = lookup(tree, name.lower()), name.lower()
    if not isinstance(node, File):
        raise InvalidParameterError(f"Cannot locate specified Dockerfile: {name}")
    return node.content.read().decode("utf-8", "replace"), path


def _ignore_of(tree: Directory, name: str) -> Ignore:
    for candidate in ([f"{name}.dockerignore"] if name else []) + [IGNORE_NAME]:
        node = lookup(tree, candidate)
        if isinstance(node, File):
            try:
                return Ignore.parse(node.content.read().decode("utf-8", "replace"))
            except InvalidParameterError as error:
                raise CommandError(f"error checking context: {error}") from error
    return Ignore()


def _without_excluded(tree: Directory, ignore: Ignore, name: str) -> Directory:
    """The Dockerfile and .dockerignore are sent even when they are excluded, and dropped on arrival."""
    for path in (name, IGNORE_NAME):
        if ignore.excludes(path):
            tree = remove(tree, path)
    return tree


def _owned_by_root(tree: Directory, known: dict[int, Node] | None = None) -> Directory:
    """The client sends every file as root's; `known` are the files so far, by those that they come from."""
    known = {} if known is None else known
    entries = {name: _root_node(node, known) for name, node in tree.entries.items()}
    return Directory(_root(tree.meta), entries)


def _root_node(node: Node, known: dict[int, Node]) -> Node:
    if isinstance(node, Directory):
        return _owned_by_root(node, known)
    if not (node.meta.uid or node.meta.gid):
        return node
    return known.setdefault(id(node), replace(node, meta=_root(node.meta)))


def _root(meta: Metadata) -> Metadata:
    return meta if not (meta.uid or meta.gid) else replace(meta, uid=0, gid=0)


def _tar_size(tree: Directory, compress: bool) -> int:
    tar = write_tar(entries_of(tree))
    return gzip(tar).size if compress else tar.size
