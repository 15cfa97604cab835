"""A real Docker Engine of one's own: started for one purpose, empty, in namespaces of its own, and gone afterwards.

    with started() as host:
        host.run("docker run --rm busybox:1.35 echo hello").stdout      # 'hello\\n'

It needs root, dockerd, the docker client, util-linux, iproute2 and a static busybox (Debian: docker.io,
busybox-static); with docker-registry there are also the two registries that every lab of the tests has, with notary
and openssl a Notary server. A `RealHost` answers like a `Lab`, so whatever types lines into the one can type them into
the other. Nobody's own engine is touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.console import REGISTRIES, Answer, Transcript

BUSYBOX = Path("/bin/busybox")
NEEDED = {"dockerd": "docker.io", "docker": "docker.io", "unshare": "util-linux", "ip": "iproute2", "bash": "bash"}
LONGEST = 180
"""Seconds that one line may take."""

_PASSWORDS = "alice:$2y$05$cYXWHDh9lRyl.vZkOyk6K.Y/3fKDd2f29rfv2UcvkhyLzRGvW1MJu\n"
_NAMES = "passwd: files\ngroup: files\nhosts: files\n"
"""Names come from /etc/hosts alone: there is no Docker Hub, and nothing waits for it."""

_INSIDE = """
ip link set lo up
mount --make-rprivate /
mkdir -p /lab && mount --bind {folder}/lab /lab && mount --bind {folder}/tmp /tmp && mount --bind {folder}/home /root
mount --bind {folder}/nsswitch.conf /etc/nsswitch.conf
{registries}
{notary}
dockerd --data-root {folder}/data --exec-root {folder}/exec -H unix://{folder}/docker.sock --pidfile {folder}/pid \\
  --experimental --insecure-registry 127.0.0.0/8 >{folder}/dockerd.log 2>&1 </dev/null &
cd /lab
exec bash --noprofile --norc
"""
_REGISTRY = """
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}/{port}}}, delete: {{enabled: true}}}}
http: {{addr: 127.0.0.1:{port}}}
"""

_NOTARY = """
{{"server": {{"http_addr": "{name}", "tls_cert_file": "{folder}/tls.crt", "tls_key_file": "{folder}/tls.key"}},
 "trust_service": {{"type": "local", "hostname": "", "port": "", "tls_ca_file": "", "key_algorithm": "ed25519"}},
 "logging": {{"level": "error"}}, "storage": {{"backend": "memory"}}}}
"""
_CERTIFICATE = """
openssl req -x509 -newkey rsa:2048 -nodes -keyout {folder}/tls.key -out {folder}/tls.crt -days 30 -subj /CN={host} \\
  -addext subjectAltName=IP:{host} >/dev/null 2>&1
mkdir -p /root/.docker/tls/{name} && cp {folder}/tls.crt /root/.docker/tls/{name}/ca.crt
notary-server -config {folder}/notary.json >/dev/null 2>&1 </dev/null &
"""


class UnavailableError(Exception):
    """This machine can't run a real engine; says why in one line."""


def unavailable() -> str:
    """Why no real engine can be started here, '' where one can."""
    missing = sorted({package for program, package in NEEDED.items() if shutil.which(program) is None})
    if missing:
        return f"no real engine here: install {', '.join(missing)}"
    if os.geteuid() != 0:
        return "no real engine here: dockerd needs root"
    if not BUSYBOX.exists():
        return "no real engine here: install busybox-static"
    return ""


@contextlib.contextmanager
def started(registries: Mapping[str, Mapping[str, str] | None] = REGISTRIES, notary: str = "") -> Iterator[RealHost]:
    """A fresh engine with a shell beside it, and a Notary server where one is asked for; raises UnavailableError."""
    if reason := unavailable():
        raise UnavailableError(reason)
    folder = Path(tempfile.mkdtemp(prefix="engine-", dir="/var/tmp"))
    for name in ("lab", "home", "tmp"):
        (folder / name).mkdir()
    (folder / "nsswitch.conf").write_text(_NAMES)
    script = _INSIDE.format(folder=folder, registries=_registries(folder, registries), notary=_notary(folder, notary))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "GODEBUG": "netdns=cgo",
        "DOCKER_HOST": f"unix://{folder}/docker.sock",
    }
    shell = subprocess.Popen(
        ["unshare", "--mount", "--net", "bash", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
        text=True,
    )
    host = RealHost(folder, shell)
    try:
        host.await_engine()
        yield host
    finally:
        host.stop()


def _registries(folder: Path, registries: Mapping[str, Mapping[str, str] | None]) -> str:
    """The lines that start the registries, where docker-registry is installed."""
    if shutil.which("docker-registry") is None:
        return ""
    lines = []
    for name, users in registries.items():
        port = name.rpartition(":")[2]
        text = _REGISTRY.format(folder=folder, port=port)
        if users is not None:
            (folder / "passwords").write_text(_PASSWORDS)
            text += f"auth: {{htpasswd: {{realm: Registry, path: {folder}/passwords}}}}\n"
        (folder / f"{port}.yml").write_text(text)
        lines.append(f"docker-registry serve {folder}/{port}.yml >/dev/null 2>&1 </dev/null &")
    return "\n".join(lines)


def _notary(folder: Path, name: str) -> str:
    """The lines that start a Notary server at an address, with a certificate that the docker client trusts."""
    if not name:
        return ""
    if missing := [program for program in ("notary-server", "openssl") if shutil.which(program) is None]:
        raise UnavailableError(f"no Notary server here: {', '.join(missing)} is missing (Debian: notary, openssl)")
    (folder / "notary.json").write_text(_NOTARY.format(folder=folder, name=name))
    return _CERTIFICATE.format(folder=folder, name=name, host=name.partition(":")[0])


@dataclass(frozen=True)
class HostFiles:
    """The files of a real host; only /lab and /tmp can be written."""

    folder: Path

    def write(self, path: str, data: bytes) -> None:
        """Put a file where a path of the host says."""
        place = self.folder / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


@dataclass
class RealHost:
    """A shell on a machine with a real engine."""

    folder: Path
    shell: subprocess.Popen[str]

    @property
    def host(self) -> HostFiles:
        """Its files."""
        return HostFiles(self.folder)

    @property
    def version(self) -> str:
        """The engine's version: '20.10.24'."""
        return self.run("docker version --format '{{.Server.Version}}'").stdout.strip().partition("+")[0]

    def run(self, line: str, stdin: str = "") -> Answer:
        """Type a line; the shell's folder and variables last."""
        for name, text in (("line", line), ("stdin", stdin)):
            (self.folder / name).write_text(text)
        status = self.folder / "status"
        status.unlink(missing_ok=True)
        place = self.folder
        self._say(
            f". {place}/line <{place}/stdin >{place}/out 2>{place}/err; echo $? >{place}/s; mv {place}/s {status}"
        )
        self._await(status.exists, f"no answer to {line!r}")
        out, err = ((place / name).read_text(errors="surrogateescape") for name in ("out", "err"))
        return Answer(out, re.sub(rf"{place}/line: line \d+: ", "bash: ", err), int(status.read_text()))

    def prepare(self, transcript: Transcript) -> None:
        """Bring the host to where a transcript begins."""
        self.host.write("/tmp/base.tar.gz", runnable(transcript.base))
        for line in transcript.preparation:
            self.run(line)

    def await_engine(self) -> None:
        """Wait until the engine answers."""
        self._await((self.folder / "docker.sock").exists, "dockerd does not start")
        self._await(lambda: self.run("docker version").exit_code == 0, "dockerd does not answer")

    def stop(self) -> None:
        """End everything that was started, and remove its files."""
        with contextlib.suppress(ValueError, ProcessLookupError, FileNotFoundError):
            os.kill(int((self.folder / "pid").read_text()), signal.SIGTERM)
            self._await(lambda: not (self.folder / "pid").exists(), "dockerd does not stop")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.shell.pid, signal.SIGKILL)
        self.shell.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _say(self, line: str) -> None:
        assert self.shell.stdin is not None
        self.shell.stdin.write(line + "\n")
        self.shell.stdin.flush()

    def _await(self, reached: object, complaint: str) -> None:
        deadline = time.monotonic() + LONGEST
        while not reached():  # type: ignore[operator]
            if time.monotonic() > deadline or self.shell.poll() is not None:
                raise UnavailableError(complaint)
            time.sleep(0.005)


def runnable(archive: bytes) -> bytes:
    """A `docker save` archive whose busybox, zeros in the tests' data, has this machine's program in it."""
    program = BUSYBOX.read_bytes()
    with tarfile.open(fileobj=io.BytesIO(archive)) as saved:
        files = {entry.name: saved.extractfile(entry).read() for entry in saved if entry.isfile()}  # type: ignore[union-attr]
    (manifest,) = json.loads(files["manifest.json"])
    (layer_name,) = manifest["Layers"]
    layer = _with_program(files[layer_name], program)
    old, new = (f"sha256:{hashlib.sha256(data).hexdigest()}" for data in (files[layer_name], layer))
    config = files.pop(manifest["Config"]).replace(old.encode(), new.encode())
    manifest["Config"] = f"{hashlib.sha256(config).hexdigest()}.json"
    files |= {layer_name: layer, manifest["Config"]: config, "manifest.json": json.dumps([manifest]).encode()}
    return _archive(files)


def _with_program(layer: bytes, program: bytes) -> bytes:
    """A layer's tar with the bytes of its busybox."""
    raw = bytearray(layer)
    with tarfile.open(fileobj=io.BytesIO(layer)) as entries:
        for entry in entries:
            if entry.name.endswith("bin/busybox"):
                if entry.size != len(program):
                    raise UnavailableError(f"{BUSYBOX} has {len(program)} bytes, the transcripts' has {entry.size}")
                raw[entry.offset_data : entry.offset_data + entry.size] = program
    return bytes(raw)


def _archive(files: Mapping[str, bytes]) -> bytes:
    """A plain tar of some files."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return raw.getvalue()
