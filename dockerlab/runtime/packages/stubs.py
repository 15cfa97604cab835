"""Installed programs of which only the version, or that they run at all, matters in a lesson about images."""

from __future__ import annotations

import re

from dockerlab.runtime.packages.node import packaged_version
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

VERSIONS = {
    "gpg": ("gpg", "2.4.4", "gpg (GnuPG) {0}\n"),
    "sqlite3": ("sqlite3", "3.45.1", "{0} 2024-01-30\n"),
    "openssl": ("openssl", "3.0.13", "OpenSSL {0} 30 Jan 2024\n"),
    "rsync": ("rsync", "3.2.7", "rsync  version {0}  protocol version 31\n"),
}
"""Program → its package (a regular expression), the version where no database knows it, and the sentence."""
ASKED = {"--version", "-v", "-V", "version"}


@program(*VERSIONS, raw=True)
def versioned(proc: Process, args: Arguments) -> int:
    """Print the version; the rest is not simulated."""
    name = name_of(proc)
    if ASKED & set(args.operands):
        package, default, sentence = VERSIONS[name]
        version = packaged_version(proc, package) or default
        bare = re.split(r"[-+~]", version.rpartition(":")[2])[0]
        proc.out(sentence.format(bare))
        return 0
    proc.err(f"{name}: dockerlab simulates only `{name} --version`\n")
    return 1


@program("supervisord", raw=True)
def supervisord(proc: Process, args: Arguments) -> Waiting:
    """In the foreground it runs until a signal ends it; in the background it returns at once."""
    if "-n" in args.operands or "--nodaemon" in args.operands:
        yield from proc.kernel.until(lambda: False)
    return 0


@program("update-ca-certificates", "locale-gen", "add-apt-repository", raw=True)
def silent(proc: Process, args: Arguments) -> int:
    """Tools of packages whose effect no lesson looks at."""
    if name_of(proc) == "update-ca-certificates":
        proc.out("Updating certificates in /etc/ssl/certs...\n0 added, 0 removed; done.\n")
        proc.out("Running hooks in /etc/ca-certificates/update.d...\ndone.\n")
    return 0


@program("file", raw=True)
def file(proc: Process, args: Arguments) -> int:
    """Say what kind a file is, by its first bytes."""
    code = 0
    for name in (word for word in args.operands if not word.startswith("-")):
        found = proc.fs.find(proc.path(name), follow=False)
        if found is None:
            proc.out(f"{name}: cannot open `{name}' (No such file or directory)\n")
        elif found.kind == "d":
            proc.out(f"{name}: directory\n")
        elif found.kind == "l":
            proc.out(f"{name}: symbolic link to {found.target}\n")
        else:
            proc.out(f"{name}: {_kind(proc.fs.content(proc.path(name)).read(0, 512))}\n")
    return code


def _kind(head: bytes) -> str:
    signatures = {
        b"\x1f\x8b": "gzip compressed data",
        b"BZh": "bzip2 compressed data",
        b"\x7fELF": "ELF 64-bit LSB executable",
    }
    for start, kind in signatures.items():
        if head.startswith(start):
            return kind
    if head[257:262] == b"ustar":
        return "POSIX tar archive"
    if not head:
        return "empty"
    if head.startswith(b"{"):
        return "JSON text data"
    return "data" if b"\0" in head else "ASCII text" if head.isascii() else "Unicode text, UTF-8 text"


@program("tree", options="adL:", usage="[-ad] [-L LEVEL] [DIRECTORY]...")
def tree(proc: Process, args: Arguments) -> int:
    """Draw folders as a tree."""
    counts = [0, 0]
    for name in args.operands or ["."]:
        proc.out(f"{name}\n")
        _branches(proc, args, proc.path(name), "", 1, counts)
    folders = f"{counts[0]} director{'y' if counts[0] == 1 else 'ies'}"
    proc.out(f"\n{folders}" + ("\n" if "d" in args else f", {counts[1]} file{'' if counts[1] == 1 else 's'}\n"))
    return 0


def _branches(proc: Process, args: Arguments, path: str, prefix: str, level: int, counts: list[int]) -> None:
    if "L" in args and level > args.number("L", 0):
        return
    names = [name for name in proc.fs.listdir(path) if "a" in args or not name.startswith(".")]
    stats = {name: proc.fs.stat(f"{path.rstrip('/')}/{name}", follow=False) for name in names}
    if "d" in args:
        names = [name for name in names if stats[name].kind == "d"]
    for at, name in enumerate(names):
        last = at == len(names) - 1
        stat = stats[name]
        proc.out(f"{prefix}{'`-- ' if last else '|-- '}{name}{f' -> {stat.target}' if stat.kind == 'l' else ''}\n")
        counts[0 if stat.kind == "d" else 1] += 1
        if stat.kind == "d":
            _branches(
                proc, args, f"{path.rstrip('/')}/{name}", prefix + ("    " if last else "|   "), level + 1, counts
            )
