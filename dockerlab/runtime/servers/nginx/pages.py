"""The head of nginx's answers in its order of headers, and the pages for errors and redirects."""

from __future__ import annotations

from collections.abc import Mapping

from dockerlab.fs.content import Bytes, Content
from dockerlab.runtime.servers.nginx.scopes import Scope
from dockerlab.runtime.servers.nginx.variables import expand
from dockerlab.runtime.servers.nginx.visit import Visit
from dockerlab.runtime.servers.web import Headers, Reply, goes_on, http_date

WORDS: Mapping[int, str] = {
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently",
    302: "Moved Temporarily", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
    308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
    404: "Not Found", 405: "Not Allowed", 406: "Not Acceptable", 408: "Request Time-out", 409: "Conflict",
    410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Request Entity Too Large",
    414: "Request-URI Too Large", 415: "Unsupported Media Type", 416: "Requested Range Not Satisfiable",
    421: "Misdirected Request", 429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out",
    505: "HTTP Version Not Supported", 507: "Insufficient Storage",
}  # fmt: skip
TITLES: Mapping[int, str] = {**WORDS, 302: "Found", 401: "Authorization Required"}
"""What a page says, where it is not what the status line says."""
PAGES = frozenset(code for code in WORDS if code >= 301 and code != 304)
_ADDED = frozenset({200, 201, 204, 206, 301, 302, 303, 304, 307, 308})
"""The statuses that `add_header` is for, unless it says `always`."""
_CHARSET_TYPES = frozenset({"text/html", "text/xml", "text/plain", "application/javascript", "application/rss+xml"})


def token(visit: Visit) -> str:
    """The name of the server, with its version unless that is to be hidden."""
    return visit.build.name if visit.scope.is_on("server_tokens", True) else "nginx"


def page(visit: Visit, status: int) -> Content:
    """The page for a status; nothing for those that nginx has no page for."""
    if status not in PAGES:
        return Bytes(b"")
    title = f"{status} {TITLES[status]}"
    lines = [
        "<html>",
        f"<head><title>{title}</title></head>",
        "<body>",
        f"<center><h1>{title}</h1></center>",
        f"<hr><center>{token(visit)}</center>",
        "</body>",
        "</html>",
        "",
    ]
    return Bytes("\r\n".join(lines).encode())


def reply(
    visit: Visit,
    status: int,
    content: Content,
    kind: str,
    *,
    modified: int | None = None,
    location: str = "",
    chunked: bool = False,
    more: Headers = (),
    last: Headers = (),
) -> Reply:
    """An answer with all its headers; `more` come before those of `add_header`, `last` behind them.

    What is `chunked` was made on the way, so that its length is not known beforehand.
    """
    chunked = chunked and visit.asked.version == "HTTP/1.1"
    content = Bytes(b"%x\r\n%b\r\n0\r\n\r\n" % (content.size, content.read())) if chunked else content
    status = visit.forced or status
    visit.status, visit.size = status, content.size
    close = status in (400, 413, 414, 505) or not goes_on(visit.asked)
    headers = [("Server", token(visit)), ("Date", http_date(visit.proc.kernel.clock.now))]
    if status not in (204, 304):
        headers += (
            [("Content-Type", with_charset(visit.scope, kind))] if kind and (content.size or status < 300) else []
        )
        headers.append(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(content.size)))
    if modified is not None:
        headers.append(("Last-Modified", http_date(modified)))
    headers += [("Location", location)] if location else []
    headers.append(("Connection", "close" if close else "keep-alive"))
    everything = (*headers, *more, *_added(visit, status), *last)
    return Reply(status, everything, content, WORDS.get(status, ""), close=close)


def with_charset(scope: Scope, kind: str) -> str:
    """A media type with the character set of `charset`."""
    charset = scope.value("charset", "off")
    return f"{kind}; charset={charset}" if charset != "off" and kind in _CHARSET_TYPES else kind


def _added(visit: Visit, status: int) -> Headers:
    rows = [each.args for each in visit.scope.all("add_header")]
    wanted = [row for row in rows if status in _ADDED or row[2:] == ("always",)]
    values = [(row[0], expand(row[1], visit)) for row in wanted]
    return tuple((name, value) for name, value in values if value)


def error(visit: Visit, status: int, *, more: Headers = ()) -> Reply:
    """The page for an error."""
    return reply(visit, status, page(visit, status), "text/html", more=more)


def redirect(visit: Visit, status: int, target: str, *, late: bool) -> Reply:
    """Send the client elsewhere; a path is completed with the address that the client came to."""
    if target.startswith("/") and visit.scope.is_on("absolute_redirect", True):
        target = f"{_own_address(visit)}{target}"
    if late:
        return reply(visit, status, page(visit, status), "text/html", more=(("Location", target),))
    return reply(visit, status, page(visit, status), "text/html", location=target)


def _own_address(visit: Visit) -> str:
    scheme = "https" if visit.socket.encrypted else "http"
    port = visit.socket.local[1]
    usual = port == (443 if scheme == "https" else 80)
    shown = "" if usual or not visit.scope.is_on("port_in_redirect", True) else f":{port}"
    return f"{scheme}://{visit.host or visit.socket.local[0]}{shown}"
