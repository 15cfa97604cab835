"""Content trust at the console, where no transcript can go: lying servers, years that pass, other Dockers.

The transcripts trust_*.console have all that docker client 28.2.2 answered with a true Notary server. The words for a
lying one are that client's too: asked through a proxy in front of notary-server 0.7.0 that served old, changed or
senseless documents.
"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import dockerlab
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.trust import PrivateKey
from dockerlab.registry.trust.metadata import delegate, new_targets, parse, renew, sign
from dockerlab.registry.trust.notary import Notary

GUN = "docker.io/me/app"
SECRETS = {"ROOT": "the-root-secret", "REPOSITORY": "the-repo-secret"}
MALICIOUS = "Warning: potential malicious behavior - trust data"


@pytest.fixture
def lab() -> dockerlab.Lab:
    """A host with a signed image, me/app:1, where content trust is on."""
    lab = dockerlab.Lab()
    lab.run("docker pull -q busybox; docker login -u me -p password; docker tag busybox me/app:1")
    lab.run("export DOCKER_CONTENT_TRUST=1")
    for role, secret in SECRETS.items():
        lab.run(f"export DOCKER_CONTENT_TRUST_{role}_PASSPHRASE={secret}")
    assert lab.run("docker push me/app:1").stdout.endswith(f"Successfully signed {GUN}:1\n")
    return lab


def notary(lab: dockerlab.Lab) -> Notary:
    assert lab.notary is not None
    return lab.notary


def test_docker_hub_has_its_notary(lab: dockerlab.Lab) -> None:
    assert lab.run("docker pull me/app:1").stdout.startswith("Pull (1 of 1): me/app:1@sha256:")
    refused = lab.run("docker pull busybox")
    named = "docker.io/library/busybox"
    assert refused.stderr == (
        f"Error: remote trust data does not exist for {named}: notary.docker.io does not have trust data for {named}\n"
    )
    assert refused.exit_code == 1


def test_a_tag_that_was_overwritten_is_still_the_signed_image(lab: dockerlab.Lab) -> None:
    """Whoever can push can't sign: with trust the old image comes, without it the new one."""
    signed = lab.run("docker inspect -f '{{.Id}}' me/app:1").stdout
    lab.run("docker build -q -t me/app:1 -", stdin="FROM busybox\nRUN echo evil > /evil\n")
    lab.run("docker push --disable-content-trust me/app:1; docker rmi me/app:1")
    lab.run("docker pull me/app:1")
    assert lab.run("docker inspect -f '{{.Id}}' me/app:1").stdout == signed
    lab.run("docker pull --disable-content-trust me/app:1")
    assert lab.run("docker inspect -f '{{.Id}}' me/app:1").stdout != signed


def test_an_old_timestamp_is_refused(lab: dockerlab.Lab) -> None:
    published = notary(lab).publications[GUN]
    old = published.current["timestamp"]
    lab.run("docker tag me/app:1 me/app:2; docker push me/app:2; docker pull me/app:2")
    published.current["timestamp"] = old
    text = f"{MALICIOUS} version is lower than expected for remote repository {GUN}: version 1 is lower than current"
    for command in ("docker pull me/app:1", "docker push me/app:1"):
        assert lab.run(command).stderr == f"{text} version 2\n"
    assert lab.run("docker run --rm me/app:1 true").stderr.startswith(f"docker: {text} version 2\n")
    revoked = lab.run("docker trust revoke me/app:1")
    assert revoked.stderr == "could not remove signature for me/app:1: version 1 is lower than current version 2\n"
    assert lab.run("docker trust inspect me/app").stderr == "no signatures or cannot access me/app\n"


def test_changed_metadata_are_refused(lab: dockerlab.Lab) -> None:
    published = notary(lab).publications[GUN]
    for name in [name for name in published.named if name.startswith("targets.")]:
        published.named[name] = published.named[name].replace(b'"length":', b'"length":1')
    refused = lab.run("docker pull me/app:1")
    assert re.fullmatch("sha256 checksum for targets did not match: expected [0-9a-f]{64}\n", refused.stderr)
    assert refused.exit_code == 1


def test_another_root_is_refused_by_who_knows_the_first(lab: dockerlab.Lab) -> None:
    lab.run("docker pull me/app:1; mv ~/.docker/trust /tmp/mine")
    del notary(lab).publications[GUN]
    lab.run("docker push me/app:1; rm -r ~/.docker/trust; mv /tmp/mine ~/.docker/trust")
    reason = "failed to validate data with current trusted certificates"
    assert lab.run("docker pull me/app:1").stderr == f"could not rotate trust to a new trusted root: {reason}\n"


@pytest.mark.parametrize(("years", "role"), [(4, "targets expired at Fri Nov 23"), (11, "root expired at Mon Nov 20")])
def test_what_nobody_signs_again_runs_out(lab: dockerlab.Lab, years: int, role: str) -> None:
    lab.clock.advance(days=365 * years)
    refused = lab.run("docker pull me/app:1").stderr
    assert refused.startswith(f"Error: remote repository {GUN} out-of-date: {role.split(' at ')[0]} at ")


class Senseless(Notary):
    """A server that answers every question with the same bytes and status."""

    def __init__(self, status: int, body: bytes) -> None:
        self.answer = Response(status, {}, dockerlab.registry.protocol.content_of(body))

    def handle(self, request: Request) -> Response:
        return self.answer


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"<html>hello</html>", "invalid character '<' looking for beginning of value"),
        (200, b"", "unexpected end of JSON input"),
        (200, b"{}", "the trust data are no TUF metadata"),
        (500, b"oops", "unable to reach trust server at this time: 500."),
        (401, b"", "you are not authorized to perform this operation: server returned 401."),
        (403, b"", "unable to reach trust server at this time: 403."),
    ],
)
def test_a_server_that_answers_nonsense(lab: dockerlab.Lab, status: int, body: bytes, said: str) -> None:
    lab._registries.add("nonsense.example", Senseless(status, body))
    lab.run("export DOCKER_CONTENT_TRUST_SERVER=https://nonsense.example; rm -r ~/.docker/trust/tuf")
    refused = lab.run("docker pull me/app:1")
    assert (refused.stderr, refused.exit_code) == (f"{said}\n", 1)
    for command in ("docker push me/app:1", "docker trust sign me/app:1", "docker trust revoke -y me/app:1"):
        refused = lab.run(command)
        assert refused.exit_code == 1
        assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("address", ["http://notary.docker.io", "notary.docker.io", "https://[", "x"])
def test_an_address_that_makes_no_sense(lab: dockerlab.Lab, address: str) -> None:
    refused = lab.run(f"DOCKER_CONTENT_TRUST_SERVER='{address}' docker pull me/app:1").stderr
    reason = f"valid https URL required for trust server, got {address}"
    assert refused == f"error establishing connection to trust repository: {reason}\n"


def test_secrets_are_never_printed(lab: dockerlab.Lab) -> None:
    commands = [
        "docker trust key generate alice",
        "docker trust signer add --key alice.pub alice me/app",
        "docker push me/app:1",
        "DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE=another-secret docker tag me/app:1 me/app:2",
        "DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE=another-secret docker push me/app:2",
        "docker trust inspect me/app; docker trust inspect --pretty me/app",
        "find ~/.docker/trust -type f | xargs cat; cat *.pub",
    ]
    said = "".join(result.stdout + result.stderr for result in map(lab.run, commands))
    assert "Successfully added signer: alice" in said
    assert not [secret for secret in (*SECRETS.values(), "another-secret") if secret in said]
    assert "BEGIN EC PRIVATE KEY" not in said
    assert "BEGIN PRIVATE KEY" not in said


def test_only_the_owner_of_a_namespace_can_publish_trust_data(lab: dockerlab.Lab) -> None:
    lab.run("docker logout; docker login -u you -p password")
    refused = lab.run("docker trust signer add --key /nowhere me me/app")
    assert refused.exit_code == 1
    lab.run("docker trust key generate you")
    refused = lab.run("docker trust signer add --key you.pub you me/app")
    assert refused.exit_code == 1
    assert "targets/you" not in notary(lab).publications[GUN].current


def test_docker_29_has_no_content_trust() -> None:
    lab = dockerlab.Lab(release=29)
    lab.run("export DOCKER_CONTENT_TRUST=1")
    assert lab.run("docker pull -q busybox").exit_code == 0
    assert lab.run("docker run --rm busybox echo unverified").stdout == "unverified\n"
    assert lab.run("docker trust inspect busybox").stderr.startswith("docker: unknown command: docker trust\n")


def test_the_same_lesson_gives_the_same_bytes() -> None:
    def lesson() -> list[bytes]:
        lab = dockerlab.Lab(hub=None)
        lab.serve_registry("localhost:5000")
        lab.serve_notary("127.0.0.1:4443")
        lab.run(
            "export DOCKER_CONTENT_TRUST_SERVER=https://127.0.0.1:4443 DOCKER_CONTENT_TRUST_ROOT_PASSPHRASE=rootroot"
        )
        lab.run("export DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE=reporepo; docker trust key generate alice")
        lab.run("docker trust signer add --key alice.pub alice localhost:5000/x")
        found = lab.run("find ~/.docker/trust -type f | sort").stdout.split()
        return [lab.host.read(path) for path in found]

    first = lesson()
    assert len(first) == 5
    assert first == lesson()


def test_undo_takes_a_signature_back(lab: dockerlab.Lab) -> None:
    lab.run("docker tag me/app:1 me/app:2")
    lab.run("docker push me/app:2")
    assert "\n2 " in lab.run("docker trust inspect --pretty me/app").stdout
    lab.undo()
    lab.undo()
    assert "\n2 " not in lab.run("docker trust inspect --pretty me/app").stdout
    assert "\n1 " in lab.run("docker trust inspect --pretty me/app").stdout


def test_a_hostile_role_s_name_leads_nowhere(lab: dockerlab.Lab) -> None:
    """A role's name is part of a file's name on the client; not even the repository's own key chooses where that is."""
    published, now = notary(lab).publications[GUN], lab.engine.world.clock.date()
    (file,) = lab.run("grep -l targets ~/.docker/trust/private/*").stdout.split()
    key = PrivateKey.parse(lab.host.read(file), SECRETS["REPOSITORY"])
    targets, evil = parse(published.current["targets"]), new_targets(now)
    delegate(targets, "targets/../../../../../../evil", [key.public])
    renew(targets, "targets", now)
    published.put("targets", sign(targets, [key]))
    published.put("targets/../../../../../../evil", sign(evil, [key]))
    published.close(now)
    assert lab.run("docker pull me/app:1").exit_code == 0
    assert not lab.run("find / -name 'evil*'").stdout


def test_a_tag_that_two_roles_sign_for_two_images(lab: dockerlab.Lab) -> None:
    """The repository's key has signed the old image, a signer the new one: the release is the signer's."""
    lab.run("docker trust key generate alice; docker trust signer add --key alice.pub alice me/app")
    lab.run("docker build -q -t me/app:1 -", stdin="FROM busybox\nRUN echo new > /new\n")
    lab.run("docker push me/app:1")
    shown = lab.run("docker trust inspect --pretty me/app").stdout
    assert len(re.findall("^1 ", shown, re.MULTILINE)) == 2
    signed = lab.run("docker trust sign me/app:1")
    assert signed.stdout.endswith("from:\nalice\nSuccessfully signed docker.io/me/app:1\n")
    assert lab.run("docker rmi me/app:1; docker run --rm me/app:1 cat /new").stdout.endswith("new\n")


def test_a_user_whose_name_is_no_role(lab: dockerlab.Lab) -> None:
    lab.run("docker login -u a.b -p password; docker tag busybox me/other:1")
    refused = lab.run("docker trust sign me/other:1").stderr
    reason = "tuf: invalid role targets/a.b. invalid delegation role name"
    assert refused == f"could not add signer to repo: a.b: {reason}\n"


WITHOUT = """
import importlib.abc, sys
class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in ("cryptography", "tuf", "securesystemslib"):
            raise ModuleNotFoundError(f"No module named {name!r}")
sys.meta_path.insert(0, Blocked())
import importlib.util
found = importlib.util.find_spec
hidden = ("cryptography", "tuf", "securesystemslib")
importlib.util.find_spec = lambda name, *more: None if name in hidden else found(name, *more)
import dockerlab
lab = dockerlab.Lab()
for line in ("docker run -q --rm busybox echo here", "DOCKER_CONTENT_TRUST=1 docker pull busybox",
             "docker trust key generate x", "docker trust inspect busybox", "cosign generate-key-pair"):
    result = lab.run(line)
    print(result.exit_code, (result.stdout + result.stderr).strip().splitlines()[-1])
"""


def test_without_the_libraries_all_else_works_and_signing_says_what_is_missing() -> None:
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    missing = "dockerlab: signatures need Python packages that are missing here: cryptography, securesystemslib, tuf"
    assert told[0] == "0 here"
    assert all(missing in line for line in told[1:])
