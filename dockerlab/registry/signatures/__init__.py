"""Signatures as OCI artifacts beside the image, as cosign makes them, found through the referrers API.

This is what cosign 3 does by default: a statement that names the image's digest (in-toto), signed (DSSE), with what is
needed to verify it (a Sigstore bundle), kept as a manifest whose subject is the image. Simulated is signing with a key
of one's own; keyless signing, certificates, time stamps and the transparency log are not.
"""

from dockerlab.registry.signatures.bundle import Bundle, Statement
from dockerlab.registry.signatures.errors import SignatureError
from dockerlab.registry.signatures.referrers import Referrers

__all__ = ["Bundle", "Referrers", "SignatureError", "Statement"]
