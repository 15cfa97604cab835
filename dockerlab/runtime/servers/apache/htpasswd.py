"""htpasswd: names and hashes for basic authentication (docs/2.4/programs/htpasswd); -B makes real bcrypt hashes."""

from __future__ import annotations

import hashlib

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.programs.inputs import text_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.bcrypt import HIGHEST_COST, hash_password
from dockerlab.runtime.servers.passwords import DIGITS, apr1, fits, sha1

USAGE = """\
Usage:
\thtpasswd [-cimBdpsDv] [-C cost] passwordfile username
\thtpasswd -b[cmBdpsDv] [-C cost] passwordfile username password

\thtpasswd -n[imBdps] [-C cost] username
\thtpasswd -nb[mBdps] [-C cost] username password
"""
SYNTAX, MISMATCH, UNREADABLE = 2, 3, 1


@program("htpasswd", options="cinbmBdpsDvC:r:25", usage=USAGE)
def htpasswd(proc: Process, args: Arguments) -> Waiting:
    """Make, change or check a line."""
    words = list(args.operands)
    file = "" if "n" in args else words.pop(0) if words else "-"
    wanted = 2 if "b" in args else 1
    if len(words) != wanted or file == "-":
        proc.err(USAGE)
        return SYNTAX
    name, password = words[0], words[1] if "b" in args else ""
    if "b" not in args and "D" not in args:
        password = text_of((yield from proc.readline())).rstrip("\n")
    if "D" in args:
        return _change(proc, file, name, None)
    if "v" in args:
        return _verify(proc, file, name, password)
    line = f"{name}:{_hashed(proc, args, password)}"
    if not file:
        proc.out(f"{line}\n\n")
        return 0
    if "c" not in args and not proc.fs.is_file(proc.path(file)):
        proc.err(f"htpasswd: cannot modify file {file}; use '-c' to create it.\n")
        return UNREADABLE
    return _change(proc, file, name, line, anew="c" in args)


def _hashed(proc: Process, args: Arguments, password: str) -> str:
    """The password as the options want it: -B bcrypt, -s SHA-1, -p plain, else Apache's MD5."""
    raw = password.encode()
    if "p" in args:
        return password
    if "s" in args:
        return sha1(raw)
    seed = hashlib.sha256(f"{proc.hostname} {proc.pid} {proc.kernel.clock.now} {password}".encode()).digest()
    if "B" in args:
        return hash_password(raw, min(max(args.number("C", 5), 4), HIGHEST_COST), seed[:16])
    return apr1(raw, "".join(DIGITS[byte & 63] for byte in seed[:8]))


def _change(proc: Process, file: str, name: str, line: str | None, *, anew: bool = False) -> int:
    path = proc.path(file)
    before = [] if anew else read_text(proc.fs, path).splitlines()
    known = any(each.startswith(f"{name}:") for each in before)
    after = [each for each in before if not each.startswith(f"{name}:")] + ([line] if line else [])
    stream = proc.open(path, "w")
    stream.write("".join(f"{each}\n" for each in after).encode())
    verb = "Deleting" if line is None else "Updating" if known else "Adding"
    proc.err(f"{verb} password for user {name}\n")
    return 0


def _verify(proc: Process, file: str, name: str, password: str) -> int:
    rows = dict(line.partition(":")[::2] for line in read_text(proc.fs, proc.path(file)).splitlines())
    kept = rows.get(name, "")
    if kept and (kept == password or fits(password, kept)):
        proc.err(f"Password for user {name} correct.\n")
        return 0
    proc.err("password verification failed\n" if kept else f"User {name} not found\n")
    return MISMATCH
