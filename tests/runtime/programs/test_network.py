"""curl and wget over the virtual network, or with the real texts of a machine where nobody answers."""

from __future__ import annotations

import pytest

from dockerlab.runtime.kernel import Kernel, Task
from dockerlab.runtime.machine import Machine
from dockerlab.runtime.net import Answer, Asked, Link, Stack, serve


def pages(asked: Asked) -> Answer:
    """Answers one path, redirects another."""
    if asked.path == "/old":
        return Answer(302, headers={"Location": "/new"})
    if asked.path == "/new":
        return Answer(200, b"hello\n", {"Content-Type": "text/plain"})
    if asked.method == "POST":
        return Answer(201, b"got " + asked.body)
    return Answer(404, b"nope\n")


class Server(Task):
    """A web server on a machine of its own."""

    def __init__(self, kernel: Kernel, stack: Stack) -> None:
        super().__init__()
        self.body = serve(kernel, stack.listen(80), pages)  # type: ignore[assignment]
        kernel.add(self)


def join(machine: Machine) -> Stack:
    """Put the machine on a bridge, next to a server that is called `web`; returns the server's namespace."""
    link = Link("br0", "172.20.0.0/16")
    web = Stack("web")
    web.attach(link, "172.20.0.2")
    machine.network.attach(link, "172.20.0.3", mac="02:42:ac:14:00:03")
    machine.network.lookup = {"web": "172.20.0.2", "gone": "172.20.0.9"}.get
    Server(machine.kernel, web)
    return web


@pytest.fixture
def wired(box):  # type: ignore[no-untyped-def]
    """A machine with GNU's programs next to a web server."""
    join(box.machine)
    return box


@pytest.fixture
def wired_busybox(busybox):  # type: ignore[no-untyped-def]
    """The same with busybox."""
    join(busybox.machine)
    return busybox


def test_without_a_network(box, busybox) -> None:  # type: ignore[no-untyped-def]
    assert box.run("curl http://web/").stderr == "curl: (6) Could not resolve host: web\n"
    refused = "curl: (7) Failed to connect to localhost port 8080 after 0 ms: Couldn't connect to server\n"
    assert box.run("curl localhost:8080").stderr == refused
    assert box.run("wget -q http://web/").exit_code == 4
    assert busybox.run("wget http://web/").stderr == "wget: bad address 'web'\n"
    assert busybox.run("ping -c 1 web").stderr == "ping: bad address 'web'\n"


def test_curl(wired) -> None:  # type: ignore[no-untyped-def]
    assert wired.run("curl -s http://web/new").stdout == "hello\n"
    assert wired.run("curl -sL http://web/old").stdout == "hello\n"
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\n"
    assert wired.run("curl -sI http://web/new").stdout == head
    assert wired.run("curl -si http://web/new").stdout == head + "hello\n"
    assert wired.run("curl -sf http://web/x").exit_code == 22
    assert wired.run("curl -s -o out -w '%{http_code}' http://web/new").stdout == "200"
    assert wired.read("out") == "hello\n"


def test_curl_sends_data(wired) -> None:  # type: ignore[no-untyped-def]
    assert wired.run("curl -s -d a=1 -d b=2 http://web/form").stdout == "got a=1&b=2"
    wired.write("body", "from a file")
    assert wired.run("curl -s --data-binary @body web/form").stdout == "got from a file"


def test_curl_says_why_it_could_not(wired) -> None:  # type: ignore[no-untyped-def]
    # Exit codes: curl(1); the words are curl 8.5's.
    slow = wired.run("curl http://gone/")
    assert slow.stderr == "curl: (7) Failed to connect to gone port 80 after 3100 ms: Couldn't connect to server\n"
    assert wired.run("curl https://web:80/").exit_code == 35
    assert wired.run("curl ftp://web/").stderr == 'curl: (1) Protocol "ftp" not supported\n'
    assert wired.run("curl --max-time 2 http://gone/").exit_code == 28


def test_curl_does_not_take_another_protocol_for_http(wired) -> None:  # type: ignore[no-untyped-def]
    answer = wired.sh("echo PONG | nc -l -p 6379 & sleep 1; curl localhost:6379")
    assert (answer.stderr, answer.exit_code) == ("curl: (1) Received HTTP/0.9 when not allowed\n", 1)


def test_wget(wired_busybox) -> None:  # type: ignore[no-untyped-def]
    assert wired_busybox.run("wget -qO- http://web/new").stdout == "hello\n"
    refused = "wget: server returned error: HTTP/1.1 404 Not Found\n"
    assert wired_busybox.run("wget -q http://web/x").stderr == refused
    wired_busybox.run("wget -q http://web/new")
    assert wired_busybox.read("new") == "hello\n"


def test_wget_of_gnu_tells_more(wired) -> None:  # type: ignore[no-untyped-def]
    lines = wired.run("wget http://web/new").stderr.splitlines()
    assert lines[1:4] == [
        "Resolving web (web)... 172.20.0.2",
        "Connecting to web (web)|172.20.0.2|:80... connected.",
        "HTTP request sent, awaiting response... 200 OK",
    ]
    assert wired.run("wget -q http://web/x").exit_code == 8


def test_ping(wired) -> None:  # type: ignore[no-untyped-def]
    answer = wired.run("ping -c 2 web")
    assert answer.lines[0] == "PING web (172.20.0.2) 56(84) bytes of data."
    assert answer.lines[-2] == "2 packets transmitted, 2 received, 0% packet loss, time 1000ms"
    lost = wired.run("ping -c 1 gone")
    assert "1 packets transmitted, 0 received, 100% packet loss" in lost.stdout
    assert lost.exit_code == 1


def test_nc_speaks_both_ways(wired) -> None:  # type: ignore[no-untyped-def]
    answer = wired.run("nc web 80", stdin="GET /new HTTP/1.0\r\n\r\n")
    assert answer.stdout.endswith("\r\n\r\nhello\n")
    assert wired.sh("echo hi | nc -l -p 9000 & sleep 1; nc localhost 9000 < /dev/null; wait").stdout == "hi\n"
    assert wired.run("nc -zv web 81").stderr == "nc: connect to web port 81 (tcp) failed: Connection refused\n"


def test_a_port_belongs_to_one(wired) -> None:  # type: ignore[no-untyped-def]
    assert wired.sh("nc -l -p 80 & sleep 1; nc -l -p 80; kill $!").stderr == "nc: Address already in use\n"


def test_what_listens(wired) -> None:  # type: ignore[no-untyped-def]
    row = wired.sh("nc -l -p 80 & sleep 1; ss -tlnp; kill $!").lines[1]
    assert row.split()[:4] == ["LISTEN", "0", "511", "0.0.0.0:80"]
    assert "nc" in row


def test_interfaces(wired) -> None:  # type: ignore[no-untyped-def]
    text = wired.run("ip addr").stdout
    assert "    link/ether 02:42:ac:14:00:03 brd ff:ff:ff:ff:ff:ff\n" in text
    assert "    inet 172.20.0.3/16 brd 172.20.255.255 scope global eth0\n" in text
    assert wired.run("ip route").lines == ["172.20.0.0/16 dev eth0 proto kernel scope link src 172.20.0.3 "]
