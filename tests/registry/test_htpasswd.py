"""Names and bcrypt hashes in a file, as Docker's registry reads them."""

from __future__ import annotations

import pytest

from dockerlab.errors import InvalidParameterError
from dockerlab.registry import Request, Server
from dockerlab.registry.access import basic
from dockerlab.registry.htpasswd import Htpasswd, check_password, hash_password, parse_htpasswd

ALICE = "alice:$2y$05$cYXWHDh9lRyl.vZkOyk6K.Y/3fKDd2f29rfv2UcvkhyLzRGvW1MJu"
"""Made by Apache's htpasswd -B; the password is 'secret'."""


def status(server: Server, name: str, password: str) -> int:
    return server.handle(Request("GET", "/v2/", basic(name, password))).status


def test_a_password_fits_its_hash() -> None:
    assert check_password(b"secret", ALICE.partition(":")[2])
    assert not check_password(b"Secret", ALICE.partition(":")[2])
    assert check_password(b"x" * 72 + b"ignored", hash_password(b"x" * 72))


def test_a_new_password_has_at_most_72_bytes() -> None:
    with pytest.raises(InvalidParameterError, match="72 bytes"):
        hash_password(b"x" * 73)


def test_a_file_that_changes_counts_at_once() -> None:
    text = [f"# the class\n{ALICE}\n"]
    server = Server(access=Htpasswd(lambda: text[0]))
    assert [status(server, *pair) for pair in (("alice", "secret"), ("alice", "x"), ("bob", "secret"))] == [
        200,
        401,
        401,
    ]
    text[0] = f"bob:{hash_password(b'other')}\n"
    assert [status(server, *pair) for pair in (("alice", "secret"), ("bob", "other"))] == [401, 200]
    text[0] = ""
    assert status(server, "bob", "other") == 401


def test_a_password_that_was_found_to_fit_is_not_computed_again() -> None:
    asked: list[bytes] = []

    def fits(password: bytes, kept: str) -> bool:
        asked.append(password)
        return check_password(password, kept)

    server = Server(access=Htpasswd(lambda: ALICE, fits))
    assert [status(server, "alice", word) for word in ("secret", "secret", "x", "x")] == [200, 200, 401, 401]
    assert [status(server, "nobody", "secret")] == [401]
    assert asked == [b"secret", b"x", b"x", b"secret"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("bob", "line 2 is not NAME:HASH"),
        (":x", "line 2 is not NAME:HASH"),
        ("bob:{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "line 2: the password of 'bob' is of SHA-1, only bcrypt is known"),
        ("bob:$apr1$a$b", "line 2: the password of 'bob' is of MD5, only bcrypt is known"),
        ("bob:secret", "line 2: the password of 'bob' is of another kind, only bcrypt is known"),
        ("bob:$2y$05$short", "line 2: the password of 'bob' is of another kind, only bcrypt is known"),
    ],
)
def test_what_lets_nobody_in_is_named(line: str, complaint: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        parse_htpasswd(f"{ALICE}\n{line}\n")
    assert str(caught.value) == complaint
    assert status(Server(access=Htpasswd(lambda: f"{line}\n{ALICE}")), "bob", "secret") == 401
