"""Files and folders: what a location gives that passes its requests to nobody (static, index, autoindex modules)."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Mapping
from urllib.parse import quote

from dockerlab.fs.content import Bytes
from dockerlab.fs.stat import Stat
from dockerlab.runtime.permissions import may
from dockerlab.runtime.servers.nginx import pages
from dockerlab.runtime.servers.nginx.logs import complain
from dockerlab.runtime.servers.nginx.rewriting import Given
from dockerlab.runtime.servers.nginx.variables import document_root, expand
from dockerlab.runtime.servers.nginx.visit import Visit
from dockerlab.runtime.servers.web import Reply, escaped, moment, parse_http_date, part_of, type_of
from dockerlab.world import NANOSECOND

BUILT_IN_TYPES: Mapping[str, str] = {"html": "text/html", "gif": "image/gif", "jpg": "image/jpeg"}
"""What nginx knows without `types`."""
WIDTH, SHOWN = 50, 47
"""Columns for a name in a listing, and letters of a longer one."""
_READ, _SEARCH = 4, 1


class Elsewhere(Exception):  # a control flow: begin again with another path
    """An internal redirect: to a path, or to a named location ('@name')."""

    def __init__(self, uri: str, query: str | None = None) -> None:
        super().__init__(uri)
        self.uri = uri
        self.query = query


def file_of(visit: Visit, uri: str) -> str:
    """The file that a path means in the request's location."""
    location = visit.location
    alias = location.scope.own("alias") if location else ()
    if location is None or not alias:
        return document_root(visit) + uri
    text = expand(alias[-1].args[0], visit)
    target = text if text.startswith("/") else f"{visit.build.prefix}/{text}"
    return target if location.pattern else target + uri[len(location.name) :]


def give(visit: Visit) -> Reply:
    """The file or folder that a request means."""
    if visit.uri.endswith("/"):
        return _folder(visit)
    if visit.method not in ("GET", "HEAD"):
        raise Given(405)
    path = visit.root or file_of(visit, visit.uri)
    found = _reachable(visit, path)
    if found.kind == "d":
        raise Given(301, visit.uri + "/" + (f"?{visit.args}" if visit.args else ""))
    if found.kind != "f":
        complain(visit, "crit", f'"{path}" is not a regular file')
        raise Given(404)
    return _file(visit, path, found)


def _reachable(visit: Visit, path: str) -> Stat:
    """What stands at a path, as far as the worker may see it."""
    found = visit.proc.fs.find(path)
    if found is not None and _may_see(visit, path, found):
        return found
    number = errno.ENOENT if found is None else errno.EACCES
    if found is not None or visit.scope.is_on("log_not_found", True):
        complain(visit, "error", f'open() "{path}" failed ({number}: {os.strerror(number)})')
    raise Given(404 if found is None else 403)


def _may_see(visit: Visit, path: str, found: Stat) -> bool:
    within = all(may(visit.proc, each, _SEARCH) for each in _folders(visit, path))
    return within and (found.kind != "f" or may(visit.proc, found, _READ))


def _folders(visit: Visit, path: str) -> list[Stat]:
    above, found = posixpath.dirname(path), []
    while above not in ("/", ""):
        status = visit.proc.fs.find(above)
        found += [status] if status else []
        above = posixpath.dirname(above)
    return found


def _file(visit: Visit, path: str, found: Stat) -> Reply:
    content = visit.proc.fs.content(path)
    kind = type_of(path, types_of(visit), visit.scope.value("default_type", "text/plain"))
    seconds = found.mtime // NANOSECOND
    etag = (("ETag", f'"{seconds:x}-{content.size:x}"'),) if visit.scope.is_on("etag", True) else ()
    if _unchanged(visit, seconds, etag[0][1] if etag else ""):
        return pages.reply(visit, 304, Bytes(b""), "", modified=found.mtime, more=etag)
    part = part_of(visit.asked.header("Range"), content.size) if not visit.forced else None
    if part is None:
        last = (("Accept-Ranges", "bytes"),)
        return pages.reply(visit, 200, content, kind, modified=found.mtime, more=etag, last=last)
    if not part.size:
        return pages.error(visit, 416, more=(("Content-Range", f"bytes */{content.size}"),))
    last = (("Content-Range", part.shown(content.size)),)
    return pages.reply(visit, 206, part.of(content), kind, modified=found.mtime, more=etag, last=last)


def types_of(visit: Visit) -> Mapping[str, str]:
    """Extension → media type, as `types` says."""
    rows = [row for block in visit.scope.all("types") for row in block.block]
    return {word.lower(): row.name for row in rows for word in row.args} or BUILT_IN_TYPES


def _unchanged(visit: Visit, seconds: int, etag: str) -> bool:
    """Whether the client has the file already (RFC 9110, 13.1)."""
    known = visit.asked.header("If-None-Match")
    if known:
        return known == "*" or etag in (word.strip().removeprefix("W/") for word in known.split(","))
    since = parse_http_date(visit.asked.header("If-Modified-Since"))
    return since is not None and (since == seconds or (since > seconds and _before(visit)))


def _before(visit: Visit) -> bool:
    return visit.scope.value("if_modified_since", "exact") == "before"


def _folder(visit: Visit) -> Reply:
    folder = file_of(visit, visit.uri)
    for name in [name for each in visit.scope.all("index") for name in each.args] or ["index.html"]:
        name = expand(name, visit)
        if name.startswith("/"):
            raise Elsewhere(name)
        if visit.proc.fs.is_file(folder + name):
            raise Elsewhere(visit.uri + name)
    found = visit.proc.fs.find(folder)
    if found is None:
        first = visit.scope.value("index", "index.html")
        complain(visit, "error", f'"{folder}{first}" is not found (2: No such file or directory)')
        raise Given(404)
    if visit.method not in ("GET", "HEAD"):
        raise Given(405)
    if visit.scope.is_on("autoindex"):
        listed = Bytes(_listing(visit, folder).encode("utf-8", "surrogateescape"))
        return pages.reply(visit, 200, listed, "text/html", chunked=True)
    complain(visit, "error", f'directory index of "{folder}" is forbidden')
    raise Given(403)


def _listing(visit: Visit, folder: str) -> str:
    title = f"Index of {escaped(visit.uri)}"
    head = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<h1>{title}</h1><hr><pre>"
    names = [name for name in visit.proc.fs.listdir(folder) if not name.startswith(".")]
    found = [(name, visit.proc.fs.find(posixpath.join(folder, name))) for name in names]
    rows = [(each.kind != "d", name, each) for name, each in found if each is not None]
    lines = [_row(visit, name, each) for _, name, each in sorted(rows, key=lambda row: row[:2])]
    return f'{head}<a href="../">../</a>\r\n{"".join(lines)}</pre><hr></body>\r\n</html>\r\n'


def _row(visit: Visit, name: str, found: Stat) -> str:
    slash = "/" if found.kind == "d" else ""
    shown = name + slash
    text = escaped(shown) if len(shown) <= WIDTH else escaped(shown[:SHOWN]) + "..&gt;"
    padding = " " * (WIDTH + 1 - min(len(shown), WIDTH))
    date = moment(found.mtime).strftime("%d-%b-%Y %H:%M")
    size = "-" if slash else _size(visit, found.size)
    link = quote(name.encode("utf-8", "surrogateescape"), safe="~!*'()-._,;=+@$") + slash
    return f'<a href="{link}">{text}</a>{padding}{date}{size:>20}\r\n'


def _size(visit: Visit, size: int) -> str:
    if visit.scope.is_on("autoindex_exact_size", True):
        return str(size)
    for unit, letter in ((1 << 30, "G"), (1 << 20, "M"), (1 << 10, "K")):
        if size > unit:
            return f"{(size + unit // 2) // unit}{letter}"
    return str(size)
