"""Platforms: for which machines an image is (OCI image-spec, image-index.md, "platform"; containerd/platforms)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.errors import InvalidParameterError
from dockerlab.oci import fields
from dockerlab.oci.golang import quote

_ARCHITECTURES = {
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "i386": ("386", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
}
_PART = re.compile("[A-Za-z0-9_-]+")
_KEYS = ("os", "architecture", "variant", "os.version")
_SYSTEMS = frozenset(
    """aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows
    zos""".split()
)
_PROCESSORS = frozenset(
    """386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32
    mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm""".split()
)
"""What containerd knows to be one or the other, where only one word is given."""


@dataclass(frozen=True, slots=True)
class Platform:
    """An operating system, a processor, and which kind of it."""

    os: str = "linux"
    architecture: str = "amd64"
    variant: str = ""
    os_version: str = ""
    os_features: tuple[str, ...] = ()

    @staticmethod
    def parse(text: str) -> Platform:
        """Read 'linux/arm64/v8', 'linux' or 'arm64'."""
        parts = [part.lower() for part in text.split("/")]
        if len(parts) > 3:
            raise InvalidParameterError(f"{quote(text)}: cannot parse platform specifier: invalid argument")
        for part in parts:
            if not _PART.fullmatch(part):
                rule = 'platform specifier component must match "^[A-Za-z0-9_-]+$": invalid argument'
                raise InvalidParameterError(f"{quote(part)} is an invalid component of {quote(text)}: {rule}")
        if len(parts) == 1:
            return _guess(parts[0], text)
        architecture, variant = _processor(parts[1])
        return Platform(parts[0], architecture, parts[2] if len(parts) == 3 else variant)

    def to_json(self) -> dict[str, Any]:
        """As in an index, in the specification's order."""
        more = {"os.version": self.os_version, "os.features": list(self.os_features), "variant": self.variant}
        return {"architecture": self.architecture, "os": self.os} | {key: value for key, value in more.items() if value}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> Platform:
        """Read an index's platform."""
        system, processor, variant, version = (fields.text(document, key) for key in _KEYS)
        return Platform(system, processor, variant, version, fields.texts(document, "os.features") or ())

    def matches(self, wanted: Platform) -> bool:
        """Whether an image for this platform runs on that one; a variant that isn't named is no hindrance."""
        same = (self.os, self.architecture) == (wanted.os, wanted.architecture)
        return same and (not wanted.variant or not self.variant or self.variant == wanted.variant)

    def runs_on(self, host: Platform) -> bool:
        """Whether a host's processor executes programs for this platform; an amd64 one still knows the 386's."""
        older = (host.os, host.architecture, self.architecture) == (self.os, "amd64", "386")
        return older or self.matches(host)

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


HOST = Platform()
"""What the simulated machine is."""


def mismatch(image: Platform) -> str:
    """What Docker says of an image that was not asked for by its platform and is for another one; '' if it isn't."""
    if image.runs_on(HOST):
        return ""
    text = f"The requested image's platform ({image}) does not match the detected host platform ({HOST})"
    return f"{text} and no specific platform was requested"


def _processor(name: str) -> tuple[str, str]:
    return _ARCHITECTURES.get(name, (name, ""))


def _guess(word: str, text: str) -> Platform:
    """A single word is an operating system or a processor."""
    if word in _SYSTEMS:
        return Platform(word)
    architecture, variant = _processor(word)
    if architecture not in _PROCESSORS:
        raise InvalidParameterError(f"{quote(text)}: unknown operating system or architecture: invalid argument")
    return Platform("linux", architecture, variant)
