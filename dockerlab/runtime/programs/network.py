"""ping, nslookup, nc …: programs that find out what answers on the virtual network."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.capabilities import Capability
from dockerlab.runtime.net.crew import Work, crew
from dockerlab.runtime.net.dialling import dial
from dockerlab.runtime.net.errors import HostError, NetworkError
from dockerlab.runtime.net.names import resolve
from dockerlab.runtime.net.sockets import Socket, receive
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import UsageFailure, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

PING_TIMES = ("0.042", "0.061", "0.058", "0.055")
EMBEDDED_DNS = "127.0.0.11"


@program("ping", "ping6", options="c:i:W:w:qn46s:t:", usage="[OPTIONS] HOST")
def ping(proc: Process, args: Arguments) -> Waiting:
    """Ask a machine whether it is there, once a second."""
    if not args.operands:
        raise UsageFailure("usage error: Destination address required", code=1)
    host = args.operands[0]
    try:
        address = resolve(proc.machine, host)
    except HostError:
        text = f"bad address '{host}'" if is_busybox(proc) else f"{host}: Name or service not known"
        return complain(proc, text, 1 if is_busybox(proc) else 2)
    size = args.number("s", 56)
    shown = f"{size} data bytes" if is_busybox(proc) else f"{size}({size + 28}) bytes of data."
    proc.out(f"PING {host} ({address}){':' if is_busybox(proc) else ''} {shown}\n")
    if is_busybox(proc) and not proc.capable(Capability.NET_RAW):
        return complain(proc, "permission denied (are you root?)")  # GNU's ping does without a raw socket
    there = proc.machine.network.reaches(address)
    count, sent = args.number("c", 0), 0
    while not count or sent < count:
        if there and "q" not in args:
            proc.out(_echo(proc, host, address, sent, size))
        sent += 1
        if sent != count:
            yield from proc.sleep(1)
    if not there:
        yield from proc.sleep(args.number("W", 10))
    proc.out(_statistics(proc, host, sent, sent if there else 0))
    return 0 if there else 1


def _echo(proc: Process, host: str, address: str, number: int, size: int) -> str:
    took = PING_TIMES[number % len(PING_TIMES)]
    if is_busybox(proc):
        return f"{size + 8} bytes from {address}: seq={number} ttl=64 time={took} ms\n"
    who = address if host == address else f"{host} ({address})"
    return f"{size + 8} bytes from {who}: icmp_seq={number + 1} ttl=64 time={took} ms\n"


def _statistics(proc: Process, host: str, sent: int, received: int) -> str:
    lost = 100 * (sent - received) // sent
    times = [float(PING_TIMES[number % len(PING_TIMES)]) for number in range(received)]
    head = f"\n--- {host} ping statistics ---\n{sent} packets transmitted, {received} "
    if is_busybox(proc):
        text = f"{head}packets received, {lost}% packet loss\n"
        row = f"{min(times):.3f}/{sum(times) / len(times):.3f}/{max(times):.3f}" if times else ""
        return f"{text}round-trip min/avg/max = {row} ms\n" if times else text
    text = f"{head}received, {lost}% packet loss, time {max(0, sent - 1) * 1000}ms\n"
    if not times:
        return text + "\n"
    mean = sum(times) / len(times)
    spread = (sum((time - mean) ** 2 for time in times) / len(times)) ** 0.5
    return f"{text}rtt min/avg/max/mdev = {min(times):.3f}/{mean:.3f}/{max(times):.3f}/{spread:.3f} ms\n"


@program("nslookup", usage="HOST")
def nslookup(proc: Process, args: Arguments) -> int:
    """Print the address of a name."""
    name = args.operands[0] if args.operands else "localhost"
    proc.out(f"Server:\t\t{EMBEDDED_DNS}\nAddress:\t{EMBEDDED_DNS}{':53' if is_busybox(proc) else '#53'}\n\n")
    address = proc.machine.network.lookup(name)
    if not address:
        proc.out(f"** server can't find {name}: NXDOMAIN\n\n")
        return 1
    proc.out(f"Non-authoritative answer:\nName:\t{name}\nAddress: {address}\n\n")
    return 0


@program("dig", "host", options="+", usage="HOST")
def dig(proc: Process, args: Arguments) -> int:
    """Print the address of a name, as `dig +short` and `host` do."""
    names = [word for word in args.operands if not word.startswith(("+", "@"))]
    name = names[0] if names else "localhost"
    address = proc.machine.network.lookup(name)
    if proc.argv[0].endswith("host"):
        proc.out(f"{name} has address {address}\n" if address else f"Host {name} not found: 3(NXDOMAIN)\n")
        return 0 if address else 1
    if address:
        proc.out(
            f"{address}\n" if "+short" in args.operands else f";; ANSWER SECTION:\n{name}.\t600\tIN\tA\t{address}\n"
        )
    return 0


@program("nc", "netcat", "ncat", options="lp:zvw:nkq:uNes:", usage="[OPTIONS] HOST PORT")
def nc(proc: Process, args: Arguments) -> Waiting:
    """Connect standard input and output to a port, or wait at one for somebody to connect (-l)."""
    if "l" in args:
        return (yield from _listen(proc, args))
    if len(args.operands) < 2 or not args.operands[1].isdigit():
        raise UsageFailure("missing port number", busybox="")
    host, port = args.operands[0], int(args.operands[1])
    try:
        socket = yield from dial(proc.machine, host, port, timeout=float(args.number("w", 0)) or None)
    except NetworkError as error:
        return _not_connected(proc, args, host, port, error)
    if "v" in args:
        opened = f"{host} ({socket.peer[0]}:{port}) open" if is_busybox(proc) else _succeeded(host, port, socket)
        proc.err(f"{opened}\n")
    if "z" in args:
        socket.close()
        return 0
    return (yield from _talk(proc, socket))


def _succeeded(host: str, port: int, socket: Socket) -> str:
    shown = host if host == socket.peer[0] else f"{host} ({socket.peer[0]})"
    return f"Connection to {shown} {port} port [tcp/*] succeeded!"


def _not_connected(proc: Process, args: Arguments, host: str, port: int, error: NetworkError) -> int:
    if is_busybox(proc):
        text = f"bad address '{host}'" if isinstance(error, HostError) else f"{host} ({host}:{port}): {error.text}"
        return complain(proc, text)
    if isinstance(error, HostError):
        proc.err(f'nc: getaddrinfo for host "{host}" port {port}: {error.text}\n')
    elif "v" in args:
        proc.err(f"nc: connect to {host} port {port} (tcp) failed: {error.text}\n")
    return 1


def _listen(proc: Process, args: Arguments) -> Waiting:
    ports = [args.value("p"), *reversed(args.operands)]
    port = next((int(text) for text in ports if text.isdigit()), 0)
    try:
        listener = proc.machine.network.listen(port, program="nc", pid=proc.pid)
    except NetworkError as error:
        return complain(proc, f"bind: {error.text}" if is_busybox(proc) else error.text)
    try:
        while True:
            socket = yield from listener.accept()
            code = (yield from _talk(proc, socket)) if socket else 1
            if "k" not in args:
                return code
    finally:
        listener.close()


def _talk(proc: Process, socket: Socket) -> Waiting:
    """Both ways at once, until the other side is done."""

    def sending() -> Generator[Wait, Any, None]:
        while data := (yield from proc.read()):
            socket.write(data)
        socket.shutdown()

    def receiving(start: Callable[[Work], None]) -> Generator[Wait, Any, None]:
        start(sending())
        while data := (yield from receive(socket)):
            proc.out(data)
            yield from proc.writable()

    try:
        yield from crew(proc.kernel, receiving, until_first_ends=True)
    except BrokenPipeError:
        return 1
    finally:
        socket.close()
    return 0
