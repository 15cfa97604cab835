"""Hashes of passwords: known ones, and those that Apache's own htpasswd made."""

from __future__ import annotations

import pytest

from dockerlab.runtime.servers.bcrypt import hash_password, pi_words
from dockerlab.runtime.servers.passwords import fits
from tests.runtime.servers.conftest import Yard


@pytest.mark.parametrize(
    ("password", "kept"),
    [
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),  # Openwall's crypt_blowfish
        ("pass", "$2y$05$P5RX/aLzbco4oBUbQRL/2.hS/uDNIV8tS8F7HU85wpx/XABs8QpMK"),
        ("s3cret", "$apr1$wPv2z1UK$kB7vFSe7iBSBk.6roHDuk1"),
        ("secret", "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="),
        ("secret", "{PLAIN}secret"),
    ],
)
def test_a_password_fits_its_hash_only(password: str, kept: str) -> None:
    assert fits(password, kept)
    assert not fits(f"{password}x", kept)


def test_the_boxes_are_the_digits_of_pi() -> None:
    assert pi_words()[0] == 0x243F6A88
    assert pi_words()[-1] == 0x3AC372E6


def test_a_hash_with_a_high_price_lets_nobody_in() -> None:
    assert not fits("x", "$2y$31$" + "." * 53)


def test_htpasswd_makes_what_it_then_accepts(yard: Yard) -> None:
    made = yard.run("htpasswd -Bbn me secret").stdout
    assert made.startswith("me:$2y$05$")
    assert made.endswith("\n\n")
    assert yard.run("htpasswd -cbB /srv/users me secret").stderr == "Adding password for user me\n"
    assert yard.run("htpasswd -vb /srv/users me secret").stderr == "Password for user me correct.\n"
    assert yard.run("htpasswd -vb /srv/users me wrong").exit_code == 3
    assert yard.run("htpasswd /srv/none me").stderr.endswith("cannot modify file /srv/none; use '-c' to create it.\n")


def test_the_salt_is_part_of_the_hash() -> None:
    assert hash_password(b"x", 4, bytes(16)) != hash_password(b"x", 4, bytes(15) + b"\1")
