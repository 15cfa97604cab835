"""`registry`, the program of the images registry:2 and registry:3: the distribution API, on the files of its container.

It is a program of the engine and not of `runtime`, because it needs the registry that lives beside `runtime`.
What it prints follows distribution 2.8 (cmd/registry): its own log on standard error, an access log on standard output.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from dockerlab.engine.registry_access import container_htpasswd
from dockerlab.engine.registry_config import Configuration, ConfigurationError, read_configuration
from dockerlab.engine.registry_garbage import collect
from dockerlab.engine.registry_log import Journal
from dockerlab.engine.registry_site import RegistrySite
from dockerlab.engine.registry_storage import FileStorage
from dockerlab.engine.registry_version import THREE, version_of
from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.registry import Server
from dockerlab.registry.access import Access, Open
from dockerlab.runtime.net import AddressInUseError, Listener
from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.daemons import attend, ending_of
from dockerlab.runtime.servers.web import converse

ENDED_BY_SIGNAL = 2
"""How a program of Go ends as process 1 when it has said nothing about a signal."""
HELP = """\
`registry`

Usage:
  registry [flags]
  registry [command]

Available Commands:
  completion      Generate the autocompletion script for the specified shell
  garbage-collect `garbage-collect` deletes layers not referenced by any manifests
  help            Help about any command
  serve           `serve` stores and distributes Docker images

Flags:
  -h, --help      help for registry
  -v, --version   show the version and exit

Use "registry [command] --help" for more information about a command.
"""
SERVE = "Usage:\n  registry serve <config> [flags]\n\nFlags:\n  -h, --help   help for serve\n"
COLLECT = """\
Usage:
  registry garbage-collect <config> [flags]

Flags:
  -m, --delete-untagged   delete manifests that are not currently referenced via tag
  -d, --dry-run           do everything except remove the blobs
  -h, --help              help for garbage-collect
"""
USAGES: Mapping[str, str] = {"serve": SERVE, "garbage-collect": COLLECT}


def registry(proc: Process) -> int | Generator[Wait, Any, int]:
    """The command line."""
    words = proc.argv[1:]
    if words[:1] in (["-v"], ["--version"]):
        path = "distribution/distribution/v3" if version_of(proc) == THREE else "docker/distribution"
        proc.out(f"{proc.argv[0]} github.com/{path} {version_of(proc)}\n")
        return 0
    if not words or words[0] in ("-h", "--help", "help"):
        proc.out(HELP)
        return 0
    command, *rest = words
    if command not in USAGES:
        proc.err(f'Error: unknown command "{command}" for "registry"\nRun \'registry --help\' for usage.\n')
        return 1
    if {"-h", "--help"} & set(rest):
        proc.out(USAGES[command])
        return 0
    return _configured(proc, command, rest)


def _configured(proc: Process, command: str, words: Sequence[str]) -> int | Generator[Wait, Any, int]:
    path = next((word for word in words if not word.startswith("-")), proc.env.get("REGISTRY_CONFIGURATION_PATH", ""))
    try:
        config = _read(proc, path)
    except ConfigurationError as error:
        proc.err(f"configuration error: {error}\n{USAGES[command]}")
        return 1
    root = config.text("storage", "filesystem", "rootdirectory", default="/var/lib/registry")
    storage = FileStorage(proc.fs, root)
    journal = Journal(proc, version_of(proc), dict(config.find("log", "fields") or {}))
    if command == "serve":
        return serve(proc, config, storage, journal)
    return collect(proc, storage, journal, set(words))


def _read(proc: Process, path: str) -> Configuration:
    if not path:
        raise ConfigurationError("configuration path unspecified")
    try:
        text = proc.fs.read(proc.path(path)).decode("utf-8", "replace")
    except FileSystemError as error:
        raise ConfigurationError(f"open {path}: {error.strerror.lower()}") from None
    try:
        return read_configuration(text, proc.env)
    except ConfigurationError as error:
        raise ConfigurationError(f"error parsing {path}: {error}") from None


def serve(proc: Process, config: Configuration, storage: FileStorage, journal: Journal) -> Generator[Wait, Any, int]:
    """Answer until a signal comes."""
    address = config.text("http", "addr", default=":5000")
    journal.begin(config, address)
    listener = _listen(proc, config, address, journal)
    if listener is None:
        return 1
    server = Server(storage, access=_access(proc, config))
    site = RegistrySite(proc, server, config, journal, encrypted=listener.encrypted)
    listener.direct, listener.frozen = site.direct, lambda: proc.machine.frozen
    yield from attend(proc, listener, lambda socket: converse(socket, site), ending_of(proc))
    return ENDED_BY_SIGNAL


def _listen(proc: Process, config: Configuration, address: str, journal: Journal) -> Listener | None:
    host, _, port = address.rpartition(":")
    certificate = config.text("http", "tls", "certificate")
    if certificate and not proc.fs.is_file(certificate):
        journal.fatal(f"open {certificate}: no such file or directory")
        return None
    if not port.isdigit() or int(port) > 65_535:
        journal.fatal(f"listen tcp: address {address}: invalid port")
        return None
    own = {"": "0.0.0.0", "localhost": "127.0.0.1", "[::]": "0.0.0.0"}.get(host, host)
    try:
        listener = proc.machine.network.listen(int(port), own, program="registry", pid=proc.pid)
    except AddressInUseError:
        journal.fatal(f"listen tcp {address}: bind: address already in use")
        return None
    listener.encrypted = bool(certificate)
    journal.listening(address)
    return listener


def _access(proc: Process, config: Configuration) -> Access:
    """Who may come in: everybody, or who stands in the file of `auth: htpasswd`."""
    if config.find("auth", "htpasswd") is None and config.text("auth") != "htpasswd":
        return Open()
    realm = config.text("auth", "htpasswd", "realm", default="basic-realm")
    return container_htpasswd(proc.fs, config.text("auth", "htpasswd", "path"), realm)
