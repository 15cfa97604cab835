"""`cosign` on the host: signatures beside images, with a key of one's own (texts: sigstore/cosign 3.1.2).

Simulated are generate-key-pair, sign --key, verify --key and tree. There is no Fulcio, no Rekor and no clock authority:
what would need them says so in a line.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dockerlab.cli import Context
from dockerlab.cli.credentials import credentials_for
from dockerlab.errors import CommandError, DockerlabError, InvalidReferenceError, NotFoundError
from dockerlab.events import Wait
from dockerlab.lab.cosign_keys import generate, private_key, public_key
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.reference import DEFAULT_DOMAIN, LEGACY_DOMAIN, Reference
from dockerlab.registry import Client
from dockerlab.registry.signatures import Bundle, Referrers, SignatureError, Statement
from dockerlab.registry.signatures.bundle import MEDIA_TYPE, PREDICATE
from dockerlab.registry.trust import PublicKey
from dockerlab.registry.trust.keys import need_libraries
from dockerlab.runtime.programs.options import Arguments, OptionError, Options, parse_arguments
from dockerlab.world import NANOSECOND, format_instant

Steps = Generator[Wait, Any, int]

_USAGE = """\
A tool for Container Signing, Verification and Storage in an OCI registry

Usage:
  cosign [command]

Available Commands:
  generate-key-pair   Generates a key-pair
  sign                Sign the supplied container image
  tree                Display supply chain security related artifacts for an image
  verify              Verify a signature on the supplied container image
"""
_BY_TAG = """\
WARNING: Image reference {name} uses a tag, not a digest, to identify the image to sign.
    This can lead you to sign a different image than the intended one. Please use a
    digest (example.com/ubuntu@sha256:abc123...) rather than tag
    (example.com/ubuntu:latest) for the input to cosign. The ability to refer to
    images by tag will be removed in a future release.

"""
_NO_LOG = (
    "WARNING: Skipping tlog verification is an insecure practice that lacks transparency and auditability verification "
    "for the signature."
)
_NO_REKOR = "dockerlab: there is no transparency log here: nothing is written to one, nor asked of one"
_KEYLESS = "dockerlab does not simulate keyless signing (OIDC, Fulcio, Rekor): give a key with --key"
_NO_SIGNATURE, _NO_TAG = 10, 11
"""cosign's exit codes for an image without a signature, and for a name without an image."""
_PREDICATE_NOTE = "dev.sigstore.bundle.predicateType"

_OPTIONS = Options.of(
    "k:p:a:o:yt::u::i::f::h",
    "key=k output-key-prefix=p annotations=a output=o yes=y tlog-upload=t use-signing-config=u insecure-ignore-tlog=i "
    "allow-http-registry=f allow-insecure-registry=f new-bundle-format=f check-claims=f help=h",
)


class Cosign:
    """The program, for one command."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._client = Client(ctx.registries)

    def run(self, words: Sequence[str]) -> Steps:
        """Carry out `cosign WORDS`; what goes wrong is said twice, as cosign does."""
        try:
            return (yield from self._command(words))
        except DockerlabError as error:
            self._ctx.complain(f"Error: {error}\nerror during command execution: {error}")
            return error.exit_code

    def _command(self, words: Sequence[str]) -> Steps:
        commands: Mapping[str, Callable[[Arguments], Steps | int]] = {
            "generate-key-pair": lambda given: generate(self._ctx, given.value("p", "cosign")),
            "sign": self._sign,
            "verify": self._verify,
            "tree": self._tree,
        }
        if not words or words[0] in ("help", "-h", "--help"):
            self._ctx.out(_USAGE)
            return 0
        if words[0] not in commands:
            raise CommandError(f'unknown command "{words[0]}" for "cosign"')
        try:
            given = parse_arguments(words[1:], _OPTIONS)
        except OptionError as error:
            raise CommandError(str(error)) from error
        if "h" in given:
            self._ctx.out(_USAGE)
            return 0
        need_libraries()
        result = commands[words[0]](given)
        return result if isinstance(result, int) else (yield from result)

    # Signing.

    def _sign(self, given: Arguments) -> Steps:
        """`cosign sign --key FILE IMAGE…`."""
        if not given.operands:
            raise CommandError("requires at least 1 arg(s), only received 0")
        if "k" not in given:
            raise CommandError(_KEYLESS)
        notes = _annotations(given)
        for image in given.operands:
            try:
                yield from self._sign_one(image, given, notes)
            except DockerlabError as error:
                raise CommandError(f"signing [{' '.join(given.operands)}]: {error}") from error
        return 0

    def _sign_one(self, image: str, given: Arguments, notes: Mapping[str, str]) -> Generator[Wait, Any, None]:
        reference = _parsed(image)
        if reference.digest is None:
            self._ctx.err(_BY_TAG.format(name=image))
        store = self._store(reference)
        try:
            subject = store.subject(reference)
        except DockerlabError as error:
            raise CommandError(f"accessing entity: {error}") from error
        walk = "" if reference.digest else "recursively signing: "
        try:
            key = yield from private_key(self._ctx, given.value("k"))
        except CommandError as error:
            raise CommandError(f"{walk}signing digest: getting keypair and token: {error}") from error
        self._ctx.complain("Signing artifact...")
        if given.value("t") != "false":
            self._ctx.complain(_NO_REKOR)
        bundle = Bundle.sign(Statement(subject.digest, notes), key)
        self._ctx.complain(f"Pushing signature to: {_shown(replace(reference, tag=None, digest=None))}")
        store.attach(subject, MEDIA_TYPE, bundle.raw, self._notes())

    def _notes(self) -> dict[str, str]:
        now = self._ctx.now
        return {
            "dev.sigstore.bundle.content": "dsse-envelope",
            _PREDICATE_NOTE: PREDICATE,
            "org.opencontainers.image.created": format_instant(now - now % NANOSECOND),
        }

    # Verifying.

    def _verify(self, given: Arguments) -> int:
        """`cosign verify --key FILE IMAGE…`: the statements that hold, as JSON."""
        if not given.operands:
            raise CommandError("requires at least 1 arg(s), only received 0")
        if "k" not in given:
            raise CommandError(_KEYLESS)
        self._ctx.complain(_NO_LOG if "i" in given else _NO_REKOR)
        key = public_key(self._ctx, given.value("k"))
        for image in given.operands:
            reference = _parsed(image)
            statements = self._statements(reference, key, _annotations(given))
            self._tell(reference, statements, bool(_annotations(given)))
        return 0

    def _statements(self, reference: Reference, key: PublicKey, wanted: Mapping[str, str]) -> Sequence[Statement]:
        """What the key has signed of an image; SignatureError where that is nothing."""
        store = self._store(reference)
        try:
            subject = store.subject(reference)
        except NotFoundError as error:
            raise CommandError(f"image tag not found: {error}", exit_code=_NO_TAG) from error
        bundles = _bundles(store, subject)
        if not bundles:
            raise CommandError("no signatures found", exit_code=_NO_SIGNATURE)
        found, wrong = [], []
        for bundle in bundles:
            try:
                statement = bundle.verify(key, subject.digest)
                _check_annotations(statement, wanted)
            except SignatureError as error:
                wrong.append(str(error))
            else:
                found.append(statement)
        if not found:
            reasons = "\n".join(wrong)
            raise CommandError(f"no matching attestations: {reasons}")
        return found

    def _tell(self, reference: Reference, statements: Sequence[Statement], annotated: bool) -> None:
        name = _shown(reference)
        checks = ["  - The specified annotations were verified."] if annotated else []
        checks += [
            "  - The cosign claims were validated",
            "  - The signatures were verified against the specified public key",
        ]
        self._ctx.complain(f"\nVerification for {name} --")
        self._ctx.complain("The following checks were performed on each of these signatures:")
        for check in checks:
            self._ctx.complain(check)
        rows = [
            {
                "critical": {
                    "identity": {"docker-reference": name},
                    "image": {"docker-manifest-digest": statement.digest},
                    "type": statement.predicate,
                },
                "optional": dict(sorted(statement.annotations.items())),
            }
            for statement in statements
        ]
        self._ctx.line("\n" + json.dumps(rows, separators=(",", ":")))

    # Looking.

    def _tree(self, given: Arguments) -> int:
        """`cosign tree IMAGE`: what stands beside an image."""
        if len(given.operands) != 1:
            raise CommandError(f"accepts 1 arg(s), received {len(given.operands)}")
        reference = _parsed(given.operands[0])
        name = _shown(reference)
        self._ctx.line(f"📦 Supply Chain Security Related artifacts for an image: {name}")
        store = self._store(reference)
        found = [each for each in store.of(store.subject(reference).digest) if each.artifact_type]
        if not found:
            self._ctx.out(
                f"No Supply Chain Security Related Artifacts found for image {name},\n"
                " start creating one with simply running$ cosign sign <img>"
            )
        for artifact in found:
            manifest = store.manifest(artifact)
            if manifest is None:
                continue
            kind = manifest.annotations.get(_PREDICATE_NOTE, artifact.artifact_type)
            exact = _shown(replace(reference, tag=None, digest=artifact.digest))
            self._ctx.line(f"└── 🔗 {kind} artifacts via OCI referrer: {exact}")
            for at, layer in enumerate(manifest.layers, 1):
                branch = "└" if at == len(manifest.layers) else "├"
                self._ctx.line(f"   {branch}── 🍒 {layer.digest}")
        return 0

    def _store(self, reference: Reference) -> Referrers:
        repository = replace(reference, tag=None, digest=None)
        return Referrers(self._client, repository, credentials_for(self._ctx, reference.domain))


def _bundles(store: Referrers, subject: Descriptor) -> list[Bundle]:
    """The bundles beside an image; what else stands there is none of cosign's."""
    found = []
    for artifact in store.of(subject.digest):
        manifest = store.manifest(artifact)
        for layer in manifest.layers if manifest else ():
            try:
                found.append(Bundle.parse(store.blob(layer)))
            except DockerlabError:
                continue
    return found


def _check_annotations(statement: Statement, wanted: Mapping[str, str]) -> None:
    if any(statement.annotations.get(name) != value for name, value in wanted.items()):
        raise SignatureError("missing or incorrect annotation")


def _annotations(given: Arguments) -> dict[str, str]:
    """`-a key=value`, as often as one likes."""
    notes = {}
    for text in given.all("a"):
        name, equals, value = text.partition("=")
        if not equals:
            raise CommandError(f"unable to parse annotation: {text}")
        notes[name] = value
    return notes


def _parsed(image: str) -> Reference:
    try:
        return Reference.parse(image).with_default_tag()
    except InvalidReferenceError as error:
        raise CommandError(f"parsing reference: could not parse reference: {posixpath.normpath(image)}") from error


def _shown(reference: Reference) -> str:
    """A name as go-containerregistry writes it: Docker Hub is index.docker.io there."""
    return str(replace(reference, domain=LEGACY_DOMAIN) if reference.domain == DEFAULT_DOMAIN else reference)
