"""What the two builders say differently about one and the same Dockerfile.

The legacy builder reads Dockerfiles as the engine 20.10 did: no heredocs, fewer flags, other texts. BuildKit's side is
that of Docker 28 (dockerfile frontend 1.15).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dockerlab.build.dockerfile import UnknownInstructionError
from dockerlab.build.suggestions import suggest
from dockerlab.errors import DockerfileError

NAMES = (
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
    "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
)  # fmt: skip

STRING, LIST, FLAG = "string", "list", "flag"

_OLD_FLAGS: dict[str, dict[str, str]] = {
    "ADD": {"chown": STRING, "chmod": STRING},
    "COPY": {"chown": STRING, "from": STRING, "chmod": STRING},
    "FROM": {"platform": STRING},
    "HEALTHCHECK": {"interval": STRING, "timeout": STRING, "start-period": STRING, "retries": STRING},
    "RUN": {"mount": LIST, "network": STRING, "security": STRING},
}
_NEW_FLAGS: dict[str, dict[str, str]] = {
    **_OLD_FLAGS,
    "ADD": {
        **_OLD_FLAGS["ADD"], "link": FLAG, "keep-git-dir": FLAG, "checksum": STRING, "unpack": FLAG, "exclude": LIST,
    },
    "COPY": {**_OLD_FLAGS["COPY"], "link": FLAG, "parents": FLAG, "exclude": LIST},
    "HEALTHCHECK": {**_OLD_FLAGS["HEALTHCHECK"], "start-interval": STRING},
}  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """How one of the builders reads, and words its refusals."""

    heredocs: bool
    flags: Mapping[str, Mapping[str, str]]

    def unknown_flag(self, name: str, known: Iterable[str]) -> str:
        """A flag that the instruction hasn't got; one of those that it has may be meant."""
        return f"unknown flag: --{name}{suggest(name, known)}"

    def complaint(self, text: str) -> str:
        """Any other complaint about a flag."""
        return text

    def unknown_instruction(self, keyword: str) -> str:
        """A line that begins with no instruction."""
        return f"unknown instruction: {keyword}{suggest(keyword, NAMES)}"

    def at_line(self, error: DockerfileError) -> DockerfileError:
        """The error with its line put in front, as an instruction's are."""
        if error.line is None:
            return error
        return DockerfileError(f"dockerfile parse error on line {error.line}: {error}", line=error.line)

    def unreadable(self, error: DockerfileError) -> DockerfileError:
        """The error of a text that can't even be split into instructions."""
        if isinstance(error, UnknownInstructionError):
            return self.at_line(DockerfileError(self.unknown_instruction(error.keyword), line=error.line))
        return error


class _Legacy(Dialect):
    def unknown_flag(self, name: str, known: Iterable[str]) -> str:
        return f"Unknown flag: {name}"

    def complaint(self, text: str) -> str:
        return text[:1].upper() + text[1:]

    def unknown_instruction(self, keyword: str) -> str:
        return f"unknown instruction: {keyword.upper()}"

    def at_line(self, error: DockerfileError) -> DockerfileError:
        if error.line is None:
            return error
        return DockerfileError(f"dockerfile parse error line {error.line}: {error}", line=error.line)

    def unreadable(self, error: DockerfileError) -> DockerfileError:
        if isinstance(error, UnknownInstructionError):
            return super().unreadable(error)
        return DockerfileError(f"failed to parse Dockerfile: {error}", line=error.line)


BUILDKIT = Dialect(heredocs=True, flags=_NEW_FLAGS)
LEGACY = _Legacy(heredocs=False, flags=_OLD_FLAGS)
