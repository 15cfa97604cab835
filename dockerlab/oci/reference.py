"""Image names: `ubuntu`, `localhost:5000/team/app:1.0`, `alpine@sha256:…` (github.com/distribution/reference).

`Reference.parse` reads a name as the `docker` client does: a missing host is docker.io, a missing user there is
library. `Reference.strict` reads the bare grammar, `Reference.on_daemon` as the engine does, which is a little
less willing to see a host. `str()` gives the full name back, `.familiar` the one that people write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from dockerlab.errors import InvalidDigestError, InvalidReferenceError
from dockerlab.oci.digest import Digest
from dockerlab.oci.glob import path_match

DEFAULT_DOMAIN = "docker.io"
LEGACY_DOMAIN = "index.docker.io"
OFFICIAL = "library/"
DEFAULT_TAG = "latest"
MAX_PATH = 255

_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_PATH = rf"{_COMPONENT}(?:/{_COMPONENT})*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_NAME = re.compile(rf"(?:({_HOST})/)?({_PATH})")
_REFERENCE = re.compile(rf"((?:{_HOST}/)?{_PATH})(?::({_TAG}))?(?:@({_DIGEST}))?")
_TAG_ALONE = re.compile(_TAG)
_IDENTIFIER = re.compile(r"[a-f0-9]{64}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A repository (`domain`/`path`) and what is meant in it: a tag, a digest, both, or neither."""

    domain: str
    path: str
    tag: str | None = None
    digest: Digest | None = None

    @staticmethod
    def parse(text: str) -> Reference:
        """The normalised name, as the `docker` client reads it (ParseNormalizedNamed)."""
        _refuse_identifier(text)
        domain, remainder = _split_domain(text)
        remote = remainder.partition(":")[0]
        if remote.lower() != remote:
            raise InvalidReferenceError(f"invalid reference format: repository name ({remote}) must be lowercase")
        return Reference.strict(f"{domain}/{remainder}")

    @staticmethod
    def on_daemon(text: str) -> Reference:
        """The normalised name as the engine reads it: capitals alone do not make a first part a host."""
        first, slash, _ = text.partition("/")
        hostless = not slash or (first != "localhost" and not set(".:") & set(first))
        remote = (text if hostless else text[len(first) + 1 :]).partition(":")[0]
        if remote.lower() != remote:
            raise InvalidReferenceError("invalid reference format: repository name must be lowercase")
        return Reference.parse(text)

    @staticmethod
    def strict(text: str) -> Reference:
        """The name by the grammar alone: nothing is added, the domain may be '' (Parse)."""
        match = _REFERENCE.fullmatch(text)
        if match is None:
            raise InvalidReferenceError(_what_is_wrong(text))
        name, tag, digest = match.groups()
        parts = _NAME.fullmatch(name)
        domain, path = parts.groups() if parts else ("", name)
        if len(path) > MAX_PATH:
            raise InvalidReferenceError(f"repository name must not be more than {MAX_PATH} characters")
        return Reference(domain or "", path, tag, _checked_digest(digest))

    @staticmethod
    def canonical(text: str) -> Reference:
        """The name, which must be written in full already (ParseNamed)."""
        reference = Reference.parse(text)
        if str(reference) != text:
            raise InvalidReferenceError("repository name must be canonical")
        return reference

    @property
    def name(self) -> str:
        """The repository in full: 'docker.io/library/ubuntu'."""
        return f"{self.domain}/{self.path}" if self.domain else self.path

    @property
    def familiar_name(self) -> str:
        """The repository as people write it: 'ubuntu'."""
        if self.domain != DEFAULT_DOMAIN:
            return self.name
        official = self.path.removeprefix(OFFICIAL)
        return self.path if "/" in official else official

    @property
    def familiar(self) -> str:
        """The whole name as people write it: 'ubuntu:latest'."""
        return self.familiar_name + self._suffix

    @property
    def _suffix(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{tag}@{self.digest}" if self.digest else tag

    @property
    def is_name_only(self) -> bool:
        """Whether neither a tag nor a digest is given."""
        return self.tag is None and self.digest is None

    def with_default_tag(self) -> Reference:
        """The same with the tag latest, where neither a tag nor a digest is given (TagNameOnly)."""
        return replace(self, tag=DEFAULT_TAG) if self.is_name_only else self

    def with_tag(self, tag: str) -> Reference:
        """The same repository with another tag."""
        if not _TAG_ALONE.fullmatch(tag):
            raise InvalidReferenceError("invalid tag format")
        return replace(self, tag=tag)

    def with_digest(self, digest: Digest) -> Reference:
        """The same with another digest."""
        return replace(self, digest=digest)

    def without_tag(self) -> Reference:
        """The repository, with the digest where there is one."""
        return replace(self, tag=None)

    @property
    def repository(self) -> Reference:
        """The name only."""
        return Reference(self.domain, self.path)

    def matches(self, pattern: str) -> bool:
        """Whether the familiar form, with or without its tag, fits a wildcard pattern (FamiliarMatch)."""
        return path_match(pattern, self.familiar) or path_match(pattern, self.familiar_name)

    def __str__(self) -> str:
        return self.name + self._suffix


def parse_any(text: str, read: Callable[[str], Reference] = Reference.parse) -> Reference | Digest:
    """A digest (64 hex digits will do), or else a normalised name (ParseAnyReference)."""
    if _IDENTIFIER.fullmatch(text):
        return Digest(f"sha256:{text}")
    try:
        return Digest(text)
    except InvalidDigestError:
        return read(text)


def parse_docker_ref(text: str) -> Reference:
    """The name to ask a registry for: with a tag or a digest, and the digest alone where both are given."""
    reference = Reference.parse(text).with_default_tag()
    return reference.without_tag() if reference.digest else reference


def _refuse_identifier(text: str) -> None:
    if _IDENTIFIER.fullmatch(text):
        raise InvalidReferenceError(f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings")


def _split_domain(text: str) -> tuple[str, str]:
    """The host and the rest. A first part is a host if it has a dot, a colon or a capital, or is localhost."""
    first, slash, rest = text.partition("/")
    if not slash:
        return DEFAULT_DOMAIN, OFFICIAL + text
    if first in (DEFAULT_DOMAIN, LEGACY_DOMAIN):
        return DEFAULT_DOMAIN, rest if "/" in rest else OFFICIAL + rest
    if first == "localhost" or set(".:") & set(first) or first.lower() != first:
        return first, rest
    return DEFAULT_DOMAIN, text


def _what_is_wrong(text: str) -> str:
    if not text:
        return "repository name must have at least one component"
    if _REFERENCE.fullmatch(text.lower()):
        return "repository name must be lowercase"
    return "invalid reference format"


def _checked_digest(text: str | None) -> Digest | None:
    try:
        return Digest(text) if text else None
    except InvalidDigestError as error:
        raise InvalidReferenceError(str(error)) from error
