"""Signing tags: what a push does after the push, and what `docker trust` does besides (docker/cli, cli/trust).

A tag is signed in the role 'targets' by the repository's key, until there are signers: then each signs it in a role of
the own and in 'targets/releases', and the repository's key is only needed to say who they are.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.cli.context import Context
from dockerlab.cli.credentials import stored
from dockerlab.cli.trust import log, no_connection, open_repository, worded
from dockerlab.cli.trust_keys import KeyStore
from dockerlab.errors import CommandError
from dockerlab.events import Wait
from dockerlab.oci.reference import Reference
from dockerlab.registry.trust import TARGETS, Draft, PublicKey, Repository, Target, Trusted
from dockerlab.registry.trust.errors import MissingKeysError, NoTrustDataError, OfflineError, TrustError
from dockerlab.registry.trust.metadata import ROOT
from dockerlab.registry.trust.metadata import sign as sign_document


class Signing:
    """The trust data of one image's name, with the keys of this machine."""

    def __init__(self, ctx: Context, name: Reference) -> None:
        self.ctx, self.name = ctx, name
        self.repository: Repository = open_repository(ctx, name)
        self.keys = KeyStore(ctx)
        self.user = (stored(ctx, name.domain) or ("", ""))[0]

    def draft(self, trusted: Trusted) -> Draft:
        """What was verified, to be changed."""
        return Draft.of(trusted, self.repository.now)

    def initialize(self) -> Generator[Wait, Any, Draft]:
        """The first trust data of the repository: its root key is the one of this machine, its own key is new."""
        root = yield from self.key_of(ROOT)
        targets = yield from self.keys.create(TARGETS, self.name.name)
        draft = self.repository.begin(root, targets.public)
        signers = {ROOT: (yield from self.keys.get(root.id)), TARGETS: targets}
        self.repository.kept.update({role: sign_document(draft.document(role), [key]) for role, key in signers.items()})
        return draft

    def key_of(self, role: str) -> Generator[Wait, Any, PublicKey]:
        """The first key of a role, which is made where there is none."""
        known = self.keys.of_role(role)
        key = yield from (self.keys.get(known[0]) if known else self.keys.create(role))
        return key.public

    def roles_of(self, draft: Draft) -> list[str]:
        """The roles that keys of this machine may sign tags in; the client asks the server once more who they are."""
        self._ask_again(draft)
        if not draft.delegations:
            return [TARGETS]
        roles = [role.name for role in draft.delegations if any(key_id in self.keys for key_id in role.key_ids)]
        if not roles:
            raise CommandError("no valid signing keys for delegation roles")
        return roles

    def _ask_again(self, draft: Draft, *, to_publish: bool = False) -> None:
        if not draft.is_first:
            self.repository.update(to_publish=to_publish)

    def add(self, draft: Draft, target: Target) -> None:
        """Sign a tag in every role that can be signed here."""
        for role in self.roles_of(draft):
            draft.add(role, target)

    def publish(self, draft: Draft, *, adding: bool = False) -> Generator[Wait, Any, None]:
        """Sign what was changed and bring it to the server."""
        for role in sorted(draft.emptied) * 2:  # once when it is changed, once when it is published
            text = f"role {role} has fewer keys than its threshold of {draft.role(role).threshold}"
            log(self.ctx, "warning", f"{text}; it will not be usable until keys are added to it")
        try:
            self._ask_again(draft, to_publish=True)
        except OfflineError as error:
            log(self.ctx, "error", f"Could not publish Repository since we could not update: {error}")
            raise
        try:
            yield from self.repository.publish(draft, self.keys.unlock)
        except MissingKeysError as error:
            if adding:
                log(self.ctx, "error", f"couldn't add target to {error.role}: {error}")
            raise


def sign_pushed(ctx: Context, name: Reference, target: Target) -> Generator[Wait, Any, None]:
    """Sign a tag that was just pushed."""
    ctx.line("Signing and pushing trust metadata")
    try:
        signing = Signing(ctx, name)
    except CommandError as error:
        raise no_connection(error) from error
    try:
        trusted: Trusted | None = signing.repository.update()
    except NoTrustDataError:
        trusted = None
    except TrustError as error:
        raise worded(name.name, error) from error
    if trusted is None:
        draft = yield from _first(signing)
        ctx.line(f'Finished initializing "{name.name}"')
    else:
        draft = signing.draft(trusted)
    yield from sign(signing, draft, target)


def _first(signing: Signing) -> Generator[Wait, Any, Draft]:
    try:
        return (yield from signing.initialize())
    except TrustError as error:
        raise worded(signing.name.name, error) from error


def sign(signing: Signing, draft: Draft, target: Target, known: str = "") -> Generator[Wait, Any, None]:
    """Sign a tag and publish it; in between stands what is known of it already."""
    try:
        signing.add(draft, target)
        if known:
            signing.ctx.line(known)
        yield from signing.publish(draft, adding=True)
    except CommandError as error:
        raise CommandError(f"failed to sign {signing.name.name}:{target.name}: {error}") from error
    signing.ctx.line(f"Successfully signed {signing.name.name}:{target.name}")
