"""adduser, useradd, groupadd, passwd … : they edit /etc/passwd, /etc/group and /etc/shadow of the machine."""

from __future__ import annotations

import hashlib

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import (
    Group,
    User,
    add_line,
    find_group,
    find_user,
    groups,
    read_text,
    users,
    write_text,
)
from dockerlab.runtime.programs.inputs import text_of
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.world import NANOSECOND

PASSWD, GROUP, SHADOW = "/etc/passwd", "/etc/group", "/etc/shadow"
FIRST, FIRST_SYSTEM = 1000, 100
LOCKED = "!"


def _free(taken: set[int], system: bool, busybox: bool) -> int:
    """The next number: from 1000 up for people; system users count up from 100 (busybox) or down from 999."""
    numbers = range(FIRST, 60_000)
    if system:
        numbers = range(FIRST_SYSTEM, FIRST) if busybox else range(FIRST - 1, FIRST_SYSTEM, -1)
    return next(number for number in numbers if number not in taken)


def _must_be_root(proc: Process) -> None:
    if proc.uid:
        raise ProgramFailure(
            f"Permission denied.\n{proc.argv[0]}: cannot lock {PASSWD}; try again later.", busybox="permission denied"
        )


def _make_group(proc: Process, name: str, gid: int | None, *, system: bool) -> int:
    taken = {group.gid for group in groups(proc.fs)}
    number = _free(taken, system, is_busybox(proc)) if gid is None else gid
    add_line(proc.fs, GROUP, Group(name, number).line)
    return number


def _make_user(proc: Process, user: User, *, make_home: bool) -> None:
    add_line(proc.fs, PASSWD, user.line)
    days = proc.kernel.clock.now // NANOSECOND // 86_400
    add_line(proc.fs, SHADOW, f"{user.name}:{LOCKED}:{days}:0:99999:7:::", 0o640)
    if make_home and not proc.fs.exists(user.home):
        proc.fs.mkdir(user.home, 0o755, parents=True)
        proc.fs.chown(user.home, user.uid, user.gid)


def _join(proc: Process, user: str, group: str) -> None:
    """Put a user into a group."""
    lines = []
    for line in read_text(proc.fs, GROUP).splitlines():
        name, *rest = line.split(":")
        if name == group and len(rest) == 3 and user not in rest[2].split(","):
            rest[2] = f"{rest[2]},{user}" if rest[2] else user
            line = ":".join([name, *rest])
        lines.append(line)
    write_text(proc.fs, GROUP, "".join(f"{line}\n" for line in lines))


USERADD = (
    "create-home=m home-dir=d home=d shell=s uid=u gid=g groups=G system=r comment=c no-create-home=M user-group=U "
)
USERADD += "no-user-group=N password=p"


@program("useradd", options="md:s:u:g:G:rc:MUNp:ok:", long=USERADD, usage="[options] LOGIN", usage_code=2)
def useradd(proc: Process, args: Arguments) -> int:
    """Add a user (shadow's low-level tool)."""
    if not args.operands:
        raise UsageFailure("missing operand", code=2)
    name = args.operands[0]
    _must_be_root(proc)
    if find_user(proc.fs, name):
        return complain(proc, f"user '{name}' already exists", 9)
    system = "r" in args
    uid = (
        int(args.value("u"))
        if args.value("u").isdigit()
        else _free({user.uid for user in users(proc.fs)}, system, False)
    )
    if any(user.uid == uid for user in users(proc.fs)) and "o" not in args:
        return complain(proc, f"UID {uid} is not unique", 4)
    gid = _group_for(proc, args.value("g"), name, uid, system)
    home = args.value("d") or f"/home/{name}"
    shell = args.value("s") or "/bin/sh"
    _make_user(proc, User(name, uid, gid, args.value("c"), home, shell), make_home="m" in args)
    for group in filter(None, args.value("G").split(",")):
        if find_group(proc.fs, group) is None:
            return complain(proc, f"group '{group}' does not exist", 6)
        _join(proc, name, group)
    return 0


def _group_for(proc: Process, wanted: str, name: str, uid: int, system: bool) -> int:
    """The first group: the one named, or a new one with the user's name and number."""
    if wanted:
        group = find_group(proc.fs, wanted)
        if group is None:
            raise ProgramFailure(f"group '{wanted}' does not exist", busybox=f"unknown group {wanted}", code=6)
        return group.gid
    present = find_group(proc.fs, name)
    if present:
        return present.gid
    taken = {group.gid for group in groups(proc.fs)}
    return _make_group(proc, name, None if uid in taken else uid, system=system)


ADDUSER = (
    "disabled-password=D disabled-login=D gecos=g comment=g home=h shell=s system=S no-create-home=H uid=u ingroup=G "
)
ADDUSER += "gid=n quiet=q group=p allow-bad-names=a"


@program("adduser", options="h:g:s:G:SDHu:k:n:qpa", long=ADDUSER, usage="[OPTIONS] USER [GROUP]")
def adduser(proc: Process, args: Arguments) -> int:
    """Add a user, or (two names) a user to a group: Debian's tool and busybox's."""
    words = args.operands
    if not words:
        raise UsageFailure("Only one or two names allowed.", code=1)
    _must_be_root(proc)
    if len(words) > 1:
        return _add_to_group(proc, words[0], words[1])
    name = words[0]
    if find_user(proc.fs, name):
        return _user_exists(proc, name)
    system = "S" in args
    busybox = is_busybox(proc)
    taken = {user.uid for user in users(proc.fs)}
    uid = int(args.value("u")) if args.value("u").isdigit() else _free(taken, system, busybox)
    # Debian puts system users into nogroup; busybox does so too where no group is named.
    wanted = args.value("G") or ("nogroup" if system and "p" not in args and find_group(proc.fs, "nogroup") else "")
    gid = int(args.value("n")) if args.value("n").isdigit() else _group_for(proc, wanted, name, uid, system)
    shell = args.value("s") or (_no_shell(busybox) if system else "/bin/ash" if busybox else "/bin/bash")
    home = args.value("h") or (f"/home/{name}" if busybox or not system else "/nonexistent")
    user = User(name, uid, gid, args.value("g") or ("Linux User" if busybox else ""), home, shell)
    make_home = "H" not in args and home != "/nonexistent"
    _make_user(proc, user, make_home=make_home)
    if not busybox and "q" not in args:
        _tell(proc, user, system=system, make_home=make_home)
    return 0


def _no_shell(busybox: bool) -> str:
    return "/bin/false" if busybox else "/usr/sbin/nologin"


def _tell(proc: Process, user: User, *, system: bool, make_home: bool) -> None:
    """What Debian's adduser says."""
    kind = "system user" if system else "user"
    proc.out(f"Adding {kind} `{user.name}' (UID {user.uid}) ...\n" if system else f"Adding user `{user.name}' ...\n")
    if not system:
        proc.out(f"Adding new group `{user.name}' ({user.gid}) ...\n")
    proc.out(f"Adding new user `{user.name}' ({user.uid}) with group `{user.name}' ...\n")
    proc.out(f"Creating home directory `{user.home}' ...\n" if make_home else "Not creating home directory.\n")
    if make_home and not system:
        proc.out("Copying files from `/etc/skel' ...\n")


def _user_exists(proc: Process, name: str) -> int:
    if is_busybox(proc):
        return complain(proc, f"user '{name}' in use")
    proc.err(f"adduser: The user `{name}' already exists.\n")
    return 1


def _add_to_group(proc: Process, user: str, group: str) -> int:
    if find_user(proc.fs, user) is None:
        return complain(proc, f"unknown user {user}" if is_busybox(proc) else f"The user `{user}' does not exist.")
    if find_group(proc.fs, group) is None:
        return complain(proc, f"unknown group {group}" if is_busybox(proc) else f"The group `{group}' does not exist.")
    _join(proc, user, group)
    if not is_busybox(proc):
        proc.out(f"Adding user `{user}' to group `{group}' ...\nDone.\n")
    return 0


@program(
    "addgroup", "groupadd", options="g:rSqfo", long="gid=g system=r quiet=q force=f", usage="[-g GID] [-S] [USER] GROUP"
)
def groupadd(proc: Process, args: Arguments) -> int:
    """Add a group, or (two names) a user to one."""
    if not args.operands:
        raise UsageFailure("missing operand", code=2)
    _must_be_root(proc)
    if len(args.operands) > 1:
        return _add_to_group(proc, args.operands[0], args.operands[1])
    name = args.operands[0]
    if find_group(proc.fs, name):
        if "f" in args:
            return 0
        return complain(
            proc,
            f"group '{name}' in use" if is_busybox(proc) else f"group '{name}' already exists",
            1 if is_busybox(proc) else 9,
        )
    gid = int(args.value("g")) if args.value("g").isdigit() else None
    number = _make_group(proc, name, gid, system=args.any("rS"))
    if proc.argv[0].endswith("addgroup") and not is_busybox(proc):
        proc.out(f"Adding group `{name}' (GID {number}) ...\nDone.\n")
    return 0


def _without(proc: Process, path: str, name: str) -> None:
    """Drop a line from one of the files."""
    lines = [line for line in read_text(proc.fs, path).splitlines() if line.partition(":")[0] != name]
    write_text(proc.fs, path, "".join(f"{line}\n" for line in lines))


@program("deluser", "userdel", options="rfq", long="remove=r remove-home=r force=f", usage="[--remove-home] USER")
def userdel(proc: Process, args: Arguments) -> int:
    """Remove a user."""
    if not args.operands:
        raise UsageFailure("missing operand")
    name = args.operands[0]
    user = find_user(proc.fs, name)
    if user is None:
        return complain(
            proc,
            f"unknown user {name}" if is_busybox(proc) else f"user '{name}' does not exist",
            1 if is_busybox(proc) else 6,
        )
    _must_be_root(proc)
    for path in (PASSWD, SHADOW):
        _without(proc, path, name)
    if find_group(proc.fs, name):
        _without(proc, GROUP, name)
    if "r" in args and proc.fs.is_dir(user.home):
        proc.fs.remove_tree(user.home)
    return 0


@program("delgroup", "groupdel", options="fq", long="force=f", usage="[USER] GROUP")
def groupdel(proc: Process, args: Arguments) -> int:
    """Remove a group."""
    if not args.operands:
        raise UsageFailure("missing operand")
    name = args.operands[-1]
    if find_group(proc.fs, name) is None:
        return complain(
            proc,
            f"unknown group {name}" if is_busybox(proc) else f"group '{name}' does not exist",
            1 if is_busybox(proc) else 6,
        )
    _without(proc, GROUP, name)
    return 0


def set_password(proc: Process, name: str, password: str) -> None:
    """Keep a password's digest in /etc/shadow; it is no real crypt(3), but as unreadable."""
    digest = hashlib.sha512(f"{name} {password}".encode()).hexdigest()[:86]
    lines = []
    for line in read_text(proc.fs, SHADOW).splitlines():
        fields = line.split(":")
        if fields[0] == name and len(fields) > 1:
            fields[1] = f"$6$dockerlab${digest}"
        lines.append(":".join(fields))
    write_text(proc.fs, SHADOW, "".join(f"{line}\n" for line in lines), 0o640)


@program("passwd", options="ludSe", long="lock=l unlock=u delete=d status=S", usage="[-dlu] [USER]")
def passwd(proc: Process, args: Arguments) -> Waiting:
    """Set a password that is typed twice on standard input."""
    user = find_user(proc.fs, args.operands[0] if args.operands else str(proc.uid))
    if user is None:
        raise ProgramFailure(f"user '{args.operands[0]}' does not exist", busybox=f"unknown user {args.operands[0]}")
    if args.any("lud"):
        proc.out("passwd: password expiry information changed.\n" if not is_busybox(proc) else "")
        return 0
    typed = []
    for prompt in ("New password: ", "Retype new password: "):
        proc.err(prompt)
        line = yield from proc.readline()
        typed.append(text_of(line).rstrip("\n"))
    if typed[0] != typed[1] or not typed[0]:
        proc.err(
            "Sorry, passwords do not match.\npasswd: Authentication token manipulation error\n"
            "passwd: password unchanged\n"
        )
        return 10
    set_password(proc, user.name, typed[0])
    proc.err("passwd: password updated successfully\n")
    return 0


@program("chpasswd", options="ec:m", long="encrypted=e crypt-method=c", usage="")
def chpasswd(proc: Process, args: Arguments) -> Waiting:
    """Set the passwords that lines 'user:password' on standard input give."""
    data = yield from proc.read_all()
    for number, line in enumerate(text_of(data).splitlines(), start=1):
        name, colon, password = line.partition(":")
        if not colon:
            return complain(proc, f"line {number}: missing new password")
        if find_user(proc.fs, name) is None:
            return complain(
                proc, f"(user {name}) pam_chauthtok() failed, error:\nAuthentication token manipulation error"
            )
        set_password(proc, name, password)
        if is_busybox(proc):
            proc.out(f"chpasswd: password for '{name}' changed\n")
    return 0


@program(
    "usermod", options="aG:s:d:l:L:u:g:m", long="append=a groups=G shell=s home=d uid=u gid=g", usage="[options] LOGIN"
)
def usermod(proc: Process, args: Arguments) -> int:
    """Change a user: groups, shell, home, numbers."""
    user = find_user(proc.fs, args.operands[0]) if args.operands else None
    if user is None:
        return complain(proc, f"user '{args.operands[0] if args.operands else ''}' does not exist", 6)
    for group in filter(None, args.value("G").split(",")):
        if find_group(proc.fs, group) is None:
            return complain(proc, f"group '{group}' does not exist", 6)
        _join(proc, user.name, group)
    gid = find_group(proc.fs, args.value("g")).gid if find_group(proc.fs, args.value("g")) else user.gid  # type: ignore[union-attr]
    uid = int(args.value("u")) if args.value("u").isdigit() else user.uid
    changed = User(user.name, uid, gid, user.comment, args.value("d") or user.home, args.value("s") or user.shell)
    lines = [
        changed.line if line.startswith(f"{user.name}:") else line for line in read_text(proc.fs, PASSWD).splitlines()
    ]
    write_text(proc.fs, PASSWD, "".join(f"{line}\n" for line in lines))
    return 0


@program("getent", usage="DATABASE [KEY...]")
def getent(proc: Process, args: Arguments) -> int:
    """Look entries of passwd, group and hosts up."""
    if not args.operands:
        raise UsageFailure("wrong number of arguments")
    database, keys = args.operands[0], args.operands[1:]
    path = {"passwd": PASSWD, "group": GROUP, "hosts": "/etc/hosts", "shadow": SHADOW}.get(database)
    if path is None:
        proc.err(f"Unknown database: {database}\n")
        return 1
    lines = read_text(proc.fs, path).splitlines()
    for key in keys:
        found = [line for line in lines if key in (line.split() if database == "hosts" else line.split(":")[:3:2])]
        if not found:
            return 2
        proc.out(f"{found[0]}\n")
    if not keys:
        proc.out("".join(f"{line}\n" for line in lines))
    return 0
