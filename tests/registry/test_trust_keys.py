"""Signing keys and their files: Notary's IDs, PEM that docker reads and writes, signatures that repeat."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from dockerlab.registry.trust import PrivateKey, PublicKey
from dockerlab.registry.trust.errors import KeyFileError, PassphraseError
from dockerlab.registry.trust.keys import PemBlock, is_private
from dockerlab.world import Chance

# Written by docker client 28.2.2 for `docker push` with content trust; its passphrase was "reposecret".
DOCKERS_ID = "3781e11f8c65aa470dd1a0761857372871fa00245802f6ac9683329d31598319"
DOCKERS_KEY = b"""\
-----BEGIN ENCRYPTED PRIVATE KEY-----
gun: localhost:5005/demo/app
role: targets

MIHuMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAjZshOoNSBG/gICCAAw
HQYJYIZIAWUDBAEqBBCBYRkMXm0+6Z1jmBLGGdPCBIGgcJHFPCyjdqxtTaLpf2g/
YL1hBUC60j2L09/ndnFLEpAfH5n59Gts/qQxLmkIzaF/jUVcb9sNiMVQhfePaHPk
7CL6Ne4R5kW8ApyOkSWkuYusu2Jd/3yxPgz6qDD0Ka8Dr2twnJ5JkFc/P+ZDVTO7
OGSpflgPyIwOj+eM6LngmmQD0avKEuKj340JrF72YVQnyq3uRAtI0GNSMrB+Z4C3
fQ==
-----END ENCRYPTED PRIVATE KEY-----
"""
# The targets key of a real Notary server's root.json, with the ID that stands beside it there.
NOTARYS_ID = "04392f2e3a67a60cbb2805ab5f4631856ad492b01bd00b2caa462ae2f269aab0"
NOTARYS_KEY = b"""\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMpfxMLmkNgh0WRt28DqX5ZKI5T8J
h3WybpD7l4sHrKY6Gxeu2qyb9/seF/ZwpFbbIq3Kp29WTBTZL2eFAkzzMg==
-----END PUBLIC KEY-----
"""


def test_a_key_s_id_is_notary_s() -> None:
    assert PublicKey.parse(NOTARYS_KEY).id == NOTARYS_ID


def test_a_key_of_docker_is_opened_by_its_passphrase_alone() -> None:
    assert PrivateKey.parse(DOCKERS_KEY, "reposecret").public.id == DOCKERS_ID
    with pytest.raises(PassphraseError):
        PrivateKey.parse(DOCKERS_KEY, "rootsecret")
    assert PemBlock.parse(DOCKERS_KEY).headers == {"gun": "localhost:5005/demo/app", "role": "targets"}


def test_a_key_is_written_as_docker_writes_it() -> None:
    chance = Chance()
    key = PrivateKey.of(chance)
    text = key.pem("a passphrase", chance, role="targets", gun="docker.io/me/app")
    assert (
        text.splitlines()[:4] == DOCKERS_KEY.replace(b"localhost:5005/demo/app", b"docker.io/me/app").splitlines()[:4]
    )
    assert PrivateKey.parse(text, "a passphrase") == key
    assert b"a passphrase" not in text


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker client here (Debian: docker.io)")
def test_the_real_docker_client_reads_it(tmp_path: Path) -> None:
    chance = Chance()
    path = tmp_path / "lab.key"
    path.touch(mode=0o600)
    path.write_bytes(PrivateKey.of(chance).pem("a passphrase", chance, role="alice"))
    for passphrase, code in (("a passphrase", 0), ("another", 1)):
        environment = {
            "PATH": os.environ["PATH"],
            "DOCKER_CONFIG": str(tmp_path),
            "DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE": passphrase,
        }
        told = subprocess.run(
            ["docker", "trust", "key", "load", path], env=environment, capture_output=True, text=True, check=False
        )
        if "unknown command" in told.stderr:
            pytest.skip("this docker client has no `docker trust` any more")
        assert told.returncode == code, told.stderr


def test_signatures_verify_and_repeat() -> None:
    key = PrivateKey.of(Chance())
    signature = key.sign(b"hello")
    assert signature == key.sign(b"hello")
    assert key.public.verifies(signature, b"hello")
    assert not key.public.verifies(signature, b"hullo")
    assert not key.public.verifies(b"no signature", b"hello")
    assert not PrivateKey.of(Chance(1)).public.verifies(signature, b"hello")


def test_nothing_shows_a_private_key_s_number() -> None:
    key = PrivateKey.of(Chance())
    assert str(key.number) not in repr(key)


@pytest.mark.parametrize(
    "text", [b"", b"hello", NOTARYS_KEY[:60], DOCKERS_KEY, NOTARYS_KEY.replace(b"MFkw", b"MFkx"), b"\xff" * 50]
)
def test_what_is_no_public_key(text: bytes) -> None:
    with pytest.raises(KeyFileError, match="no valid public key found"):
        PublicKey.parse(text)


def test_what_is_no_private_key() -> None:
    assert is_private(DOCKERS_KEY)
    assert not is_private(NOTARYS_KEY)
    assert not is_private(b"hello")
    with pytest.raises(KeyFileError):
        PrivateKey.parse(NOTARYS_KEY, "x")
