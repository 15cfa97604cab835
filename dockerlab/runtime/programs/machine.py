"""hostname, uname, date, nproc, free, uptime, mount …: what a machine is and has."""

from __future__ import annotations

import re

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.programs.dates import DateError, format_date, parse_date
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, blame, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program
from dockerlab.world import NANOSECOND

HOUR = 3600


@program(
    "hostname",
    options="fisdIaAy",
    long="fqdn=f ip-address=i short=s domain=d all-ip-addresses=I",
    usage="[-sidf] [HOSTNAME | -F FILE]",
)
def hostname(proc: Process, args: Arguments) -> int:
    """Print the machine's name; a container can't change it."""
    if args.operands:
        gnu = "you must be root to change the host name" if proc.uid else "sethostname: Operation not permitted"
        raise ProgramFailure(gnu, busybox="sethostname: Operation not permitted")
    if args.any("iI"):
        proc.out(f"{_address(proc)}{' ' if 'I' in args else ''}\n")
    elif args.any("df"):
        name = _full_name(proc)
        domain = name.partition(".")[2]
        proc.out(f"{domain if 'd' in args else name}\n" if domain or "d" not in args else "")
    else:
        proc.out(f"{proc.hostname.partition('.')[0] if 's' in args else proc.hostname}\n")
    return 0


def _full_name(proc: Process) -> str:
    """The first name that /etc/hosts has beside the machine's own."""
    rows = (line.split() for line in read_text(proc.fs, "/etc/hosts").splitlines())
    return next((words[1] for words in rows if proc.hostname in words[1:]), proc.hostname)


@program("dnsdomainname", usage="")
def dnsdomainname(proc: Process, args: Arguments) -> int:
    """Print the domain of the machine's full name."""
    domain = _full_name(proc).partition(".")[2]
    proc.out(f"{domain}\n" if domain else "")
    return 0


def _address(proc: Process) -> str:
    """The address that /etc/hosts has for the machine's name."""
    for line in read_text(proc.fs, "/etc/hosts").splitlines():
        words = line.split()
        if proc.hostname in words[1:]:
            return words[0]
    return "127.0.0.1"


UNAME = "all=a kernel-name=s nodename=n kernel-release=r kernel-version=v machine=m processor=p "
UNAME += "hardware-platform=i operating-system=o"


@program("uname", options="asnrvmpio", long=UNAME, usage="[-amnrspvio]")
def uname(proc: Process, args: Arguments) -> int:
    """Print the kernel's name and version: the host's, since containers share it."""
    if args.operands:
        raise UsageFailure(f"extra operand '{args.operands[0]}'")
    facts = proc.machine.facts
    values = {
        "s": "Linux", "n": proc.hostname, "r": facts.kernel_release, "v": facts.kernel_version, "m": facts.architecture,
        "p": "unknown", "i": "unknown", "o": "GNU/Linux" if not is_busybox(proc) else "Linux",
    }  # fmt: skip
    wanted = "snrvmo" if "a" in args else "".join(letter for letter in "snrvmpio" if letter in args) or "s"
    proc.out(" ".join(values[letter] for letter in wanted) + "\n")
    return 0


@program("arch", usage="")
def arch(proc: Process, args: Arguments) -> int:
    """Print the machine's architecture."""
    proc.out(f"{proc.machine.facts.architecture}\n")
    return 0


DATE = "date=d utc=u universal=u reference=r iso-8601=I rfc-3339=3 rfc-email=R set=s"


@program("date", options="d:ur:I::Rs:D:3:", long=DATE, usage="[OPTIONS] [+FMT] [[-s] TIME]")
def date(proc: Process, args: Arguments) -> int:
    """Print the time of the lab's clock, or another one (-d)."""
    moment = proc.kernel.clock.now
    if "d" in args:
        try:
            moment = parse_date(args.value("d"), moment)
        except DateError:
            raise ProgramFailure(f"invalid date '{args.value('d')}'") from None
    elif "r" in args:
        try:
            moment = proc.fs.stat(proc.path(args.value("r"))).mtime
        except FileSystemError as error:
            return blame(proc, error, args.value("r"), busybox="can't stat '{}'")
    elif "s" in args or (args.operands and not args.operands[0].startswith("+")):
        # Nobody sets this clock from inside, but date prints what it was asked to set.
        text = args.value("s") or args.operands[0]
        try:
            moment = parse_date(text, moment)
        except DateError:
            raise ProgramFailure(f"invalid date '{text}'") from None
        verb = "can't" if is_busybox(proc) else "cannot"
        code = complain(proc, f"{verb} set date: Operation not permitted")
        proc.out(format_date(_form(Arguments(given=args.given)), moment) + "\n")
        return 0 if is_busybox(proc) else code
    form = args.operands[0][1:] if args.operands else _form(args)
    proc.out(format_date(form, moment) + "\n")
    return 0


def _form(args: Arguments) -> str:
    if "R" in args:
        return "%a, %d %b %Y %H:%M:%S +0000"
    if "I" in args:
        return {"hours": "%FT%H+00:00", "minutes": "%FT%R+00:00", "seconds": "%FT%T+00:00", "ns": "%FT%T,%N+00:00"}.get(
            args.value("I"), "%F"
        )
    if "3" in args:
        return {"date": "%F", "seconds": "%F %T+00:00", "ns": "%F %T.%N+00:00"}.get(args.value("3"), "%F")
    return "%a %b %e %H:%M:%S UTC %Y"


@program("nproc", options="", long="all=a ignore=i", usage="[--all]")
def nproc(proc: Process, args: Arguments) -> int:
    """Print how many processors there are."""
    proc.out(f"{len(proc.machine.confinement.cpus) or proc.machine.facts.cpus}\n")
    return 0


@program("free", options="bkmghtw", long="human=h bytes=b kibi=k mebi=m gibi=g", usage="[-bkmgh]")
def free(proc: Process, args: Arguments) -> int:
    """Print how much memory there is: the host's, whatever limit a container has."""
    facts = proc.machine.facts
    used = facts.memory // 4
    cached = facts.memory // 8
    cells = [facts.memory, used, facts.memory - used - cached, 1 << 20, cached, facts.memory - used]
    shift = {"b": 0, "m": 20, "g": 30}.get(args.last("bkmg"), 10)

    def shown(size: int) -> str:
        return formats.human(size) + "i" if "h" in args and size >= 1024 else str(size >> (0 if "h" in args else shift))

    titles = ["total", "used", "free", "shared", "buff/cache", "available"]
    head = "".join(f"{title:>12}" for title in titles)
    rows = [("Mem:", cells), ("Swap:", [facts.swap, 0, facts.swap])]
    lines = [f"{name:<8}" + "".join(f"{shown(cell):>12}" for cell in row)[1:] for name, row in rows]
    proc.out("\n".join([" " * 7 + head, *lines]) + "\n")
    return 0


@program("uptime", options="ps", long="pretty=p since=s", usage="")
def uptime(proc: Process, args: Arguments) -> int:
    """Print how long the host has been up."""
    now = proc.kernel.clock.now
    seconds = (now - proc.machine.facts.booted) // NANOSECOND if proc.machine.facts.booted else HOUR
    hours, minutes = seconds // HOUR, seconds % HOUR // 60
    up = f"{hours // 24} days, {hours % 24:2}:{minutes:02}" if hours >= 24 else f"{hours:2}:{minutes:02}"
    proc.out(f" {format_date('%T', now)} up {up},  0 users,  load average: 0.08, 0.03, 0.01\n")
    return 0


@program(
    "lsb_release", options="aidrcs", long="all=a id=i description=d release=r codename=c short=s", usage="[-aidrcs]"
)
def lsb_release(proc: Process, args: Arguments) -> int:
    """Print which distribution this is, from /etc/os-release."""
    found = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', read_text(proc.fs, "/etc/os-release"), re.M))
    rows = [("i", "Distributor ID", found.get("NAME", "").split()[0] if found.get("NAME") else "n/a"),
            ("d", "Description", found.get("PRETTY_NAME", "")), ("r", "Release", found.get("VERSION_ID", "n/a")),
            ("c", "Codename", found.get("VERSION_CODENAME", "n/a"))]  # fmt: skip
    for letter, title, value in rows:
        if args.any(letter + "a"):
            proc.out(f"{value}\n" if "s" in args else f"{title}:\t{value}\n")
    return 0


@program("tty", options="s", long="silent=s quiet=s", usage="[-s]")
def tty(proc: Process, args: Arguments) -> int:
    """Print the terminal's name."""
    terminal = proc.is_terminal(0)
    if "s" not in args:
        proc.out("/dev/pts/0\n" if terminal else "not a tty\n")
    return 0 if terminal else 1
