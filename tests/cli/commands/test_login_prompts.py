"""`docker login` asks at a terminal: what client 28.2.2 showed on a pty, passwords never among it."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.lab.terminal import LabTerminal

PROMPT = "root@dockerlab:/lab# "
INFO = "\x1b[1m\x1b[106m\x1b[30mi\x1b[0m\x1b[0m \x1b[96mInfo → \x1b[0m\x1b[0m"
UNENCRYPTED = (
    "\nWARNING! Your credentials are stored unencrypted in '/root/.docker/config.json'.\n"
    "Configure a credential helper to remove this warning. See\n"
    "https://docs.docker.com/go/credential-store/\n\n"
)
EXISTING = (
    "Authenticating with existing credentials... [Username: alice]\n\n"
    f"{INFO}\x1b[3mTo login with a different account, run 'docker logout' followed by 'docker login'\x1b[0m\n\n\n"
)
REFUSED = (
    "Error response from daemon: login attempt to http://localhost:5006/v2/ failed with status: 401 Unauthorized\n"
)


@pytest.fixture
def terminal() -> LabTerminal:
    lab = Lab()
    lab.serve_registry("localhost:5006", users={"alice": "secret"})
    return lab.open_terminal()


def typed(terminal: LabTerminal, *lines: str) -> str:
    """What a terminal shows after the first line, which is the command."""
    before = terminal.count
    for line in lines:
        terminal.type(line if line == "\x03" else f"{line}\n")
    shown = terminal.printed[before - terminal.count :].decode().replace("\r", "")
    return shown.removeprefix(f"{lines[0]}\n").removesuffix(PROMPT)


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (("docker login localhost:5006", "alice", "secret"),
         f"Username: alice\nPassword: \n{UNENCRYPTED}Login Succeeded\n"),
        (("docker login localhost:5006", "  alice  ", "secret"),
         f"Username:   alice  \nPassword: \n{UNENCRYPTED}Login Succeeded\n"),
        (("docker login -u alice localhost:5006", "secret"), f"Password: \n{UNENCRYPTED}Login Succeeded\n"),
        (("docker login localhost:5006", "alice", "wrong"), f"Username: alice\nPassword: \n{REFUSED}"),
        (("docker login localhost:5006", ""), "Username: \nError: Non-null Username Required\n"),
        (("docker login localhost:5006", "alice", ""), "Username: alice\nPassword: \nError: Password Required\n"),
    ],
)  # fmt: skip
def test_what_is_asked_for_at_a_terminal(terminal: LabTerminal, lines: tuple[str, ...], shown: str) -> None:
    assert typed(terminal, *lines) == shown


def test_docker_hub_tells_of_tokens_before_it_asks(terminal: LabTerminal) -> None:
    shown = typed(terminal, "docker login", "alice", "correct horse")
    head, _, rest = shown.partition("Username: alice\n")
    assert head.startswith(
        "Failed to start web-based login - falling back to command line login...\n\nLog in with your "
    )
    margin = " " * 9
    assert rest == (
        f"\n{INFO}\x1b[3mA Personal Access Token (PAT) can be used instead.\x1b[0m\n"
        f"{margin}\x1b[3mTo create a PAT, visit \x1b[4mhttps://app.docker.com/settings\x1b[0m\x1b[0m\n"
        f"{margin}\x1b[3m\x1b[0m\n{margin}\x1b[3m\x1b[0m\n"
        f"Password: \n{UNENCRYPTED}Login Succeeded\n"
    )


def test_who_is_logged_in_is_not_asked_again(terminal: LabTerminal) -> None:
    typed(terminal, "docker login -u alice localhost:5006", "secret")
    assert typed(terminal, "docker login localhost:5006") == f"{EXISTING}Login Succeeded\n"


def test_a_stored_password_that_is_wrong_leads_to_the_questions_with_the_stored_name(terminal: LabTerminal) -> None:
    typed(terminal, 'mkdir cfg; echo \'{"auths":{"localhost:5006":{"auth":"YWxpY2U6d3Jvbmc="}}}\' > cfg/config.json')
    failed = f"{EXISTING}Login did not succeed, error: {REFUSED}Username (alice): "
    warning = UNENCRYPTED.replace("/root/.docker/", "cfg/")
    shown = typed(terminal, "docker --config cfg login localhost:5006", "", "secret")
    assert shown == f"{failed}\nPassword: \n{warning}Login Succeeded\n"
    typed(terminal, 'echo \'{"auths":{"localhost:5006":{"auth":"YWxpY2U6d3Jvbmc="}}}\' > cfg/config.json')
    shown = typed(terminal, "docker --config cfg login localhost:5006", "bob", "x")
    assert shown == f"{failed}bob\nPassword: \n{REFUSED}"


def test_ctrl_c_ends_the_question_and_the_terminal_shows_again_what_is_typed(terminal: LabTerminal) -> None:
    assert typed(terminal, "docker login -u alice localhost:5006", "\x03") == "Password: \n"
    assert typed(terminal, "docker login localhost:5006", "\x03") == "Username: ^C\n"
    assert typed(terminal, "echo shown") == "shown\n"


def test_no_password_is_ever_shown(terminal: LabTerminal) -> None:
    typed(terminal, "docker login localhost:5006", "alice", "secret")
    typed(terminal, "docker trust key generate jeff", "correct horse", "correct horse")
    typed(terminal, "read -s -p 'PIN: ' pin", "4711")
    assert not any(word in terminal.printed for word in (b"secret", b"horse", b"4711"))
    assert typed(terminal, "echo ${#pin}") == "4\n"
