"""curl: fetch URLs over the virtual network, with curl's exit codes and words (curl(1), EXIT CODES)."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.net.errors import HostError, NetworkError, ResetError, TimedOutError
from dockerlab.runtime.net.http import Answer, EmptyReplyError, HttpError, Request, TlsError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.inputs import bytes_of, open_source
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.redirects import followed
from dockerlab.runtime.programs.registry import Waiting, program

USER_AGENT = "curl/8.5.0"
VERSION = """\
curl 8.5.0 (x86_64-pc-linux-gnu) libcurl/8.5.0 OpenSSL/3.0.13 zlib/1.3 brotli/1.1.0 zstd/1.5.5 libidn2/2.3.7
Release-Date: 2023-12-06, security patched: 8.5.0-2ubuntu10.6
Protocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb
Features: alt-svc AsynchDNS brotli HSTS HTTP2 HTTPS-proxy IDN IPv6 Largefile libz NTLM PSL SSL threadsafe zstd"""
LONG = (
    "silent=s show-error=S include=i head=I output=o remote-name=O location=L fail=f header=H request=X data=d user=u "
    "verbose=v insecure=k write-out=w data-binary=d data-raw=d max-time=m user-agent=A compressed=c connect-timeout=T "
    "retry=R upload-file=U fail-with-body=F progress-bar=# no-progress-meter=N unix-socket=Z noproxy=Y resolve=r "
    "retry-delay=y retry-connrefused=Q retry-all-errors=q proto=p tlsv1.2=t json=j get=G globoff=g version=V"
)
OPTIONS = "sSiIo:OLfH:X:d:u:vkw:m:A:cT:R:U:F#NZ:Y:r:y:Qqp:tj:GgV"


@program("curl", options=OPTIONS, long=LONG, usage="[options...] <url>", usage_code=2)
def curl(proc: Process, args: Arguments) -> Waiting:
    """Fetch URLs."""
    if "V" in args:
        proc.out(f"{VERSION}\n")
        return 0
    if not args.operands:
        proc.err("curl: try 'curl --help' or 'curl --manual' for more information\n")
        return 2
    code = 0
    for url in args.operands:
        code = yield from _one(proc, args, url)
    return code


def _one(proc: Process, args: Arguments, url: str) -> Waiting:
    scheme, colon, _ = url.partition("://")
    if colon and scheme not in {"http", "https"}:
        return _failed(proc, args, 1, f'Protocol "{scheme}" not supported')
    try:
        request = Request(_method(args), url, _headers(args), (yield from _data(proc, args)))
    except FileSystemError:
        return _failed(proc, args, 26, "Failed to open/read local data from file/application")
    start = proc.kernel.clock.now
    tries = args.number("R", 0) + 1
    while True:
        tries -= 1
        try:
            answer = yield from followed(proc, request, follow="L" in args, timeout=_patience(args))
        except NetworkError as error:
            if tries and (isinstance(error, TimedOutError) or args.any("Qq")):
                yield from proc.sleep(args.number("y", 0) or 1)
                continue
            return _failed(proc, args, *_reason(request, error, (proc.kernel.clock.now - start) // 1_000_000))
        return _show(proc, args, request, answer)


def _patience(args: Arguments) -> float | None:
    text = args.value("m") or args.value("T")
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _method(args: Arguments) -> str:
    default = (
        "HEAD" if "I" in args else "PUT" if "U" in args else "POST" if args.any("dj") and "G" not in args else "GET"
    )
    return args.value("X") or default


def _headers(args: Arguments) -> dict[str, str]:
    headers = {"User-Agent": args.value("A") or USER_AGENT, "Accept": "*/*"}
    for line in args.all("H"):
        name, _, value = line.partition(":")
        headers[name.strip()] = value.strip()
    if "u" in args:
        headers["Authorization"] = "Basic " + base64.b64encode(bytes_of(args.value("u"))).decode()
    if "j" in args:
        headers |= {"Content-Type": "application/json", "Accept": "application/json"}
    elif "d" in args:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return headers


def _data(proc: Process, args: Arguments) -> Generator[Wait, Any, bytes]:
    """The body: -d as typed, @FILE and -T FILE from a file, '-' from standard input."""
    pieces = []
    for text in args.all("d") + args.all("j"):
        if text.startswith("@"):
            pieces.append((yield from open_source(proc, text[1:]).read_all()))
        else:
            pieces.append(bytes_of(text))
    if "U" in args:
        return (yield from open_source(proc, args.value("U")).read_all())
    return b"&".join(pieces)


def _reason(request: Request, error: NetworkError, took: int) -> tuple[int, str]:
    """Exit code and words for what went wrong; `took` in milliseconds."""
    match error:
        case HostError():
            return 6, f"Could not resolve host: {request.host}"
        case TlsError():
            return 35, "OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number"
        case EmptyReplyError():
            return 52, "Empty reply from server"
        case HttpError():
            return 1, "Received HTTP/0.9 when not allowed"
        case ResetError():
            return 56, "Recv failure: Connection reset by peer"
    code = 28 if isinstance(error, TimedOutError) else 7
    return code, f"Failed to connect to {request.host} port {request.port} after {took} ms: Couldn't connect to server"


def _show(proc: Process, args: Arguments, request: Request, answer: Answer) -> int:
    if "v" in args:
        _verbose(proc, request, answer)
    failed = answer.status >= 400 and args.any("fF")
    if not (failed and "f" in args):
        _keep(proc, args, request, answer)
    if "w" in args:
        proc.out(_written(args.value("w"), answer))
    if failed:
        return _failed(proc, args, 22, f"The requested URL returned error: {answer.status}")
    return 0


def _keep(proc: Process, args: Arguments, request: Request, answer: Answer) -> None:
    head = bytes_of(f"HTTP/1.1 {answer.status} {answer.words}\r\n")
    head += b"".join(bytes_of(f"{name}: {value}\r\n") for name, value in answer.headers.items()) + b"\r\n"
    out = (head if args.any("iI") else b"") + (b"" if "I" in args else answer.body)
    target = args.value("o") or (posixpath.basename(request.parts.path) if "O" in args else "")
    if target and target != "-":
        proc.open(target, "w").write(out)
        _progress(proc, args, len(answer.body))
    else:
        proc.out(out)


def _verbose(proc: Process, request: Request, answer: Answer) -> None:
    asked = request.encode().partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")
    lines = [f"* Connected to {request.host} port {request.port}", *(f"> {line}" for line in asked), ">"]
    lines += [f"< HTTP/1.1 {answer.status} {answer.words}"]
    lines += [f"< {name}: {value}" for name, value in answer.headers.items()] + ["<"]
    proc.err("".join(f"{line}\n" for line in lines))


def _written(text: str, answer: Answer) -> str:
    """What `-w` prints: variables and escapes."""
    facts = {"http_code": str(answer.status), "response_code": str(answer.status)}
    facts |= {"size_download": str(len(answer.body)), "content_type": answer.headers.get("Content-Type", "")}
    facts |= {"time_total": "0.000512"}
    for name, value in facts.items():
        text = text.replace(f"%{{{name}}}", value)
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("%%", "%")


def _failed(proc: Process, args: Arguments, code: int, text: str) -> int:
    if "s" not in args or "S" in args:
        proc.err(f"curl: ({code}) {text}\n")
    return code


def _progress(proc: Process, args: Arguments, size: int) -> None:
    if args.any("sN"):
        return
    proc.err("  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n")
    proc.err("                                 Dload  Upload   Total   Spent    Left  Speed\n")
    shown = formats.human(size) if size > 99_999 else str(size)
    proc.err(f"100 {shown:>5}  100 {shown:>5}    0     0  {shown:>5}      0 --:--:-- --:--:-- --:--:-- {shown:>5}\n")
