"""registry:2 in a container: pushed to and pulled from by the engine, asked with curl, kept in a volume.

Texts and the layout of files are those of docker-registry 2.8.2, which reads a volume that was filled here.
"""

from __future__ import annotations

import json
import re

import pytest

from dockerlab.engine.registry_config import ConfigurationError, read_configuration
from dockerlab.lab import Lab

RUN = "docker run -d -p 5000:5000 --name registry -v kept:/var/lib/registry"
CONFIG = "/etc/docker/registry/config.yml"
TOP = "/var/lib/registry/docker/registry/v2"


@pytest.fixture
def lab() -> Lab:
    """A host with busybox under a registry's name."""
    lab = Lab()
    for line in ("docker pull -q busybox", "docker pull -q registry:2", "docker tag busybox localhost:5000/my/box:1"):
        assert lab.run(line).exit_code == 0
    return lab


def test_push_and_pull_go_through_the_published_port(lab: Lab) -> None:
    assert lab.run(f"{RUN} registry:2").exit_code == 0
    pushed = lab.run("docker push localhost:5000/my/box:1").stdout
    assert re.search(r"^1: digest: sha256:\w{64} size: \d+$", pushed, re.MULTILINE)
    assert "Layer already exists" in lab.run("docker push localhost:5000/my/box:1").stdout
    lab.run("docker rmi localhost:5000/my/box:1 busybox")
    assert "Downloaded newer image for localhost:5000/my/box:1" in lab.run("docker pull localhost:5000/my/box:1").stdout
    assert lab.run("docker run --rm localhost:5000/my/box:1 echo hi").stdout == "hi\n"
    missing = lab.run("docker pull localhost:5000/none").stderr
    assert missing.endswith("manifest for localhost:5000/none:latest not found: manifest unknown: manifest unknown\n")


def test_the_api_over_the_virtual_network(lab: Lab) -> None:
    lab.run(f"{RUN} registry:2")
    lab.run("docker push -q localhost:5000/my/box:1")
    assert lab.run("curl -s localhost:5000/v2/_catalog").stdout == '{"repositories":["my/box"]}\n'
    assert lab.run("curl -s localhost:5000/v2/my/box/tags/list").stdout == '{"name":"my/box","tags":["1"]}\n'
    head = lab.run("curl -sI localhost:5000/v2/my/box/manifests/1").stdout
    assert "Content-Type: application/vnd.docker.distribution.manifest.v2+json\r\n" in head
    assert "X-Content-Type-Options: nosniff\r\n" in head
    begun = lab.run("curl -si -XPOST localhost:5000/v2/new/blobs/uploads/").stdout
    assert "Location: http://localhost:5000/v2/new/blobs/uploads/" in begun
    refused = lab.run("curl -s -XDELETE localhost:5000/v2/my/box/manifests/1").stdout
    assert refused == '{"errors":[{"code":"UNSUPPORTED","message":"The operation is unsupported."}]}\n'


def test_files_lie_as_docker_registry_lays_them(lab: Lab) -> None:
    lab.run(f"{RUN} registry:2")
    lab.run("docker push -q localhost:5000/my/box:1")
    found = lab.run(f"docker exec registry find {TOP} -type f").stdout.splitlines()
    shown = {re.sub(r"[0-9a-f]{64}", "H", re.sub(r"/[0-9a-f]{2}/", "/h/", path.removeprefix(TOP))) for path in found}
    repository = "/repositories/my/box"
    assert shown == {
        "/blobs/sha256/h/H/data",
        f"{repository}/_layers/sha256/H/link",
        f"{repository}/_manifests/revisions/sha256/H/link",
        f"{repository}/_manifests/tags/1/current/link",
        f"{repository}/_manifests/tags/1/index/sha256/H/link",
    }


def test_a_volume_outlives_its_registry(lab: Lab) -> None:
    lab.run(f"{RUN} registry:2")
    lab.run("docker push -q localhost:5000/my/box:1")
    lab.run("docker stop registry")
    assert lab.run("docker inspect -f '{{.State.ExitCode}}' registry").stdout == "2\n"
    refused = lab.run("docker pull localhost:5000/my/box:1").stderr
    assert refused.endswith('Get "http://localhost:5000/v2/": dial tcp 127.0.0.1:5000: connect: connection refused\n')
    lab.run("docker rm registry")
    lab.run(f"{RUN} registry:3")
    assert lab.run("docker pull -q localhost:5000/my/box:1").exit_code == 0


def test_what_it_logs(lab: Lab) -> None:
    lab.run(f"{RUN} registry:2")
    begun = lab.run("docker logs registry").stderr.splitlines()
    assert re.fullmatch(
        r'time="2026-11-23T15:[0-9:.]+Z" level=info msg="listening on \[::\]:5000" go\.version=go1\.20\.8 '
        r"instance\.id=[0-9a-f-]{36} service=registry version=2\.8\.3",
        begun[-1],
    )
    lab.run("curl -s localhost:5000/v2/none/tags/list")
    logs = lab.run("docker logs --tail 2 registry")
    assert '"GET /v2/none/tags/list HTTP/1.1" 404 ' in logs.stdout
    line = logs.stderr
    assert (
        ' level=error msg="response completed with error" err.code="name unknown" err.detail="map[name:none]" ' in line
    )
    assert line.endswith(" vars.name=none\n")


def test_passwords_of_htpasswd(lab: Lab) -> None:
    lab.run("docker pull -q httpd:2")
    lab.run("mkdir auth")
    lab.run("docker run --rm --entrypoint htpasswd httpd:2 -Bbn me secret > auth/htpasswd")
    auth = (
        "-e REGISTRY_AUTH=htpasswd -e REGISTRY_AUTH_HTPASSWD_REALM=Mine -e REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd"
    )
    assert lab.run(f"{RUN} -v /lab/auth:/auth {auth} registry:2").exit_code == 0
    assert lab.run("docker push localhost:5000/my/box:1").stderr.endswith("no basic auth credentials\n")
    assert 'Basic realm="Mine"' in lab.run("curl -si localhost:5000/v2/").stdout
    wrong = lab.run("docker login -u me --password-stdin localhost:5000", "wrong")
    assert "401 Unauthorized" in wrong.stderr
    assert lab.run("docker login -u me --password-stdin localhost:5000", "secret").exit_code == 0
    assert lab.run("docker push -q localhost:5000/my/box:1").exit_code == 0


def test_garbage_is_collected(lab: Lab) -> None:
    lab.run(f"{RUN} -e REGISTRY_STORAGE_DELETE_ENABLED=true registry:2")
    lab.run("docker push -q localhost:5000/my/box:1")
    digest = json.loads(lab.run("docker inspect localhost:5000/my/box:1").stdout)[0]["RepoDigests"][-1].partition("@")[
        2
    ]
    assert lab.run(f"curl -si -XDELETE localhost:5000/v2/my/box/manifests/{digest}").stdout.startswith("HTTP/1.1 202")
    said = lab.run(f"docker exec registry registry garbage-collect {CONFIG}").stdout
    assert "\n0 blobs marked, 3 blobs and 0 manifests eligible for deletion\n" in said
    assert lab.run(f"docker exec registry find {TOP}/blobs -type f").stdout == ""


def test_with_untagged_manifests_an_index_loses_its_parts(lab: Lab) -> None:
    """As docker-registry 2.8.2 does it (tests/interop/test_registry_garbage.py); the third registry keeps them."""
    for number, kept in ((2, 0), (3, 1)):
        config = CONFIG if number == 2 else "/etc/distribution/config.yml"
        lab.run(f"docker run -d -p 500{number}:5000 --name r{number} registry:{number}")
        name = f"localhost:500{number}/my/box"
        lab.run(f"docker tag busybox {name}:1 && docker push -q {name}:1")
        lab.run(f"docker manifest create --insecure {name}:all {name}:1")
        assert lab.run(f"docker manifest push --insecure {name}:all").exit_code == 0
        lab.run(f"docker pull -q alpine && docker tag alpine {name}:1 && docker push -q {name}:1")
        said = lab.run(f"docker exec r{number} registry garbage-collect -m {config}")
        assert ("manifest eligible for deletion" in said.stdout) == (not kept)
        assert ('msg="deleting manifest: /docker/registry/v2/' in said.stderr) == (not kept)
        assert (lab.run(f"docker pull {name}:all").exit_code == 0) == bool(kept)


def test_where_nothing_was_ever_pushed_there_is_nothing_to_collect(lab: Lab) -> None:
    """Recorded with docker-registry 2.8.2, which ends without a new line."""
    lab.run(f"{RUN} registry:2")
    said = lab.run(f"docker exec registry registry garbage-collect {CONFIG}")
    where = "filesystem: Path not found: /docker/registry/v2/blobs"
    assert (said.stdout, said.stderr) == ("", f"failed to garbage collect: error enumerating blobs: {where}")
    assert said.exit_code == 1


def test_who_is_no_registry_and_who_speaks_no_tls(lab: Lab) -> None:
    lab.run("docker pull -q nginx")
    lab.run("docker run -d -p 5000:80 nginx")
    assert lab.run("docker pull localhost:5000/x").stderr.endswith('Get "http://localhost:5000/v2/": EOF\n')
    lab.run("docker run -d -p 5001:5000 registry:2")
    refused = lab.run("docker pull 192.168.64.2:5001/x").stderr
    assert refused.endswith("http: server gave HTTP response to HTTPS client\n")


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        ("--version", "registry github.com/docker/distribution 2.8.3\n", 0),
        ("serve", "configuration error: configuration path unspecified\nUsage:\n", 1),
        ("serve /nope", "configuration error: open /nope: no such file or directory\nUsage:\n", 1),
        ("foo", 'Error: unknown command "foo" for "registry"\nRun \'registry --help\' for usage.\n', 1),
    ],
)
def test_the_command_line(lab: Lab, words: str, said: str, code: int) -> None:
    result = lab.run(f"docker run --rm --entrypoint registry registry:2 {words}")
    assert (result.stdout + result.stderr).startswith(said)
    assert result.exit_code == code


def test_settings_and_what_overrules_them() -> None:
    text = "version: 0.1\nstorage: # where\n  filesystem:\n    rootdirectory: /x\nhttp:\n  headers:\n    A: [b, 'c']\n"
    config = read_configuration(text, {"REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY": "/y", "REGISTRY_HTTP_ADDR": ":1"})
    assert config.text("storage", "filesystem", "rootdirectory") == "/y"
    assert config.text("http", "addr") == ":1"
    assert config.find("http", "headers", "A") == ["b", "c"]


@pytest.mark.parametrize("text", ["", "version: 0.1", "nonsense", "version: 0.1\nstorage:\n\tx: y", "a: b\n    c: d\n"])
def test_wrong_settings_are_told(text: str) -> None:
    with pytest.raises(ConfigurationError):
        read_configuration(text, {})


# What the chapter's section 3.3.1 tells, and what people believe of it.

CHAPTER = "docker run -d -p 5000:5000 --restart=always --name registry registry:2"
REFUSED = 'Get "http://localhost:5000/v2/": dial tcp 127.0.0.1:5000: connect: connection refused\n'


def test_the_chapters_lines() -> None:
    lab = Lab()
    lab.run("docker pull -q ubuntu")
    assert lab.run(CHAPTER).exit_code == 0
    assert lab.run("docker ps --format '{{.Names}} {{.Image}}'").stdout == "registry registry:2\n"
    assert lab.run("docker tag ubuntu localhost:5000/ubuntu:v2").exit_code == 0
    assert lab.run("docker puch localhost:5000/ubuntu:v2").stderr.startswith("docker: unknown command: docker puch\n")
    pushed = lab.run("docker push localhost:5000/ubuntu:v2").stdout
    assert pushed.startswith("The push refers to repository [localhost:5000/ubuntu]\n")
    assert lab.run("docker image rm localhost:5000/ubuntu:v2").exit_code == 0
    pulled = lab.run("docker pull localhost:5000/ubuntu:v2").stdout
    assert pulled.endswith("newer image for localhost:5000/ubuntu:v2\nlocalhost:5000/ubuntu:v2\n")
    assert lab.run("curl -s localhost:5000/v2/ubuntu/tags/list").stdout == '{"name":"ubuntu","tags":["v2"]}\n'


def test_a_stopped_registry_refuses_until_the_daemon_starts_again(lab: Lab) -> None:
    """Docs, "Start containers automatically": `always` brings back what was stopped by hand, with the daemon."""
    lab.run(CHAPTER)
    lab.run("docker push -q localhost:5000/my/box:1")
    lab.run("docker stop registry")
    assert lab.run("docker push localhost:5000/my/box:1").stderr == REFUSED
    assert lab.run("docker pull localhost:5000/my/box:1").stderr == f"Error response from daemon: {REFUSED}"
    assert lab.run("curl -s localhost:5000/v2/_catalog").exit_code == 7
    lab.run("sudo systemctl restart docker")
    assert lab.run("docker ps --format '{{.Names}}'").stdout == "registry\n"
    assert lab.run("docker pull -q localhost:5000/my/box:1").exit_code == 0


def test_unless_stopped_leaves_stopped_what_was_stopped(lab: Lab) -> None:
    for policy in ("unless-stopped", "always", "no"):
        lab.run(f"docker run -d --restart={policy} --name {policy} busybox sleep 999")
        lab.run(f"docker run -d --restart={policy} --name stopped-{policy} busybox sleep 999")
        lab.run(f"docker stop -t 0 stopped-{policy}")
        lab.run(f"docker create --restart={policy} --name new-{policy} busybox sleep 999")
    lab.run("systemctl restart docker")
    running = lab.run("docker ps --format '{{.Names}}' | sort").stdout.split()
    assert running == ["always", "stopped-always", "unless-stopped"]


def test_a_new_container_does_not_see_the_images_of_the_one_before(lab: Lab) -> None:
    """registry:2 declares a volume: without a name each container gets its own, which `rm` leaves behind."""
    lab.run(CHAPTER)
    lab.run("docker push -q localhost:5000/my/box:1")
    assert lab.run("docker restart registry; docker pull -q localhost:5000/my/box:1").exit_code == 0
    lab.run("docker rm -f registry")
    old = lab.run("docker volume ls -q").stdout.strip()
    lab.run(CHAPTER)
    missing = "manifest for localhost:5000/my/box:1 not found: manifest unknown: manifest unknown\n"
    assert lab.run("docker pull localhost:5000/my/box:1").stderr == f"Error response from daemon: {missing}"
    assert len(lab.run("docker volume ls -q").stdout.split()) == 2
    lab.run("docker rm -f -v registry")
    assert lab.run("docker volume ls -q").stdout.split() == [old]
    lab.run(CHAPTER.replace("registry:2", f"-v {old}:/var/lib/registry registry:2"))
    assert lab.run("docker pull -q localhost:5000/my/box:1").stdout == "localhost:5000/my/box:1\n"


def kilobytes(lab: Lab) -> int:
    """What the registry's files take."""
    return int(lab.run("docker exec registry du -s /var/lib/registry").stdout.split()[0])


def test_deleting_an_image_frees_nothing_before_the_garbage_is_collected(lab: Lab) -> None:
    """As docker-registry 2.8.2 answers: a tag can't be deleted, its manifest can, and then there are no tags."""
    lab.run(f"{RUN} -e REGISTRY_STORAGE_DELETE_ENABLED=true registry:2")
    lab.run("docker push -q localhost:5000/my/box:1")
    full, place = kilobytes(lab), "localhost:5000/v2/my/box/manifests"
    refused = lab.run(f"curl -s -X DELETE {place}/1").stdout
    wrong = '{"code":"DIGEST_INVALID","message":"provided digest did not match uploaded content"}'
    assert refused == f'{{"errors":[{wrong}]}}\n'
    find = "grep -i docker-content-digest | cut -d' ' -f2 | tr -d '\\r'"
    digest = lab.run(f"curl -sI {place}/1 | {find}").stdout.strip()
    assert lab.run(f"curl -s -o /dev/null -w '%{{http_code}}' -X DELETE {place}/{digest}").stdout == "202"
    assert lab.run("curl -s localhost:5000/v2/my/box/tags/list").stdout == '{"name":"my/box","tags":null}\n'
    assert full - 100 < kilobytes(lab) <= full
    assert "3 blobs and 0 manifests" in lab.run(f"docker exec registry registry garbage-collect -d {CONFIG}").stdout
    assert full - 100 < kilobytes(lab)
    lab.run(f"docker exec registry registry garbage-collect {CONFIG}")
    assert kilobytes(lab) < 100
    assert "1: digest: sha256:" in lab.run("docker push localhost:5000/my/box:1").stdout


def test_the_third_registry_deletes_tags_and_has_its_settings_elsewhere(lab: Lab) -> None:
    lab.run(f"{RUN} -e REGISTRY_STORAGE_DELETE_ENABLED=true registry:3")
    lab.run("docker push -q localhost:5000/my/box:1")
    assert lab.run("docker exec registry ls /etc/distribution").stdout == "config.yml\n"
    collected = lab.run("docker exec registry registry garbage-collect /etc/distribution/config.yml").stdout
    assert "\n3 blobs marked, 0 blobs and 0 manifests eligible for deletion\n" in collected
    place = "localhost:5000/v2/my/box"
    assert lab.run(f"curl -s -o /dev/null -w '%{{http_code}}' -X DELETE {place}/manifests/1").stdout == "202"
    assert lab.run(f"curl -s {place}/tags/list").stdout == '{"name":"my/box","tags":[]}\n'


def test_two_registries_know_nothing_of_each_other(lab: Lab) -> None:
    lab.run(f"{RUN} registry:2")
    lab.run("docker run -d -p 5001:5000 --name second registry:2")
    lab.run("docker push -q localhost:5000/my/box:1; docker tag busybox localhost:5001/other:1")
    lab.run("docker push -q localhost:5001/other:1")
    assert lab.run("curl -s localhost:5000/v2/_catalog").stdout == '{"repositories":["my/box"]}\n'
    assert lab.run("curl -s localhost:5001/v2/_catalog").stdout == '{"repositories":["other"]}\n'
    assert lab.run("docker pull localhost:5001/my/box:1").exit_code == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("'<b>/tags/list'", "404"),
        ("'a/../../b/tags/list'", "404"),
        ("'🐳/tags/list'", "404"),
        (f"{'x/' * 4_000}tags/list", "400"),
    ],
)
def test_names_that_make_no_sense_get_an_answer(lab: Lab, path: str, status: str) -> None:
    lab.run(f"{RUN} registry:2")
    answer = lab.run(f"curl -s -o /dev/null -w '%{{http_code}}' localhost:5000/v2/{path}")
    assert (answer.stdout, answer.stderr) == (status, "")
    assert "Traceback" not in lab.run("docker logs registry").stderr
