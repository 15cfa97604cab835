"""The simulated host's files: a small Ubuntu on which `docker` is installed, and which belongs to the student.

Programs are found through these files as on any Linux: a name runs because PATH leads to an executable file of
that name. The files of /usr/bin hold no code; what they do is simulated (see `runtime.programs`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from dockerlab.engine import Engine
from dockerlab.fs.content import content_of
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.live import LiveFs
from dockerlab.fs.mounts import MountedFs
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata, Symlink, insert
from dockerlab.registry.catalogue import accounts

HOSTNAME = "dockerlab"
HOME, WORKPLACE = "/root", "/lab"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OPERATING_SYSTEM = "Ubuntu 24.04 LTS"

FOLDERS = (
    "/boot /dev /etc /etc/docker /home /lab /media /mnt /opt /proc /root /run /srv /sys /tmp /usr /usr/bin /usr/lib "
    "/usr/local /usr/local/bin /usr/local/sbin /usr/sbin /usr/share /var /var/lib /var/lib/docker /var/log /var/tmp"
).split()
LINKS = {"/bin": "usr/bin", "/sbin": "usr/sbin", "/lib": "usr/lib"}
SHELLS = {"root": "/bin/bash", "sync": "/bin/sync"}
FILES = {
    "/etc/hostname": f"{HOSTNAME}\n",
    "/etc/hosts": f"127.0.0.1\tlocalhost\n127.0.1.1\t{HOSTNAME}\n",
    "/etc/passwd": accounts.passwd([("root", 0, 0, HOME), *accounts.DEBIAN_USERS], SHELLS),
    "/etc/group": accounts.group(f"{accounts.DEBIAN_GROUPS} docker:999"),
    "/etc/resolv.conf": "nameserver 127.0.0.53\n",
    "/etc/os-release": (
        'PRETTY_NAME="Ubuntu 24.04 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04 LTS (Noble Numbat)"\n'
        "VERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n"
    ),
    "/etc/shells": "/bin/sh\n/bin/bash\n",
}
MODES = {"/tmp": 0o1777, "/var/tmp": 0o1777, "/root": 0o700, "/var/lib/docker": 0o710}


def host_tree(programs: Iterable[str], mtime: int) -> Directory:
    """The host's files as they are on its first day; every name of `programs` is an executable in /usr/bin."""
    tree = EMPTY
    for path in FOLDERS:
        tree = insert(tree, path, Directory(Metadata(MODES.get(path, 0o755), mtime=mtime), {}))
    for path, target in LINKS.items():
        tree = insert(tree, path, Symlink(Metadata(0o777, mtime=mtime), target))
    for path, text in FILES.items():
        tree = insert(tree, path, File(Metadata(0o644, mtime=mtime), content_of(text.encode())))
    program = content_of(b"\x7fELF simulated by dockerlab\n")
    for name in sorted(programs):
        if "/" not in name:
            path = posixpath.join("/usr/bin", name)
            tree = insert(tree, path, File(Metadata(0o755, mtime=mtime), program))
    return tree


def with_data_root(files: FileSystem, engine: Engine) -> MountedFs:
    """The host's files with what the daemon keeps in /var/lib/docker, to be looked at."""
    clock, events = engine.world.clock, engine.events
    seen = MountedFs(files)
    seen.mount("/var/lib/docker", LiveFs(engine.data_root, lambda: (clock.now, events.latest), clock))
    return seen


def environment() -> dict[str, str]:
    """The variables of the host's shell."""
    return {"HOME": HOME, "PATH": PATH, "USER": "root", "LOGNAME": "root", "SHELL": "/bin/bash", "LANG": "C.UTF-8"}
