"""A POSIX shell, and the part of bash that Dockerfiles, transcripts and tutorials use.

lexer, wordreader, parser, compounds   text → syntax tree (`syntax`)
expansion, parameters, fields          words → fields
interpreter, simple, redirection       running commands as processes of `runtime.process`
builtins/                              commands that are part of the shell
dialects                               what dash, busybox ash and bash can, and how they complain
main, session                          the program `sh`, and a person's shell
completeness                           whether a line needs another one
"""

from dockerlab.runtime.shell.completeness import is_complete
from dockerlab.runtime.shell.main import main
from dockerlab.runtime.shell.session import Session

__all__ = ["Session", "is_complete", "main"]
