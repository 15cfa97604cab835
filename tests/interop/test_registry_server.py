"""Real tools push to `dockerlab registry serve` and pull from it; Docker's own registry serves the same folder."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dockerlab import Lab
from tests.interop.conftest import Real, tool
from tests.oracle.real_host import UnavailableError, started

CONFIG = """
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""
PORT = 5871
"""Of docker-registry, which can't be asked for a free one."""


@contextlib.contextmanager
def serving(root: Path, *options: str, inside: Sequence[str] = ()) -> Iterator[str]:
    """`dockerlab registry serve` on a free port, or with other options; yields host and port."""
    words = [
        *inside,
        sys.executable,
        "-m",
        "dockerlab",
        "registry",
        "serve",
        "--port",
        "0",
        "--root",
        str(root),
        *options,
    ]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            match = re.search(r"http://([\d.:]+)/v2/", process.stderr.readline())
            assert match is not None
            yield match[1]
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


@contextlib.contextmanager
def distribution(root: Path, config: Path) -> Iterator[str]:
    """Docker's own registry over a folder."""
    config.write_text(CONFIG.format(root=root, port=PORT))
    with subprocess.Popen(["docker-registry", "serve", str(config)], stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    http.client.HTTPConnection("127.0.0.1", PORT, timeout=5).connect()
                    break
                time.sleep(0.05)
            yield f"127.0.0.1:{PORT}"
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def root(real: Real) -> Path:
    """The registry's folder."""
    folder = real.folder / "root"
    folder.mkdir()
    return folder


@pytest.fixture
def layout(lab: Lab, greeter: str, real: Real) -> str:
    """The lab's image as skopeo keeps it in a folder."""
    tool("skopeo")
    real.keep(lab, "greeter.tar")
    real.check("skopeo copy -q docker-archive:greeter.tar oci:layout:1")
    return "oci:layout:1"


def raw_manifest(real: Real, place: str, *options: str) -> dict[str, object]:
    """The manifest at a place."""
    shown: dict[str, object] = json.loads(real.check(["skopeo", "inspect", "--raw", *options, place]))
    return shown


def test_skopeo_pushes_and_pulls_the_same_bytes(real: Real, root: Path, layout: str) -> None:
    with serving(root) as host:
        real.check(f"skopeo copy -q --dest-tls-verify=false {layout} docker://{host}/team/app:1")
        real.check(f"skopeo copy -q --src-tls-verify=false docker://{host}/team/app:1 oci:back:1")
        pushed = raw_manifest(real, f"docker://{host}/team/app:1", "--tls-verify=false")
        assert json.loads(real.check(f"skopeo list-tags --tls-verify=false docker://{host}/team/app"))["Tags"] == ["1"]
        real.check(f"skopeo delete --tls-verify=false docker://{host}/team/app:1")
        assert real.run(f"skopeo inspect --tls-verify=false docker://{host}/team/app:1").exit_code != 0
    assert raw_manifest(real, layout) == raw_manifest(real, "oci:back:1") == pushed


def test_skopeo_copies_between_repositories_that_then_have_the_same_blobs(real: Real, root: Path, layout: str) -> None:
    with serving(root) as host:
        place = f"docker://{host}/team"
        real.check(f"skopeo copy -q --dest-tls-verify=false {layout} {place}/app:1")
        real.check(f"skopeo copy -q --src-tls-verify=false --dest-tls-verify=false {place}/app:1 {place}/new:1")
    links = [
        {path.name for path in root.rglob(f"repositories/team/{name}/_layers/sha256/*")} for name in ("app", "new")
    ]
    assert links[0] == links[1] != set()


def test_with_passwords_only_who_knows_one_gets_in(real: Real, root: Path, layout: str) -> None:
    users = real.folder / "users"
    adding = [sys.executable, "-m", "dockerlab", "registry", "add-user", "alice", "--htpasswd", str(users)]
    real.check([*adding, "--password", "secret"])
    with serving(root, "--htpasswd", str(users)) as host:
        push = f"skopeo copy -q --dest-tls-verify=false {layout} docker://{host}/team/app:1"
        assert "authentication required" in real.run(push).stderr
        assert real.run(f"{push} --dest-creds alice:wrong").exit_code != 0
        real.check(f"{push} --dest-creds alice:secret")
        pull = f"skopeo copy -q --src-tls-verify=false docker://{host}/team/app:1 oci:back:1"
        assert real.run(pull).exit_code != 0
        real.check(f"{pull} --src-creds alice:secret")
    assert raw_manifest(real, "oci:back:1") == raw_manifest(real, layout)


def test_dockers_registry_serves_the_folder_that_we_wrote(real: Real, root: Path, layout: str) -> None:
    tool("docker-registry")
    with serving(root) as host:
        real.check(f"skopeo copy -q --dest-tls-verify=false {layout} docker://{host}/team/app:1")
    with distribution(root, real.folder / "config.yml") as host:
        real.check(f"skopeo copy -q --src-tls-verify=false docker://{host}/team/app:1 oci:back:1")
        assert json.loads(real.check(f"skopeo list-tags --tls-verify=false docker://{host}/team/app"))["Tags"] == ["1"]
    assert raw_manifest(real, "oci:back:1") == raw_manifest(real, layout)
    assert "blobs marked" in real.check(["docker-registry", "garbage-collect", str(real.folder / "config.yml")])


def test_we_serve_the_folder_that_dockers_registry_wrote(real: Real, root: Path, layout: str) -> None:
    tool("docker-registry")
    with distribution(root, real.folder / "config.yml") as host:
        real.check(f"skopeo copy -q --dest-tls-verify=false {layout} docker://{host}/team/app:1")
    with serving(root) as host:
        real.check(f"skopeo copy -q --src-tls-verify=false docker://{host}/team/app:1 oci:back:1")
        real.check(f"skopeo copy -q --dest-tls-verify=false {layout} docker://{host}/team/app:2")
        tags = json.loads(real.check(f"skopeo list-tags --tls-verify=false docker://{host}/team/app"))["Tags"]
        assert tags == ["1", "2"]
    assert raw_manifest(real, "oci:back:1") == raw_manifest(real, layout)


def test_a_real_docker_pushes_pulls_and_logs_in(lab: Lab, greeter: str, real: Real, root: Path) -> None:
    """The engine has a network of its own, so the registry is started in there (nsenter(1))."""
    with contextlib.ExitStack() as stack:
        try:
            host = stack.enter_context(started({}))
        except UnavailableError as reason:
            pytest.skip(str(reason))
        users = real.folder / "users"
        adding = [sys.executable, "-m", "dockerlab", "registry", "add-user", "alice", "--htpasswd", str(users)]
        real.check([*adding, "--password", "secret"])
        inside = ["nsenter", f"--net=/proc/{host.shell.pid}/ns/net"]
        stack.enter_context(serving(root, "--htpasswd", str(users), "--port", "5000", inside=inside))
        host.host.write("/lab/greeter.tar", lab.host.read("/lab/greeter.tar"))
        assert host.run("docker load -q -i /lab/greeter.tar").exit_code == 0
        host.run("docker tag dockerlab-greeter:1 localhost:5000/team/app:1")
        assert "no basic auth credentials" in host.run("docker push localhost:5000/team/app:1").stderr
        said = host.run("docker login -u alice --password-stdin localhost:5000", stdin="secret")
        assert "Login Succeeded" in said.stdout, said.stderr
        pushed = host.run("docker push localhost:5000/team/app:1")
        assert pushed.exit_code == 0, pushed.stderr
        host.run("docker rmi localhost:5000/team/app:1 dockerlab-greeter:1")
        pulled = host.run("docker pull localhost:5000/team/app:1")
        assert pulled.exit_code == 0, pulled.stderr
        assert re.findall(r"sha256:\w+", pulled.stdout) == re.findall(r"sha256:\w+", pushed.stdout)
        assert host.run("docker images -q --no-trunc localhost:5000/team/app").stdout.strip() == greeter
        assert host.run("docker run --rm localhost:5000/team/app:1").stdout.startswith("hello world\n")
