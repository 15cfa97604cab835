"""What is signed, and how: an in-toto statement in a DSSE envelope in a Sigstore bundle, version 0.3.

Sources: in-toto attestation framework v1 (Statement), DSSE 1.0 (PAE), sigstore protobuf-specs (Bundle); the predicate
is cosign 3's own. The key is only hinted at: who verifies must have it already.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlab.oci.digest import Digest
from dockerlab.registry.signatures.errors import BundleError, EnvelopeError, SubjectError
from dockerlab.registry.trust.keys import PrivateKey, PublicKey

MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
PREDICATE = "https://sigstore.dev/cosign/sign/v1"
_STATEMENT = "https://in-toto.io/Statement/v1"
_PAYLOAD = "application/vnd.in-toto+json"


@dataclass(frozen=True)
class Statement:
    """ "This image is mine": its digest, and what the signer adds."""

    digest: Digest
    annotations: Mapping[str, str] = field(default_factory=dict)
    predicate: str = PREDICATE

    def to_json(self) -> dict[str, Any]:
        """As in-toto writes it."""
        algorithm, _, value = self.digest.partition(":")
        subject: dict[str, Any] = {"digest": {algorithm: value}}
        subject |= {"annotations": dict(self.annotations)} if self.annotations else {}
        return {"_type": _STATEMENT, "subject": [subject], "predicateType": self.predicate, "predicate": {}}

    @classmethod
    def parse(cls, raw: bytes) -> Statement:
        """Read one; BundleError where it names no image."""
        try:
            document = json.loads(raw)
            (subject, *_) = document["subject"]
            ((algorithm, value), *_) = subject["digest"].items()
            notes = {str(name): str(text) for name, text in subject.get("annotations", {}).items()}
            return cls(Digest(f"{algorithm}:{value}"), notes, str(document["predicateType"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BundleError("no intoto subject or digest found") from error


@dataclass(frozen=True)
class Bundle:
    """A signed statement with a hint at its key."""

    payload: bytes
    signature: bytes
    hint: str = ""

    @classmethod
    def sign(cls, statement: Statement, key: PrivateKey) -> Bundle:
        """Sign a statement."""
        payload = _compact(statement.to_json())
        hint = _text(hashlib.sha256(key.public.der).digest())
        return cls(payload, key.sign(_encoded(payload)), hint)

    def verify(self, key: PublicKey, digest: Digest) -> Statement:
        """The statement, if the key has signed it and it is about this image."""
        if not key.verifies(self.signature, _encoded(self.payload)):
            raise EnvelopeError
        statement = Statement.parse(self.payload)
        if statement.digest != digest:
            raise SubjectError
        return statement

    @property
    def raw(self) -> bytes:
        """The bundle's bytes."""
        envelope = {
            "payload": _text(self.payload),
            "payloadType": _PAYLOAD,
            "signatures": [{"sig": _text(self.signature)}],
        }
        material = {"publicKey": {"hint": self.hint}}
        return _compact({"mediaType": MEDIA_TYPE, "verificationMaterial": material, "dsseEnvelope": envelope})

    @classmethod
    def parse(cls, raw: bytes) -> Bundle:
        """Read one; BundleError where it is none."""
        try:
            document = json.loads(raw)
            envelope = document["dsseEnvelope"]
            (signature, *_) = envelope["signatures"]
            if envelope["payloadType"] != _PAYLOAD:
                raise BundleError(f"unable to understand payload type {envelope['payloadType']}")
            hint = document.get("verificationMaterial", {}).get("publicKey", {}).get("hint", "")
            return cls(base64.b64decode(envelope["payload"]), base64.b64decode(signature["sig"]), str(hint))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BundleError("no Sigstore bundle") from error


def _encoded(payload: bytes) -> bytes:
    """What is really signed: the payload with its type, each with its length (DSSE, pre-authentication encoding)."""
    return b"DSSEv1 %d %s %d %s" % (len(_PAYLOAD), _PAYLOAD.encode(), len(payload), payload)


def _compact(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
