"""Which Apache it is, and where its things are: the image's own, Debian's, Ubuntu's or Alpine's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dockerlab.runtime.packages.node import packaged_version
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.servers.php.page import version_of

DEFAULT = "2.4.65"
USUAL = frozenset(
    "alias auth_basic authn_core authn_file authz_core authz_host authz_user autoindex deflate dir env filter mime "
    "negotiation reqtimeout setenvif status".split()
)
"""The modules that Debian turns on."""
_EXPORT = re.compile(r"^\s*(?:export\s+)?([A-Z_]+)=(.*)$", re.MULTILINE)
_DEFAULTED = re.compile(r"\$\{([A-Z_]+):-([^}]*)\}|\$\{?([A-Z_]+)\}?")


@dataclass(frozen=True)
class Build:
    """One Apache."""

    version: str
    system: str
    root: str
    conf: str
    pid: str
    php: str = ""
    """The version of PHP that is in it."""
    modules: frozenset[str] = frozenset()
    """The modules that are in the program itself."""

    @property
    def token(self) -> str:
        """The Server header: 'Apache/2.4.65 (Unix)'."""
        return f"Apache/{self.version} ({self.system})"

    @property
    def description(self) -> str:
        """The same with all that it is made of."""
        return f"{self.token} PHP/{self.php}" if self.php else self.token


def build_of(proc: Process) -> Build:
    """The Apache of a machine."""
    packaged = packaged_version(proc, "apache2(?:-bin)?")
    version = re.split(r"[-+~]", packaged.rpartition(":")[2])[0]
    if proc.fs.exists("/usr/local/apache2/conf/httpd.conf"):
        own = proc.env.get("HTTPD_VERSION") or DEFAULT
        return Build(own, "Unix", "/usr/local/apache2", "conf/httpd.conf", "logs/httpd.pid")
    if proc.fs.exists("/etc/alpine-release"):
        conf, pid = "/etc/apache2/httpd.conf", "/run/apache2/httpd.pid"
        return Build(version or DEFAULT, "Unix", "/var/www", conf, pid, modules=USUAL)
    system = "Ubuntu" if "ubuntu" in packaged else "Debian"
    has_php = any(proc.fs.exists(path) for path in ("/usr/local/bin/php", "/usr/bin/php"))
    php = version_of(proc) if has_php else ""
    modules = frozenset[str]() if proc.fs.is_dir("/usr/lib/apache2/modules") else USUAL
    modules |= {"php"} if php else frozenset()
    conf, pid = "apache2.conf", "/var/run/apache2/apache2.pid"
    return Build(version or DEFAULT, system, "/etc/apache2", conf, pid, php, modules)


def environment_of(proc: Process) -> dict[str, str]:
    """The environment with what apache2ctl reads from /etc/apache2/envvars."""
    found = {**proc.env, "SUFFIX": ""}
    for name, value in _EXPORT.findall(read_text(proc.fs, "/etc/apache2/envvars")):
        bare = value.strip().strip("'\"")
        found[name] = _DEFAULTED.sub(lambda match: found.get(match[1] or match[3], match[2] or ""), bare)
    return found
