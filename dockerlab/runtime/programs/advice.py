"""Programs that need a screen or a running init system: they say in one line what to do instead. sudo just runs."""

from __future__ import annotations

from dockerlab.runtime.process import Process, ProgramError, User
from dockerlab.runtime.programs.accounts import find_user
from dockerlab.runtime.programs.environment import run_other
from dockerlab.runtime.programs.identity import credentials_of
from dockerlab.runtime.programs.inputs import Inputs
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program


@program("vi", "vim", "nano", raw=True)
def editor(proc: Process, args: Arguments) -> int:
    """An editor needs a screen: say how to write the file without one."""
    files = [word for word in args.operands if word[:1] not in ("-", "+")]
    file = files[0] if files else "FILE"
    proc.err(
        f"{name_of(proc)}: there is no screen for an editor here. To write {file}, use one of\n"
        f"  cat > {file} <<'EOF'        (then the lines, then EOF)\n"
        f"  printf 'a line\\n' > {file}\n"
        f"  sed -i 's/old/new/' {file}\n"
        f"  %%hostfile {file}          (a notebook cell that writes a file of the host)\n"
    )
    return 1


@program("sudo", options="+u:g:EHnkSsiA", long="user=u preserve-env=E", usage="[-u USER] COMMAND...")
def sudo(proc: Process, args: Arguments) -> Waiting:
    """Run a command as root (or another user); the lab asks for no password."""
    if not args.operands:
        proc.err("usage: sudo -h | -K | -k | -V\nusage: sudo [-u user] [VAR=value] [command [arg ...]]\n")
        return 1
    words = list(args.operands)
    env = dict(proc.env)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        env[name] = value
    user = find_user(proc.fs, args.value("u") or "0")
    if user is None and "u" in args:
        proc.err(f"sudo: unknown user {args.value('u')}\nsudo: error initializing audit plugin sudoers_audit\n")
        return 1
    who = credentials_of(proc, user) if user else User()
    if not words:
        return 0
    if not _exists(proc, words[0], env):
        proc.err(f"sudo: {words[0]}: command not found\n")
        return 1
    return (yield from run_other(proc, words, env=env, user=who))


def _exists(proc: Process, name: str, env: dict[str, str]) -> bool:
    try:
        proc.machine.find([name], env=env, cwd=proc.cwd, user=User())
    except ProgramError as error:
        return error.code != 127
    return True


@program("clear", "reset", raw=True)
def clear(proc: Process, args: Arguments) -> int:
    """Clear a terminal's screen."""
    if proc.is_terminal(1):
        proc.out("\x1b[H\x1b[2J\x1b[3J")
    return 0


@program("man", raw=True)
def man(proc: Process, args: Arguments) -> int:
    """Minimal images have no manual pages."""
    if not args.operands:
        proc.err("What manual page do you want?\nFor example, try 'man man'.\n")
        return 1
    proc.err(f"No manual entry for {args.operands[-1]}\n")
    return 16


@program("less", "more", raw=True)
def pager(proc: Process, args: Arguments) -> Waiting:
    """Without a screen a pager passes everything on."""
    inputs = Inputs(proc, [word for word in args.operands if not word.startswith("-") or word == "-"])
    for source in inputs:
        while piece := (yield from source.read()):
            proc.out(piece)
            yield from proc.writable()
    return inputs.code


@program("systemctl", raw=True)
def systemctl(proc: Process, args: Arguments) -> int:
    """A container has no init system to talk to."""
    proc.err("System has not been booted with systemd as init system (PID 1). Can't operate.\n")
    proc.err("Failed to connect to bus: Host is down\n")
    return 1
