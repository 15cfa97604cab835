"""Goals about logins: met, not met, and nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import LoggedIn, NoLogins
from dockerlab.notebook.learning.goals.logins import CONFIG


def test_nobody_is_logged_in_at_first() -> None:
    lab = Lab()
    assert NoLogins().look(lab).met
    assert LoggedIn("Docker Hub", "ada").look(lab).have == "no login"


def test_a_login_is_known_by_registry_and_account() -> None:
    lab = Lab()
    lab.run("echo secret | docker login -u ada --password-stdin")
    assert LoggedIn("Docker Hub", "ada").look(lab).met
    assert not LoggedIn("Docker Hub", "bob").look(lab).met
    assert not LoggedIn("localhost:5000", "ada").look(lab).met
    assert NoLogins().look(lab).have == "ada at Docker Hub"
    lab.run("docker logout")
    assert NoLogins().look(lab).met


@pytest.mark.parametrize(
    ("text", "have"),
    [
        ("", "no login"),
        ("no json", "no login"),
        ("[]", "no login"),
        ('{"auths": {"localhost:5000": {}}}', "? at localhost:5000"),
        ('{"auths": {"localhost:5000": {"auth": "!"}}}', "? at localhost:5000"),
        ('{"auths": {"localhost:5000": {"auth": 7}}}', "? at localhost:5000"),
        ('{"auths": {"localhost:5000": "ada"}}', "? at localhost:5000"),
    ],
)
def test_a_file_that_makes_no_sense_is_no_error(text: str, have: str) -> None:
    lab = Lab()
    lab.host.write(CONFIG, text.encode())
    assert NoLogins().look(lab).have == have
