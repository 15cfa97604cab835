"""A configuration that makes sense: servers, locations, upstreams, logs; and what nginx says to one that doesn't."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dockerlab.runtime.net.errors import HostError
from dockerlab.runtime.net.names import resolve
from dockerlab.runtime.process import Machine, Stream
from dockerlab.runtime.programs.accounts import find_user
from dockerlab.runtime.servers.nginx.directives import matching
from dockerlab.runtime.servers.nginx.listening import Listen, Names, choose, parse_listen
from dockerlab.runtime.servers.nginx.scopes import Scope, pattern_of
from dockerlab.runtime.servers.nginx.syntax import ConfigError, Directive
from dockerlab.runtime.servers.nginx.upstreams import Upstream, parse_proxy_pass, parse_upstream
from dockerlab.runtime.servers.nginx.variables import check_variables

COMBINED = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'
)
WITH_VARIABLES = frozenset(
    "return rewrite set add_header try_files root alias proxy_pass proxy_set_header access_log error_page".split()
)


@dataclass(frozen=True, eq=False)
class Location:
    """A location: '' (prefix), '=', '^~', '~', '~*' or '@' (named), and what it matches."""

    modifier: str
    name: str
    scope: Scope
    pattern: re.Pattern[str] | None = None
    inner: tuple[Location, ...] = ()


@dataclass(frozen=True, eq=False)
class ServerBlock:
    """A `server`."""

    listens: tuple[Listen, ...]
    names: Names
    scope: Scope
    locations: tuple[Location, ...]

    @property
    def name(self) -> str:
        """`$server_name`: the first of its names."""
        return self.names.first

    def named(self, name: str) -> Location | None:
        """The location '@name'."""
        return next((each for each in self.locations if each.modifier == "@" and each.name == name), None)


@dataclass(eq=False)
class Config:
    """All of it. `warnings` are what nginx remarks without refusing."""

    main: Scope
    http: Scope | None = None
    servers: list[ServerBlock] = field(default_factory=list)
    upstreams: dict[str, Upstream] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=lambda: {"combined": COMBINED})
    warnings: list[str] = field(default_factory=list)
    sources: Mapping[str, str] = field(default_factory=dict)
    logs: dict[str, Stream] = field(default_factory=dict)
    """The logs that the master opened: its workers write into them, though they may not open them themselves."""

    @property
    def listens(self) -> dict[tuple[str, int], Listen]:
        """Where to listen; [::]:80 is the same place as 0.0.0.0:80 here."""
        places = [listen for server in self.servers for listen in server.listens]
        wild = {listen.port for listen in places if listen.address == "0.0.0.0"}
        found: dict[tuple[str, int], Listen] = {}
        for listen in places:
            if listen.address == "::" and listen.port in wild:
                continue
            key = ("0.0.0.0" if listen.address == "::" else listen.address, listen.port)
            if listen.port not in wild or key[0] == "0.0.0.0":
                found[key] = found.get(key, listen)
        return found

    def server_for(self, port: int, address: str, host: str) -> ServerBlock:
        """The server that a request to a port with a Host header is for."""
        own = [
            (server, listen)
            for server in self.servers
            for listen in server.listens
            if listen.port == port and listen.address in (address, "0.0.0.0", "::")
        ]
        exact = [pair for pair in own if pair[1].address == address] or own
        bare = re.sub(r":\d+$", "", host).rstrip(".")
        return exact[choose([(server.names, listen.default) for server, listen in exact], bare)][0]


def build(machine: Machine, directives: Iterable[Directive], sources: Mapping[str, str]) -> Config:
    """Make sense of a configuration; raises ConfigError."""
    main = Scope(tuple(directives))
    config = Config(main, sources=sources)
    user = main.find("user")
    if user is not None and find_user(machine.fs, user.args[0]) is None:
        raise user.error(f'getpwnam("{user.args[0]}") failed')
    workers = main.value("worker_processes", "1")
    if workers != "auto" and not workers.isdigit():
        raise main.all("worker_processes")[0].error('"worker_processes" directive invalid value')
    for directive in main.own("http"):
        _http(machine, config, directive)
    return config


def check_events(config: Config) -> None:
    """Told after the syntax was found to be fine."""
    if not config.main.own("events"):
        raise ConfigError('no "events" section in configuration')


def _http(machine: Machine, config: Config, block: Directive) -> None:
    config.http = Scope(block.block, config.main)
    for directive in block.block:
        if directive.name == "upstream":
            config.upstreams[directive.args[0]] = parse_upstream(machine, directive)
        elif directive.name == "log_format":
            words = directive.args[2:] if directive.args[1].startswith("escape=") else directive.args[1:]
            config.formats[directive.args[0]] = "".join(words)
    _check_scope(machine, config, config.http)
    for directive in config.http.own("server"):
        config.servers.append(_server(machine, config, directive))
    _check_places(config)


def _server(machine: Machine, config: Config, block: Directive) -> ServerBlock:
    scope = Scope(block.block, config.http)
    _check_scope(machine, config, scope)
    listens: list[Listen] = []
    for directive in scope.own("listen"):
        listen = parse_listen(directive)
        if any((each.address, each.port) == (listen.address, listen.port) for each in listens):
            raise directive.error(f"a duplicate listen {listen.place}")
        if listen.encrypted and scope.find("ssl_certificate") is None:
            raise directive.error('no "ssl_certificate" is defined for the "listen ... ssl" directive')
        listens.append(listen)
    locations = _locations(machine, config, scope)
    return ServerBlock(tuple(listens) or (Listen("0.0.0.0", 80),), Names.of(scope), scope, locations)


def _locations(machine: Machine, config: Config, scope: Scope) -> tuple[Location, ...]:
    found: list[Location] = []
    for directive in scope.own("location"):
        location = _location(machine, config, directive, scope)
        key = (location.modifier in ("~", "~*"), location.modifier == "=", location.name)
        if any((each.modifier in ("~", "~*"), each.modifier == "=", each.name) == key for each in found) and not key[0]:
            raise directive.error(f'duplicate location "{location.name}"')
        found.append(location)
    return tuple(found)


def _location(machine: Machine, config: Config, directive: Directive, outer: Scope) -> Location:
    modifier, name = matching(directive)
    scope = Scope(directive.block, outer)
    pattern = pattern_of(directive, name, fold=modifier == "~*") if modifier in ("~", "~*") else None
    plain = modifier in ("", "=", "^~")
    _check_scope(machine, config, scope, plain=plain)
    return Location(modifier, name, scope, pattern, _locations(machine, config, scope))


def _check_scope(machine: Machine, config: Config, scope: Scope, *, plain: bool = True) -> None:
    """Look at each directive of a block that takes a value with rules of its own."""
    for directive in scope.directives:
        if directive.name in WITH_VARIABLES:
            check_variables(directive, config.main, scope)
        if directive.name in CHECKS:
            CHECKS[directive.name](machine, config, directive, plain)
        if directive.name in ("if", "limit_except"):
            inner = Scope(directive.block, scope, is_condition=True)
            _check_scope(machine, config, inner, plain=False)
    if scope.own("alias") and scope.own("root"):
        early, late = [each for each in scope.directives if each.name in ("alias", "root")][:2]
        raise late.error(f'"{late.name}" directive is duplicate, "{early.name}" directive was specified earlier')


def _check_return(machine: Machine, config: Config, directive: Directive, plain: bool) -> None:
    code = directive.args[0]
    is_url = code.startswith(("http://", "https://", "$"))
    if not (code.isdigit() and int(code) <= 999) and not (len(directive.args) == 1 and is_url):
        raise directive.error(f'invalid return code "{code}"')


def _check_error_page(machine: Machine, config: Config, directive: Directive, plain: bool) -> None:
    codes = [word for word in directive.args[:-1] if not word.startswith("=")]
    for code in codes:
        if not code.isdigit():
            raise directive.error(f'invalid value "{code}"')
        if not 300 <= int(code) <= 599:
            raise directive.error(f'value "{code}" must be between 300 and 599')


def _check_set(machine: Machine, config: Config, directive: Directive, plain: bool) -> None:
    if not directive.args[0].startswith("$"):
        raise directive.error(f'invalid variable name "{directive.args[0]}"')


def _check_pattern(machine: Machine, config: Config, directive: Directive, plain: bool) -> None:
    pattern_of(directive, directive.args[0])


def _check_if(machine: Machine, config: Config, directive: Directive, plain: bool) -> None:
    text = " ".join(directive.args)
    if not (text.startswith("(") and text.endswith(")")):
        raise directive.error(f'invalid condition "{directive.args[0]}"')


def _check_access_log(machine: Machine, config: Config, directive: Directive, plain: bool) -> None:
    if len(directive.args) > 1 and directive.args[1] not in config.formats and "=" not in directive.args[1]:
        raise directive.error(f'unknown log format "{directive.args[1]}"')


def _check_proxy_pass(machine: Machine, config: Config, directive: Directive, plain: bool) -> None:
    if "$" in directive.args[0]:
        return
    target = parse_proxy_pass(directive, directive.args[0])
    if target.path and not plain:
        raise directive.error(
            '"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, '
            'or inside "if" statement, or inside "limit_except" block'
        )
    _check_upstream(machine, config, directive, target.host)


def _check_other_pass(machine: Machine, config: Config, directive: Directive, plain: bool) -> None:
    if "$" not in directive.args[0] and not directive.args[0].startswith("unix:"):
        _check_upstream(machine, config, directive, directive.args[0].rpartition("://")[2].partition(":")[0])


def _check_upstream(machine: Machine, config: Config, directive: Directive, host: str) -> None:
    if host in config.upstreams:
        return
    try:
        resolve(machine, host)
    except HostError:
        raise directive.error(f'host not found in upstream "{host}"') from None


def _check_certificate(machine: Machine, config: Config, directive: Directive, plain: bool) -> None:
    path = directive.args[0]
    if not machine.fs.is_file(path if path.startswith("/") else f"/etc/nginx/{path}"):
        why = f"No such file or directory:calling fopen({path}, r) error:10000080:BIO routines::no such file"
        kind = "certificate key" if directive.name.endswith("_key") else "certificate"
        raise ConfigError(
            f'cannot load {kind} "{path}": BIO_new_file() failed (SSL: error:80000002:system library::{why})'
        )


CHECKS = {
    "return": _check_return,
    "error_page": _check_error_page,
    "rewrite": _check_pattern,
    "set": _check_set,
    "if": _check_if,
    "access_log": _check_access_log,
    "proxy_pass": _check_proxy_pass,
    "fastcgi_pass": _check_other_pass,
    "uwsgi_pass": _check_other_pass,
    "grpc_pass": _check_other_pass,
    "ssl_certificate": _check_certificate,
    "ssl_certificate_key": _check_certificate,
}


def _check_places(config: Config) -> None:
    """Two servers of the same name at one place, and two that want to be the first there."""
    defaults: set[str] = set()
    names: set[tuple[str, str]] = set()
    for server in config.servers:
        for listen in server.listens:
            if listen.default and listen.place in defaults:
                directive = server.scope.own("listen")[0]
                raise directive.error(f"a duplicate default server for {listen.place}")
            defaults |= {listen.place} if listen.default else set()
            for name in sorted(server.names.exact):
                if (listen.place, name) in names:
                    config.warnings.append(f'conflicting server name "{name}" on {listen.place}, ignored')
                names.add((listen.place, name))
