"""The names of Linux capabilities (capabilities(7)), as `--cap-add` and `--cap-drop` give them (moby, oci/caps)."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.golang import quote
from dockerlab.runtime.capabilities import Capability

KNOWN = frozenset(f"CAP_{each.name}" for each in Capability)


def normalised(field: str, names: Iterable[str] | None) -> list[str] | None:
    """'net_admin' -> 'CAP_NET_ADMIN', each once; ALL stays. `field` is the API's name, for the error."""
    found: dict[str, None] = {}
    for name in names or ():
        upper = name.upper()
        full = upper if upper == "ALL" or upper.startswith("CAP_") else f"CAP_{upper}"
        if full != "ALL" and full not in KNOWN:
            raise InvalidParameterError(f"invalid {field}: unknown capability: {quote(full)}")
        found[full] = None
    return sorted(found) or None
