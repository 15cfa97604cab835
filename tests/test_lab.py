"""The lab: a shell that remembers, a clock that moves, undo, reset, and a daemon that can be restarted."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.lab.journal import Moment


@pytest.fixture
def lab() -> Lab:
    return Lab()


def test_the_shell_remembers_folder_variables_and_files(lab: Lab) -> None:
    lab.run("cd /tmp; A=1; echo text > file")
    assert lab.run("pwd; echo $A; cat file").stdout == "/tmp\n1\ntext\n"
    assert lab.cwd == "/tmp"


def test_streams_and_exit_codes_are_kept_apart(lab: Lab) -> None:
    result = lab.run("echo out; echo err >&2; exit 3")
    assert (result.stdout, result.stderr, result.exit_code) == ("out\n", "err\n", 3)


def test_standard_input_reaches_the_line(lab: Lab) -> None:
    assert lab.run("sort | uniq -c", stdin="b\na\nb\n").stdout.split() == ["1", "a", "2", "b"]


def test_text_comes_while_it_is_printed_and_in_order(lab: Lab) -> None:
    pieces = list(lab.stream("echo one; echo two >&2; sleep 1; echo three"))
    assert [text for _, text in pieces] == ["one\n", "two\n", "three\n"]
    assert pieces[1][0] == "stderr"


def test_two_labs_with_one_seed_give_the_same_bytes() -> None:
    lines = "docker run -d busybox sleep 9; docker ps -a; docker inspect $(docker ps -q)"
    first, second, other = Lab(seed=1).run(lines), Lab(seed=1).run(lines), Lab(seed=2).run(lines)
    assert first == second
    assert first != other


def test_a_detached_container_lives_on_the_labs_clock(lab: Lab) -> None:
    lab.run("docker run -d --name box busybox sh -c 'sleep 60; echo done'")
    assert lab.run("docker logs box").stdout == ""
    lab.clock.advance(minutes=2)
    assert lab.run("docker logs box").stdout == "done\n"
    assert "Exited (0) About a minute ago" in lab.run("docker ps -a --format '{{.Status}}'").stdout


def test_time_travel_shows_in_the_age_of_images(lab: Lab) -> None:
    lab.run("printf 'FROM busybox\\nRUN echo 1 > /1\\n' | docker build -q -t mine -")
    lab.clock.advance(weeks=2)
    assert lab.run("docker images mine --format '{{.CreatedSince}}'").stdout == "2 weeks ago\n"


def test_undo_takes_one_thing_back_and_keeps_the_rest(lab: Lab) -> None:
    lab.run("docker run -d --name one busybox sleep 100")
    before = lab.run("docker ps -a --no-trunc").stdout
    lab.run("docker rm -f one")
    assert lab.undo() == "docker rm -f one"
    lab.undo()  # the `docker ps` itself
    assert lab.run("docker ps -a --no-trunc").stdout == before


def test_undo_knows_files_clock_and_registries(lab: Lab) -> None:
    lab.host.write("/lab/file", b"x")
    lab.clock.advance(hours=1)
    lab.serve_registry("localhost:5000")
    assert lab.undo() == "serving a registry at localhost:5000"
    assert lab.undo() == "moving the clock on by 3600 seconds"
    assert lab.host.read("/lab/file") == b"x"
    assert lab.undo() == "writing /lab/file"
    assert not lab.host.exists("/lab/file")
    assert lab.undo() is None


def test_reset_gives_a_fresh_host(lab: Lab) -> None:
    lab.run("docker pull -q busybox; cd /tmp")
    lab.reset()
    assert lab.run("pwd; docker images -q").stdout == "/lab\n"


def test_experimental_is_switched_on_in_daemon_json(lab: Lab) -> None:
    """The chapter's way: edit the file, restart, look at `docker version`."""
    show = "docker version --format '{{.Server.Experimental}}'"
    assert lab.run(show).stdout == "false\n"
    lab.run("""echo '{"experimental": true}' | sudo tee /etc/docker/daemon.json""")
    assert lab.run(show).stdout == "false\n", "the file is read at a restart"
    assert lab.run("sudo systemctl restart docker").exit_code == 0
    assert lab.run(show).stdout == "true\n"


def test_squash_is_refused_until_experimental_is_on(lab: Lab) -> None:
    """Asked of engine 20.10.24, started without --experimental."""
    lab.host.write("/lab/Dockerfile", b"FROM busybox\nRUN echo one > /one\n")
    refused = lab.run("DOCKER_BUILDKIT=0 docker build --squash -t flat .")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.endswith(
        '\n"--squash" is only supported on a Docker daemon with experimental features enabled\n'
    )
    lab.run("""echo '{"experimental": true}' | sudo tee /etc/docker/daemon.json; sudo systemctl restart docker""")
    assert lab.run("DOCKER_BUILDKIT=0 docker build --squash -t flat .").exit_code == 0


def test_a_bad_daemon_json_keeps_the_old_daemon_and_says_why(lab: Lab) -> None:
    lab.run("docker pull -q busybox; echo '{\"experimental\": tru' > /etc/docker/daemon.json")
    result = lab.run("sudo systemctl restart docker")
    assert result.exit_code == 1
    assert "Job for docker.service failed" in result.stderr
    assert "unable to configure the Docker daemon with file /etc/docker/daemon.json" in result.stderr
    assert lab.run("docker images --format '{{.Repository}}'").stdout == "busybox\n"


def test_a_restart_brings_back_what_wants_to_be_back(lab: Lab) -> None:
    lab.run(
        "docker run -d --name stays --restart always busybox sleep 1000; docker run -d --name goes busybox sleep 1000"
    )
    lab.run("systemctl restart docker")
    assert lab.run("docker ps --format '{{.Names}}'").stdout == "stays\n"


def test_the_older_service_restarts_the_daemon_too(lab: Lab) -> None:
    lab.run("""echo '{"experimental": true}' | sudo tee /etc/docker/daemon.json""")
    assert lab.run("sudo service docker restart").exit_code == 0
    assert lab.run("docker version --format '{{.Server.Experimental}}'").stdout == "true\n"
    assert lab.run("sudo service podman restart").stderr == "podman: unrecognized service\n"


def test_an_editor_says_how_to_write_a_file_instead(lab: Lab) -> None:
    result = lab.run("nano Dockerfile")
    assert "Dockerfile" in result.stdout + result.stderr


def test_an_interrupt_leaves_a_consistent_lab(lab: Lab) -> None:
    lab.run("docker pull -q busybox")
    typed = lab.typed("echo begun; docker run --name box busybox sh -c 'echo in; sleep 100; echo out'")
    assert next(typed).text == "begun\n"
    with pytest.raises(KeyboardInterrupt):
        typed.throw(KeyboardInterrupt())
    assert lab.run("docker ps -a -q | wc -l").exit_code == 0
    assert lab.run("echo fine; docker images -q | wc -l").stdout == "fine\n1\n"


def test_no_hub_is_dockers_own_text() -> None:
    """Transcript run_basics: `docker run nosuchimage:1` without a network."""
    result = Lab(hub=None).run("docker pull busybox")
    assert result.exit_code == 1
    assert "lookup registry-1.docker.io: no such host" in result.stderr


def test_redo_does_again_what_was_undone(lab: Lab) -> None:
    lab.run("docker pull -q busybox")
    lab.host.write("/lab/file", b"x")
    lab.undo()
    assert lab.undo() == "docker pull -q busybox"
    assert lab.run("docker images -q").stdout == ""
    lab.undo()
    assert (lab.redo(), lab.redo()) == ("docker images -q", None)
    lab.undo()
    pulled, written = lab.history.moments[1:3]
    lab.go_to(written)
    assert lab.host.read("/lab/file") == b"x"
    assert [moment.words for moment in written.path()] == ["a fresh lab", pulled.words, "writing /lab/file"]


def test_going_back_and_doing_something_else_begins_a_branch(lab: Lab) -> None:
    lab.run("docker volume create one")
    lab.run("docker volume create two")
    lab.undo()
    lab.run("docker volume create other")
    assert lab.run("docker volume ls -q").stdout == "one\nother\n"
    assert [tip.words for tip in lab.history.tips] == ["docker volume create two", "docker volume ls -q"]
    lab.go_to(lab.history.tips[0])
    assert lab.run("docker volume ls -q").stdout == "one\ntwo\n"


def test_going_back_and_doing_the_same_is_no_branch(lab: Lab) -> None:
    lab.run("docker volume create one")
    lab.run("docker volume create two")
    end = lab.history.here
    lab.go_to(lab.history.root)
    lab.run("docker volume create one")
    assert lab.redo() == "docker volume create two"
    assert lab.history.here is end
    assert len(lab.history.moments) == 3


def test_going_onwards_only_does_the_rest(lab: Lab) -> None:
    """The same host goes on; going back begins on a fresh one."""
    lab.run("docker volume create one")
    lab.run("docker volume create two")
    lab.undo()
    engine = lab.engine
    assert lab.redo() == "docker volume create two"
    assert lab.engine is engine
    assert lab.run("docker volume ls -q").stdout == "one\ntwo\n"
    lab.undo()
    assert lab.engine is not engine


def test_a_rehearsal_goes_on_with_its_twin(lab: Lab) -> None:
    lab.run("docker volume create one")
    *_, (_, twin) = lab.rehearse(lab.history.here.path())
    lab.run("docker volume create two")
    assert [each is twin for _, each in lab.rehearse([lab.history.here], twin)] == [True]
    assert twin.run("docker volume ls -q").stdout == "one\ntwo\n"


def test_a_rehearsal_shows_every_moment_and_leaves_the_lab_alone(lab: Lab) -> None:
    lab.run("docker run -d --name box busybox sleep 100")
    lab.run("docker rm -f box")
    here, now = lab.history.here, lab.clock.now
    counts = [len(twin.engine.containers.list(all=True)) for _, twin in lab.rehearse(here.path())]
    assert counts == [0, 1, 0]
    assert (lab.history.here, lab.clock.now) == (here, now)


def test_a_rehearsal_ends_before_a_registry_of_the_world_outside(lab: Lab) -> None:
    lab.run("docker volume create one")
    lab.connect_registry("localhost:5000", "http://127.0.0.1:9")
    assert [moment.number for moment, _ in lab.rehearse(lab.history.here.path())] == [0, 1]


def test_who_watches_sees_each_moment_before_the_next(lab: Lab) -> None:
    class Watcher:
        def __init__(self) -> None:
            self.seen: list[tuple[int, str]] = []

        def moment_passed(self, moment: Moment) -> None:
            self.seen.append((moment.number, ",".join(row["Name"] for row in lab.engine.volumes.list())))

    watcher = Watcher()
    lab.history.watchers.add(watcher)
    lab.run("docker volume create one")
    lab.run("docker volume create two")
    lab.undo()
    assert watcher.seen == [(0, ""), (1, "one")]


def test_a_registry_in_a_container_that_is_paused_does_not_answer() -> None:
    """The words of engine 20.10, whose registry was stopped by a signal (it waits for 25 seconds)."""
    lab = Lab()
    lab.run("docker run -d -p 5000:5000 --name registry registry:2; docker pull -q busybox")
    lab.run("docker tag busybox localhost:5000/b; docker pause registry")
    assert lab.run("docker push localhost:5000/b").stderr == (
        'Get "http://localhost:5000/v2/": net/http: request canceled (Client.Timeout exceeded while awaiting headers)\n'
    )
    assert lab.run("docker unpause registry; docker push -q localhost:5000/b").exit_code == 0
