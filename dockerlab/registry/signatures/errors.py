"""What can be wrong with a signature beside an image; the texts are cosign's.

SignatureError
├── EnvelopeError         the signature is not one of this key
├── SubjectError          what was signed is another image
├── BundleError           no bundle that can be read
└── LockedKeyError        a private key that can't be read, or not with this password
"""

from __future__ import annotations

from dockerlab.errors import CommandError


class SignatureError(CommandError):
    """Root of the tree."""


class EnvelopeError(SignatureError):
    """The signature is not one of this key."""

    def __init__(self) -> None:
        reason = "accepted signatures do not match threshold, Found: 0, Expected 1"
        super().__init__(f"failed to verify signature: could not verify envelope: {reason}")


class SubjectError(SignatureError):
    """What was signed is another image."""

    def __init__(self) -> None:
        super().__init__("failed to verify signature: provided artifact digest does not match any digest in statement")


class BundleError(SignatureError):
    """No bundle that can be read."""


class LockedKeyError(SignatureError):
    """A private key that can't be read, or not with this password."""
