"""tar's words: 'tar xzf a.tgz', 'tar -C dir -c .', 'tar --extract --file=a.tar' are all one language."""

from __future__ import annotations

from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure
from dockerlab.runtime.programs.options import NEEDED, Arguments, OptionError, Options, parse_arguments

LETTERS = "ctxruAvf:C:zjJaOpkmohPX:T:b:SlWwUZ"
LONG = "create=c list=t extract=x get=x append=r update=u verbose=v file=f directory=C gzip=z gunzip=z bzip2=j xz=J "
LONG += (
    "auto-compress=a to-stdout=O preserve-permissions=p same-permissions=p keep-old-files=k touch=m no-same-owner=o "
)
LONG += "dereference=h absolute-names=P exclude-from=X files-from=T exclude=1 strip-components=2 strip=2 wildcards=3 "
LONG += "ignore-zeros=4 numeric-owner=5 owner=6 group=7 mtime=8 sort=9 same-owner=s overwrite=w no-recursion=0 "
LONG += "numeric=5 totals=! warning=? no-wildcards=: one-file-system=l"
VALUED = "1:2:6:7:8:9:?:"
MODES = "ctxruA"


class TarUsageFailure(UsageFailure):
    """Wrong words; GNU's tar exits with 2 and points at two options."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code=2, hint="--help' or '{} --usage")


def read_words(words: list[str]) -> tuple[str, Arguments]:
    """The mode (c, t or x) and the rest; raises a failure in tar's words."""
    words = _modernised(words)
    try:
        args = parse_arguments(words, Options.of(LETTERS + VALUED + "0345s!", LONG))
    except OptionError as error:
        raise TarUsageFailure(str(error)) from None
    modes = {name for name, _ in args.given if name in MODES}
    if not modes:
        text = "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"
        raise TarUsageFailure(text)
    if len(modes) > 1:
        text = "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option"
        raise TarUsageFailure(text)
    return modes.pop(), args


def _modernised(words: list[str]) -> list[str]:
    """The old style has letters first, then the values of those that take one: 'xzf a.tgz' is '-x -z -f a.tgz'."""
    if not words or words[0].startswith("-"):
        return words
    kinds = Options.of(LETTERS).short
    rest = list(words[1:])
    modern: list[str] = []
    for letter in words[0]:
        modern.append(f"-{letter}")
        if kinds.get(letter) == NEEDED:
            if not rest:
                raise TarUsageFailure(f"Old option '{letter}' requires an argument.")
            modern.append(rest.pop(0))
    return [*modern, *rest]


def number(text: str, what: str) -> int:
    """A whole number of an option."""
    if not text.isdigit():
        raise ProgramFailure(f"{text}: Invalid {what}", code=2)
    return int(text)
