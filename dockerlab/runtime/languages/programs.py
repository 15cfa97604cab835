"""node, java, go, rustc, ruby, perl and their companions: versions, and one-liners that print."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from dockerlab.runtime.languages.oneliners import Dialect, NotPlayedError, Value, run, value_of
from dockerlab.runtime.languages.versions import LANGUAGES, installed, sentence
from dockerlab.runtime.packages.node import node_version
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import open_source, text_of
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

_ASKED = frozenset({"--version", "-v", "-V", "version", "-version"})
_NAMES = {"node": "JavaScript", "ruby": "Ruby", "perl": "Perl", "java": "Java", "go": "Go"}


def _javascript(value: Value) -> str:
    if value is None:
        return "undefined"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _node(proc: Process) -> Dialect:
    env, host = proc.env, proc.hostname
    facts: Mapping[str, Callable[[re.Match[str]], Value]] = {
        r"process\.version\b": lambda _: node_version(proc),
        r"process\.versions\.node\b": lambda _: node_version(proc)[1:],
        r"process\.platform\b": lambda _: "linux",
        r"process\.arch\b": lambda _: "x64",
        r"process\.pid\b": lambda _: proc.pid,
        r"process\.cwd\(\)": lambda _: proc.cwd,
        r"process\.env\.(\w+)": lambda found: env.get(found[1]),
        r"require\(['\"](?:node:)?os['\"]\)\.hostname\(\)": lambda _: host,
        r"(?:true|false)\b": lambda found: found[0].strip() == "true",
    }
    prints = {r"console\.(?:log|info)\b": ("(", ")", "\n"), r"process\.stdout\.write\b": ("(", ")", "")}
    return Dialect(prints, "+", facts, r"\$\{([^}]*)\}", "`", shown=_javascript)


def _ruby(proc: Process) -> Dialect:
    facts: Mapping[str, Callable[[re.Match[str]], Value]] = {
        r"RUBY_VERSION\b": lambda _: installed(proc, "ruby"),
        r"ENV\[['\"](\w+)['\"]\]": lambda found: proc.env.get(found[1], ""),
        r"Socket\.gethostname\b": lambda _: proc.hostname,
    }
    prints = {r"puts\b": ("", "", "\n"), r"print\b": ("", "", "")}
    return Dialect(prints, "+", facts, r"#\{([^}]*)\}")


def _perl(proc: Process) -> Dialect:
    facts: Mapping[str, Callable[[re.Match[str]], Value]] = {
        r"\$ENV\{['\"]?(\w+)['\"]?\}": lambda found: proc.env.get(found[1], ""),
        r"\$\^V\b": lambda _: f"v{installed(proc, 'perl')}",
    }
    return Dialect({r"print\b": ("", "", ""), r"say\b": ("", "", "\n")}, ".", facts, r"(\$ENV\{\w+\})")


_DIALECTS: dict[str, Callable[[Process], Dialect]] = {"node": _node, "ruby": _ruby, "perl": _perl}
_CODE = {"-e": False, "-E": False, "--eval": False, "-p": True, "--print": True, "-pe": True}
"""The options that bring a program; whether its value is printed."""


@program("node", "nodejs", "ruby", "perl", raw=True)
def interpreter(proc: Process, args: Arguments) -> Waiting:
    """A version, or a one-liner."""
    name = "node" if name_of(proc) in ("node", "nodejs") else name_of(proc)
    words = args.operands
    if _ASKED & set(words[:1]):
        proc.out(node_version(proc) + "\n" if name == "node" else sentence(proc, name))
        return 0
    if words[:1] and words[0] in _CODE and len(words) > 1:
        return one_liner(proc, name, words[1], printed=name == "node" and _CODE[words[0]])
    if words and not words[0].startswith("-"):
        return _file(proc, name, words[0])
    if proc.is_terminal(0) and name == "node":
        proc.out(f'Welcome to Node.js {node_version(proc)}.\nType ".help" for more information.\n> ')
    source = text_of((yield from open_source(proc, "-").read_all()))
    return one_liner(proc, name, source) if source.strip() else 0


def one_liner(proc: Process, name: str, source: str, *, printed: bool = False) -> int:
    """Run a program that prints."""
    dialect = _DIALECTS[name](proc)
    try:
        text = dialect.shown(value_of(source, dialect)) + "\n" if printed else run(source, dialect)
    except NotPlayedError:
        proc.err(f"{name}: dockerlab runs no {_NAMES[name]}: of a program it plays only prints of texts and numbers\n")
        return 1
    proc.out(text)
    return 0


def _file(proc: Process, name: str, path: str) -> int:
    if not proc.fs.is_file(proc.path(path)):
        missing = {
            "node": f"node:internal/modules/cjs/loader:1408\n  throw err;\n  ^\n\n"
            f"Error: Cannot find module '{proc.path(path)}'\n\nNode.js {node_version(proc)}\n",
            "ruby": f"ruby: No such file or directory -- {path} (LoadError)\n",
            "perl": f'Can\'t open perl script "{path}": No such file or directory\n',
        }
        proc.err(missing[name])
        return 2 if name == "perl" else 1
    return one_liner(proc, name, proc.fs.read(proc.path(path)).decode("utf-8", "replace"))


_COMPILERS = ("java", "javac", "jshell", "jar", "go", "gofmt", "rustc", "cargo", "rustup", "make", "gcc", "cc", "g++")
_COMPANIONS = ("irb", "gem", "bundle", "rake", "yarn", "npx", "corepack")


@program(*_COMPILERS, *_COMPANIONS, raw=True)
def versioned(proc: Process, args: Arguments) -> int:
    """Print the version; the rest is not simulated."""
    name = name_of(proc)
    words = args.operands
    if name == "go" and words[:1] == ["env"]:
        return _go_env(proc, words[1:])
    if _ASKED & set(words):
        text = sentence(proc, name)
        on_stderr = LANGUAGES[name].on_stderr and "-version" in words
        if "--version" in words:
            text = text.replace("openjdk version", "openjdk").replace('"', "")
        (proc.err if on_stderr else proc.out)(text)
        return 0
    if name == "make" and not proc.fs.exists(proc.path("Makefile")):
        proc.err("make: *** No targets specified and no makefile found.  Stop.\n")
        return 2
    if name in ("gcc", "cc", "g++") and not words:
        proc.err(f"{name}: fatal error: no input files\ncompilation terminated.\n")
        return 1
    proc.err(f"{name}: dockerlab simulates only `{name} {'version' if name == 'go' else '--version'}`\n")
    return 1


def _go_env(proc: Process, names: Sequence[str]) -> int:
    facts = {
        "GOARCH": "amd64", "GOOS": "linux", "GOPATH": proc.env.get("GOPATH", "/root/go"), "GOROOT": "/usr/local/go",
        "GOVERSION": f"go{installed(proc, 'go')}",
    }  # fmt: skip
    for name in names or facts:
        proc.out(f"{facts.get(name, '')}\n" if names else f"{name}='{facts[name]}'\n")
    return 0
