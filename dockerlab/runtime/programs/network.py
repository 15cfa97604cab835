"""curl, wget, ping, nslookup, ip …: programs that talk to other machines, or say that they can't."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.programs.dates import format_date
from dockerlab.runtime.programs.hosts import Answer, HostError, RefusedError, Request, fetch, resolve
from dockerlab.runtime.programs.inputs import bytes_of, open_source
from dockerlab.runtime.programs.messages import UsageFailure, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found"}
REASONS |= {307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
REASONS |= {405: "Method Not Allowed", 416: "Range Not Satisfiable", 500: "Internal Server Error"}
CURL = (
    "silent=s show-error=S include=i head=I output=o remote-name=O location=L fail=f header=H request=X data=d user=u "
)
CURL += "verbose=v insecure=k write-out=w data-binary=d max-time=m user-agent=A compressed=c connect-timeout=T retry=R"
USER_AGENT = "curl/8.5.0"
MAX_HOPS = 10


def reason_of(answer: Answer) -> str:
    """The words behind a status."""
    return answer.reason or REASONS.get(answer.status, "Unknown")


@program("curl", options="sSiIo:OLfH:X:d:u:vkw:m:A:cT:R:", long=CURL, usage="[options...] <url>", usage_code=2)
def curl(proc: Process, args: Arguments) -> Waiting:
    """Fetch URLs."""
    if not args.operands:
        proc.err("curl: try 'curl --help' or 'curl --manual' for more information\n")
        return 2
    code = 0
    for url in args.operands:
        code = yield from _curl_one(proc, args, url)
    return code


def _curl_one(proc: Process, args: Arguments, url: str) -> Waiting:
    request = Request(_method(args), url, _headers(args), bytes_of("&".join(args.all("d"))))
    try:
        answer = yield from _followed(proc, request, follow="L" in args)
    except HostError:
        return _curl_failed(proc, args, 6, f"Could not resolve host: {request.host}")
    except RefusedError:
        where = f"Failed to connect to {request.host} port {request.port} after 0 ms: Couldn't connect to server"
        return _curl_failed(proc, args, 7, where)
    if "f" in args and answer.status >= 400:
        return _curl_failed(proc, args, 22, f"The requested URL returned error: {answer.status}")
    out = b""
    if args.any("iI"):
        out += _head(answer)
    if "I" not in args:
        out += answer.body
    target = args.value("o") or (posixpath.basename(request.parts.path) if "O" in args else "")
    if target and target != "-":
        proc.open(target, "w").write(out)
        _curl_progress(proc, args, len(answer.body))
    else:
        proc.out(out)
    if "w" in args:
        text = (
            args.value("w")
            .replace("%{http_code}", str(answer.status))
            .replace("%{size_download}", str(len(answer.body)))
        )
        proc.out(text.replace("\\n", "\n"))
    return 0


def _method(args: Arguments) -> str:
    return args.value("X") or ("HEAD" if "I" in args else "POST" if "d" in args else "GET")


def _headers(args: Arguments) -> dict[str, str]:
    headers = {"User-Agent": args.value("A") or USER_AGENT, "Accept": "*/*"}
    for line in args.all("H"):
        name, _, value = line.partition(":")
        headers[name.strip()] = value.strip()
    if "u" in args:
        headers["Authorization"] = "Basic " + base64.b64encode(bytes_of(args.value("u"))).decode()
    if "d" in args:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return headers


def _followed(proc: Process, request: Request, *, follow: bool) -> Generator[Wait, Any, Answer]:
    """The answer, after redirects where they are to be followed."""
    for _ in range(MAX_HOPS):
        answer = yield from fetch(proc, request)
        location = {name.lower(): value for name, value in answer.headers.items()}.get("location")
        if not (follow and location and 300 <= answer.status < 400):
            return answer
        base = f"{request.parts.scheme}://{request.parts.netloc}"
        request = Request("GET", location if "://" in location else base + location, request.headers)
    return answer


def _head(answer: Answer) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {reason_of(answer)}",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
    ]
    return bytes_of("".join(f"{line}\r\n" for line in lines) + "\r\n")


def _curl_failed(proc: Process, args: Arguments, code: int, text: str) -> int:
    if "s" not in args or "S" in args:
        proc.err(f"curl: ({code}) {text}\n")
    return code


def _curl_progress(proc: Process, args: Arguments, size: int) -> None:
    if "s" in args:
        return
    proc.err("  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n")
    proc.err("                                 Dload  Upload   Total   Spent    Left  Speed\n")
    shown = formats.human(size) if size > 99_999 else str(size)
    proc.err(f"100 {shown:>5}  100 {shown:>5}    0     0  {shown:>5}      0 --:--:-- --:--:-- --:--:-- {shown:>5}\n")


WGET = "quiet=q output-document=O spider=S continue=c header=H post-data=p no-check-certificate=k no-verbose=n "
WGET += "directory-prefix=P timeout=T tries=t user-agent=U"


@program("wget", options="qO:SccH:p:kn:P:T:t:U:Y:v", long=WGET, usage="[-cqS] [--spider] [-O FILE] [-P DIR] URL...")
def wget(proc: Process, args: Arguments) -> Waiting:
    """Fetch URLs into files."""
    if not args.operands:
        raise UsageFailure("missing URL")
    code = 0
    for url in args.operands:
        request = Request("GET", url, {"User-Agent": "Wget"})
        try:
            answer = yield from _followed(proc, request, follow=True)
        except HostError:
            return _wget_no_host(proc, args, request)
        except RefusedError:
            return _wget_refused(proc, args, request)
        code = max(code, _wget_keep(proc, args, request, answer))
    return code


def _wget_say(proc: Process, args: Arguments, text: str) -> None:
    if "q" not in args:
        proc.err(text)


def _wget_intro(proc: Process, args: Arguments, request: Request) -> None:
    if is_busybox(proc):
        return
    now = format_date("%F %T", proc.kernel.clock.now)
    url = request.parts.geturl()
    _wget_say(proc, args, f"--{now}--  {url if request.parts.path else url + '/'}\n")


def _wget_no_host(proc: Process, args: Arguments, request: Request) -> int:
    if is_busybox(proc):
        return complain(proc, f"bad address '{request.host}'")
    _wget_intro(proc, args, request)
    _wget_say(proc, args, f"Resolving {request.host} ({request.host})... failed: Name or service not known.\n")
    return complain(proc, f"unable to resolve host address '{request.host}'", 4)


def _wget_refused(proc: Process, args: Arguments, request: Request) -> int:
    address = resolve(proc, request.host)
    if is_busybox(proc):
        _wget_say(proc, args, f"Connecting to {request.host}:{request.port} ({address}:{request.port})\n")
        return complain(proc, f"can't connect to remote host ({address}): Connection refused")
    _wget_intro(proc, args, request)
    where = f"{request.host} ({request.host})" if request.host != address else address
    _wget_say(proc, args, f"Connecting to {where}|{address}|:{request.port}... failed: Connection refused.\n")
    return 4


def _wget_keep(proc: Process, args: Arguments, request: Request, answer: Answer) -> int:
    address = resolve(proc, request.host)
    name = args.value("O") or posixpath.basename(request.parts.path) or "index.html"
    if "P" in args and "O" not in args:
        name = posixpath.join(args.value("P"), name)
    failed = answer.status >= 400
    if is_busybox(proc):
        _wget_say(proc, args, f"Connecting to {request.host} ({address}:{request.port})\n")
        if failed:
            return complain(proc, f"server returned error: HTTP/1.1 {answer.status} {reason_of(answer)}")
    else:
        _wget_intro(proc, args, request)
        _wget_say(
            proc, args, f"Connecting to {request.host} ({request.host})|{address}|:{request.port}... connected.\n"
        )
        words = f"{answer.status} {reason_of(answer)}"
        _wget_say(proc, args, f"HTTP request sent, awaiting response... {words}\n")
        if failed:
            now = format_date("%F %T", proc.kernel.clock.now)
            _wget_say(proc, args, f"{now} ERROR {answer.status}: {reason_of(answer)}.\n\n")
            return 8
    if "S" in args:
        return 0
    if name == "-":
        proc.out(answer.body)
    else:
        proc.open(name, "w").write(answer.body)
    _wget_done(proc, args, name, len(answer.body))
    return 0


def _wget_done(proc: Process, args: Arguments, name: str, size: int) -> None:
    if is_busybox(proc):
        if name != "-":
            _wget_say(
                proc,
                args,
                f"saving to '{name}'\n{name[:20]:<20} 100% |{'*' * 32}| {size:5}  0:00:00 ETA\n'{name}' saved\n",
            )
        return
    now = format_date("%F %T", proc.kernel.clock.now)
    _wget_say(
        proc,
        args,
        f"Length: {size}\nSaving to: '{'STDOUT' if name == '-' else name}'\n\n"
        f"{now} - '{name}' saved [{size}/{size}]\n\n",
    )


@program("ping", options="c:i:W:w:qn46s:t:", usage="[OPTIONS] HOST")
def ping(proc: Process, args: Arguments) -> Waiting:
    """Ask a machine whether it is there, once a second."""
    if not args.operands:
        raise UsageFailure("usage error: Destination address required", code=1)
    host = args.operands[0]
    try:
        address = resolve(proc, host)
    except HostError:
        text = f"bad address '{host}'" if is_busybox(proc) else f"{host}: Temporary failure in name resolution"
        return complain(proc, text, 1 if is_busybox(proc) else 2)
    proc.out(
        f"PING {host} ({address}): 56 data bytes\n"
        if is_busybox(proc)
        else f"PING {host} ({address}) 56(84) bytes of data.\n"
    )
    count = args.number("c", 0)
    sent = 0
    while not count or sent < count:
        number = sent if is_busybox(proc) else sent + 1
        proc.out(
            f"64 bytes from {address}: {'seq' if is_busybox(proc) else 'icmp_seq'}={number} ttl=64 time=0.042 ms\n"
        )
        sent += 1
        if sent != count:
            yield from proc.sleep(1)
    proc.out(f"\n--- {host} ping statistics ---\n{sent} packets transmitted, {sent} packets received, 0% packet loss\n")
    return 0


@program("nslookup", "dig", "host", usage="HOST")
def nslookup(proc: Process, args: Arguments) -> int:
    """Print the address of a name."""
    name = args.operands[0] if args.operands else "localhost"
    try:
        address = resolve(proc, name)
    except HostError:
        proc.out(f"** server can't find {name}: NXDOMAIN\n")
        return 1
    proc.out(f"Name:\t{name}\nAddress: {address}\n")
    return 0


def _own_address(proc: Process) -> str:
    for line in read_text(proc.fs, "/etc/hosts").splitlines():
        words = line.split()
        if proc.hostname in words[1:]:
            return words[0]
    return ""


@program("ip", "ifconfig", raw=True)
def ip(proc: Process, args: Arguments) -> int:
    """Print the machine's network interfaces."""
    address = _own_address(proc)
    lines = [
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN",
        "    inet 127.0.0.1/8 scope host lo",
    ]
    if address and proc.machine.network is not None:
        lines += [
            "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP",
            f"    inet {address}/16 scope global eth0",
        ]
    proc.out("\n".join(lines) + "\n")
    return 0


@program("netstat", "ss", raw=True)
def netstat(proc: Process, args: Arguments) -> int:
    """No program here listens at a port that could be listed."""
    proc.out("Active Internet connections (only servers)\n")
    proc.out("Proto Recv-Q Send-Q Local Address           Foreign Address         State\n")
    return 0


@program("nc", options="lp:zvw:", usage="[OPTIONS] HOST PORT")
def nc(proc: Process, args: Arguments) -> Waiting:
    """Knock at a port: only whether somebody answers is simulated."""
    if len(args.operands) < 2:
        raise UsageFailure("missing port number", busybox="")
    host, port = args.operands[:2]
    data = b"" if "z" in args else (yield from open_source(proc, "-").read_all())
    try:
        yield from fetch(proc, Request("GET", f"http://{host}:{port}/", {}, data))
    except (HostError, RefusedError) as error:
        text = (
            f"bad address '{host}'" if isinstance(error, HostError) else f"{host} ({host}:{port}): Connection refused"
        )
        return complain(proc, text) if "v" in args or is_busybox(proc) else 1
    return 0
