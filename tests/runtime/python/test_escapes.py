"""A script reaches nothing of the machine that the lab runs on, and ends in bounded time and memory."""

from __future__ import annotations

from typing import Any

import pytest

ESCAPES = [
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__",
    "(lambda: 0).__globals__",
    "(lambda: 0).__code__",
    "print.__self__",
    "print.call",
    "len.__class__.__init__",
    "[].append.__self__",
    "type(lambda: 0)(None, {})",
    "type('X', (), {})",
    "getattr('', '__class__').__base__.__subclasses__()",
    "'{0.__class__}'.format(1)",
    "'{0[__class__]}'.format([])",
    "f'{().__class__.__base__.__subclasses__()}'",
    "(x for x in ()).gi_frame",
    "(x for x in ()).gi_code",
    "(x for x in ())._run",
    "__builtins__",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "__import__('os').system('id')",
    "open.__globals__",
    "__loader__",
    "Exception().__traceback__.tb_frame",
    "Exception.__subclasses__()",
    "str.mro()",
    "object.__subclasses__()",
    "vars(print)",
    "dir(__builtins__)",
    "int.__dict__",
    "b''.__reduce__()",
    "NotImplemented.__class__.__base__.__subclasses__()",
]


@pytest.mark.parametrize("expression", ESCAPES)
def test_no_way_leads_out_of_the_interpreter(box: Any, expression: str) -> None:
    result = box.run(["python3", "-c", f"print({expression})"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Error" in result.stderr or "does not simulate" in result.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "import os; print(os.sys)",
        "import os; print(os.path.os)",
        "import json; print(json.codecs)",
        "import sys; print(sys.modules['sys']._getframe())",
        "import ctypes",
        "import importlib",
        "import inspect",
        "import gc",
        "import logging; print(logging.getLogger('x')._settings)",
        "import pathlib; print(pathlib.Path('x')._interpreter)",
        "from flask import Flask",
        "import re; print(re.compile('x').__class__.__base__)",
        "import datetime; print(datetime.sys)",
        "import datetime; print(datetime.datetime.now().__reduce__())",
        "import subprocess; print(subprocess.run.__globals__)",
        "class X(int): pass",
        "class X(type): pass",
    ],
)
def test_modules_have_only_what_is_on_their_lists(box: Any, statement: str) -> None:
    result = box.run(["python3", "-c", statement])
    assert result.exit_code == 1
    assert result.stdout == ""


def test_files_environment_and_programs_are_the_containers(box: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKERLAB_SECRET", "of the host")
    script = (
        "import os, socket\nprint(os.path.exists('/proc/1/environ'), 'DOCKERLAB_SECRET' in os.environ, os.getpid())"
    )
    result = box.run(["python3", "-c", script])
    assert result.stdout.split()[1:] == ["False", "1"]
    assert box.run(["python3", "-c", f"print(open({__file__!r}).read())"]).exit_code == 1
    assert box.run(["python3", "-c", "import subprocess; subprocess.run(['uname', '-n'])"]).stdout == "box\n"


@pytest.mark.parametrize(
    "script",
    [
        "while True: pass",
        "sum(1 for _ in iter(int, 1))",
        "list(range(10**12))",
        "sorted(range(10**12))",
        "'x' * 10**12",
        "[0] * 10**12",
        "x = 'ab'\nwhile True: x += x",
        "x = [1]\nwhile True: x.extend(x)",
        "x = []\nwhile True: x.append('y' * 1000000)",
        "9 ** 9 ** 9",
        "1 << 10**12",
        "x = 9\nwhile True: x = x * x",
        "'%999999999d' % 1",
        "'{:999999999}'.format(1)",
        "f'{1:>999999999}'",
        "'a'.center(10**12)",
        "'aaaa'.replace('a', 'b' * 10**7)",
        "bytes(10**12)",
        "(1).to_bytes(10**12, 'big')",
        "import math; math.factorial(10**9)",
        "import re; re.match(r'(a+)+$', 'a' * 40 + 'b')",
        "def f(): f()\nf()",
        "class A:\n def __getattr__(self, n): return self.x\nA().y",
        "class A:\n def __repr__(self): return repr(self)\nrepr(A())",
        "x = []\nx.append(x)\nimport json\njson.dumps(x)",
        "(" * 500 + ")" * 500,
        "-" * 100000 + "1",
    ],
)
def test_runaway_scripts_end(box: Any, script: str) -> None:
    """By the error that the real one gives, by a signal, or with a line that says why."""
    result = box.run(["python3", "-c", script])
    assert result.exit_code != 0
    assert "dockerlab has a bug" not in result.stderr


def test_a_list_that_holds_itself_is_shown(box: Any) -> None:
    assert box.run(["python3", "-c", "x = [1]; x.append(x); print(x)"]).stdout == "[1, [...]]\n"


def test_finally_does_not_hold_up_a_kill(box: Any) -> None:
    script = "import time\ntry:\n    time.sleep(60)\nfinally:\n    print('never')\n"
    box.write("app.py", script)
    result = box.sh("python3 -u app.py & sleep 1; kill -9 $!; wait $!; echo $?")
    assert result.lines[-1] == "137"
    assert "never" not in result.stdout
