"""Ask the real nginx what the tests expect, where it is installed: python -m tests.runtime.servers.record"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from datetime import datetime
from pathlib import Path

from tests.runtime.servers.nginx_site import CONFIG, FILES, MISTAKES, MODIFIED, PREFIX, REQUESTS, TYPES

DATA = Path(__file__).parent / "data" / "nginx.json"
AGENT = "curl/8.5.0"


def build() -> None:
    """Put the site where both find it."""
    for name, text in {**FILES, "types": TYPES, "nginx.conf": CONFIG, "logs/.keep": ""}.items():
        path = Path(PREFIX, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    stamp = datetime.fromisoformat(MODIFIED).timestamp()
    for found in Path(PREFIX, "html").rglob("*"):
        os.utime(found, (stamp, stamp))


def answer(words: list[str]) -> str:
    """What curl prints, without dates."""
    *options, url = words
    argv = ["curl", "-si", "--path-as-is", "-A", AGENT, *options, f"localhost:18080{url}"]
    text = subprocess.run(argv, capture_output=True, check=False).stdout.decode("latin-1")
    return re.sub(r"Date: [^\r]*", "Date", text)


def complaint(text: str) -> str:
    """What `nginx -t` prints."""
    Path(PREFIX, "wrong.conf").write_text(text.replace("\\n", "\n"))
    argv = ["nginx", "-t", "-p", PREFIX, "-e", "stderr", "-c", "wrong.conf", "-g", "pid test.pid;"]
    said = subprocess.run(argv, capture_output=True, text=True, check=False).stderr
    return re.sub(r"^.*?\[(\w+)\] \d+#\d+:", r"[\1]", said, flags=re.MULTILINE)


def main() -> None:
    """Write the file."""
    build()
    server = subprocess.Popen(["nginx", "-p", PREFIX, "-c", "nginx.conf", "-e", "logs/error.log", "-g", "daemon off;"])
    time.sleep(0.5)
    answers = [[words, answer(words)] for words in REQUESTS]
    server.terminate()
    server.wait()
    errors = [
        re.sub(r'^.*\*\d+ |"\d+#\d+"', "", line) for line in Path(PREFIX, "logs/error.log").read_text().splitlines()
    ]
    told = {
        "source": "nginx 1.22.1 of Debian 12, asked by record.py",
        "answers": answers,
        "access": Path(PREFIX, "logs/access.log").read_text().splitlines(),
        "errors": [line for line in errors if ", client: " in line],
        "mistakes": [[text, complaint(text)] for text in MISTAKES],
    }
    DATA.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
