"""Python programs as tutorials put them into images: servers, buffered logs, signals, files in volumes."""

from __future__ import annotations

import pytest

from dockerlab import Lab

FLASK = """\
import os
import socket
from flask import Flask, request, jsonify

app = Flask(__name__)
visits = 0

@app.route("/")
def hello():
    global visits
    visits += 1
    return f"Hello from {socket.gethostname()}, visit {visits}\\n"

@app.route("/square/<int:number>", methods=["GET", "POST"])
def square(number):
    return jsonify(result=number ** 2, by=request.method, name=request.args.get("name", "nobody"))

@app.route("/boom")
def boom():
    return 1 / 0

if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", 5000)))
"""
DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
CMD ["python", "app.py"]
"""


@pytest.fixture
def lab() -> Lab:
    return Lab()


def ok(lab: Lab, line: str) -> str:
    result = lab.run(line)
    assert result.exit_code == 0, result
    return result.stdout


def flask_image(lab: Lab) -> None:
    for name, text in {"app.py": FLASK, "Dockerfile": DOCKERFILE, "requirements.txt": "flask\n"}.items():
        lab.host.write(f"/lab/web/{name}", text.encode())
    ok(lab, "docker build -q -t web web")


def test_a_flask_application_answers_through_a_published_port(lab: Lab) -> None:
    flask_image(lab)
    ok(lab, "docker run -d --name web -h box -p 8000:5000 web")
    assert (
        ok(lab, "curl -s localhost:8000; curl -s localhost:8000")
        == "Hello from box, visit 1\nHello from box, visit 2\n"
    )
    assert ok(lab, "curl -s 'localhost:8000/square/7?name=Ada'") == '{"by":"GET","name":"Ada","result":49}\n'
    assert ok(lab, "curl -s -X POST localhost:8000/square/2") == '{"by":"POST","name":"nobody","result":4}\n'
    codes = ok(lab, "for p in nope square boom; do curl -s -o /dev/null -w '%{http_code} ' localhost:8000/$p; done")
    assert codes == "404 404 500 "
    log = lab.run("docker logs web").stderr
    assert " * Running on http://172.17.0.2:5000\n" in log
    assert "172.17.0.1 - - [" in log
    assert "    return 1 / 0\n           ~~^~~\nZeroDivisionError: division by zero\n" in log


def test_flask_run_listens_on_localhost_unless_it_is_told(lab: Lab) -> None:
    """The classic: it works in the container, and not from outside."""
    flask_image(lab)
    ok(lab, "docker run -d --name web -p 8000:5000 web flask run")
    assert "Hello" in ok(
        lab,
        "docker exec web python -c 'import urllib.request as u; print(u.urlopen(\"http://localhost:5000\").read())'",
    )
    assert lab.run("curl -s localhost:8000").exit_code != 0
    ok(lab, "docker rm -f web; docker run -d -p 8000:5000 web flask run --host=0.0.0.0")
    assert "Hello" in ok(lab, "curl -s localhost:8000")


def test_a_log_stays_empty_until_the_buffer_is_full(lab: Lab) -> None:
    """8 KiB, as CPython buffers what is no terminal; PYTHONUNBUFFERED is the cure."""
    loop = "import time\nfor i in range(100):\n    print(i)\n    time.sleep(1)"
    ok(lab, f"docker run -d --name quiet python:3.13-alpine python -c '{loop}'")
    ok(lab, f"docker run -d --name chatty -e PYTHONUNBUFFERED=1 python:3.13-alpine python -c '{loop}'")
    ok(lab, "sleep 5")
    assert ok(lab, "docker logs quiet") == ""
    assert ok(lab, "docker logs chatty").split()[:5] == ["0", "1", "2", "3", "4"]


def test_a_handler_for_sigterm_ends_a_container_at_once(lab: Lab) -> None:
    """Without one, process 1 ignores the signal, and `docker stop` waits ten seconds."""
    script = (
        "import signal, sys, time\n"
        "def leave(number, frame):\n    print('bye')\n    sys.exit(0)\n"
        "if len(sys.argv) > 1: signal.signal(signal.SIGTERM, leave)\n"
        "while True: time.sleep(1)\n"
    )
    lab.host.write("/lab/app.py", script.encode())
    for words, code, seconds in (("polite", 0, 0), ("", 137, 10)):
        ok(lab, f"docker run -d --name app -v /lab/app.py:/app.py python:3.13-alpine python /app.py {words}")
        before = lab.clock.now
        ok(lab, "docker stop app")
        assert round((lab.clock.now - before) / 1e9) == seconds
        assert ok(lab, "docker inspect -f '{{.State.ExitCode}}' app; docker rm app").split()[0] == str(code)


def test_a_count_in_a_volume_survives_its_containers(lab: Lab) -> None:
    ok(lab, "git clone -q https://github.com/dockerlab/visit-counter; docker build -q -t counter visit-counter")
    shown = [ok(lab, "docker run --rm -v visits:/data counter") for _ in range(3)]
    assert shown == [f"This ran {number} time(s).\n" for number in (1, 2, 3)]


def test_what_is_not_simulated_says_so(lab: Lab) -> None:
    result = lab.run("docker run --rm python:3.13-alpine python -c 'import asyncio'")
    assert result.stderr.endswith(
        "python3: dockerlab's Python does not simulate the standard library's module 'asyncio'\n"
    )
    result = lab.run("docker run --rm python:3.13-alpine python -c 'import flask'")
    assert result.stderr.endswith("ModuleNotFoundError: No module named 'flask'\n")
