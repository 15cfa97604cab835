"""Containers through the docker command on a whole lab: states, exit codes, files, volumes.

Texts and codes are those of the transcripts run_basics, lifecycle, g14_lifecycle, g16_diff_cp_exec, volumes, diff_cow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from dockerlab.errors import ConflictError, NotFoundError, NotModifiedError
from dockerlab.lab import Lab

Host: TypeAlias = Callable[[str], str]


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox")
    return lab


@pytest.fixture
def out(lab: Lab) -> Host:
    return lambda line: lab.run(line).stdout


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("docker run --rm busybox true", 0),
        ("docker run --rm busybox sh -c 'exit 3'", 3),
        ("docker run --rm busybox nosuchcmd", 127),
        ("docker run --rm busybox /etc/passwd", 126),
        ("docker run --nosuchflag busybox", 125),
        ("docker run --rm busybox sh -c 'kill -9 $$'", 0),
    ],
)
def test_exit_codes(lab: Lab, line: str, code: int) -> None:
    assert lab.run(line).exit_code == code


def test_a_container_goes_through_mobys_states(out: Host) -> None:
    state = "docker inspect -f '{{.State.Status}}' box"
    out("docker create --name box busybox sleep 1000")
    seen = [out(state)]
    for verb in ("start", "pause", "unpause", "stop", "start"):
        out(f"docker {verb} box")
        seen.append(out(state))
    assert [text.strip() for text in seen] == ["created", "running", "paused", "running", "exited", "running"]


def test_stop_kills_what_does_not_listen_after_ten_seconds(lab: Lab, out: Host) -> None:
    out("docker run -d --name deaf busybox sh -c 'trap \"\" TERM; while true; do sleep 1; done'")
    before = lab.clock.now
    out("docker stop deaf")
    assert out("docker inspect -f '{{.State.ExitCode}}' deaf") == "137\n"
    assert 9.9 < (lab.clock.now - before) / 1e9 < 12


def test_the_engine_raises_classes_that_say_what_happened(lab: Lab) -> None:
    lab.run("docker run -d --name box busybox sleep 1000")
    with pytest.raises(NotFoundError, match="No such container: nosuch"):
        lab.engine.containers.inspect("nosuch")
    with pytest.raises(NotModifiedError):
        lab.finish(lab.engine.containers.start("box"))
    with pytest.raises(ConflictError, match="already in use"):
        lab.engine.containers.create({"Image": "busybox"}, "box")
    with pytest.raises(ConflictError, match="Stop the container before attempting removal"):
        lab.engine.containers.remove("box")


def test_diff_shows_the_writable_layer(out: Host) -> None:
    out("docker run --name box busybox sh -c 'echo x > /new; echo y >> /etc/passwd; rm /etc/group'")
    assert out("docker diff box").splitlines() == ["C /etc", "D /etc/group", "C /etc/passwd", "A /new"]


def test_a_stop_keeps_what_was_written_and_rm_does_not(out: Host) -> None:
    out("docker run -d --name box busybox sleep 1000; docker exec box sh -c 'echo kept > /note'")
    out("docker stop box; docker start box")
    assert out("docker exec box cat /note") == "kept\n"
    out("docker rm -f box; docker run -d --name box busybox sleep 1000")
    assert out("docker exec box cat /note") == ""


def test_logs_keep_both_streams_and_grow(lab: Lab, out: Host) -> None:
    out("docker run -d --name box busybox sh -c 'echo one; echo two >&2; sleep 5; echo three'")
    result = lab.run("docker logs box")
    assert (result.stdout, result.stderr) == ("one\n", "two\n")
    lab.clock.advance(seconds=10)
    assert out("docker logs box") == "one\nthree\n"
    assert out("docker logs -n 1 box") == "three\n"


def test_commit_makes_an_image_of_the_writable_layer(out: Host) -> None:
    out("docker run --name box busybox sh -c 'echo mine > /mine'")
    out('docker commit -a me -m why -c \'CMD ["cat", "/mine"]\' box mine:1')
    assert out("docker run --rm mine:1") == "mine\n"
    assert out("docker history --format '{{.Comment}}|{{.Size}}' mine:1").splitlines()[0] == "why|5B"
    assert out("docker inspect -f '{{.Author}} {{len .RootFS.Layers}}' mine:1") == "me 2\n"


def test_a_container_that_changed_nothing_commits_no_layer(out: Host) -> None:
    """SURPRISES of the oracle, 32: only the history grows."""
    out("docker run --name box busybox true; docker commit box same")
    assert out("docker inspect -f '{{len .RootFS.Layers}}' busybox same") == "1\n1\n"


def test_export_is_one_tar_of_all_files(out: Host) -> None:
    out("docker run --name box busybox sh -c 'echo x > /new'; docker export box > box.tar")
    assert "new" in out("tar tf box.tar").split()
    out("docker import box.tar flat")
    assert out("docker run --rm flat cat /new") == "x\n"
    assert out("docker inspect -f '{{json .Config.Cmd}}' flat") == "null\n"


def test_cp_goes_both_ways(lab: Lab, out: Host) -> None:
    out("echo hello > h.txt; mkdir -p d/s; echo b > d/s/b; docker create --name box busybox")
    assert lab.run("docker cp h.txt box:/root/").exit_code == 0
    out("docker cp d box:/root; docker cp box:/root got")
    assert out("cat got/h.txt got/d/s/b") == "hello\nb\n"
    missing = lab.run("docker cp box:/nosuch x")
    assert missing.stderr == "Error response from daemon: Could not find the file /nosuch in container box\n"


def test_exec_needs_a_running_container(lab: Lab) -> None:
    lab.run("docker create --name box busybox")
    assert "is not running" in lab.run("docker exec box true").stderr
    lab.run("docker rm box; docker run -d --name box busybox sleep 100")
    assert lab.run("docker exec -e A=1 -w /etc box sh -c 'echo $A $PWD'").stdout == "1 /etc\n"
    assert lab.run("docker exec box nosuch").exit_code == 126


def test_a_volume_outlives_its_containers(out: Host) -> None:
    out("docker run --rm -v data:/d busybox sh -c 'echo kept > /d/f'")
    assert out("docker run --rm -v data:/d busybox cat /d/f") == "kept\n"
    assert out("docker volume ls -q") == "data\n"


def test_an_anonymous_volume_goes_only_with_rm_v(out: Host) -> None:
    out("docker run --name first -v /d busybox true; docker rm first")
    assert out("docker volume ls -q | wc -l").strip() == "1"
    out("docker run --name second -v /d busybox true; docker rm -v second")
    assert out("docker volume ls -q | wc -l").strip() == "1"


def test_a_bind_mount_is_the_hosts_own_folder(out: Host) -> None:
    out("mkdir bound; echo host > bound/f")
    assert out("docker run --rm -v $PWD/bound:/b busybox sh -c 'cat /b/f; echo c > /b/g'") == "host\n"
    assert out("cat bound/g") == "c\n"


def test_prune_removes_what_does_not_run(out: Host) -> None:
    out("docker run -d --name up busybox sleep 1000; docker run --name down busybox true")
    assert "Total reclaimed space: 0B" in out("docker container prune -f")
    assert out("docker ps -a --format '{{.Names}}'") == "up\n"


def test_wait_top_and_stats(out: Host) -> None:
    out("docker run -d --name box busybox sleep 5")
    assert out("docker top box -o pid,cmd").splitlines()[1].endswith("sleep 5")
    assert out("docker stats --no-stream --format '{{.Name}} {{.PIDs}}' box") == "box 1\n"
    assert out("docker wait box") == "0\n"


def test_a_restart_policy_starts_it_again(lab: Lab, out: Host) -> None:
    out("docker run -d --name again --restart on-failure:2 busybox sh -c 'exit 1'")
    lab.clock.advance(minutes=1)
    assert out("docker inspect -f '{{.RestartCount}} {{.State.Status}}' again") == "2 exited\n"


def test_update_changes_the_restart_policy(out: Host) -> None:
    out("docker create --name box busybox; docker update --restart always box")
    assert out("docker inspect -f '{{.HostConfig.RestartPolicy.Name}}' box") == "always\n"


def test_disk_usage_counts_shared_layers_once(out: Host) -> None:
    out("docker run --name one busybox sh -c 'echo 12345 > /f'; docker run --name two busybox true")
    rows = {line.split("  ")[0]: line.split() for line in out("docker system df").splitlines()}
    assert rows["Images"][1:4] == ["1", "1", "4.27MB"]
    assert rows["Containers"][1:4] == ["2", "0", "6B"]
