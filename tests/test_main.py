"""`dockerlab -c LINE`: the lab's host from a real terminal."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from dockerlab import __main__ as program
from dockerlab.registry import Server
from dockerlab.registry.folder import FolderStorage
from dockerlab.registry.htpasswd import check_password, parse_htpasswd
from tests.registry.stocked import stock


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["dockerlab", *words])
    return program.main()


def test_a_line_is_run_and_its_exit_code_passed_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "-c", "docker run --rm busybox sh -c 'echo hi; echo oops >&2; exit 3'") == 3
    captured = capsys.readouterr()
    assert captured.out == "hi\n"
    assert captured.err.endswith("oops\n")


def test_help_says_how(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--help") == 0
    assert capsys.readouterr().out.startswith("Usage: dockerlab [OPTIONS] COMMAND")


def test_unknown_words_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "nosuch") == 2


def test_a_shell_reads_lines_until_the_end_of_its_input(tmp_path: Path) -> None:
    typed = "cd /tmp\npwd\nnosuch\n"
    done = subprocess.run([sys.executable, "-m", "dockerlab"], input=typed, capture_output=True, text=True, check=False)
    assert done.returncode == 127
    assert "/tmp\n" in done.stdout
    assert "nosuch: command not found" in done.stderr


def test_importing_dockerlab_loads_nothing_heavy() -> None:
    code = "import sys, dockerlab; print([name for name in sys.modules if name.startswith('dockerlab.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


COMPLAINTS = [
    (("--root", "{folder}/none"), "--root: {folder}/none is no folder that can be written to"),
    (("--root", "{folder}", "--htpasswd", "{folder}/none"), "--htpasswd: {folder}/none: no such file or directory"),
    (
        ("--root", "{folder}", "--htpasswd", "{folder}/users"),
        "--htpasswd: {folder}/users: line 1: the password of 'bob' is of MD5, only bcrypt is known",
    ),
    (
        ("--root", "{folder}", "--host", "192.0.2.1", "--port", "5999"),
        "listen tcp 192.0.2.1:5999: cannot assign requested address",
    ),
]


@pytest.mark.parametrize(("words", "complaint"), COMPLAINTS)
def test_a_registry_that_cannot_be_served_says_why_in_one_line(
    words: tuple[str, ...],
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "users").write_text("bob:$apr1$abc$def\n")
    assert run(monkeypatch, "registry", "serve", *(word.format(folder=tmp_path) for word in words)) == 1
    assert capsys.readouterr().err == f"dockerlab: {complaint.format(folder=tmp_path)}\n"


def test_the_garbage_of_a_registry_is_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stock(Server(FolderStorage(tmp_path)))
    words = ("registry", "garbage-collect", "--root", str(tmp_path))
    counts = {
        ("--dry-run",): "14 blobs marked, 3 blobs and 0 manifests eligible for deletion",
        (): "14 blobs marked, 3 blobs and 0 manifests eligible for deletion",
        ("-d", "-m"): "12 blobs marked, 2 blobs and 1 manifests eligible for deletion",
        ("--delete-untagged",): "12 blobs marked, 2 blobs and 1 manifests eligible for deletion",
        ("-m",): "12 blobs marked, 0 blobs and 0 manifests eligible for deletion",
    }
    for options, expected in counts.items():
        assert run(monkeypatch, *words, *options) == 0
        assert f"\n{expected}\n" in capsys.readouterr().out
    assert run(monkeypatch, *words[:-1], str(tmp_path / "none")) == 1
    assert capsys.readouterr().err.startswith("dockerlab: --root: ")


def test_users_of_a_registry_are_added_to_a_file_and_given_other_passwords(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = tmp_path / "users"
    words = ("registry", "add-user", "--htpasswd", str(users))
    for name, password in (("alice", "one"), ("bob", "two"), ("alice", "three")):
        assert run(monkeypatch, *words, name, "--password", password) == 0
    hashes = parse_htpasswd(users.read_text())
    assert list(hashes) == ["alice", "bob"]
    assert check_password(b"three", hashes["alice"])
    assert users.stat().st_mode & 0o777 == 0o600
    assert run(monkeypatch, *words, "a:b", "--password", "x") == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("four\n"))
    assert run(monkeypatch, *words, "carol", "--password-stdin") == 0
    assert check_password(b"four", parse_htpasswd(users.read_text())["carol"])
    assert run(monkeypatch, *words, "dan", "--password-stdin") == 1


def test_the_command_line_is_loaded_only_when_it_is_needed() -> None:
    code = "import sys, dockerlab.__main__; print({'typer', 'cheroot', 'bcrypt', 'werkzeug'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
