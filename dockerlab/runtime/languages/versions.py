"""Which version of a language is installed: an image's variable, a package's version; and how its program says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dockerlab.runtime.packages.node import packaged_version
from dockerlab.runtime.process import Process


@dataclass(frozen=True)
class Language:
    """One program: the variable of official images, its package (a regular expression), a version, its sentence.

    The sentence has {0} for the version, {1} for its first part, {2} for 'Debian' or 'Ubuntu'.
    """

    variable: str
    package: str
    default: str
    sentence: str
    on_stderr: bool = False


_JAVA = (
    'openjdk version "{0}" 2026-10-20 LTS\nOpenJDK Runtime Environment Temurin-{0}+11 (build {0}+11-LTS)\n'
    "OpenJDK 64-Bit Server VM Temurin-{0}+11 (build {0}+11-LTS, mixed mode, sharing)\n"
)
LANGUAGES: dict[str, Language] = {
    "java": Language("JAVA_VERSION", "openjdk-[0-9]+-jre-headless", "17.0.17", _JAVA, on_stderr=True),
    "javac": Language("JAVA_VERSION", "openjdk-[0-9]+-jdk-headless", "17.0.17", "javac {0}\n"),
    "jshell": Language("JAVA_VERSION", "openjdk-[0-9]+-jdk-headless", "17.0.17", "jshell {0}\n"),
    "jar": Language("JAVA_VERSION", "openjdk-[0-9]+-jdk-headless", "17.0.17", "jar {0}\n"),
    "go": Language("GOLANG_VERSION", "golang-[0-9.]+-go", "1.22.2", "go version go{0} linux/amd64\n"),
    "gofmt": Language("GOLANG_VERSION", "golang-[0-9.]+-go", "1.22.2", "gofmt {0}\n"),
    "rustc": Language("RUST_VERSION", "rustc", "1.75.0", "rustc {0} (ed61e7d7e 2026-11-07)\n"),
    "cargo": Language("RUST_VERSION", "cargo", "1.75.0", "cargo {0} (ea2d97820 2026-10-10)\n"),
    "rustup": Language("", "rustup", "1.28.2", "rustup {0} (e4f3ad6f8 2026-04-28)\n"),
    "ruby": Language("RUBY_VERSION", "ruby[0-9.]+", "3.2.3", "ruby {0} (2026-10-08 revision 6a2d0d3) [x86_64-linux]\n"),
    "irb": Language("", "ruby-irb", "1.14.3", "irb {0} (2026-06-05)\n"),
    "gem": Language("", "rubygems", "3.6.9", "{0}\n"),
    "bundle": Language("", "bundler", "2.6.9", "Bundler version {0}\n"),
    "rake": Language("", "rake", "13.2.1", "rake, version {0}\n"),
    "perl": Language(
        "", "perl-base", "5.36.0",
        "\nThis is perl 5, version {3}, subversion {4} (v{0}) built for x86_64-linux-gnu-thread-multi\n\n",
    ),
    "make": Language("", "make", "4.3", "GNU Make {0}\nBuilt for x86_64-pc-linux-gnu\n"),
    "gcc": Language("", "gcc-[0-9]+", "12.2.0-14", "gcc ({2} {5}) {0}\n"),
    "cc": Language("", "gcc-[0-9]+", "12.2.0-14", "cc ({2} {5}) {0}\n"),
    "g++": Language("", "g[+][+]-[0-9]+", "12.2.0-14", "g++ ({2} {5}) {0}\n"),
    "yarn": Language("YARN_VERSION", "yarnpkg", "1.22.22", "{0}\n"),
    "npx": Language("", "npm", "11.6.1", "{0}\n"),
    "corepack": Language("", "corepack", "0.34.0", "{0}\n"),
}  # fmt: skip


def installed(proc: Process, name: str) -> str:
    """The version of a language's program: '21.0.5'."""
    language = LANGUAGES[name]
    own = proc.env.get(language.variable, "") if not proc.program_path.startswith("/usr/bin/") else ""
    found = own or packaged_version(proc, language.package) or proc.env.get(language.variable, "") or language.default
    return found.removeprefix("jdk-").rpartition(":")[2]


def sentence(proc: Process, name: str) -> str:
    """What the program says of its version."""
    whole = installed(proc, name)
    bare = re.split(r"[-+~]", whole)[0]
    parts = [*bare.split("."), "0", "0"]
    system = "Ubuntu" if "ubuntu" in whole else "Debian"
    return LANGUAGES[name].sentence.format(bare, parts[0], system, parts[1], parts[2], whole)
