"""`--platform` where the client itself reads it: history, save, load (containerd/platforms, Parse).

The engine's own reader has other words (`oci.platform`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dockerlab.errors import CommandError, InvalidParameterError
from dockerlab.oci.golang import quote
from dockerlab.oci.platform import Platform

_SYSTEM = r"^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.-]*)\\))?$"
_PART = r"^[A-Za-z0-9_.-]+$"


def check_platforms(given: str | Iterable[str]) -> None:
    """Of a flag that takes one platform, or several in newer releases."""
    for text in (given,) if isinstance(given, str) else given:
        check_platform(text)


def check_platform(text: str) -> None:
    """Refuse what is no platform; '' means none."""
    if not text:
        return
    for place, part in enumerate(text.split("/")[:3]):
        what, rule = ("OS component", _SYSTEM) if place == 0 else ("component", _PART)
        pattern = rule.replace("\\\\", "\\")
        if not re.fullmatch(pattern, part):
            name = "OSAndVersion specifier component" if rule is _SYSTEM else "platform specifier component"
            shown = f'{quote(part)} is an invalid {what} of {quote(text)}: {name} must match "{rule}"'
            raise CommandError(f"invalid platform: {shown}: invalid argument")
    try:
        Platform.parse(re.sub(r"\(.*?\)", "", text))
    except InvalidParameterError as error:
        raise CommandError(f"invalid platform: {error}") from error
