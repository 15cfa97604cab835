"""sshd and the tools around it (sshd(8), ssh-keygen(1)): it listens and says who it is, but nobody can log in."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Generator, Sequence
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.net.dialling import dial
from dockerlab.runtime.net.errors import HostError, NetworkError
from dockerlab.runtime.net.sockets import Listener, Socket, receive_line
from dockerlab.runtime.packages.node import packaged_version
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments, OptionError, Options, parse_arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.daemons import attend, ending_of
from dockerlab.runtime.signals import SIGTERM
from dockerlab.runtime.streams import Null

CONFIG, PRIVILEGE_FOLDER = "/etc/ssh/sshd_config", "/run/sshd"
KINDS = {"rsa": 3072, "ecdsa": 256, "ed25519": 256}
"""Kinds of keys with their length in bits."""
DEFAULT_VERSION = "1:9.2p1-2+deb12u7"
KNOWN = frozenset(
    "acceptenv addressfamily allowagentforwarding allowgroups allowtcpforwarding allowusers authenticationmethods "
    "authorizedkeyscommand authorizedkeysfile banner challengeresponseauthentication ciphers clientalivecountmax "
    "clientaliveinterval compression denygroups denyusers forcecommand gatewayports gssapiauthentication "
    "hostbasedauthentication hostkey hostkeyalgorithms ignorerhosts include kbdinteractiveauthentication "
    "kexalgorithms listenaddress logingracetime loglevel macs match maxauthtries maxsessions maxstartups "
    "passwordauthentication permitemptypasswords permitrootlogin permittty permituserenvironment pidfile port "
    "printlastlog printmotd pubkeyauthentication strictmodes subsystem syslogfacility tcpkeepalive usedns usepam "
    "useprivilegeseparation x11displayoffset x11forwarding x11uselocalhost xauthlocation".split()
)
LONGEST = 255
"""Bytes of the line by which a client says who it is."""


def version_of(proc: Process) -> tuple[str, str]:
    """('OpenSSH_9.2p1', 'Debian-2+deb12u7'); Alpine's has no second word."""
    packaged = packaged_version(proc, "openssh-(?:server|client)") or packaged_version(proc, "openssh")
    alpine = proc.fs.exists("/etc/alpine-release")
    version, _, revision = (packaged or DEFAULT_VERSION).rpartition(":")[2].partition("-")
    if alpine:
        return f"OpenSSH_{version.replace('_', '')}", ""
    return f"OpenSSH_{version}", f"{'Ubuntu' if 'ubuntu' in revision else 'Debian'}-{revision}"


# The server.


@program("sshd", raw=True)
def sshd(proc: Process, args: Arguments) -> Waiting:
    """Listen for connections."""
    try:
        words = parse_arguments(args.operands, Options.of("46DdeiqtTVf:h:o:p:E:u:c:C:b:g:k:", ""))
    except OptionError as error:
        proc.err(f"{error}\n{version_of(proc)[0]}, OpenSSL 3.0.17 1 Jul 2025\n")
        return 1
    if "V" in words:
        proc.err(f"{' '.join(version_of(proc)).strip()}, OpenSSL 3.0.17 1 Jul 2025\n")
        return 0
    if not proc.argv[0].startswith("/"):
        proc.err("sshd re-exec requires execution with an absolute path\n")
        return 255
    settings = _settings(proc, words.value("f") or CONFIG)
    if settings is None or not _has_keys(proc, settings, words.all("h")):
        return 1
    if not proc.fs.is_dir(PRIVILEGE_FOLDER):
        proc.err(f"Missing privilege separation directory: {PRIVILEGE_FOLDER}\n")
        return 255
    if "t" in words or "T" in words:
        return 0
    return (yield from _listen(proc, words, settings))


def _settings(proc: Process, path: str) -> list[tuple[str, str]] | None:
    """Lines of the configuration, None with a complaint for a wrong one."""
    if not proc.fs.is_file(proc.path(path)):
        proc.err(f"{path}: No such file or directory\n")
        return None
    found, bad = [], 0
    for number, line in enumerate(read_text(proc.fs, proc.path(path)).splitlines(), start=1):
        words = re.split(r"[\s=]+", line.strip(), maxsplit=1)
        if not words[0] or words[0].startswith("#"):
            continue
        if words[0].lower() not in KNOWN:
            proc.err(f"{path}: line {number}: Bad configuration option: {words[0]}\n")
            bad += 1
        found.append((words[0].lower(), words[1].strip('"') if len(words) > 1 else ""))
    if bad:
        proc.err(f"{path}: terminating, {bad} bad configuration options\n")
    return None if bad else found


def _has_keys(proc: Process, settings: Sequence[tuple[str, str]], given: Sequence[str]) -> bool:
    named = [*given, *(value for name, value in settings if name == "hostkey")]
    for path in named:
        if not proc.fs.is_file(path):
            proc.err(f"Unable to load host key: {path}\n")
    if any(proc.fs.is_file(path) for path in named or [f"/etc/ssh/ssh_host_{kind}_key" for kind in KINDS]):
        return True
    proc.err("sshd: no hostkeys available -- exiting.\n")
    return False


def _listen(proc: Process, words: Arguments, settings: Sequence[tuple[str, str]]) -> Waiting:
    texts = [words.value("p"), *(value for name, value in settings if name == "port")]
    texts += [text[5:] for text in words.all("o") if text.lower().startswith("port=")]
    port = next((int(text) for text in texts if text.isdigit()), 22)
    try:
        listener = proc.machine.network.listen(port, program="sshd", pid=proc.pid)
    except NetworkError as error:
        proc.err(f"Bind to port {port} on 0.0.0.0 failed: {error.text}.\nCannot bind any address.\n")
        return 255
    title = f"sshd: {' '.join(proc.argv)} [listener] 0 of 10-100 startups"
    log = "e" in words or "d" in words
    if {"D", "d", "i"} & {letter for letter in "Ddi" if letter in words}:
        proc.argv = [title]
        return (yield from _serve(proc, listener, log=log))
    silent = Null()
    child = proc.fork(lambda each: _serve(each, listener, log=False), fds={0: silent, 1: silent, 2: silent})
    child.argv, child.pgid, listener.pid = [title], child.pid, child.pid
    return 0


def _serve(proc: Process, listener: Listener, *, log: bool) -> Waiting:
    def tell(text: str) -> None:
        if log:
            proc.err(f"{text}\r\n")

    pid = "/run/sshd.pid"
    if proc.uid == 0:
        proc.fs.write(pid, f"{proc.pid}\n".encode())
    tell(f"Server listening on 0.0.0.0 port {listener.port}.")
    tell(f"Server listening on :: port {listener.port}.")
    banner = " ".join(version_of(proc)).strip()
    ending = ending_of(proc, [SIGTERM])
    yield from attend(proc, listener, lambda socket: _greet(socket, banner, tell), ending)
    tell(f"Received signal {ending.signum}; terminating.")
    if proc.fs.exists(pid):
        proc.fs.unlink(pid)
    return 0


def _greet(socket: Socket, banner: str, tell: Any) -> Generator[Wait, Any, None]:
    """RFC 4253, 4.2: each side says which version it speaks; here the talk is over then."""
    socket.write(f"SSH-2.0-{banner}\r\n".encode())
    line = (yield from receive_line(socket))[:LONGEST]
    place = f"{socket.peer[0]} port {socket.peer[1]}"
    if not line:
        tell(f"Connection closed by {place}")
    elif not line.startswith((b"SSH-2.0-", b"SSH-1.99-")):
        socket.write(b"Invalid SSH identification string.\r\n")
        tell(f"banner exchange: Connection from {place}: invalid format")
    else:
        tell(f"Connection closed by {place} [preauth]")


# The client and keys.


@program("ssh", "scp", raw=True)
def ssh(proc: Process, args: Arguments) -> Waiting:
    """Find out whether somebody listens; a session is not simulated."""
    words = list(args.operands)
    if "-V" in words:
        proc.err(f"{' '.join(version_of(proc)).strip()}, OpenSSL 3.0.17 1 Jul 2025\n")
        return 0
    port = words[words.index("-p") + 1] if "-p" in words[:-1] else "22"
    places = [word for word in words if not word.startswith("-") and word != port]
    place = next((word for word in places if ":" in word), "") if name_of(proc) == "scp" else next(iter(places), "")
    host = place.partition(":")[0].rpartition("@")[2]
    if not host or not port.isdigit():
        proc.err(f"usage: {name_of(proc)} [-46AaCfGgKkMNnqsTtVvXxYy] [-p port] destination [command [argument ...]]\n")
        return 255
    try:
        socket = yield from dial(proc.machine, host, int(port))
    except HostError as error:
        proc.err(f"ssh: Could not resolve hostname {host}: {error.text}\n")
        return 255
    except NetworkError as error:
        proc.err(f"ssh: connect to host {host} port {port}: {error.text}\n")
        return 255
    said = yield from receive_line(socket)
    socket.close()
    if not said.startswith(b"SSH-"):
        proc.err("kex_exchange_identification: Connection closed by remote host\n")
        return 255
    proc.err(f"{host} answers ({said.decode('ascii', 'replace').strip()}), but dockerlab does not simulate sessions\n")
    return 255


@program("ssh-keygen", options="At:b:f:N:C:qlyP:", usage="[-A] [-t TYPE] [-f FILE] [-N PASSPHRASE] [-C COMMENT]")
def ssh_keygen(proc: Process, args: Arguments) -> int:
    """Make keys: files that look like keys, the same in every run."""
    if "A" in args:
        made = [kind for kind in KINDS if not proc.fs.exists(f"/etc/ssh/ssh_host_{kind}_key")]
        for kind in made:
            _write_key(proc, kind, f"/etc/ssh/ssh_host_{kind}_key", f"root@{proc.hostname}")
        proc.out(f"ssh-keygen: generating new host keys: {' '.join(each.upper() for each in made)} \n" if made else "")
        return 0
    kind = args.value("t") or "ed25519"
    if kind not in KINDS:
        proc.err(f"unknown key type {kind}\n")
        return 255
    path = proc.path(args.value("f") or f"{proc.env.get('HOME', '/root')}/.ssh/id_{kind}")
    if "l" in args:
        return _fingerprint(proc, path)
    comment = args.value("C") or f"root@{proc.hostname}"
    if "q" not in args:
        proc.out(f"Generating public/private {kind} key pair.\n")
    try:
        proc.fs.mkdir(posixpath.dirname(path), 0o700, parents=True)
        digest = _write_key(proc, kind, path, comment)
    except FileSystemError as error:
        proc.err(f"Saving key {path!r} failed: {error.strerror}\n")
        return 1
    if "q" not in args:
        proc.out(f"Your identification has been saved in {path}\nYour public key has been saved in {path}.pub\n")
        proc.out(f"The key fingerprint is:\nSHA256:{digest} {comment}\n")
    return 0


def _write_key(proc: Process, kind: str, path: str, comment: str) -> str:
    """A pair of files; returns the fingerprint."""
    seed = f"{proc.hostname} {path} {proc.kernel.clock.now}".encode()
    body = b"".join(hashlib.sha512(seed + bytes([at])).digest() for at in range(KINDS[kind] // 128))
    word = {"rsa": "ssh-rsa", "ecdsa": "ecdsa-sha2-nistp256", "ed25519": "ssh-ed25519"}[kind]
    public = base64.b64encode(len(word).to_bytes(4, "big") + word.encode() + body).decode()
    secret = base64.b64encode(b"openssh-key-v1\0" + body[::-1] * 2).decode()
    rows = "\n".join(secret[at : at + 70] for at in range(0, len(secret), 70))
    private = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{rows}\n-----END OPENSSH PRIVATE KEY-----\n"
    proc.fs.write(path, private.encode(), mode=0o600, uid=proc.uid, gid=proc.gid)
    proc.fs.write(f"{path}.pub", f"{word} {public} {comment}\n".encode(), uid=proc.uid, gid=proc.gid)
    return _digest(public)


def _digest(public: str) -> str:
    return base64.b64encode(hashlib.sha256(base64.b64decode(public)).digest()).decode().rstrip("=")


def _fingerprint(proc: Process, path: str) -> int:
    words = read_text(proc.fs, f"{path.removesuffix('.pub')}.pub").split(None, 2)
    if len(words) < 3:
        proc.err(f"{path}: No such file or directory\n")
        return 255
    kind = next((each for each in KINDS if each in words[0]), "rsa")
    proc.out(f"{KINDS[kind]} SHA256:{_digest(words[1])} {words[2].strip()} ({kind.upper()})\n")
    return 0
