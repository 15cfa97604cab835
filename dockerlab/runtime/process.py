"""The process model in one place: everybody who prints, reads or waits imports from here.

    Kernel    takes turns between processes, in virtual time         kernel
    Machine   what the processes of a container (or the host) share  machine
    Process   one running program                                    program
    Stream    what a descriptor leads to: Pipe, Buffer, Feed, …      streams, opening
    Program   the function that plays a program; found through PATH  executables

Processes cooperate: a program is a generator that yields a `Wait` where a real one would block.
"""

from dockerlab.events import Wait
from dockerlab.runtime.descriptors import Death, Handler
from dockerlab.runtime.executables import DEFAULT_PATH, Executable, Finder, Program, ProgramError
from dockerlab.runtime.kernel import BudgetError, Kernel, StoppedError, StuckError, Turn, Until
from dockerlab.runtime.machine import ROOT, Facts, Machine, User
from dockerlab.runtime.opening import FileStream
from dockerlab.runtime.program import Process
from dockerlab.runtime.signals import NAMES as SIGNAL_NAMES
from dockerlab.runtime.signals import NUMBERS as SIGNAL_NUMBERS
from dockerlab.runtime.signals import parse_signal
from dockerlab.runtime.streams import Buffer, Callback, Feed, Null, Pipe, Stream, Tee

__all__ = [
    "DEFAULT_PATH",
    "ROOT",
    "SIGNAL_NAMES",
    "SIGNAL_NUMBERS",
    "BudgetError",
    "Buffer",
    "Callback",
    "Death",
    "Executable",
    "Facts",
    "Feed",
    "FileStream",
    "Finder",
    "Handler",
    "Kernel",
    "Machine",
    "Null",
    "Pipe",
    "Process",
    "Program",
    "ProgramError",
    "StoppedError",
    "Stream",
    "StuckError",
    "Tee",
    "Turn",
    "Until",
    "User",
    "Wait",
    "parse_signal",
]
