"""nginx against the real one: what it answers, logs and refuses (data/nginx.json, recorded by record.py)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dockerlab.runtime.signals import SIGHUP, SIGKILL, SIGQUIT, SIGTERM, SIGUSR1
from dockerlab.world import parse_instant
from tests.runtime.servers.conftest import Job, Yard
from tests.runtime.servers.nginx_site import CONFIG, FILES, MODIFIED, PREFIX, TYPES

TOLD: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "nginx.json").read_text())


@pytest.fixture
def site(yard: Yard) -> Yard:
    """The machine with the site of the recordings, and the nginx of Debian 12."""
    now, yard.clock.now = yard.clock.now, parse_instant(MODIFIED)
    yard.write("/var/lib/dpkg/status", "Package: nginx-light\nStatus: install ok installed\nVersion: 1.22.1-9\n")
    for name, text in {**FILES, "types": TYPES, "nginx.conf": CONFIG, "logs/.keep": ""}.items():
        yard.write(f"{PREFIX}/{name}", text)
    yard.clock.now = now
    return yard


def serve(yard: Yard) -> Job:
    """Start the server in the foreground."""
    return yard.start(["nginx", "-p", PREFIX, "-c", "nginx.conf", "-e", "logs/error.log", "-g", "daemon off;"], PREFIX)


def test_all_answers_are_those_of_the_real_one(site: Yard) -> None:
    serve(site)
    for words, expected in TOLD["answers"]:
        *options, url = words
        answer = re.sub(r"Date: [^\r]*", "Date", site.curl(*options, f"localhost:18080{url}"))
        assert answer == expected, words
    # Which of the two servers of a proxied request writes first is chance in life.
    access = sorted(re.sub(r"\[.*?\]", "[]", line).replace(" - me ", " - - ") for line in TOLD["access"])
    own = site.read(f"{PREFIX}/logs/access.log").splitlines()
    assert sorted(re.sub(r"\[.*?\]", "[]", line) for line in own) == access
    errors = [re.sub(r"^.*?\*\d+ ", "", line) for line in site.read(f"{PREFIX}/logs/error.log").splitlines()]
    assert [line for line in errors if ", client: " in line] == TOLD["errors"]


@pytest.mark.parametrize(("text", "expected"), TOLD["mistakes"])
def test_mistakes_are_refused_in_its_words(site: Yard, text: str, expected: str) -> None:
    site.write(f"{PREFIX}/wrong.conf", text.replace("\\n", "\n"))
    said = site.run(["nginx", "-t", "-p", PREFIX, "-e", "stderr", "-c", "wrong.conf", "-g", "pid test.pid;"]).stderr
    assert re.sub(r"^.*?\[(\w+)\] \d+#\d+:", r"[\1]", said, flags=re.MULTILINE) == expected


@pytest.mark.parametrize("bytes_sent", [r"hello\r\n\r\n", r"GET / HTTP/1.1\r\n\r\n", r"\x16\x03\x01\r\n"])
def test_what_is_no_request_is_refused_and_the_server_goes_on(site: Yard, bytes_sent: str) -> None:
    serve(site)
    assert site.send(18080, bytes_sent).startswith("HTTP/1.1 400 Bad Request\r\n")
    assert site.curl("localhost:18080/exact").endswith("exact\n")


# Processes.


def notices(yard: Yard) -> list[str]:
    """What the error log says of the server itself, without dates."""
    lines = yard.read(f"{PREFIX}/logs/error.log").splitlines()
    return [line[20:] for line in lines if ", client: " not in line]


def workers(yard: Yard) -> list[int]:
    """The workers that run."""
    return [each.pid for each in yard.machine.alive() if each.argv == ["nginx: worker process"]]


def test_a_master_starts_workers_and_says_so(site: Yard) -> None:
    master = serve(site)
    assert master.process.argv == [
        f"nginx: master process nginx -p {PREFIX} -c nginx.conf -e logs/error.log -g daemon off;"
    ]
    assert notices(site) == [
        '[notice] 1#1: using the "epoll" event method',
        "[notice] 1#1: nginx/1.22.1",
        "[notice] 1#1: OS: Linux 6.8.0-45-generic",
        "[notice] 1#1: getrlimit(RLIMIT_NOFILE): 1048576:1048576",
        "[notice] 1#1: start worker processes",
        "[notice] 1#1: start worker process 2",
    ]
    assert site.read(f"{PREFIX}/nginx.pid") == "1\n"
    assert site.machine.processes[2].uid == 65_534


@pytest.mark.parametrize(
    ("signum", "said"),
    [
        (SIGQUIT, "signal 3 (SIGQUIT) received, shutting down"),
        (SIGTERM, "signal 15 (SIGTERM) received, exiting"),
    ],
)
def test_signals_end_it(site: Yard, signum: int, said: str) -> None:
    master = serve(site)
    master.process.kill(signum)
    site.kernel.settle()
    assert master.exit_code == 0
    assert f"[notice] 1#1: {said}" in notices(site)
    assert notices(site)[-3:] == [
        "[notice] 1#1: signal 17 (SIGCHLD) received from 2",
        "[notice] 1#1: worker process 2 exited with code 0",
        "[notice] 1#1: exit",
    ]
    assert not site.machine.network.listeners
    assert not site.fs.exists(f"{PREFIX}/nginx.pid")


def test_a_killed_worker_is_replaced(site: Yard) -> None:
    serve(site)
    site.machine.processes[2].kill(SIGKILL)
    site.kernel.settle()
    assert "[alert] 1#1: worker process 2 exited on signal 9" in notices(site)
    assert len(workers(site)) == 1
    assert site.curl("localhost:18080/exact").endswith("exact\n")


def test_new_settings_come_with_new_workers(site: Yard) -> None:
    master, old = serve(site), workers(site)
    site.write(f"{PREFIX}/nginx.conf", CONFIG.replace('"exact\\n"', '"changed\\n"').replace("18081", "18082"))
    master.process.kill(SIGHUP)
    site.kernel.settle()
    assert not set(workers(site)) & set(old)
    assert site.curl("localhost:18080/exact").endswith("changed\n")
    assert sorted(port for _, port in site.machine.network.listeners) == [18080, 18082]


def test_wrong_settings_leave_everything_as_it_was(site: Yard) -> None:
    master, old = serve(site), workers(site)
    site.write(f"{PREFIX}/nginx.conf", "nonsense;")
    master.process.kill(SIGHUP)
    site.kernel.settle()
    assert notices(site)[-1] == f'[emerg] 1#1: unknown directive "nonsense" in {PREFIX}/nginx.conf:1'
    assert workers(site) == old


def test_logs_can_be_moved_away(site: Yard) -> None:
    master = serve(site)
    site.fs.rename(f"{PREFIX}/logs/access.log", f"{PREFIX}/logs/old.log")
    master.process.kill(SIGUSR1)
    site.curl("localhost:18080/exact")
    assert '"GET /exact HTTP/1.1" 200' in site.read(f"{PREFIX}/logs/access.log")


def test_it_leaves_for_the_background_and_is_told_by_s(site: Yard) -> None:
    site.start("sleep 1000")  # process 1, whose end would be everybody's
    assert site.run(["nginx", "-p", PREFIX, "-c", "nginx.conf", "-e", "logs/error.log"]).exit_code == 0
    assert site.curl("localhost:18080/exact").endswith("exact\n")
    assert site.run(["nginx", "-p", PREFIX, "-c", "nginx.conf", "-e", "logs/error.log", "-s", "quit"]).exit_code == 0
    site.kernel.settle()
    assert not workers(site)
    gone = site.run(["nginx", "-p", PREFIX, "-c", "nginx.conf", "-e", "logs/error.log", "-s", "quit"])
    assert gone.stderr == f'nginx: [error] open() "{PREFIX}/nginx.pid" failed (2: No such file or directory)\n'
    assert gone.exit_code == 1


def test_a_port_that_is_taken_is_tried_five_times(site: Yard) -> None:
    site.start("nc -l 18081")
    before = site.clock.now
    job = site.run(["nginx", "-p", PREFIX, "-c", "nginx.conf", "-e", "logs/error.log"])
    taken = "nginx: [emerg] bind() to 127.0.0.1:18081 failed (98: Address already in use)\n"
    assert job.stderr == taken * 5 + "nginx: [emerg] still could not bind()\n"
    assert job.exit_code == 1
    assert site.clock.now - before == 2_500_000_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("-s foo", 'nginx: invalid option: "-s foo"\n'),
        ("-x", 'nginx: invalid option: "x"\n'),
        ("foo", 'nginx: invalid option: "foo"\n'),
        ("-c", 'nginx: option "-c" requires file name\n'),
        ("-v", "nginx version: nginx/1.22.1\n"),
    ],
)
def test_the_command_line(site: Yard, words: str, said: str) -> None:
    assert site.run(f"nginx {words}").stderr == said


def test_peers_of_an_upstream_take_turns_and_the_dead_are_passed_over(site: Yard) -> None:
    peers = "".join(f"server {{ listen {port}; return 200 '{port}\\n'; }} " for port in (7001, 7002))
    upstream = "upstream u { server localhost:7001; server localhost:7003; server localhost:7002; }"
    front = "server { listen 7000; location / { proxy_pass http://u; } }"
    site.write(f"{PREFIX}/nginx.conf", f"pid p; events {{}} http {{ {upstream} {front} {peers} }}")
    serve(site)
    assert [site.curl("localhost:7000")[-5:] for _ in range(4)] == ["7001\n", "7001\n", "7002\n", "7001\n"]


def test_what_the_command_line_gives_must_not_be_repeated(yard: Yard) -> None:
    """A well-known mistake in images: `daemon off;` in the file and behind -g."""
    yard.write("/etc/nginx/nginx.conf", "daemon off;\nevents {}\n")
    said = yard.run(["nginx", "-t", "-g", "daemon off;"]).stderr
    assert 'nginx: [emerg] "daemon" directive is duplicate in /etc/nginx/nginx.conf:1\n' in said
