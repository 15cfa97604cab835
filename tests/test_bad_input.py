"""Whatever a student types or brings along: one clear message, an exit code, nothing lost, and never a traceback."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import tarfile
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockerlab import Lab
from dockerlab.lab.lab import Result

STATE = (
    "docker images --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}'",
    "docker ps --no-trunc --format '{{.ID}} {{.Names}}'",
    "docker volume ls",
)


@pytest.fixture(scope="module")
def room() -> Lab:
    """A lab with an image, a container and a volume, which must come out of each test as it went in."""
    lab = Lab()
    lab.run("docker pull -q busybox && docker run -d --name box -v data:/data busybox sleep 1d")
    return lab


@pytest.fixture
def lab(room: Lab) -> Iterator[Lab]:
    """The lab; whatever happens to it, its images, containers and volumes stay."""
    before = state(room)
    yield room
    assert state(room) == before


def state(lab: Lab) -> list[str]:
    """What the engine has."""
    return [lab.run(line).stdout for line in STATE]


def refused(lab: Lab, line: str, stdin: str = "") -> Result:
    """Run a line that must fail with something to read, and without a word about Python."""
    answer = lab.run(line, stdin)
    said = answer.stdout + answer.stderr
    assert answer.exit_code != 0, line
    assert said.strip(), line
    assert_clean(said)
    return answer


def assert_clean(said: str) -> None:
    """Nothing in it comes from Python."""
    for word in ("Traceback", "has a bug", "Error:(", 'File "', "dockerlab/", "object at 0x", "NoneType"):
        assert word not in said


# Archives.


def tar(*members: tuple[str, str, str]) -> bytes:
    """A tar of (kind 'f', 'd', 'l', 'h'; name; text or target)."""
    raw = io.BytesIO()
    kinds = {"d": tarfile.DIRTYPE, "l": tarfile.SYMTYPE, "h": tarfile.LNKTYPE}
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for kind, name, text in members:
            info = tarfile.TarInfo(name)
            info.mode = 0o755
            if kind == "f":
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
            else:
                info.type, info.linkname = kinds[kind], text
                archive.addfile(info)
    return raw.getvalue()


def saved(lab: Lab) -> dict[str, bytes]:
    """The files of a `docker save` of busybox."""
    lab.run("docker save -o /tmp/good.tar busybox")
    with tarfile.open(fileobj=io.BytesIO(lab.host.read("/tmp/good.tar"))) as archive:
        members = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
        return {name: file.read() for name, file in members.items() if file}


def packed(files: dict[str, bytes]) -> bytes:
    """A tar of files."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return raw.getvalue()


HOSTILE = {
    "out by dots": tar(("f", "../evil", "x")),
    "absolute out": tar(("f", "a/../../etc/passwd", "x")),
    "hard link out": tar(("h", "a", "../../etc/shadow")),
    "hard link cycle": tar(("h", "a", "b"), ("h", "b", "a")),
    "through a symlink": tar(("l", "l", "/etc"), ("f", "l/passwd", "x")),
    "file as directory": tar(("f", "a", ""), ("f", "a/b", "")),
    "truncated": tar(("f", "a", "x" * 5000))[:2000],
    "noise": b"\xff\xfe not a tar at all" * 100,
    "empty gzip cut": gzip.compress(tar(("f", "a", "x")))[:-9],
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "command", ["docker load -i bad.tar", "docker import bad.tar evil", "docker cp - box:/tmp < bad.tar"]
)
def test_a_hostile_archive_is_refused(lab: Lab, command: str, data: bytes) -> None:
    lab.host.write("/lab/bad.tar", data)
    refused(lab, command)


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_context_builds_nothing(lab: Lab, data: bytes) -> None:
    lab.host.write("/lab/bad.tar", data)
    refused(lab, "docker build - < bad.tar")


def test_an_added_archive_stays_in_its_tree(lab: Lab) -> None:
    # As the engine does (asked of 20.10): what would lead out of the tree ends up in its root.
    lab.host.write("/lab/context/bad.tar", HOSTILE["out by dots"])
    lab.host.write("/lab/context/Dockerfile", b"FROM busybox\nADD bad.tar /deep/\nRUN ls / /deep\n")
    assert lab.run("docker build -q -t added context").exit_code == 0
    assert lab.run("docker run --rm added ls /deep").stdout == "evil\n"
    assert not lab.host.exists("/lab/evil")
    assert not lab.host.exists("/evil")
    lab.run("docker rmi added; docker builder prune -af")


DAMAGE = {
    "manifest is no JSON": lambda files: {**files, "manifest.json": b"{"},
    "manifest is a number": lambda files: {**files, "manifest.json": b"7"},
    "manifest of nothing": lambda files: {**files, "manifest.json": b'[{"Config": "nosuch.json", "Layers": []}]'},
    "configuration is no JSON": lambda files: {**files, config_of(files): b"\0"},
    "configuration without layers": lambda files: {**files, config_of(files): b'{"rootfs": {"diff_ids": []}}'},
    "a layer that is another": lambda files: {
        name: tar(("f", "evil", "x")) if name.endswith("layer.tar") else data for name, data in files.items()
    },
    "a layer that is missing": lambda files: {
        name: data for name, data in files.items() if not name.endswith("layer.tar")
    },
}


def config_of(files: dict[str, bytes]) -> str:
    """The name of the configuration in an archive."""
    name: str = json.loads(files["manifest.json"])[0]["Config"]
    return name


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_saved_image_that_was_tampered_with_does_not_load(lab: Lab, damage) -> None:  # type: ignore[no-untyped-def]
    # On a host that has no layer of it: one that is there already is not read again.
    fresh = Lab()
    fresh.host.write("/lab/bad.tar", packed(damage(saved(lab))))
    refused(fresh, "docker load -i bad.tar")
    assert fresh.run("docker images -aq").stdout == ""


# Dockerfiles.


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n\n# only a remark\n",
        b"FROM busybox\nRUN \xff\xfe\x00 echo\n",
        b"\x7fELF\x02\x01" + bytes(500),
        b"RUN echo no base\n",
        b"FROM busybox\nRUM echo typo\n",
        b"FROM busybox\nCOPY nosuch /\n",
        b"FROM busybox\nCOPY ../../etc/passwd /\n",
        b"FROM rishiCSE/ubuntu_py\n",
        b"FROM nosuch-image-here\n",
        b"FROM busybox\nRUN exit 3\n",
        b"FROM busybox\nRUN <<EOF\necho unfinished\n",
        b"FROM busybox AS a\nCOPY --from=nosuch /x /\n",
        b"FROM ${NOSUCH}\n",
        b"FROM busybox\nENV\n",
        b"FROM busybox\nEXPOSE notaport\n",
        b"FROM busybox\nUSER nosuch\nRUN true\n",
        b"FROM busybox\n" + b"RUN " + b"x" * 100_000 + b"\n",
        b"FROM a\nFROM b AS b AS c\n",
        b"FROM busybox\nHEALTHCHECK --nosuch CMD x\n",
        b"FROM busybox\nWORKDIR\n",
        b"FROM busybox\nADD\n",
    ],
    ids=range(22),
)
@pytest.mark.parametrize("builder", ["0", "1"])
def test_a_bad_dockerfile(lab: Lab, text: bytes, builder: str) -> None:
    lab.host.write("/lab/context/Dockerfile", text)
    refused(lab, f"DOCKER_BUILDKIT={builder} docker build /lab/context")
    lab.run("docker container prune -f; docker rmi $(docker images -q -f dangling=true); docker builder prune -af")


# Command lines.

MISTAKES = r"""
docker nosuch
docker image hostory busybox
docker run
docker run --nosuch busybox
docker run -p 99999:80 busybox
docker run -p x:y busybox
docker run -v a:b:c:d busybox
docker run --name '/' busybox
docker run --name 'a b' busybox
docker run --memory lots busybox
docker run -e =x busybox
docker run busybox nosuch
docker run busybox /etc/passwd
docker run -w relative busybox
docker run -u nosuch busybox true
docker run --entrypoint '' nosuch
docker run ''
docker run $'a\nb'
docker run --restart sometimes busybox
docker run --health-interval soon busybox
docker run --rm --restart always busybox
docker exec box
docker exec nosuch true
docker exec -u nosuch box true
docker start
docker start nosuch
docker stop -t x box
docker kill -s NOSUCH box
docker rm box
docker rename box box
docker rename box 'x y'
docker logs --since yesterday box
docker cp box:/nosuch .
docker cp nosuch.txt box:/
docker cp a b
docker cp box:/ box:/
docker rmi busybox
docker rmi nosuch
docker rmi ''
docker tag nosuch a
docker tag busybox 'A:b'
docker tag busybox a:$(seq 100 | tr -d '\n')
docker tag busybox
docker history nosuch
docker inspect nosuch
docker inspect -f '{{' box
docker inspect -f '{{.Nosuch.x}}' box
docker inspect -f '{{index .Config 7}}' box
docker images --format '{{.id}}'
docker ps --filter nosuch=1
docker ps --filter nosign
docker images --filter since=nosuch
docker ps --format '{{range}}'
docker search
docker search --filter=star=3 x
docker search --limit 1000 x
docker pull
docker pull A/b
docker pull nosuch/nosuch
docker pull busybox:nosuch
docker push busybox
docker push nosuch
docker login -u
docker save nosuch
docker save -o /no/such/dir/x busybox
docker load -i nosuch.tar
docker import nosuch.tar
docker export nosuch
docker commit nosuch x
docker commit -c 'FROM x' box x
docker commit box 'A B'
docker volume rm data
docker volume rm nosuch
docker volume create 'a b'
docker volume inspect nosuch
docker build
docker build nosuch
docker build -f nosuch .
docker build --target nosuch .
docker build -t 'A B' .
docker build --build-arg .
docker build --squash .
docker wait nosuch
docker port box 99
docker attach nosuch
docker top nosuch
docker diff nosuch
docker stats nosuch --no-stream
docker update --memory x box
docker network inspect nosuch
docker events --since x --until y
systemctl restart nosuch
if then fi
echo $((1/0))
cat < nosuch
nosuchcommand
echo 'unfinished
(
./Dockerfile
"""


@pytest.mark.parametrize("line", MISTAKES.strip().splitlines())
def test_a_mistyped_line(lab: Lab, line: str) -> None:
    refused(lab, line)


def test_a_bad_daemon_configuration_keeps_the_daemon(lab: Lab) -> None:
    for text in ("{", "[]", "7", '{"nosuch": 1}', '{"experimental": "yes"}', '{"storage-driver": "nosuch"}', "\0"):
        lab.host.write("/etc/docker/daemon.json", text.encode())
        refused(lab, "systemctl restart docker")
    lab.run("rm /etc/docker/daemon.json")


bounded = settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            "run ps images image container build tag rmi inspect cp exec logs -f -a -q --format --filter --help -it "
            "busybox box nosuch . - -- / {{.ID}} {{ }} name=x a=b=c $x --rm --name".split()
        ),
        st.text(max_size=6),
    ),
    max_size=6,
)
HARMLESS = "run rm stop kill create start restart rmi rename tag commit import load pull prune volume system".split()


@settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(WORDS)
def test_any_words_at_all(lab: Lab, words: list[str]) -> None:
    """Straight to the command, as an argv that no shell has looked at; what would change the lab is left out."""
    if any(word in HARMLESS or "\0" in word for word in words):
        return
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    answer = lab.run(f"timeout 5 docker {quoted}", "")
    assert_clean(answer.stdout + answer.stderr)


@settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet="ab $'\"\\|&;(){}<>`!#*?[]=-+/\n\t0", max_size=25))
def test_any_line_of_the_shell(lab: Lab, line: str) -> None:
    answer = lab.run(f"cd /tmp; ( {line}\n)", "")
    assert_clean(answer.stdout + answer.stderr)


# Ctrl-C.


@pytest.mark.parametrize("after", range(1, 60, 4))
def test_an_interrupt_anywhere_in_a_build_leaves_a_consistent_lab(
    room: Lab, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    room.host.write("/lab/context/Dockerfile", b"FROM busybox\nRUN echo one > /1\nRUN echo two > /2 && cat /1 /2\n")
    before = state(room)
    countdown = iter(range(after, -1, -1))
    step = type(room.kernel)._step

    def interrupted(kernel: object, task: object) -> None:
        if next(countdown, 1) == 0:
            raise KeyboardInterrupt
        step(kernel, task)  # type: ignore[arg-type]

    monkeypatch.setattr(type(room.kernel), "_step", interrupted)
    with contextlib.suppress(KeyboardInterrupt):
        room.run("docker build -q -t interrupted --no-cache /lab/context")
    monkeypatch.undo()
    assert room.run("docker build -q -t interrupted /lab/context").exit_code == 0
    assert room.run("docker run --rm interrupted cat /1 /2").stdout == "one\ntwo\n"
    room.run("docker rmi -f interrupted; docker image prune -f; docker builder prune -af; docker container prune -f")
    assert state(room) == before
