"""From a request to its answer: server, location, rewriting, access, try_files, content, error pages.

The order is that of nginx's phases (nginx.org, development guide, "Phases").
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.fs.content import Bytes
from dockerlab.runtime.servers.nginx import pages
from dockerlab.runtime.servers.nginx.content import Elsewhere, file_of, give
from dockerlab.runtime.servers.nginx.locations import find_location
from dockerlab.runtime.servers.nginx.logs import complain
from dockerlab.runtime.servers.nginx.proxy import pass_on
from dockerlab.runtime.servers.nginx.rewriting import CYCLES, Again, Given, rewrite
from dockerlab.runtime.servers.nginx.syntax import Directive
from dockerlab.runtime.servers.nginx.variables import expand
from dockerlab.runtime.servers.nginx.visit import Visit, absolute
from dockerlab.runtime.servers.passwords import fits
from dockerlab.runtime.servers.web import Reply

_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_OTHER = ("fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass")


def answer(visit: Visit) -> Generator[Wait, Any, Reply]:
    """What a request gets."""
    named = ""
    for _ in range(CYCLES):
        try:
            try:
                _locate(visit, named)
                return (yield from _content(visit))
            except Given as given:
                return _given(visit, given)
        except Elsewhere as elsewhere:
            named = elsewhere.uri if elsewhere.uri.startswith("@") else ""
            _go(visit, elsewhere)
    complain(visit, "error", f'rewrite or internal redirection cycle while internally redirecting to "{visit.uri}"')
    return pages.error(visit, 500)


def _go(visit: Visit, elsewhere: Elsewhere) -> None:
    visit.internal, visit.root, visit.condition = True, "", None
    if not elsewhere.uri.startswith("@"):
        visit.uri = elsewhere.uri
        visit.args = visit.args if elsewhere.query is None else elsewhere.query


def _locate(visit: Visit, named: str) -> None:
    """Find the location, and rewrite until the path stays."""
    if named:
        visit.location, visit.condition = visit.server.named(named), None
        if visit.location is None:
            complain(visit, "error", f'could not find named location "{named}"')
            raise Given(500)
        _rewritten(visit)
        return
    visit.location = visit.condition = None
    _rewritten(visit)
    for _ in range(CYCLES):
        visit.location, visit.condition = find_location(visit), None
        if visit.location is None:
            return
        if visit.location.scope.own("internal") and not visit.internal:
            raise Given(404)
        # A method that `limit_except` does not name has only what stands there.
        if _excepted(visit) or not _rewritten(visit):
            return
    complain(visit, "error", f'rewrite or internal redirection cycle while processing "{visit.uri}"')
    raise Given(500)


def _rewritten(visit: Visit) -> bool:
    """Carry out what the server or the location says; True when another location has to be looked for."""
    before = visit.uri
    try:
        rewrite(visit, visit.location.scope if visit.location else visit.server.scope)
    except Again:
        visit.named["rewritten"] = "1"
        return True
    if visit.uri != before:
        visit.named["rewritten"] = "1"
    return False


# Answers that were decided on early, and errors.


def _given(visit: Visit, given: Given) -> Reply:
    status = given.status
    if status == 444:
        visit.status = 444
        return Reply(444, close=True, silent=True)
    if status in (301, 302, 303, 307, 308) and given.text:
        return pages.redirect(visit, status, given.text, late=given.late)
    if given.body:
        kind = visit.scope.value("default_type", "text/plain")
        return pages.reply(visit, status, Bytes(given.text.encode("utf-8", "surrogateescape")), kind)
    if status < 300:
        return pages.reply(visit, status, Bytes(b""), visit.scope.value("default_type", "text/plain"))
    if not visit.failed or visit.scope.is_on("recursive_error_pages"):
        away = _error_page(visit, status)
        if away is not None:
            return away
    more = _challenge(visit) if status == 401 else ()
    return pages.error(visit, status, more=more)


def _error_page(visit: Visit, status: int) -> Reply | None:
    """Go where `error_page` says: a path here, or an address elsewhere; None where it says nothing about a status."""
    for directive in visit.scope.all("error_page"):
        *codes, target = directive.args
        if str(status) not in codes:
            continue
        change = next((code[1:] for code in codes if code.startswith("=")), None)
        visit.failed = True
        visit.forced = status if change is None else int(change) if change.isdigit() else 0
        visit.method = "HEAD" if visit.method == "HEAD" else "GET"
        place = expand(target, visit)
        if "://" in place:
            visit.forced = 0
            return pages.redirect(visit, int(change) if change and change.isdigit() else 302, place, late=True)
        uri, asks, args = place.partition("?")
        raise Elsewhere(uri, args if asks else None)
    return None


# Access.


def _check_access(visit: Visit) -> None:
    scope = visit.scope
    if any(each.name == "deny" for each in _excepted(visit)):
        complain(visit, "error", "access forbidden by rule")
        raise Given(403)
    for rule in [each for each in scope.directives if each.name in ("allow", "deny")] or _inherited_rules(visit):
        if _concerns(rule.args[0], visit.asked.peer):
            if rule.name == "deny":
                complain(visit, "error", "access forbidden by rule")
                raise Given(403)
            break
    if scope.value("auth_basic", "off") != "off":
        _check_password(visit)
    if len(visit.asked.body) > _limit(scope.value("client_max_body_size", "1m")) > 0:
        complain(visit, "error", f"client intended to send too large body: {len(visit.asked.body)} bytes")
        raise Given(413)


def _excepted(visit: Visit) -> tuple[Directive, ...]:
    """What a `limit_except` says, where it does not name the request's method; GET brings HEAD with it."""
    for directive in visit.location.scope.own("limit_except") if visit.location else ():
        if visit.method not in {*directive.args, *(["HEAD"] if "GET" in directive.args else [])}:
            return directive.block
    return ()


def _inherited_rules(visit: Visit) -> list[Directive]:
    scope = visit.scope.parent
    while scope is not None:
        if rules := [each for each in scope.directives if each.name in ("allow", "deny")]:
            return rules
        scope = scope.parent
    return []


def _concerns(text: str, peer: str) -> bool:
    try:
        return text == "all" or ipaddress.ip_address(peer) in ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False


def _limit(text: str) -> int:
    number = text.rstrip("kKmMgG")
    return int(number) * _UNITS.get(text[len(number) :].lower(), 1) if number.isdigit() else 0


def _challenge(visit: Visit) -> tuple[tuple[str, str], ...]:
    return (("WWW-Authenticate", f'Basic realm="{visit.scope.value("auth_basic")}"'),)


def _check_password(visit: Visit) -> None:
    """Basic authentication (RFC 7617) against a file of htpasswd."""
    scheme, _, text = visit.asked.header("Authorization").partition(" ")
    try:
        name, colon, password = base64.b64decode(text, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name = colon = password = ""
    if scheme.lower() != "basic" or not colon:
        raise Given(401)
    path = absolute(visit.build, visit.scope.value("auth_basic_user_file"))
    try:
        lines = visit.proc.fs.read(path).decode("utf-8", "replace").splitlines()
    except FileSystemError as error:
        complain(visit, "error", f'open() "{path}" failed ({error.errno}: {error.strerror})')
        raise Given(403) from None
    known = dict(line.partition(":")[::2] for line in lines)
    if name not in known:
        complain(visit, "error", f'user "{name}" was not found in "{path}"')
        raise Given(401)
    if not fits(password, known[name]):
        complain(visit, "error", f'user "{name}": password mismatch')
        raise Given(401)


# Content.


def _content(visit: Visit) -> Generator[Wait, Any, Reply]:
    _check_access(visit)
    _try_files(visit)
    scope = visit.scope
    if (directive := scope.content("proxy_pass")) is not None:
        return (yield from pass_on(visit, directive))
    for name in _OTHER:
        if scope.content(name) is not None:
            complain(visit, "error", f"dockerlab does not simulate {name}")
            raise Given(502)
    if scope.own("stub_status"):
        count = visit.connection
        text = f"Active connections: 1 \nserver accepts handled requests\n {count} {count} {count} \n"
        body = f"{text}Reading: 0 Writing: 1 Waiting: 0 \n".encode()
        return pages.reply(visit, 200, Bytes(body), "text/plain")
    return give(visit)


def _try_files(visit: Visit) -> None:
    """The first file that exists, else the last word: a path, a named location or a status."""
    directive = visit.location.scope.own("try_files") if visit.location else visit.server.scope.own("try_files")
    if not directive or visit.condition is not None:
        return
    *tried, last = directive[0].args
    for word in tried:
        text = expand(word, visit)
        path = file_of(visit, text)
        if visit.proc.fs.is_dir(path) if word.endswith("/") else visit.proc.fs.is_file(path):
            visit.uri = text
            return
    if last.startswith("="):
        raise Given(int(last[1:]) if last[1:].isdigit() else 500)
    uri, asks, args = expand(last, visit).partition("?")
    raise Elsewhere(uri, args if asks else None)
