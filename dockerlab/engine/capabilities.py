"""The names of Linux capabilities (capabilities(7)), as `--cap-add` and `--cap-drop` give them (moby, oci/caps)."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.golang import quote

KNOWN = frozenset(
    f"CAP_{name}"
    for name in """AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE
    DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN
    NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT
    SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM""".split()
)


def normalised(field: str, names: Iterable[str] | None) -> list[str] | None:
    """'net_admin' -> 'CAP_NET_ADMIN', each once; ALL stays. `field` is the API's name, for the error."""
    found: dict[str, None] = {}
    for name in names or ():
        upper = name.upper()
        full = upper if upper == "ALL" or upper.startswith("CAP_") else f"CAP_{upper}"
        if full != "ALL" and full not in KNOWN:
            raise InvalidParameterError(f"invalid {field}: unknown capability: {quote(full)}")
        found[full] = None
    return list(found) or None
