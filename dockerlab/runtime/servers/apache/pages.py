"""Apache's pages for errors, and its listings of folders (mod_autoindex without its fancy columns)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from dockerlab.runtime.servers.web import escaped

DOCTYPE = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n'
REASONS: Mapping[int, str] = {
    301: "Moved Permanently", 302: "Found", 303: "See Other", 307: "Temporary Redirect", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone",
    416: "Requested Range Not Satisfiable", 500: "Internal Server Error", 501: "Not Implemented",
    502: "Proxy Error", 503: "Service Unavailable",
}  # fmt: skip
TEXTS: Mapping[int, str] = {
    400: "<p>Your browser sent a request that this server could not understand.<br />\n</p>\n",
    403: "<p>You don't have permission to access this resource.</p>\n",
    404: "<p>The requested URL was not found on this server.</p>\n",
    405: "<p>The requested method {method} is not allowed for this URL.</p>\n",
    410: "<p>The requested resource is no longer available on this server and there is no forwarding address.\n"
    "Please remove all references to this resource.</p>\n",
    416: "<p>None of the range-specifier values in the Range\nrequest-header field overlap the current extent\n"
    "of the selected resource.</p>\n",
    500: "<p>The server encountered an internal error or\nmisconfiguration and was unable to complete\n"
    "your request.</p>\n<p>Please contact the server administrator at \n {admin} to inform them of the time this "
    "error occurred,\n and the actions you performed just before this error.</p>\n<p>More information about this "
    "error may be available\nin the server error log.</p>\n",
    501: "<p>{method} not supported for current URL.<br />\n</p>\n",
}
MOVED = '<p>The document has moved <a href="{target}">here</a>.</p>\n'


def error_page(status: int, *, method: str = "", target: str = "", admin: str = "", signature: str = "") -> bytes:
    """The page for an error or a redirect."""
    reason = REASONS.get(status, "Error")
    text = MOVED if target else TEXTS.get(status, "")
    filled = text.format(method=escaped(method), target=escaped(target), admin=escaped(admin))
    head = f"{DOCTYPE}<html><head>\n<title>{status} {reason}</title>\n</head><body>\n<h1>{reason}</h1>\n"
    foot = f"<hr>\n<address>{signature}</address>\n" if signature else ""
    return f"{head}{filled}{foot}</body></html>\n".encode()


def listing(uri: str, names: Iterable[tuple[str, bool]]) -> bytes:
    """A folder's names, each with whether it is a folder."""
    shown = uri.rstrip("/") or "/"
    title = f"Index of {escaped(shown)}"
    above = uri.rstrip("/").rpartition("/")[0] + "/"
    rows = [f'<li><a href="{quote(above)}"> Parent Directory</a></li>\n'] if shown != "/" else []
    for name, folder in names:
        full = name + "/" * folder
        link = quote(full.encode("utf-8", "surrogateescape"), safe="/~!*'()-._,;:=+@$")
        rows.append(f'<li><a href="{link}"> {escaped(full)}</a></li>\n')
    head = f"{DOCTYPE}<html>\n <head>\n  <title>{title}</title>\n </head>\n <body>\n<h1>{title}</h1>\n"
    return f"{head}<ul>{''.join(rows)}</ul>\n</body></html>\n".encode("utf-8", "surrogateescape")
