"""`cosign` on the host: sign, verify, tree; what it refuses (texts: sigstore/cosign 3.1.2)."""

from __future__ import annotations

import json

import pytest

import dockerlab

APP = "localhost:5000/me/app"
ENVELOPE = "failed to verify signature: could not verify envelope: accepted signatures do not match threshold"


@pytest.fixture
def lab() -> dockerlab.Lab:
    """A host with a pushed image and a key pair."""
    lab = dockerlab.Lab()
    lab.serve_registry("localhost:5000")
    lab.run(f"docker pull -q busybox; docker tag busybox {APP}:1; docker push -q {APP}:1")
    lab.run("export COSIGN_PASSWORD=the-key-secret; cosign generate-key-pair")
    return lab


def exact(lab: dockerlab.Lab) -> str:
    return lab.run(
        f"docker inspect -f '{{{{range .RepoDigests}}}}{{{{println .}}}}{{{{end}}}}' {APP}:1 | grep me/app"
    ).stdout.strip()


def test_a_signature_is_found_beside_the_image(lab: dockerlab.Lab) -> None:
    name = exact(lab)
    signed = lab.run(f"cosign sign --key cosign.key --tlog-upload=false {name}")
    assert signed.stderr == f"Signing artifact...\nPushing signature to: {APP}\n"
    verified = lab.run(f"cosign verify --key cosign.pub --insecure-ignore-tlog {name}")
    (claim,) = json.loads(verified.stdout)
    assert claim["critical"]["image"]["docker-manifest-digest"] == name.partition("@")[2]
    assert claim["critical"]["type"] == "https://sigstore.dev/cosign/sign/v1"
    assert "  - The signatures were verified against the specified public key\n" in verified.stderr
    listed = lab.run(f"curl -s localhost:5000/v2/me/app/referrers/{name.partition('@')[2]}")
    (row,) = json.loads(listed.stdout)["manifests"]
    assert row["artifactType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    tree = lab.run(f"cosign tree {APP}:1").stdout
    assert f"└── 🔗 https://sigstore.dev/cosign/sign/v1 artifacts via OCI referrer: {APP}@{row['digest']}\n" in tree


def test_a_signature_by_tag_warns(lab: dockerlab.Lab) -> None:
    said = lab.run(f"cosign sign --key cosign.key {APP}:1").stderr
    assert said.startswith(
        f"WARNING: Image reference {APP}:1 uses a tag, not a digest, to identify the image to sign.\n"
    )
    assert "dockerlab: there is no transparency log here" in said


def test_an_image_that_was_changed_has_no_signature(lab: dockerlab.Lab) -> None:
    lab.run(f"cosign sign --key cosign.key {APP}:1")
    lab.run(f"docker build -q -t {APP}:1 -", stdin="FROM busybox\nRUN echo evil > /evil\n")
    lab.run(f"docker push -q {APP}:1")
    refused = lab.run(f"cosign verify --key cosign.pub {APP}:1 && docker pull {APP}:1")
    assert refused.exit_code == 10
    assert "Error: no signatures found\nerror during command execution: no signatures found\n" in refused.stderr
    assert refused.stdout == ""


def test_a_wrong_key_does_not_verify(lab: dockerlab.Lab) -> None:
    lab.run(f"cosign sign --key cosign.key {APP}:1; cosign generate-key-pair --output-key-prefix other")
    refused = lab.run(f"cosign verify --key other.pub {APP}:1")
    assert f"Error: no matching attestations: {ENVELOPE}, Found: 0, Expected 1\n" in refused.stderr
    assert refused.exit_code == 1


def test_a_signature_for_another_image_does_not_verify(lab: dockerlab.Lab) -> None:
    """The artifact of a signed image, put beside an unsigned one."""
    lab.run(f"cosign sign --key cosign.key {APP}:1")
    lab.run(f"docker pull -q alpine; docker tag alpine {APP}:2; docker push -q {APP}:2")
    server = lab._registries.find("localhost:5000")
    assert isinstance(server, dockerlab.registry.Server)
    repository = server.storage.repositories["me/app"]
    (artifact,) = [each for each in repository.manifests.values() if each.subject is not None]
    other = repository.manifests[repository.tags["2"]]
    moved = type(artifact)(**{**vars_of(artifact), "subject": other.descriptor})
    repository.put(moved)
    refused = lab.run(f"cosign verify --key cosign.pub {APP}:2")
    assert "provided artifact digest does not match any digest in statement" in refused.stderr


def vars_of(document: object) -> dict[str, object]:
    names = ("media_type", "config", "layers", "annotations", "subject", "artifact_type")
    return {name: getattr(document, name) for name in names}


def test_annotations_are_signed_too(lab: dockerlab.Lab) -> None:
    lab.run(f"cosign sign --key cosign.key -a env=prod {APP}:1")
    assert json.loads(lab.run(f"cosign verify --key cosign.pub -a env=prod {APP}:1").stdout)[0]["optional"] == {
        "env": "prod"
    }
    refused = lab.run(f"cosign verify --key cosign.pub -a env=test {APP}:1")
    assert "Error: no matching attestations: missing or incorrect annotation\n" in refused.stderr


@pytest.mark.parametrize(
    ("command", "said", "code"),
    [
        (f"COSIGN_PASSWORD=no cosign sign --key cosign.key {APP}:1", "decrypt: encrypted: decryption failed", 1),
        (f"cosign sign --key missing.key {APP}:1", "reading key: open missing.key: no such file or directory", 1),
        (f"cosign sign --key cosign.pub {APP}:1", "reading key: unsupported pem type: PUBLIC KEY", 1),
        (f"cosign sign --key cosign.key {APP}:9", "accessing entity: manifest unknown: manifest unknown", 1),
        (f"cosign sign {APP}:1", "keyless signing (OIDC, Fulcio, Rekor): give a key with --key", 1),
        (f"cosign verify --key no.pub {APP}:1", "loading public key: open no.pub: no such file or directory", 1),
        (f"cosign verify --key cosign.key {APP}:1", "pem to public key: no valid public key found", 1),
        (f"cosign verify --key cosign.pub {APP}:9", "image tag not found: manifest unknown: manifest unknown", 11),
        ("cosign verify --key cosign.pub Bad", "parsing reference: could not parse reference: Bad", 1),
        ("cosign verify --key cosign.pub", "requires at least 1 arg(s), only received 0", 1),
        ("cosign sign --key cosign.key -a x img", "unable to parse annotation: x", 1),
        ("cosign attest x", 'unknown command "attest" for "cosign"', 1),
    ],
)
def test_what_is_refused_is_said_in_a_line(lab: dockerlab.Lab, command: str, said: str, code: int) -> None:
    result = lab.run(command)
    assert f"{said}\n" in result.stderr
    assert result.exit_code == code
    assert "Traceback" not in result.stderr
    assert "the-key-secret" not in result.stdout + result.stderr


def test_a_key_that_is_there_is_kept_unless_one_says_yes(lab: dockerlab.Lab) -> None:
    before = lab.host.read(lab.path("cosign.key"))
    declined = lab.run("cosign generate-key-pair", stdin="n\n")
    assert declined.stderr.endswith(
        "Error: user declined the prompt\nerror during command execution: user declined the prompt\n"
    )
    assert lab.host.read(lab.path("cosign.key")) == before
    lab.run("cosign generate-key-pair", stdin="y\n")
    assert lab.host.read(lab.path("cosign.key")) != before
    assert lab.run("stat -c %a cosign.key cosign.pub").stdout == "600\n644\n"


def test_a_signature_in_the_hub(lab: dockerlab.Lab) -> None:
    lab.run("docker login -u me -p password; docker tag busybox me/app:1; docker push -q me/app:1")
    assert "Pushing signature to: index.docker.io/me/app\n" in lab.run("cosign sign --key cosign.key me/app:1").stderr
    assert "Verification for index.docker.io/me/app:1 --\n" in lab.run("cosign verify --key cosign.pub me/app:1").stderr
    refused = lab.run("docker logout; cosign sign --key cosign.key busybox")
    assert refused.exit_code == 1
