"""Signals as Linux numbers them, and what a process does when it handles none (signal(7))."""

from __future__ import annotations

SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2 = 1, 2, 3, 6, 9, 10, 11, 12
SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU = 13, 14, 15, 17, 18, 19, 20, 21, 22
SIGURG, SIGXCPU, SIGWINCH = 23, 24, 28

_ORDER = (
    "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU "
    "URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
)
NAMES: dict[int, str] = dict(enumerate(_ORDER.split(), start=1))
"""Number → name without SIG."""
_REALTIME = (34, 64)
NAMES |= {number: f"RTMIN+{number - _REALTIME[0]}" for number in range(_REALTIME[0] + 1, 50)}
NAMES |= {number: f"RTMAX-{_REALTIME[1] - number}" for number in range(50, _REALTIME[1])}
NAMES |= {_REALTIME[0]: "RTMIN", _REALTIME[1]: "RTMAX"}

NUMBERS: dict[str, int] = {name: number for number, name in NAMES.items()} | {"CLD": SIGCHLD, "IOT": 6, "POLL": 29}
"""Name without SIG → number."""

DESCRIPTIONS = {
    SIGHUP: "Hangup",
    SIGQUIT: "Quit",
    4: "Illegal instruction",
    SIGABRT: "Aborted",
    7: "Bus error",
    8: "Floating point exception",
    SIGKILL: "Killed",
    SIGUSR1: "User defined signal 1",
    SIGSEGV: "Segmentation fault",
    SIGUSR2: "User defined signal 2",
    SIGALRM: "Alarm clock",
    SIGTERM: "Terminated",
}
"""What strsignal(3) says, for signals that a shell reports when one of them ends a command."""

IGNORED_BY_DEFAULT = frozenset({SIGCHLD, SIGURG, SIGWINCH, SIGCONT})
STOPPING = frozenset({SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU})
UNCATCHABLE = frozenset({SIGKILL, SIGSTOP})


def parse_signal(text: str) -> int | None:
    """The number that '9', 'KILL', 'SIGKILL' or 'kill' means; None when it is no signal. 0 asks whether one may."""
    if text.isdigit():
        number = int(text)
        return number if number == 0 or number in NAMES else None
    return NUMBERS.get(text.upper().removeprefix("SIG"))
