"""Languages that are not interpreted: versions as the images' variables say, and one-liners that only print."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["node", "-e", "console.log('Hello', 1 + 2, `from ${1 + 1}`)"], "Hello 3 from 2\n"),
        (["node", "-p", "2 ** 10 / 4"], "256\n"),
        (["node", "-p", "'a' + 1"], "a1\n"),
        (["node", "-e", "console.log('one\\ntwo'); console.log()"], "one\ntwo\n\n"),
        (["node", "-e", "console.log(process.env.HOME, process.env.NOPE)"], "/root undefined\n"),
        (["node", "-p", "require('os').hostname()"], "box\n"),
        (["ruby", "-e", 'puts "Hi #{1 + 2}"; print "x"'], "Hi 3\nx"),
        (["perl", "-e", 'print "Hi\\n"'], "Hi\n"),
    ],
)
def test_one_liners(box: Any, words: list[str], shown: str) -> None:
    result = box.run(words)
    assert (result.stdout, result.stderr, result.exit_code) == (shown, "", 0)


@pytest.mark.parametrize(
    "words",
    [
        ["node", "-e", "while (true) {}"],
        ["node", "-e", "require('fs').readFileSync('/etc/passwd')"],
        ["node", "-p", "9 ** 999999"],
        ["node", "-p", "1 / 0"],
        ["ruby", "-e", "puts `id`"],
        ["perl", "-e", "print 1, system('id')"],
        ["node", "-e", "console.log('half'); nothing()"],
    ],
)
def test_what_does_more_than_print_is_refused_whole(box: Any, words: list[str]) -> None:
    result = box.run(words)
    assert (result.stdout, result.exit_code) == ("", 1)
    assert "dockerlab runs no" in result.stderr


@pytest.mark.parametrize(
    ("variable", "line", "start"),
    [
        ("NODE_VERSION=22.1.0", "node --version", "v22.1.0\n"),
        ("JAVA_VERSION=jdk-21.0.9+10", "java -version 2>&1", 'openjdk version "21.0.9" '),
        ("JAVA_VERSION=jdk-21.0.9+10", "java --version", "openjdk 21.0.9 "),
        ("JAVA_VERSION=jdk-21.0.9+10", "javac -version", "javac 21.0.9\n"),
        ("GOLANG_VERSION=1.25.4", "go version", "go version go1.25.4 linux/amd64\n"),
        ("RUST_VERSION=1.91.1", "rustc --version", "rustc 1.91.1 ("),
        ("RUBY_VERSION=3.4.7", "ruby -v", "ruby 3.4.7 ("),
    ],
)
def test_versions_are_those_of_the_image(box: Any, variable: str, line: str, start: str) -> None:
    for name in line.split()[:1]:
        box.fs.mkdir("/usr/local/bin", parents=True)
        box.fs.write(f"/usr/local/bin/{name}", b"\0", mode=0o755)
    assert box.sh(f"export {variable}; {line}").stdout.startswith(start)


def test_a_script_that_is_not_there(box: Any) -> None:
    result = box.run("node server.js")
    assert "Error: Cannot find module '/lab/server.js'" in result.stderr
    assert result.exit_code == 1
