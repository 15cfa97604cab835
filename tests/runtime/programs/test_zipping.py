"""zip, unzip and envsubst."""

from __future__ import annotations

from typing import Any


def test_an_archive_there_and_back(box: Any) -> None:
    box.sh("mkdir -p site/css; echo hi > site/index.html; echo x > site/css/a.css")
    packed = box.run("zip -r site.zip site")
    assert packed.lines[0] == "  adding: site/ (stored 0%)"
    assert box.sh("unzip -l site.zip").lines[-1].split() == ["5", "4", "files"]
    shown = box.run("unzip site.zip -d there")
    assert " extracting: there/site/index.html  " in shown.lines
    assert box.read("there/site/css/a.css") == "x\n"


def test_what_is_no_archive(box: Any) -> None:
    assert box.run("unzip nothing").exit_code == 9
    box.write("bad.zip", "no archive")
    assert box.run("unzip bad.zip").exit_code == 9


def test_envsubst_fills_in_what_the_format_names(box: Any) -> None:
    """As the nginx image's templates use it."""
    line = "export PORT=8080 HOST=web; echo 'listen $PORT; host ${HOST} $NOPE|' | envsubst"
    assert box.sh(line).stdout == "listen 8080; host web |\n"
    assert box.sh(f"{line} '$PORT'").stdout == "listen 8080; host ${HOST} $NOPE|\n"
