"""Trust data against attackers: every lie of a server is caught, and said in Docker's words.

The lies are told by a real (simulated) Notary server whose documents are changed behind its back; what must come of
them is the TUF specification's (1.0, 5: rollback, freeze, mix-and-match, key compromise), the words are those of
docker client 28.2.2 (docker/cli, cli/trust/trust.go) and of the notary client in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from typing import Any

import pytest

from dockerlab.events import Wait
from dockerlab.registry.protocol import Request
from dockerlab.registry.transport import Network
from dockerlab.registry.trust import RELEASES, TARGETS, Connection, Draft, Notary, PrivateKey, Repository, Target
from dockerlab.registry.trust import errors as trust
from dockerlab.registry.trust.metadata import (
    SNAPSHOT,
    TIMESTAMP,
    delegate,
    new_snapshot,
    new_timestamp,
    parse,
    put_target,
    read,
    renew,
    sign,
)
from dockerlab.registry.trust.notary import Publication, pack
from dockerlab.world import World

GUN = "docker.io/alice/app"
SERVER = "notary.docker.io"
GOOD, EVIL = Target("1", "a" * 64, 500), Target("1", "e" * 64, 500)


class Signer:
    """Somebody with keys, a server, and a memory of what was trusted before."""

    def __init__(self) -> None:
        self.world = World()
        self.server = Notary(self.world)
        network = Network()
        network.add(SERVER, self.server)
        self.connection = Connection(network, SERVER, GUN)
        self.kept: dict[str, bytes] = {}
        self.warnings: list[str] = []
        self.keys = {name: PrivateKey.of(self.world.chance) for name in ("root", "targets", "alice", "mallory")}
        self.hand = {key.public.id: key for key in self.keys.values()}

    @property
    def repository(self) -> Repository:
        return Repository(self.connection, self.kept, self.world.clock.date(), self.warnings.append)

    @property
    def published(self) -> Publication:
        return self.server.publications[GUN]

    def publish(self, draft: Draft) -> None:
        def unlock(key_id: str) -> Generator[Wait, Any, PrivateKey | None]:
            return self.hand.get(key_id)
            yield

        for _ in self.repository.publish(draft, unlock):
            pass

    def begin(self, *targets: Target) -> None:
        draft = self.repository.begin(self.keys["root"].public, self.keys["targets"].public)
        for target in targets:
            draft.add(TARGETS, target)
        self.publish(draft)

    def change(self, change: Callable[[Draft], None]) -> None:
        draft = Draft.of(self.repository.update(), self.world.clock.date())
        change(draft)
        self.publish(draft)


@pytest.fixture
def signer() -> Signer:
    signer = Signer()
    signer.begin(GOOD)
    return signer


def test_what_was_signed_is_found(signer: Signer) -> None:
    trusted = signer.repository.update()
    assert trusted.find("1", RELEASES, TARGETS) == GOOD
    assert {role.name for role in trusted.roles} == {"root", "timestamp", "snapshot", "targets"}
    with pytest.raises(trust.UnknownTargetError, match="No valid trust data for 2"):
        trusted.find("2", RELEASES, TARGETS)


def test_a_repository_without_trust_data_has_none() -> None:
    with pytest.raises(trust.NoTrustDataError, match=f"{SERVER} does not have trust data for {GUN}"):
        Signer().repository.update()


def test_a_tag_that_was_changed_afterwards_is_not_what_the_snapshot_vouches_for(signer: Signer) -> None:
    """Somebody who owns the server changes what a tag means, and signs nothing."""
    name = next(name for name in signer.published.named if name.startswith(f"{TARGETS}."))
    expected = name.partition(".")[2]
    signer.published.named[name] = signer.published.named[name].replace(b"a" * 64, b"e" * 64)
    with pytest.raises(trust.ChecksumError, match=f"sha256 checksum for targets did not match: expected {expected}"):
        signer.repository.update()


def test_a_server_s_own_keys_can_not_sign_a_tag(signer: Signer) -> None:
    """With the keys of snapshot and timestamp all checksums can be made to fit; the targets' signature can't."""
    targets = parse(signer.published.current[TARGETS])
    renew(targets, TARGETS, signer.world.clock.date())
    put_target(targets, EVIL)
    signer.published.put(TARGETS, sign(targets, [signer.published.keys[SNAPSHOT]]))
    signer.published.close(signer.world.clock.date())
    with pytest.raises(trust.SignatureError, match="valid signatures did not meet threshold for targets"):
        signer.repository.update()


def test_an_old_timestamp_is_a_rollback(signer: Signer) -> None:
    old = signer.published.current[TIMESTAMP]
    signer.change(lambda draft: draft.add(TARGETS, Target("2", "b" * 64, 500)))
    signer.repository.update()
    signer.published.current[TIMESTAMP] = old
    with pytest.raises(trust.RollbackError, match="version 1 is lower than current version 2"):
        signer.repository.update()


def test_an_old_snapshot_under_a_new_timestamp_is_a_rollback_too(signer: Signer) -> None:
    old = signer.published.current[SNAPSHOT]
    signer.change(lambda draft: draft.add(TARGETS, Target("2", "b" * 64, 500)))
    signer.repository.update()
    now = signer.world.clock.date()
    signer.published.put(SNAPSHOT, old)
    signer.published.put(TIMESTAMP, sign(new_timestamp(old, 3, now), [signer.published.keys[TIMESTAMP]]))
    with pytest.raises(trust.RollbackError):
        signer.repository.update()


def test_old_targets_under_a_new_snapshot_are_a_rollback_too(signer: Signer) -> None:
    """Mix and match: every signature is right, but the tag means what it meant last year."""
    old = signer.published.current[TARGETS]
    signer.change(lambda draft: draft.add(TARGETS, Target("1", "b" * 64, 500)))
    signer.repository.update()
    now = signer.world.clock.date()
    snapshot = sign(new_snapshot({TARGETS: old}, 3, now), [signer.published.keys[SNAPSHOT]])
    signer.published.put(SNAPSHOT, snapshot)
    signer.published.stamp(now)
    with pytest.raises(trust.RollbackError):
        signer.repository.update()


def test_another_root_is_refused_by_whoever_knows_the_first(signer: Signer) -> None:
    """A server that begins anew with keys of its own fools newcomers only."""
    signer.repository.update()
    mallory = Signer()
    mallory.keys = {name: PrivateKey.of(mallory.world.chance) for name in mallory.keys}
    mallory.hand = {key.public.id: key for key in mallory.keys.values()}
    mallory.begin(EVIL)
    signer.server.publications[GUN] = mallory.published
    with pytest.raises(trust.RootChangedError, match="could not rotate trust to a new trusted root"):
        signer.repository.update()
    assert read(signer.kept["root"]).roles["targets"].keyids == [signer.keys["targets"].public.id]


def test_the_next_root_must_be_signed_by_the_one_before(signer: Signer) -> None:
    signer.repository.update()
    root = parse(signer.published.current["root"])
    renew(root, "root", signer.world.clock.date())
    signer.published.put("root", sign(root, [signer.keys["mallory"]]))
    with pytest.raises(trust.RootChangedError):
        signer.repository.update()
    signer.published.put("root", sign(root, [signer.keys["root"]]))
    assert signer.repository.update().find("1", TARGETS) == GOOD


def test_a_key_that_was_not_delegated_signs_nothing(signer: Signer) -> None:
    """Mallory signs in alice's role; alice's tags are gone, but the repository's own stay."""
    signer.change(lambda draft: draft.add_signer("alice", [signer.keys["alice"].public]))
    signer.change(lambda draft: draft.add("targets/alice", Target("2", "b" * 64, 500)))
    assert signer.repository.update().find("2", "targets/alice").sha256 == "b" * 64
    alice = parse(signer.published.current["targets/alice"])
    renew(alice, "targets/alice", signer.world.clock.date())
    put_target(alice, Target("2", "e" * 64, 500))
    signer.published.put("targets/alice", sign(alice, [signer.keys["mallory"]]))
    signer.published.close(signer.world.clock.date())
    trusted = signer.repository.update()
    assert signer.warnings == ["Error getting targets/alice: valid signatures did not meet threshold for targets/alice"]
    assert trusted.find("1", RELEASES, TARGETS) == GOOD
    with pytest.raises(trust.UnknownTargetError):
        trusted.find("2", "targets/alice")


def test_the_server_takes_nothing_from_a_key_that_was_not_delegated(signer: Signer) -> None:
    targets = parse(signer.published.current[TARGETS])
    renew(targets, TARGETS, signer.world.clock.date())
    put_target(targets, EVIL)
    before = dict(signer.published.current)
    with pytest.raises(trust.UpdateRefusedError, match="Update sent by the client is invalid"):
        signer.connection.post({TARGETS: sign(targets, [signer.keys["mallory"]])})
    assert signer.published.current == before


def test_the_server_takes_no_half_or_mistaken_update() -> None:
    signer = Signer()
    draft = signer.repository.begin(signer.keys["root"].public, signer.keys["targets"].public)
    root = sign(draft.document("root"), [signer.keys["root"]])
    mistaken = sign(draft.document("root"), [signer.keys["targets"]])
    for documents in ({"root": root}, {"root": root, "targets": mistaken}, {"targets/x": root}, {"evil": root}):
        with pytest.raises(trust.UpdateRefusedError):
            signer.connection.post(documents)
    with pytest.raises(trust.NoTrustDataError):
        signer.repository.update()


def test_a_list_without_checksums_vouches_for_nothing(signer: Signer) -> None:
    now = signer.world.clock.date()
    snapshot = new_snapshot({TARGETS: signer.published.current[TARGETS]}, 2, now)
    snapshot.signed.meta["targets.json"].hashes = None
    signer.published.put(SNAPSHOT, sign(snapshot, [signer.published.keys[SNAPSHOT]]))
    signer.published.stamp(now)
    with pytest.raises(trust.NoChecksumError, match="no checksums for supported algorithms were provided for targets"):
        signer.repository.update()


@pytest.mark.parametrize("body", [b"", b"hello", b"--x--"])
def test_the_server_refuses_what_is_no_update(signer: Signer, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    request = Request("POST", f"/v2/{GUN}/_trust/tuf/", headers, body)
    response = signer.server.handle(request)
    assert (response.status, response.json()["errors"][0]["code"]) == (400, "MALFORMED_UPLOAD")
    headers, packed = pack({"targets": b"no json"})
    refused = signer.server.handle(Request("POST", f"/v2/{GUN}/_trust/tuf/", headers, packed))
    assert refused.json()["errors"][0]["code"] == "MALFORMED_JSON"
    assert signer.repository.update().find("1", TARGETS) == GOOD


def test_the_server_s_answers_are_notary_s(signer: Signer) -> None:
    """As notary-server 0.7.0 answered."""
    ask = signer.server.handle
    assert ask(Request("GET", "/v2/")).body == b"{}"
    missing = {"code": "METADATA_NOT_FOUND", "message": "You have requested metadata that does not exist."}
    for path in ("/v2/docker.io/me/x/_trust/tuf/root.json", f"/v2/{GUN}/_trust/tuf/zzz.json", "/foo"):
        response = ask(Request("GET", path))
        assert (response.status, response.json()) == (404, {"errors": [missing]})
    key = json.loads(ask(Request("GET", f"/v2/{GUN}/_trust/tuf/timestamp.key")).body)
    assert (key["keytype"], key["keyval"]["private"]) == ("ecdsa", None)
    assert ask(Request("DELETE", f"/v2/{GUN}/_trust/tuf/")).status == 200
    assert ask(Request("GET", f"/v2/{GUN}/_trust/tuf/root.json")).status == 404


def test_a_timestamp_lives_two_weeks_and_the_server_signs_the_next(signer: Signer) -> None:
    signer.repository.update()
    signer.world.clock.advance(days=15)
    assert signer.repository.update().find("1", TARGETS) == GOOD
    assert read(signer.kept[TIMESTAMP]).version == 2


def test_a_frozen_server_is_found_out_after_two_weeks(signer: Signer) -> None:
    """A server that keeps the newest from its clients can do so only until the timestamp runs out."""
    signer.repository.update()
    frozen = signer.published.current[TIMESTAMP]
    signer.world.clock.advance(days=15)
    signer.published.refresh = lambda now: None  # type: ignore[method-assign]
    assert signer.published.current[TIMESTAMP] == frozen
    with pytest.raises(trust.ExpiredError, match="timestamp expired at Mon Dec 7 15:00:00 UTC 2026"):
        signer.repository.update()


@pytest.mark.parametrize(("years", "role"), [(4, "targets"), (11, "root")])
def test_what_nobody_signs_anew_runs_out(signer: Signer, years: int, role: str) -> None:
    signer.repository.update()
    signer.world.clock.advance(days=365 * years)
    with pytest.raises(trust.ExpiredError, match=f"^{role} expired at "):
        signer.repository.update()


@pytest.mark.parametrize("garbage", [b"", b"<html>404</html>", b"{}", b"[]", b"null", b'{"signed": 1}', b"\xff\xfe"])
@pytest.mark.parametrize("role", ["root", "timestamp"])
def test_garbage_is_no_metadata(signer: Signer, role: str, garbage: bytes) -> None:
    signer.published.current[role] = garbage
    signer.published.refresh = lambda now: None  # type: ignore[method-assign]
    with pytest.raises(trust.TrustError):
        signer.repository.update()
    assert signer.kept == {}


def test_nothing_is_kept_of_what_was_not_trusted(signer: Signer) -> None:
    signer.repository.update()
    before = dict(signer.kept)
    signer.change(lambda draft: draft.add(TARGETS, Target("2", "b" * 64, 500)))
    for each in [each for each in signer.published.named if each.startswith(f"{TARGETS}.")]:
        signer.published.named[each] = b"{}"
    with pytest.raises(trust.TrustError):
        signer.repository.update()
    assert signer.kept == before


def test_without_the_server_what_was_trusted_holds_until_it_runs_out(signer: Signer) -> None:
    signer.repository.update()
    signer.connection.network.remove(SERVER)
    assert signer.repository.update().find("1", TARGETS) == GOOD
    assert signer.warnings == [
        "Error while downloading remote metadata, using cached timestamp - "
        "this might not be the latest version available remotely"
    ]
    signer.world.clock.advance(days=15)
    with pytest.raises(trust.ExpiredError):
        signer.repository.update()


def test_without_a_key_nothing_is_published(signer: Signer) -> None:
    before = dict(signer.published.current)
    del signer.hand[signer.keys["targets"].public.id]
    with pytest.raises(trust.MissingKeysError, match="could not find necessary signing keys") as caught:
        signer.change(lambda draft: draft.add(TARGETS, EVIL))
    assert caught.value.role == TARGETS
    assert signer.published.current == before


def test_a_threshold_counts_keys_not_signatures(signer: Signer) -> None:
    """Two of two keys are needed, one of them has signed: refused."""
    targets = parse(signer.published.current[TARGETS])
    delegate(targets, "targets/pair", [signer.keys["alice"].public, signer.keys["mallory"].public])
    targets.signed.delegations.roles["targets/pair"].threshold = 2
    renew(targets, TARGETS, signer.world.clock.date())
    signer.connection.post({TARGETS: sign(targets, [signer.keys["targets"]])})
    pair = Draft.of(signer.repository.update(), signer.world.clock.date())
    pair.add("targets/pair", GOOD)
    document = pair.document("targets/pair")
    with pytest.raises(trust.UpdateRefusedError):
        signer.connection.post({"targets/pair": sign(document, [signer.keys["alice"], signer.keys["alice"]])})
    signer.connection.post({"targets/pair": sign(document, [signer.keys["alice"], signer.keys["mallory"]])})
    assert signer.repository.update().find("1", "targets/pair") == GOOD


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, other = Signer(), Signer()
    one.begin(GOOD)
    other.begin(GOOD)
    assert one.published.current == other.published.current
