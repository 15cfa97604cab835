"""git: a session as the real one plays it, and clones of the simulated repositories."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

SESSION = json.loads((Path(__file__).parent / "data" / "session.json").read_text(encoding="utf-8"))["steps"]


def without_names(text: str) -> str:
    """The names of commits depend on the time."""
    return re.sub(r"\b[0-9a-f]{7}\b", "sha", re.sub(r"\b[0-9a-f]{40}\b", "SHA", text))


def test_a_session_goes_as_with_the_real_git(box: Any) -> None:
    for step in SESSION:
        result = box.sh(step["script"])
        assert without_names(result.stdout) == step["stdout"], step["script"]
        assert without_names(result.stderr) == step["stderr"], step["script"]
        assert result.exit_code == step["exit_code"], step["script"]


def test_a_clone_has_files_history_and_a_remote(box: Any) -> None:
    result = box.sh(
        "git clone https://github.com/dockerlab/hello-flask.git; cd hello-flask; ls; git log --oneline | wc -l"
    )
    assert result.stderr == "Cloning into 'hello-flask'...\n"
    assert result.lines == ["Dockerfile", "README.md", "app.py", "requirements.txt", "3"]
    assert box.sh("cd hello-flask; git status; git remote -v").lines == [
        "On branch main",
        "Your branch is up to date with 'origin/main'.",
        "",
        "nothing to commit, working tree clean",
        "origin\thttps://github.com/dockerlab/hello-flask.git (fetch)",
        "origin\thttps://github.com/dockerlab/hello-flask.git (push)",
    ]


def test_a_tag_is_an_older_state(box: Any) -> None:
    box.sh("git clone -q -b v1.0 https://github.com/dockerlab/hello-flask old")
    assert "gethostname" not in box.read("old/app.py")
    assert box.sh("cd old; git checkout -q main 2>&1; cat app.py").stdout.count("gethostname") == 1


@pytest.mark.parametrize(
    ("url", "text"),
    [
        (
            "https://nowhere.example/a/b",
            "fatal: unable to access 'https://nowhere.example/a/b/': Could not resolve host: ",
        ),
        ("https://github.com/a/nothing", "fatal: repository 'https://github.com/a/nothing/' not found"),
        ("git@github.com:a/b.git", "git@github.com: Permission denied (publickey)."),
        ("nothing", "fatal: repository 'nothing' does not exist"),
    ],
)
def test_what_can_not_be_cloned(box: Any, url: str, text: str) -> None:
    result = box.run(["git", "clone", url, "there"])
    assert text in result.stderr
    assert result.exit_code == 128
    assert not box.fs.exists("/lab/there")


def test_the_place_must_be_empty(box: Any) -> None:
    box.sh("mkdir there; touch there/file")
    result = box.sh("git clone https://github.com/dockersamples/static-site there")
    assert result.stderr == "fatal: destination path 'there' already exists and is not an empty directory.\n"


@pytest.mark.skipif(shutil.which("git") is None, reason="needs the real git")
def test_the_real_git_reads_what_lies_in_the_folder(box: Any, tmp_path: Path) -> None:
    """And finds nothing wrong: objects, references, the index."""
    box.sh(
        "git clone -q https://github.com/dockerlab/hello-flask site; cd site; echo more >> README.md; chmod +x app.py"
    )
    box.sh("cd site; git config user.name Ada; git config user.email ada@dockerlab.example; git commit -qam more")
    for path, status in box.fs.walk("/lab/site"):
        target = tmp_path / path.removeprefix("/lab/")
        if status.kind == "d":
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(box.fs.read(path))
            target.chmod(status.mode)

    def real(*words: str) -> str:
        command = ["git", "-c", "safe.directory=*", *words]
        return subprocess.run(command, cwd=tmp_path / "site", capture_output=True, text=True, check=True).stdout

    assert real("fsck", "--strict") == ""
    assert real("status", "--short") == ""
    assert real("log", "-1", "--format=%an %s").strip() == "Ada more"
    assert "mode change 100644 => 100755 app.py" in real("show", "--summary", "HEAD")
