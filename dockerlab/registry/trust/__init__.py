"""Content trust: signed tags, as the docker client keeps them with a Notary server.

Two kinds of TUF could be shown. The real Notary speaks its own, older than version 1.0 of the specification (hashes
and signatures in base64, root keys as certificates, key types of its own). This is TUF 1.0, made and verified by
python-tuf: what is learnt here is what PyPI, sigstore and others use today. Everything around it is Docker's: the
roles (root, targets, snapshot, timestamp, targets/releases, targets/NAME) and their lifetimes, the keys, their IDs and
files, the server's API, and the client's words. So a real docker client can load a lab's keys, but not read its
metadata. The libraries are compiled; they are imported when somebody signs or verifies, never before.
"""

from dockerlab.registry.trust.draft import Draft
from dockerlab.registry.trust.keys import PrivateKey, PublicKey
from dockerlab.registry.trust.metadata import RELEASES, TARGETS, Role, Target
from dockerlab.registry.trust.notary import Notary
from dockerlab.registry.trust.repository import Connection, Repository
from dockerlab.registry.trust.verify import Trusted

__all__ = [
    "RELEASES",
    "TARGETS",
    "Connection",
    "Draft",
    "Notary",
    "PrivateKey",
    "PublicKey",
    "Repository",
    "Role",
    "Target",
    "Trusted",
]
