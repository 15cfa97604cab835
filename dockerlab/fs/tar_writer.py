"""Writing tar archives, byte for byte as Docker's engine writes them.

The engine uses Go's archive/tar with the PAX format (POSIX.1, "pax Interchange Format"): plain ustar headers, and an
extended header before an entry only when a name is longer than 100 bytes or not ASCII, a number does not fit, or
there are extended attributes. Modes hold the file's type as well (moby, pkg/archive: fillGo18FileTypeBits).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dockerlab.fs.content import Bytes, Concat, Content
from dockerlab.fs.entry import Entry

BLOCK = 512
NAME_WIDTH = 100
PREFIX_WIDTH = 155
WHITEOUT_PREFIX = ".wh."
_TYPE_FLAGS = {"f": b"0", "h": b"1", "l": b"2", "c": b"3", "b": b"4", "d": b"5", "p": b"6"}
_TYPE_BITS = {"f": 0o100000, "h": 0o100000, "l": 0o120000, "c": 0o020000, "b": 0o060000, "d": 0o040000, "p": 0o010000}
_XATTR = "SCHILY.xattr."
_TRAILER = bytes(2 * BLOCK)
SECOND = 1_000_000_000


def write_tar(entries: Iterable[Entry], *, typed: bool = True) -> Content:
    """The archive of the entries; files' contents are taken in by reference.

    With `typed=False` modes are permissions alone, as in the archives that containerd writes.
    """
    return Concat(_pieces(entries, typed))


def _pieces(entries: Iterable[Entry], typed: bool) -> Iterator[Content]:
    for entry in entries:
        yield Bytes(header(entry, typed=typed))
        if entry.content.size:
            yield entry.content
            yield Bytes(bytes(-entry.content.size % BLOCK))
    yield Bytes(_TRAILER)


def header(entry: Entry, *, typed: bool = True) -> bytes:
    """The entry's header block, with a PAX header before it where one is needed."""
    name = f"{entry.path}/" if entry.kind == "d" else entry.path
    if entry.path == "" and entry.kind == "d":
        name = "./"
    numbers = {"uid": entry.uid, "gid": entry.gid, "size": entry.size, "mtime": entry.mtime // SECOND}
    texts = {"path": name, "linkpath": entry.linkname, "uname": entry.uname, "gname": entry.gname}
    records = _pax_records(entry, numbers, texts)
    path, link, uname, gname = (_ascii(text.encode("utf-8", "surrogateescape")) for text in texts.values())
    prefix, suffix = _split(name) if records.keys() == {"path"} else (b"", b"")
    if prefix:
        records, path = {}, suffix
    block = b"".join(
        (
            _text(path, NAME_WIDTH),
            b"%07o\0" % (_mode_of(entry) if typed else entry.mode & 0o7777),
            _octal(entry.uid, 8),
            _octal(entry.gid, 8),
            _octal(entry.size, 12),
            _octal(numbers["mtime"], 12),
            b"        ",
            _TYPE_FLAGS[entry.kind],
            _text(link, 100),
            b"ustar\x0000",
            _text(uname, 32),
            _text(gname, 32),
            _octal(entry.major, 8),
            _octal(entry.minor, 8),
            _text(prefix, 167),
        )
    )
    return _pax_header(name, records) + _summed(block)


def _split(name: str) -> tuple[bytes, bytes]:
    """A long ASCII path in ustar's two fields, prefix and name; nothing where no slash stands at a right place."""
    path = name.encode("ascii", "replace")
    end = PREFIX_WIDTH + 1 if len(path) > PREFIX_WIDTH + 1 else len(path) - path.endswith(b"/")
    cut = path.rfind(b"/", 0, end)
    fits = name.isascii() and 0 < cut <= PREFIX_WIDTH and 0 < len(path) - cut - 1 <= NAME_WIDTH
    return (path[:cut], path[cut + 1 :]) if fits else (b"", b"")


def _mode_of(entry: Entry) -> int:
    """Permissions and the file's type, unless the mode says it; a whiteout is the engine's making and has no type."""
    made = entry.path.rpartition("/")[2].startswith(WHITEOUT_PREFIX)
    return entry.mode if made or entry.mode > 0o7777 else entry.mode | _TYPE_BITS[entry.kind]


def _summed(block: bytes) -> bytes:
    """The header with its checksum in place: six octal digits, NUL, blank."""
    return b"%b%06o\0 %b" % (block[:148], sum(block), block[156:])


def _text(text: bytes, width: int) -> bytes:
    """A text field; one that is cut must not end in a slash, which old readers take for a directory's."""
    if len(text) > width:
        cut = text[:width]
        text = cut[:-1].rstrip(b"/") if cut.endswith(b"/") else cut
    return text.ljust(width, b"\0")


def _fits(number: int, width: int) -> bool:
    return 0 <= number < 1 << 3 * (width - 1)


def _octal(number: int, width: int) -> bytes:
    return b"%0*o\0" % (width - 1, number if _fits(number, width) else 0)


def _ascii(text: bytes) -> bytes:
    return text if text.isascii() else bytes(byte for byte in text if byte < 0x80)


_TEXT_WIDTHS = {"path": 100, "linkpath": 100, "uname": 32, "gname": 32}
_NUMBER_WIDTHS = {"uid": 8, "gid": 8, "size": 12, "mtime": 12}


def _pax_records(entry: Entry, numbers: dict[str, int], texts: dict[str, str]) -> dict[str, bytes]:
    """What the ustar header cannot say."""
    records = {
        key: text.encode("utf-8", "surrogateescape")
        for key, text in texts.items()
        if not text.isascii() or len(text) > _TEXT_WIDTHS[key]
    }
    for key, number in numbers.items():
        if not _fits(number, _NUMBER_WIDTHS[key]):
            records[key] = b"%d" % number
    for key, value in entry.xattrs:
        records[_XATTR + key] = value
    return records


def _pax_header(name: str, records: dict[str, bytes]) -> bytes:
    """An extended header ('x') with the records, sorted by key; nothing where there are none."""
    if not records:
        return b""
    body = b"".join(pax_record(key, records[key]) for key in sorted(records))
    above, _, last = name.rpartition("/")
    title = "/".join(part for part in (above, "PaxHeaders.0", last) if part).encode("utf-8", "surrogateescape")
    block = b"".join(
        (
            _text(_ascii(title)[:100].rstrip(b"/"), 100),
            b"%07o\0%07o\0%07o\0" % (0, 0, 0),
            b"%011o\0%011o\0" % (len(body), 0),
            b"        x",
            bytes(100),
            b"ustar\x0000",
            bytes(247),
        )
    )
    return _summed(block) + body + bytes(-len(body) % BLOCK)


def pax_record(key: str, value: bytes) -> bytes:
    """One record: its own length in decimal, a blank, key=value, a newline."""
    rest = b" %b=%b\n" % (key.encode("utf-8", "surrogateescape"), value)
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return b"%d%b" % (length, rest)
