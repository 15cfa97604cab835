"""proxy_pass: ask another server over the virtual network and hand its answer on (nginx.org, ngx_http_proxy_module)."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from dockerlab.events import Wait
from dockerlab.fs.content import Bytes
from dockerlab.runtime.kernel import Until
from dockerlab.runtime.net.dialling import dial
from dockerlab.runtime.net.errors import HostError, NetworkError, NoRouteError, RefusedError, TimedOutError
from dockerlab.runtime.net.http import Answer, read_answer
from dockerlab.runtime.net.names import is_address, resolve
from dockerlab.runtime.servers.nginx import pages
from dockerlab.runtime.servers.nginx.logs import complain
from dockerlab.runtime.servers.nginx.rewriting import Given
from dockerlab.runtime.servers.nginx.syntax import ConfigError, Directive
from dockerlab.runtime.servers.nginx.upstreams import Peer, Target, parse_proxy_pass
from dockerlab.runtime.servers.nginx.variables import encoded, expand
from dockerlab.runtime.servers.nginx.visit import Visit
from dockerlab.runtime.servers.web import Reply, without
from dockerlab.world import NANOSECOND

PATIENCE = 60.0
_HIDDEN = ("Date", "Server", "X-Pad", "X-Accel-Redirect", "Connection", "Content-Length", "Transfer-Encoding")
_CONNECTING = "while connecting to upstream"
_READING = "while reading response header from upstream"
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "": 1.0}


@dataclass(frozen=True)
class Trouble:
    """Why a machine of an upstream gave no answer: the line for the log, and the status."""

    text: str
    status: int = 502


def pass_on(visit: Visit, directive: Directive) -> Generator[Wait, Any, Reply]:
    """Answer with what another server answers."""
    target = _target(visit, directive)
    visit.named["proxy_host"], visit.named["proxy_port"] = target.authority, str(target.port)
    path = _path(visit, target)
    trouble = Trouble("no live upstreams while connecting to upstream")
    for peer in _peers(visit, target):
        visit.upstream = f"{target.scheme}://{peer.place}{path}"
        outcome = yield from _ask(visit, target, peer, path)
        if isinstance(outcome, Answer):
            visit.upstream_status = str(outcome.status)
            return _handed_on(visit, outcome)
        trouble = outcome
        complain(visit, "error", trouble.text)
    if not visit.upstream:
        visit.upstream = f"{target.scheme}://{target.authority}{path}"
        complain(visit, "error", trouble.text)
    raise Given(trouble.status)


def _target(visit: Visit, directive: Directive) -> Target:
    text = expand(directive.args[0], visit)
    try:
        return parse_proxy_pass(directive, text)
    except ConfigError:
        complain(visit, "error", f'invalid URL prefix in "{text}"')
        raise Given(500) from None


def _path(visit: Visit, target: Target) -> str:
    """What is asked for: the path as the client wrote it, if it was not rewritten or partly replaced."""
    if target.path:
        name = visit.location.name if visit.location else ""
        return target.path + encoded(visit.uri[len(name) :]) + (f"?{visit.args}" if visit.args else "")
    if not visit.internal and not visit.named.get("rewritten"):
        return visit.asked.target
    return encoded(visit.uri) + (f"?{visit.args}" if visit.args else "")


def _peers(visit: Visit, target: Target) -> Sequence[Peer]:
    upstream = visit.config.upstreams.get(target.host)
    if upstream is not None:
        return upstream.order(visit.asked.peer)
    machine = visit.proc.machine
    if visit.scope.find("resolver") is None and "$" in visit.scope.value("proxy_pass") and not is_address(target.host):
        complain(visit, "error", f"no resolver defined to resolve {target.host}")
        raise Given(502)
    try:
        return [Peer(resolve(machine, target.host), target.port)]
    except HostError:
        complain(visit, "error", f"{target.host} could not be resolved (3: Host not found)")
        raise Given(502) from None


def _ask(visit: Visit, target: Target, peer: Peer, path: str) -> Generator[Wait, Any, Answer | Trouble]:
    machine = visit.proc.machine
    try:
        socket = yield from dial(machine, peer.address, peer.port, timeout=_seconds(visit, "proxy_connect_timeout"))
    except NetworkError as error:
        return _not_connected(error)
    try:
        if target.scheme == "https" and not socket.encrypted:
            why = "SSL: error:0A00010B:SSL routines::wrong version number"
            return Trouble(f"SSL_do_handshake() failed ({why}) while SSL handshaking to upstream")
        socket.write(_message(visit, path))
        deadline = machine.kernel.clock.now + round(_seconds(visit, "proxy_read_timeout") * NANOSECOND)
        return (yield from _until(deadline, visit, read_answer(socket, visit.method)))
    except TimedOutError:
        return Trouble(f"upstream timed out (110: Connection timed out) {_READING}", 504)
    except (NetworkError, BrokenPipeError):
        return Trouble(f"upstream prematurely closed connection {_READING}")
    finally:
        socket.close()


def _not_connected(error: NetworkError) -> Trouble:
    if isinstance(error, TimedOutError):
        return Trouble(f"upstream timed out (110: Connection timed out) {_CONNECTING}", 504)
    number = 113 if isinstance(error, NoRouteError) else 111 if isinstance(error, RefusedError) else 104
    return Trouble(f"connect() failed ({number}: {error.text}) {_CONNECTING}")


def _until(deadline: int, visit: Visit, work: Generator[Wait, Any, Answer]) -> Generator[Wait, Any, Answer]:
    """Do what waits, but not for longer than until `deadline`."""
    clock = visit.proc.kernel.clock
    while True:
        try:
            wait = next(work)
        except StopIteration as stop:
            answer: Answer = stop.value
            return answer
        if clock.now >= deadline:
            work.close()
            raise TimedOutError(visit.upstream)
        yield Until(wait.ready, deadline) if isinstance(wait, Until) else wait


def _seconds(visit: Visit, name: str) -> float:
    """A span of time: '60', '60s', '500ms', '1m'."""
    match = re.fullmatch(r"(\d+)(ms|[smhd]?)", visit.scope.value(name, "60s"))
    return int(match[1]) * _UNITS[match[2]] if match else PATIENCE


def _message(visit: Visit, path: str) -> bytes:
    """The request for the other server: the client's headers, changed as `proxy_set_header` says."""
    version = visit.scope.value("proxy_http_version", "1.0")
    headers = {"Host": visit.named["proxy_host"], "Connection": "close"}
    set_ones = {each.args[0]: expand(each.args[1], visit) for each in visit.scope.all("proxy_set_header")}
    lowered = {name.lower() for name in set_ones}
    headers = {name: value for name, value in headers.items() if name.lower() not in lowered} | set_ones
    if visit.asked.body:
        headers["Content-Length"] = str(len(visit.asked.body))
    own = without(visit.asked.headers.items(), "Host", "Connection", "Keep-Alive", "Content-Length", "Expect", *lowered)
    kept = [(name, value) for name, value in (*headers.items(), *own) if value and name != "Transfer-Encoding"]
    lines = [f"{visit.method} {path} HTTP/{version}", *(f"{name}: {value}" for name, value in kept), "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + visit.asked.body


def _handed_on(visit: Visit, answer: Answer) -> Reply:
    """The other server's answer as the client gets it."""
    if answer.status >= 300 and visit.scope.is_on("proxy_intercept_errors"):
        raise Given(answer.status)
    headers = dict(without(answer.headers.items(), *_HIDDEN))
    hidden = {each.args[0].lower() for each in visit.scope.all("proxy_hide_header")}
    kind = next((headers.pop(name) for name in list(headers) if name.lower() == "content-type"), "")
    more = tuple((name, value) for name, value in headers.items() if name.lower() not in hidden)
    more = tuple((name, _redirected(visit, value) if name.lower() == "location" else value) for name, value in more)
    return pages.reply(visit, answer.status, Bytes(answer.body), kind, more=more)


def _redirected(visit: Visit, location: str) -> str:
    """`proxy_redirect default`: what names the other server's address names ours instead."""
    own = visit.location.name if visit.location and not visit.location.pattern else "/"
    directive = visit.scope.find("proxy_pass")
    setting = visit.scope.value("proxy_redirect", "default")
    if directive is None or setting == "off" or "$" in directive.args[0]:
        return location
    target = directive.args[0] if parse_proxy_pass(directive, directive.args[0]).path else f"{directive.args[0]}/"
    if not location.startswith(target):
        return location
    rest = location[len(target) :]
    return f"{own.rstrip('/')}/{rest}" if not target.endswith("/") or own.endswith("/") else f"{own}/{rest}"
