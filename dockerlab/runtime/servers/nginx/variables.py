"""nginx's variables (nginx.org, "Alphabetical index of variables"), `map`, and texts that hold variables."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from dockerlab.runtime.net.http import header
from dockerlab.runtime.servers.nginx.scopes import Scope, pattern_of
from dockerlab.runtime.servers.nginx.syntax import ConfigError, Directive
from dockerlab.runtime.servers.web import log_date, moment
from dockerlab.world import NANOSECOND

if TYPE_CHECKING:
    from dockerlab.runtime.servers.nginx.visit import Visit

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_NAMED_GROUP = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")
_PREFIXES = ("http_", "arg_", "cookie_", "sent_http_", "upstream_http_")
_UNKNOWN_HERE = ""

VARIABLES: Mapping[str, Callable[[Visit], str]] = {
    "args": lambda visit: visit.args,
    "query_string": lambda visit: visit.args,
    "is_args": lambda visit: "?" if visit.args else "",
    "binary_remote_addr": lambda visit: visit.asked.peer,
    "body_bytes_sent": lambda visit: str(visit.size),
    "bytes_sent": lambda visit: str(visit.size),
    "connection": lambda visit: str(visit.connection),
    "connection_requests": lambda visit: "1",
    "content_length": lambda visit: visit.asked.header("Content-Length"),
    "content_type": lambda visit: visit.asked.header("Content-Type"),
    "document_root": lambda visit: document_root(visit),
    "realpath_root": lambda visit: document_root(visit),
    "document_uri": lambda visit: visit.uri,
    "uri": lambda visit: visit.uri,
    "host": lambda visit: visit.host,
    "hostname": lambda visit: visit.proc.hostname,
    "https": lambda visit: "on" if visit.socket.encrypted else "",
    "http2": lambda visit: "",
    "limit_rate": lambda visit: "0",
    "msec": lambda visit: f"{visit.proc.kernel.clock.now / NANOSECOND:.3f}",
    "nginx_version": lambda visit: visit.build.version,
    "pid": lambda visit: str(visit.proc.pid),
    "pipe": lambda visit: ".",
    "proxy_add_x_forwarded_for": lambda visit: _forwarded_for(visit),
    "proxy_host": lambda visit: visit.named.get("proxy_host", ""),
    "proxy_port": lambda visit: visit.named.get("proxy_port", ""),
    "remote_addr": lambda visit: visit.asked.peer,
    "remote_port": lambda visit: str(visit.socket.peer[1]),
    "remote_user": lambda visit: "",
    "request": lambda visit: visit.asked.line,
    "request_body": lambda visit: visit.asked.body.decode("utf-8", "surrogateescape"),
    "request_completion": lambda visit: "OK",
    "request_filename": lambda visit: visit.root or document_root(visit) + visit.uri,
    "request_id": lambda visit: f"{visit.proc.pid:08x}{visit.connection:08x}{visit.proc.kernel.clock.now:016x}",
    "request_length": lambda visit: str(len(visit.asked.line) + len(visit.asked.body)),
    "request_method": lambda visit: visit.asked.method,
    "request_time": lambda visit: "0.000",
    "request_uri": lambda visit: visit.asked.target,
    "scheme": lambda visit: "https" if visit.socket.encrypted else "http",
    "server_addr": lambda visit: visit.socket.local[0],
    "server_name": lambda visit: visit.server.name,
    "server_port": lambda visit: str(visit.socket.local[1]),
    "server_protocol": lambda visit: visit.asked.version,
    "ssl_protocol": lambda visit: "TLSv1.3" if visit.socket.encrypted else "",
    "ssl_cipher": lambda visit: "TLS_AES_256_GCM_SHA384" if visit.socket.encrypted else "",
    "status": lambda visit: str(visit.status),
    "time_iso8601": lambda visit: moment(visit.proc.kernel.clock.now).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
    "time_local": lambda visit: log_date(visit.proc.kernel.clock.now),
    "upstream_addr": lambda visit: visit.upstream.partition("://")[2].partition("/")[0],
    "upstream_cache_status": lambda visit: "",
    "upstream_connect_time": lambda visit: "0.000" if visit.upstream else "",
    "upstream_header_time": lambda visit: "0.000" if visit.upstream else "",
    "upstream_response_length": lambda visit: str(visit.size) if visit.upstream else "",
    "upstream_response_time": lambda visit: "0.000" if visit.upstream else "",
    "upstream_status": lambda visit: visit.upstream_status,
}
"""Name → its value for a request."""


def expand(text: str, visit: Visit) -> str:
    """A text with the values of its variables."""
    if "$" not in text:
        return text
    return _VARIABLE.sub(lambda match: value_of(match[1] or match[2], visit), text)


def value_of(name: str, visit: Visit) -> str:
    """The value of a variable, '' where it has none now."""
    if name.isdigit():
        return visit.captures[int(name)] if int(name) < len(visit.captures) else ""
    if name in visit.named:
        return visit.named[name]
    if name in VARIABLES:
        return VARIABLES[name](visit)
    for mapping in visit.config.http.own("map") if visit.config.http else ():
        if mapping.args[1] == f"${name}":
            return _mapped(mapping, visit)
    return _by_prefix(name, visit)


def _by_prefix(name: str, visit: Visit) -> str:
    if name.startswith("arg_"):
        return dict(parse_qsl(visit.args, keep_blank_values=True)).get(name[4:], "")
    if name.startswith("cookie_"):
        rows = (row.strip().partition("=") for row in visit.asked.header("Cookie").split(";"))
        return next((value for key, _, value in rows if key == name[7:]), "")
    if name.startswith("http_"):
        return header(visit.asked.headers, name[5:].replace("_", "-"))
    return _UNKNOWN_HERE


def _mapped(mapping: Directive, visit: Visit) -> str:
    """A `map`: exact texts before regular expressions, then what `default` says."""
    source, default = expand(mapping.args[0], visit), ""
    rows = [(each.name, each.args[0] if each.args else "", each) for each in mapping.block]
    exact = {key.removeprefix("\\").lower(): value for key, value, _ in rows if not key.startswith("~")}
    default = exact.pop("default", "")
    if source.lower() in exact:
        return expand(exact[source.lower()], visit)
    for key, value, directive in rows:
        if key.startswith("~"):
            fold = key.startswith("~*")
            match = pattern_of(directive, key[1 + fold :], fold=fold).search(source)
            if match:
                visit.named.update({name: text or "" for name, text in match.groupdict().items()})
                return expand(value, visit)
    return expand(default, visit)


def document_root(visit: Visit) -> str:
    """`$document_root`: what `alias` or `root` say, else the folder that nginx was built with."""
    alias = visit.location.scope.own("alias") if visit.location else ()
    text = alias[-1].args[0] if alias else visit.scope.value("root", "html")
    root = expand(text, visit)
    return (root if root.startswith("/") else f"{visit.build.prefix}/{root}").rstrip("/")


def _forwarded_for(visit: Visit) -> str:
    before = visit.asked.header("X-Forwarded-For")
    return f"{before}, {visit.asked.peer}" if before else visit.asked.peer


def encoded(uri: str) -> str:
    """A path as it stands in a Location header or in a request to another server."""
    return quote(uri.encode("utf-8", "surrogateescape"), safe="/:@!$&'()*+,;=~-._")


# What a configuration may name.


def names_in(text: str) -> Iterator[str]:
    """The variables of a text."""
    for match in _VARIABLE.finditer(text):
        yield match[1] or match[2]


def check_variables(directive: Directive, main: Scope, scope: Scope) -> None:
    """Refuse a variable that nobody sets."""
    # A `$` in a regular expression is its end; the rest of the words are texts.
    texts = directive.args[1:] if directive.name in ("rewrite", "set") else directive.args
    for text in texts:
        for name in names_in(text):
            known = name.isdigit() or name in VARIABLES or name.startswith(_PREFIXES)
            if not known and name not in _defined(main):
                raise ConfigError(f'unknown "{name}" variable')


@functools.lru_cache(maxsize=4)
def _defined(main: Scope) -> frozenset[str]:
    """The names that `set`, `map` and the like, and regular expressions give."""
    return frozenset(_definitions(main.directives))


def _definitions(directives: tuple[Directive, ...]) -> Iterator[str]:
    for directive in directives:
        if directive.name in ("set", "js_set", "auth_request_set", "geo"):
            yield directive.args[0].lstrip("$")
        if directive.name in ("map", "geo", "split_clients"):
            yield directive.args[-1].lstrip("$")
        for word in (directive.name, *directive.args):
            yield from _NAMED_GROUP.findall(word)
        yield from _definitions(directive.block)
