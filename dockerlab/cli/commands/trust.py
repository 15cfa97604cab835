"""`docker trust inspect`, `sign` and `revoke` (docker/cli, cli/command/trust)."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.commands.inspecting import inspect_all
from dockerlab.cli.commands.transfer import parse_name, push_and_sign
from dockerlab.cli.context import Context
from dockerlab.cli.parser import Invocation
from dockerlab.cli.tabwriter import tabulate
from dockerlab.cli.trust import worded
from dockerlab.cli.trust_signing import Signing, sign
from dockerlab.errors import CommandError, DockerlabError
from dockerlab.events import Wait
from dockerlab.oci.reference import Reference
from dockerlab.registry.trust import RELEASES, TARGETS, Draft, Target, Trusted
from dockerlab.registry.trust import errors as trust

_ADMIN = "Repo Admin"
_TITLES = {"root": "Root", TARGETS: "Repository"}
_SIGNER = re.compile(r"[-a-z0-9_]+")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class SignedTag:
    """A released tag with the names of those who signed it beside the repository's key."""

    tag: str
    digest: str
    signers: Sequence[str]


@dataclass(frozen=True)
class TrustInfo:
    """What there is to say of a repository's trust: its signed tags, its signers, its own keys."""

    tags: Sequence[SignedTag]
    signers: Mapping[str, Sequence[str]]
    admins: Mapping[str, Sequence[str]]


def natural(text: str) -> list[tuple[int, int | str]]:
    """A key that sorts 'v2' before 'v10'."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in _DIGITS.split(text) if part]


def released(trusted: Trusted, tag: str) -> list[SignedTag]:
    """The tags (or one of them) that the repository's key or the releases have signed, with all their signers."""
    signed = trusted.signed(tag)
    found: dict[tuple[str, str], list[str]] = {
        (target.name, target.sha256): [] for role, target in signed if role in (TARGETS, RELEASES)
    }
    for role, target in signed:
        signers = found.get((target.name, target.sha256))
        if signers is not None and role not in (TARGETS, RELEASES):
            signers.append(signer_of(role))
    rows = [SignedTag(name, digest, signers) for (name, digest), signers in found.items()]
    return sorted(rows, key=lambda row: natural(row.tag))


def signer_of(role: str) -> str:
    """The name of whoever signs in a delegated role."""
    return role.removeprefix(f"{TARGETS}/")


def look_up(ctx: Context, text: str) -> TrustInfo:
    """What is signed under a name; each of the client's three questions brings its own update."""
    name = parse_name(text)
    repository = Signing(ctx, name).repository
    try:
        trusted, roles, delegations = repository.update(), repository.update().roles, repository.update().delegations
    except trust.TrustError as error:
        raise CommandError(f"no signatures or cannot access {text}") from error
    tag = name.tag if name.tag and not name.digest else ""
    signers = {signer_of(role.name): role.key_ids for role in delegations if role.name != RELEASES}
    admins = {_TITLES[role.name]: role.key_ids for role in roles if role.name in _TITLES}
    return TrustInfo(released(trusted, tag), signers, admins)


def inspect(ctx: Context, args: Invocation) -> int:
    """`docker trust inspect`: as JSON, or with --pretty for people."""
    if not args["pretty"]:
        return inspect_all(ctx, args.args, "", lambda name: ("trust", _as_json(name, look_up(ctx, name))))
    for at, name in enumerate(args.args):
        if at:
            ctx.out("\n\n")
        ctx.out(_pretty(name, look_up(ctx, name)))
    return 0


def _as_json(name: str, info: TrustInfo) -> dict[str, Any]:
    tags = [{"SignedTag": row.tag, "Digest": row.digest, "Signers": row.signers or [_ADMIN]} for row in info.tags]
    people, admins = _people(info.signers), _people(info.admins)
    return {"Name": name, "SignedTags": tags, "Signers": people, "AdministrativeKeys": admins}


def _people(keys: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [{"Name": name, "Keys": [{"ID": each} for each in keys[name]]} for name in sorted(keys, reverse=True)]


def _pretty(name: str, info: TrustInfo) -> str:
    """Tables of what is signed and by whom, and the keys of the repository."""
    lines = [f"\n{'Signatures' if info.tags else 'No signatures'} for {name}\n\n"]
    if info.tags:
        rows = [[row.tag, row.digest, ", ".join(sorted(row.signers)) or f"({_ADMIN})"] for row in info.tags]
        lines += [_table(["SIGNED TAG", "DIGEST", "SIGNERS"], *rows)]
    if info.signers:
        lines += [f"\nList of signers and their keys for {name}\n\n"]
        people = sorted(info.signers, key=natural)
        keys = {each: ", ".join(key_id[:12] for key_id in sorted(info.signers[each])) for each in people}
        lines += [_table(["SIGNER", "KEYS"], *([each, keys[each]] for each in people))]
    lines += [f"\nAdministrative keys for {name}\n\n"]
    lines += [f"  {title} Key:\t{', '.join(sorted(keys))}\n" for title, keys in sorted(info.admins.items())]
    return "".join(lines)


def _table(*rows: Sequence[str]) -> str:
    return tabulate("".join("\t".join(row) + "\n" for row in rows))


def sign_(ctx: Context, args: Invocation) -> Running:
    """`docker trust sign`: what is signed already is signed again, everything else is pushed first."""
    text = args.args[0]
    name = parse_name(text)
    if name.digest:
        raise CommandError("cannot use a digest reference for IMAGE:TAG")
    if not name.tag:
        raise CommandError(f"no tag specified for {text}")
    signing = _signing(ctx, name)
    trusted = yield from _known_or_begun(signing, text)
    target = _released_target(signing.repository.update(), name.tag)
    if target is None or args["local"]:
        ctx.engine.images.inspect(text)
        ctx.complain(f"Signing and pushing trust data for local image {text}, may overwrite remote trust data")
        yield from push_and_sign(ctx, name)
        return 0
    ctx.line(f"Signing and pushing trust metadata for {text}")
    yield from sign(signing, signing.draft(trusted), target, known=_existing(signing, target))
    return 0


def _existing(signing: Signing, target: Target) -> str:
    """Who has signed a tag so far, in words."""
    rows = released(signing.repository.update(), target.name)
    known = next(row for row in rows if row.digest == target.sha256)
    signers = ", ".join(sorted(known.signers))
    return f"Existing signatures for tag {known.tag} digest {known.digest} from:\n{signers}"


def _signing(ctx: Context, name: Reference) -> Signing:
    try:
        return Signing(ctx, name)
    except trust.TrustError as error:
        raise worded(name.name, error) from error


def _known_or_begun(signing: Signing, text: str) -> Generator[Wait, Any, Trusted]:
    """What is signed; where there is nothing, the one who is logged in becomes the first signer."""
    try:
        return signing.repository.update()
    except trust.NoTrustDataError:
        signing.ctx.engine.images.inspect(text)
    except trust.TrustError as error:
        raise worded(signing.name.name, error) from error
    return (yield from _begun(signing, text))


def _begun(signing: Signing, text: str) -> Generator[Wait, Any, Trusted]:
    user = signing.user
    try:
        draft = yield from signing.initialize()
        key = yield from signing.key_of(user or TARGETS)
        if not _SIGNER.fullmatch(user):
            role = f"{TARGETS}/{user}".removesuffix("/")
            reason = f"tuf: invalid role {role}. invalid delegation role name"
            raise CommandError(f"could not add signer to repo: {user or TARGETS}: {reason}")
        draft.add_signer(user, [key])
        yield from signing.publish(draft)
    except trust.TrustError as error:
        raise worded(signing.name.name, error) from error
    signing.ctx.line(f"Created signer: {user}")
    signing.ctx.line(f"Finished initializing signed repository for {text}")
    return signing.repository.update()


def _released_target(trusted: Trusted, tag: str) -> Target | None:
    try:
        return trusted.find(tag, RELEASES, TARGETS)
    except trust.UnknownTargetError:
        return None


def revoke(ctx: Context, args: Invocation) -> Running:
    """`docker trust revoke`: a tag's signatures, or after a question those of all tags."""
    text = args.args[0]
    name = parse_name(text)
    if name.digest:
        raise CommandError("cannot use a digest reference for IMAGE:TAG")
    if not name.tag and not args["yes"]:
        sure = yield from ctx.confirm(f"Confirm you would like to delete all signature data for {text}?")
        if not sure:
            return 0
    signing = Signing(ctx, name)
    try:
        draft = _without(signing, name.tag)
        yield from signing.publish(draft)
    except DockerlabError as error:
        raise CommandError(f"could not remove signature for {text}: {error}") from error
    ctx.line(f"Successfully deleted signature for {text}")
    return 0


def _without(signing: Signing, tag: str | None) -> Draft:
    """The trust data without a tag, or without any, in all roles that can be signed here."""
    trusted = signing.repository.update()
    if tag:
        tags = [trusted.find(tag, RELEASES, TARGETS).name]
    else:
        tags = sorted({**trusted.tags(TARGETS), **trusted.tags(RELEASES)})
    if not tags:
        raise CommandError("no signed tags to remove")
    draft = signing.draft(trusted)
    for each in tags:
        for role in signing.roles_of(draft):
            draft.remove(role, each)
    return draft


COMMANDS: dict[str, Handler] = {"trust inspect": inspect, "trust sign": sign_, "trust revoke": revoke}
