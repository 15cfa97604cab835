"""wget: GNU's (wget(1)), and busybox's with its own words."""

from __future__ import annotations

import posixpath

from dockerlab.runtime.net.errors import HostError, NetworkError
from dockerlab.runtime.net.http import Answer, Request
from dockerlab.runtime.net.names import resolve
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.dates import format_date
from dockerlab.runtime.programs.inputs import bytes_of
from dockerlab.runtime.programs.messages import UsageFailure, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.redirects import followed
from dockerlab.runtime.programs.registry import Waiting, program

LONG = "quiet=q output-document=O spider=Z continue=c header=H post-data=p no-check-certificate=k no-verbose=n "
LONG += "directory-prefix=P timeout=T tries=t user-agent=U server-response=S"
NETWORK_FAILURE, SERVER_ERROR = 4, 8


@program("wget", options="qO:SZcH:p:kn:P:T:t:U:Y:v", long=LONG, usage="[-cqS] [--spider] [-O FILE] [-P DIR] URL...")
def wget(proc: Process, args: Arguments) -> Waiting:
    """Fetch URLs into files."""
    if not args.operands:
        raise UsageFailure("missing URL")
    code = 0
    for url in args.operands:
        fetching = _Busybox(proc, args, url) if is_busybox(proc) else _Gnu(proc, args, url)
        code = max(code, (yield from fetching.run()))
    return code


class _Gnu:
    """One URL, in the words of GNU's wget."""

    def __init__(self, proc: Process, args: Arguments, url: str) -> None:
        self.proc, self.args = proc, args
        headers = {"User-Agent": args.value("U") or "Wget/1.21.4", "Accept": "*/*"}
        headers |= {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in args.all("H"))}
        body = bytes_of(args.value("p"))
        self.request = Request("POST" if "p" in args else "HEAD" if "Z" in args else "GET", url, headers, body)
        self.host, self.port = self.request.host, self.request.port

    def run(self) -> Waiting:
        """Fetch, keep, and say so; returns the exit code."""
        self.begin()
        try:
            timeout = float(self.args.number("T", 0)) or None
            answer = yield from followed(self.proc, self.request, timeout=timeout)
        except HostError:
            return self.no_host()
        except NetworkError as error:
            return self.not_connected(error)
        self.connected(answer)
        if answer.status >= 400:
            return self.refused(answer)
        if "Z" in self.args:
            return self.spider(answer)
        self.keep(answer)
        return 0

    @property
    def name(self) -> str:
        """The file that it is written to; '-' is standard output."""
        name = self.args.value("O") or posixpath.basename(self.request.parts.path) or "index.html"
        return posixpath.join(self.args.value("P"), name) if "P" in self.args and "O" not in self.args else name

    @property
    def address(self) -> str:
        """The address of the host."""
        return resolve(self.proc.machine, self.host)

    def say(self, text: str) -> None:
        """Tell something, unless it should be quiet."""
        if "q" not in self.args:
            self.proc.err(text)

    def now(self) -> str:
        """The time, as it stands in wget's lines."""
        return format_date("%F %T", self.proc.kernel.clock.now)

    def begin(self) -> None:
        """The line before anything happens."""
        url = self.request.parts.geturl()
        self.say(f"--{self.now()}--  {url if self.request.parts.path else url + '/'}\n")
        if self.host and not self.host.replace(".", "").isdigit():
            self.say(f"Resolving {self.host} ({self.host})... ")

    def no_host(self) -> int:
        """Nobody knows the name."""
        self.say("failed: Name or service not known.\n")
        return complain(self.proc, f"unable to resolve host address '{self.host}'", NETWORK_FAILURE)

    def _connecting(self) -> None:
        if self.host != self.address:
            self.say(f"{self.address}\nConnecting to {self.host} ({self.host})|{self.address}|:{self.port}... ")
        else:
            self.say(f"Connecting to {self.host}:{self.port}... ")

    def not_connected(self, error: NetworkError) -> int:
        """The machine does not answer."""
        self._connecting()
        self.say(f"failed: {error.text}.\n")
        return NETWORK_FAILURE

    def connected(self, answer: Answer) -> None:
        """It answers."""
        self._connecting()
        self.say(f"connected.\nHTTP request sent, awaiting response... {answer.status} {answer.words}\n")
        if "S" in self.args:
            self.say("".join(f"  {name}: {value}\n" for name, value in answer.headers.items()))

    def refused(self, answer: Answer) -> int:
        """The server says no."""
        self.say(f"{self.now()} ERROR {answer.status}: {answer.words}.\n\n")
        return SERVER_ERROR

    def spider(self, answer: Answer) -> int:
        """Only whether it is there."""
        kind = answer.headers.get("Content-Type", "text/html")
        self.say(f"Length: unspecified [{kind}]\nRemote file exists.\n\n")
        return 0

    def keep(self, answer: Answer) -> None:
        """Write it down."""
        size = len(answer.body)
        kind = answer.headers.get("Content-Type", "")
        self.say(f"Length: {size}{f' [{kind}]' if kind else ''}\n")
        self.say(f"Saving to: '{'STDOUT' if self.name == '-' else self.name}'\n\n")
        self.write(answer.body)
        done = f"written to stdout [{size}/{size}]" if self.name == "-" else f"'{self.name}' saved [{size}/{size}]"
        self.say(f"{self.now()} (12.3 MB/s) - {done}\n\n")

    def write(self, body: bytes) -> None:
        """The bytes, to a file or to standard output."""
        if self.name == "-":
            self.proc.out(body)
        else:
            self.proc.open(self.name, "w").write(body)


class _Busybox(_Gnu):
    """The same in busybox's words, which are fewer."""

    def begin(self) -> None:
        """Nothing is said yet."""

    def no_host(self) -> int:
        return complain(self.proc, f"bad address '{self.host}'")

    def _connecting(self) -> None:
        self.say(f"Connecting to {self.request.parts.netloc} ({self.address}:{self.port})\n")

    def not_connected(self, error: NetworkError) -> int:
        self._connecting()
        return complain(self.proc, f"can't connect to remote host ({self.address}): {error.text}")

    def connected(self, answer: Answer) -> None:
        self._connecting()

    def refused(self, answer: Answer) -> int:
        return complain(self.proc, f"server returned error: HTTP/1.1 {answer.status} {answer.words}")

    def spider(self, answer: Answer) -> int:
        self.say("remote file exists\n")
        return 0

    def keep(self, answer: Answer) -> None:
        self.write(answer.body)
        target = "-" if self.name == "-" else f"{self.name[:20]:<20}"
        where = "written to stdout" if self.name == "-" else f"'{self.name}' saved"
        if self.name != "-":
            self.say(f"saving to '{self.name}'\n")
        self.say(f"{target:<20} 100% |{'*' * 32}| {len(answer.body):5}  0:00:00 ETA\n{where}\n")
