"""Reading tar archives: v7, ustar, GNU (long names) and PAX, without copying any file's content.

Formats as POSIX.1 ("pax Interchange Format") and GNU tar's manual describe them; what is refused, and in which
words, follows Go's archive/tar, because that is what a student of Docker meets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dockerlab.errors import ArchiveError
from dockerlab.fs.compression import decompress
from dockerlab.fs.content import EMPTY_CONTENT, Content, Span
from dockerlab.fs.entry import Entry
from dockerlab.fs.tar_writer import BLOCK, SECOND

MAX_SPECIAL = 1 << 20
"""Bytes of a long name or a PAX header, at most (Go: maxSpecialFileSize)."""

_KINDS = {b"0": "f", b"\0": "f", b"7": "f", b"1": "h", b"2": "l", b"3": "c", b"4": "b", b"5": "d", b"6": "p"}
_ZERO = bytes(BLOCK)
_XATTR = "SCHILY.xattr."


def read_tar(content: Content) -> Iterator[Entry]:
    """The archive's entries in order; it may be compressed. Contents are spans of it, read when needed.

    Paths come cleaned ('./a//b/' is 'a/b'); one that leaves the tree keeps its leading '..'.
    """
    return _Reader(decompress(content)).entries()


@dataclass(slots=True)
class _Reader:
    content: Content
    offset: int = 0
    everywhere: dict[str, bytes] = field(default_factory=dict)
    extra: dict[str, bytes] = field(default_factory=dict)

    def entries(self) -> Iterator[Entry]:
        while block := self.content.read(self.offset, BLOCK):
            if len(block) < BLOCK:
                raise ArchiveError("unexpected EOF")
            self.offset += BLOCK
            if block == _ZERO:
                return self._finish()
            _check(block)
            flag = block[156:157]
            special = _SPECIAL.get(flag)
            if special:
                special(self, self._special(_number(block[124:136])))
            elif flag in _KINDS:
                yield self._entry(block, flag)
            else:
                raise ArchiveError(f"unhandled tar header type {flag[0]}")
        if self.extra:
            raise ArchiveError("unexpected EOF")
        return None

    def _finish(self) -> None:
        """One block of zeros must be followed by another, or by the end."""
        if self.content.read(self.offset, BLOCK).strip(b"\0") or self.extra:
            raise ArchiveError("archive/tar: invalid tar header")

    def _take(self, size: int) -> Content:
        if size < 0 or self.offset + size > self.content.size:
            raise ArchiveError("unexpected EOF")
        taken = Span(self.content, self.offset, size) if size else EMPTY_CONTENT
        self.offset += size + -size % BLOCK
        return taken

    def _special(self, size: int) -> bytes:
        if size > MAX_SPECIAL:
            raise ArchiveError("archive/tar: header field too long")
        return self._take(size).read()

    def _entry(self, block: bytes, flag: bytes) -> Entry:
        texts, numbers = _texts(block), _numbers(block)
        kind = "d" if flag == b"\0" and texts["path"].endswith(b"/") else _KINDS[flag]
        xattrs = self._extend(texts, numbers) if self.extra or self.everywhere else ()
        return Entry(
            path=clean(_decode(texts["path"])),
            kind=kind,
            mode=_number(block[100:108]) & 0o7777,
            uid=numbers["uid"],
            gid=numbers["gid"],
            mtime=numbers["mtime"],
            content=self._take(numbers["size"]) if kind == "f" else EMPTY_CONTENT,
            linkname=_link_target(kind, _decode(texts["linkpath"])),
            major=_number(block[329:337]) if kind in "cb" else 0,
            minor=_number(block[337:345]) if kind in "cb" else 0,
            uname=_decode(texts["uname"]),
            gname=_decode(texts["gname"]),
            xattrs=xattrs,
        )

    def _extend(self, texts: dict[str, bytes], numbers: dict[str, int]) -> tuple[tuple[str, bytes], ...]:
        """Let the extended headers overrule an entry's own values; returns its extended attributes."""
        records = {**self.everywhere, **self.extra}
        self.extra = {}
        if any(key.startswith("GNU.sparse.") for key in records):
            raise ArchiveError("archive/tar: sparse files are not supported")
        texts.update((key, records[key]) for key in texts if records.get(key))
        for key in numbers:
            if records.get(key):
                numbers[key] = _decimal(records[key], SECOND if key == "mtime" else 1)
        found = ((key[len(_XATTR) :], value) for key, value in records.items() if key.startswith(_XATTR))
        return tuple(sorted(found))


def _long_name(reader: _Reader, body: bytes) -> None:
    reader.extra["path"] = _text(body)


def _long_link(reader: _Reader, body: bytes) -> None:
    reader.extra["linkpath"] = _text(body)


def _extended(reader: _Reader, body: bytes) -> None:
    reader.extra.update(_records(body))


def _global(reader: _Reader, body: bytes) -> None:
    reader.everywhere.update(_records(body))


def _sparse(reader: _Reader, body: bytes) -> None:
    raise ArchiveError("archive/tar: sparse files are not supported")


_SPECIAL: dict[bytes, Callable[[_Reader, bytes], None]] = {
    b"L": _long_name,
    b"K": _long_link,
    b"x": _extended,
    b"g": _global,
    b"S": _sparse,
}


def _records(body: bytes) -> dict[str, bytes]:
    """The records of a PAX header: 'LENGTH KEY=VALUE\\n' each."""
    records = {}
    while body:
        digits, blank, _ = body.partition(b" ")
        length = int(digits) if blank and digits.isdigit() and len(digits) < 8 else 0
        record, body = body[len(digits) + 1 : length], body[length:]
        key, equals, value = record.partition(b"=")
        if not equals or not value.endswith(b"\n"):
            raise ArchiveError("archive/tar: invalid tar header")
        records[_decode(key)] = value[:-1]
    return records


def _number(text: bytes) -> int:
    """A number field: octal digits, or GNU's base 256 where the first bit is set."""
    if text[0] & 0x80:
        value = int.from_bytes(text, "big")
        bits = 8 * len(text)
        return value - (1 << bits) if text[0] & 0x40 else value & ((1 << (bits - 1)) - 1)
    digits = text.strip(b" \0").split(b"\0", 1)[0]
    if not digits:
        return 0
    try:
        return int(digits, 8) if digits.isdigit() else _no_number()
    except ValueError:
        return _no_number()


def _no_number() -> int:
    raise ArchiveError("archive/tar: invalid tar header")


def _decimal(text: bytes, scale: int) -> int:
    """A PAX number times `scale`; a fraction is cut where the scale ends."""
    whole, _, fraction = text.partition(b".")
    if not whole.lstrip(b"-").isdigit() or (fraction and not fraction.isdigit()) or len(whole) > 20:
        raise ArchiveError("archive/tar: invalid tar header")
    digits = len(str(scale)) - 1
    rest = int((fraction + b"0" * digits)[:digits] or b"0")
    return int(whole) * scale + (-rest if whole.startswith(b"-") else rest)


def _check(block: bytes) -> None:
    """Compare the header's checksum, in which its own field counts as blanks; some old programs summed signed bytes."""
    summed = block[:148] + b"        " + block[156:]
    told = _number(block[148:156])
    if told != sum(summed) and told != sum(byte - 256 if byte > 127 else byte for byte in summed):
        raise ArchiveError("archive/tar: invalid tar header")


def _texts(block: bytes) -> dict[str, bytes]:
    """A header's text fields, by the names that PAX has for them."""
    path, link = _text(block[:100]), _text(block[157:257])
    if not block.startswith(b"ustar", 257):
        return {"path": path, "linkpath": link, "uname": b"", "gname": b""}
    prefix = _text(block[345:500]) if block[262] == 0 else b""  # GNU's header has other things there.
    path = prefix + b"/" + path if prefix else path
    return {"path": path, "linkpath": link, "uname": _text(block[265:297]), "gname": _text(block[297:329])}


def _numbers(block: bytes) -> dict[str, int]:
    """A header's numbers, by the names that PAX has for them; the time in nanoseconds."""
    uid, gid, size, mtime = map(_number, (block[108:116], block[116:124], block[124:136], block[136:148]))
    return {"uid": uid, "gid": gid, "size": size, "mtime": mtime * SECOND}


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _decode(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def _link_target(kind: str, text: str) -> str:
    """A hard link names an entry of the archive; a symlink's text is its own affair."""
    return clean(text) if kind == "h" else text if kind == "l" else ""


def clean(path: str) -> str:
    """The path without '.', '..' and needless slashes, relative to the root; '..' stays where it leads out."""
    if "." not in path and "//" not in path:
        return path.strip("/")
    names: list[str] = []
    for name in path.split("/"):
        if name == ".." and names and names[-1] != "..":
            names.pop()
        elif name not in ("", "."):
            names.append(name)
    return "/".join(names)
