"""Which nginx it is: its version, and the places that were chosen when it was built, which `nginx -V` tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dockerlab.runtime.packages.node import packaged_version
from dockerlab.runtime.process import Process

DEFAULT = "1.29.3"
_KINDS = ("client-body", "proxy", "fastcgi", "uwsgi", "scgi")
MODULES = (
    "--with-compat --with-file-aio --with-threads --with-http_addition_module --with-http_auth_request_module "
    "--with-http_dav_module --with-http_flv_module --with-http_gunzip_module --with-http_gzip_static_module "
    "--with-http_mp4_module --with-http_random_index_module --with-http_realip_module "
    "--with-http_secure_link_module --with-http_slice_module --with-http_ssl_module --with-http_stub_status_module "
    "--with-http_sub_module --with-http_v2_module --with-http_v3_module --with-mail --with-mail_ssl_module "
    "--with-stream --with-stream_realip_module --with-stream_ssl_module --with-stream_ssl_preread_module"
)


@dataclass(frozen=True)
class Build:
    """One nginx, as somebody built it."""

    version: str
    prefix: str
    error_log: str
    pid: str
    temporary: tuple[str, ...]
    """Folders for what does not fit into memory, as in `_KINDS`."""
    compiler: str = ""
    system: str = ""
    """What stands behind the version: ' (Ubuntu)'."""
    conf: str = "/etc/nginx/nginx.conf"

    @property
    def name(self) -> str:
        """'nginx/1.29.3 (Ubuntu)'."""
        return f"nginx/{self.version}{self.system}"

    def describe(self) -> str:
        """What `nginx -V` prints behind the version."""
        folders = [f"--http-{kind}-temp-path={path}" for kind, path in zip(_KINDS, self.temporary, strict=True)]
        places = [
            f"--prefix={self.prefix}",
            "--sbin-path=/usr/sbin/nginx",
            "--modules-path=/usr/lib/nginx/modules",
            f"--conf-path={self.conf}",
            f"--error-log-path={self.error_log}",
            "--http-log-path=/var/log/nginx/access.log",
            f"--pid-path={self.pid}",
            "--lock-path=/run/nginx.lock",
        ]
        built = f"built by {self.compiler}\n" if self.compiler else ""
        tls = "built with OpenSSL 3.0.17 1 Jul 2025\nTLS SNI support enabled\n"
        return f"{built}{tls}configure arguments: {' '.join([*places, *folders, MODULES])}\n"


def build_of(proc: Process) -> Build:
    """The nginx of a machine: nginx.org's own (which the image has), Alpine's, or Debian's and Ubuntu's."""
    packaged = packaged_version(proc, "nginx(?:-core|-light|-full)?")
    version = re.split(r"[-+~]", packaged.rpartition(":")[2])[0] or DEFAULT
    alpine = proc.fs.exists("/etc/alpine-release")
    if proc.fs.exists("/var/cache/nginx") or not (packaged or alpine):
        compiler = "gcc 14.2.0 (Alpine 14.2.0) " if alpine else "gcc 12.2.0 (Debian 12.2.0-14+deb12u1) "
        names = ("client_temp", "proxy_temp", "fastcgi_temp", "uwsgi_temp", "scgi_temp")
        folders = tuple(f"/var/cache/nginx/{name}" for name in names)
        return Build(version, "/etc/nginx", "/var/log/nginx/error.log", "/run/nginx.pid", folders, compiler)
    if alpine:
        folders = tuple(f"/var/lib/nginx/tmp/{name}" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return Build(version, "/var/lib/nginx", "/var/log/nginx/error.log", "/run/nginx/nginx.pid", folders)
    folders = tuple(f"/var/lib/nginx/{name}" for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"))
    system = " (Ubuntu)" if "ubuntu" in packaged else ""
    return Build(version, "/usr/share/nginx", "stderr", "/run/nginx.pid", folders, system=system)
