"""npm: what it writes into a project, and what it says (texts compared with npm 11 itself)."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def project(box):  # type: ignore[no-untyped-def]
    """A folder with a package.json that needs express."""
    box.write("package.json", '{"name": "shop", "version": "1.0.0", "dependencies": {"express": "^5.0.0"}}')
    return box


def test_install_fills_node_modules(project) -> None:  # type: ignore[no-untyped-def]
    result = project.run("npm install")
    assert result.exit_code == 0
    assert result.lines[1].startswith("added 6")
    assert result.lines[-1] == "found 0 vulnerabilities"
    assert project.fs.is_dir("/lab/node_modules/express")
    assert json.loads(project.read("package-lock.json"))["lockfileVersion"] == 3
    assert 1e6 < project.fs.disk_usage("/lab/node_modules") < 10e6
    assert project.run("npm install").lines[1].startswith("up to date, audited ")


def test_ci_needs_a_lock_file(project) -> None:  # type: ignore[no-untyped-def]
    result = project.run("npm ci")
    assert (result.stderr.splitlines()[0], result.exit_code) == ("npm error code EUSAGE", 1)
    project.run("npm install")
    assert project.run("npm ci").exit_code == 0


def test_ci_keeps_the_locked_versions(project) -> None:  # type: ignore[no-untyped-def]
    """A lock file is the cure for a registry that moves on."""
    project.run("npm install")
    before = project.run("npm ls").stdout
    project.clock.advance(weeks=20)
    project.run("npm ci")
    assert project.run("npm ls").stdout == before
    project.sh("rm package-lock.json && npm install")
    assert project.run("npm ls").stdout != before


def test_omit_dev_leaves_the_tools_out(project) -> None:  # type: ignore[no-untyped-def]
    project.run("npm install --save-dev jest")
    assert project.fs.exists("/lab/node_modules/.bin/jest")
    project.run("npm ci --omit=dev")
    assert not project.fs.exists("/lab/node_modules/.bin/jest")


def test_a_package_is_added_and_taken_away(box) -> None:  # type: ignore[no-untyped-def]
    box.run("npm init -y")
    box.run("npm install lodash")
    assert "lodash" in json.loads(box.read("package.json"))["dependencies"]
    assert box.run("npm ls").lines[1].startswith("└── lodash@")
    assert box.run("npm uninstall lodash").lines[1].startswith("removed 1 package")
    assert box.run("npm ls").lines[1] == "└── (empty)"


def test_what_is_not_there(box) -> None:  # type: ignore[no-untyped-def]
    assert box.run("npm install").exit_code == 254
    assert box.run("npm install nosuchpackage").stderr.startswith("npm error code E404\n")
    assert box.run("npm foo").stderr.startswith('Unknown command: "foo"\n')


def test_scripts_run_in_the_shell(box) -> None:  # type: ignore[no-untyped-def]
    box.write("package.json", '{"name": "a", "version": "1.0.0", "scripts": {"hi": "echo hello"}}')
    assert box.run("npm run hi").stdout == "\n> a@1.0.0 hi\n> echo hello\n\nhello\n"
    assert box.run("npm start").stderr.startswith('npm error Missing script: "start"\n')


def test_a_global_package_is_a_program(box) -> None:  # type: ignore[no-untyped-def]
    box.run("npm install -g typescript")
    assert box.run("which tsc").stdout == "/usr/local/bin/tsc\n"
