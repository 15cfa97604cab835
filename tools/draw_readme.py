"""Draw the pictures of the README and the docs with the course's diagrams: `python tools/draw_readme.py [FOLDER]`.

A lab lives through one small story, and every diagram is drawn of it: docs/containers.svg and docs/img/*.svg. With a
FOLDER a Chromium (by Playwright) also photographs all of them on JupyterLab's light and dark backgrounds, to look at.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import dockerlab
from dockerlab.lab import Lab
from dockerlab.notebook import pictures
from dockerlab.notebook.diagrams import Figure, driver_costs, journey

DOCS = Path(__file__).resolve().parent.parent / "docs"
BACKGROUNDS = {"light": "#ffffff", "dark": "#111111"}
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
DOCKERFILE = b"""\
FROM alpine AS build
WORKDIR /src
COPY main.c .
RUN cp main.c /app
FROM build AS test
RUN sh -c 'test -s /app'
FROM alpine
RUN apk add --no-cache python3
COPY app.conf /etc/
COPY dataset.csv /data/
COPY --from=build /app /app
CMD ["python3"]
"""
BEFORE = """\
docker pull -q alpine
docker build -q -t app:1 .
docker run -d --name web-1 app:1 sleep 10000
docker exec web-1 sh -c 'echo started > /var/log/app.log'
docker run -d --name web-2 app:1 sleep 10000
docker exec web-2 sh -c 'echo mode=fast >> /etc/app.conf'
docker run --name web-3 app:1 rm /data/dataset.csv
docker tag app:1 localhost:5000/app:1
docker push -q localhost:5000/app:1
"""
AFTER = """\
docker build -q -t app:2 .
docker tag app:2 localhost:5000/copy:2
"""
SETUP = """\
docker run --name maker busybox sh -c 'dd if=/dev/zero of=/big bs=1000000 count=20 2>/dev/null'
docker commit maker big
docker rm maker
"""
WORK = "docker run big sh -c 'printf X | dd of=/big bs=1 conv=notrunc 2>/dev/null'"
"""One byte is written into a file of 20 MB."""


def story() -> Lab:
    """A lab in which there is something to see."""
    lab = dockerlab.Lab()
    lab.serve_registry("localhost:5000")
    files = {
        "Dockerfile": DOCKERFILE,
        "main.c": b"main() {}\n",
        "app.conf": b"mode=1\n",
        "dataset.csv": b"1,2\n" * 3_000_000,
    }
    for name, data in files.items():
        lab.host.write(f"/lab/{name}", data)
    run(lab, BEFORE)
    lab.host.write("/lab/main.c", b"main() { run(); }\n")
    run(lab, AFTER)
    return lab


def run(lab: Lab, lines: str) -> None:
    """Run lines that must succeed."""
    for line in lines.splitlines():
        result = lab.run(line)
        if result.exit_code:
            raise SystemExit(f"{line}: {result.stderr}")


def figures(lab: Lab) -> Mapping[str, Figure]:
    """Every diagram, by the name of its file."""
    engine = lab.engine
    return {
        "image": pictures.picture(engine, "app:1"),
        "containers": pictures.picture_of_containers(engine, ["web-1", "web-2", "web-3"]),
        "path": pictures.picture(engine, "web-3", "/data/dataset.csv"),
        "names": pictures.picture_of_removal(engine, "app:2"),
        "build": pictures.picture_of_build(engine),
        "push": pictures.picture_of_push(engine, "localhost:5000/copy:2"),
        "registry": pushed_registry(lab),
        "journey": journey(),
        "lifecycle": pictures.picture_of_life(engine, "web-1"),
        "costs": driver_costs(lab.compare_drivers(WORK, setup=SETUP)),
    }


def pushed_registry(lab: Lab) -> Figure:
    """The registry after the push that was drawn before it."""
    run(lab, "docker push -q localhost:5000/copy:2")
    return pictures.picture_of_registry(lab.engine, "localhost:5000")


def photograph(drawn: Mapping[str, Figure], folder: Path) -> None:
    """All pictures below each other, once for each background."""
    from playwright.sync_api import sync_playwright

    path = str(CHROMIUM) if CHROMIUM.exists() else None
    pictures_html = "".join(f'<p style="margin:0 0 28px">{figure.html}</p>' for figure in drawn.values())
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS.split())
        for theme, background in BACKGROUNDS.items():
            page = browser.new_page(viewport={"width": 1000, "height": 400})
            style = f"margin:16px;background:{background}"
            page.set_content(f'<style>img{{max-width:100%}}</style><body style="{style}">{pictures_html}</body>')
            page.screenshot(path=folder / f"diagrams-{theme}.png", full_page=True)
        browser.close()


def main(arguments: list[str]) -> None:
    """Draw them all."""
    (DOCS / "img").mkdir(parents=True, exist_ok=True)
    drawn = figures(story())
    for name, figure in drawn.items():
        (DOCS / "img" / f"{name}.svg").write_text(figure.svg + "\n", encoding="utf-8")
    (DOCS / "containers.svg").write_text(drawn["containers"].svg + "\n", encoding="utf-8")
    for folder in arguments:
        photograph(drawn, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
