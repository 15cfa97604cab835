"""Draw the README's picture, docs/containers.svg, with the course's own diagrams: `python tools/draw_readme.py`."""

from __future__ import annotations

from pathlib import Path

from dockerlab.notebook.diagrams import ChangeView, ContainerView, ImageView, LayerView, containers_on_image

IMAGE = ImageView(
    "app:2.0",
    "a1b2c3d4e5f6",
    (
        LayerView("FROM", "debian:12", "deadbeef0123", 117_000_000, base=True),
        LayerView("RUN", "apt-get install -y python3", "0f9e8d7c6b5a", 38_000_000),
        LayerView("COPY", "app.conf /etc/", "a1b2c3d4e5f6", 1_100, files=("/etc/app.conf",)),
    ),
)
CONTAINERS = (
    ContainerView("web-1", "running"),
    ContainerView("web-2", "exited (0)", 12, (ChangeView("A", "/var/log/app.log"),)),
    ContainerView("web-3", "running", 1_112, (ChangeView("C", "/etc/app.conf"),)),
)

if __name__ == "__main__":
    target = Path(__file__).resolve().parent.parent / "docs" / "containers.svg"
    target.parent.mkdir(exist_ok=True)
    target.write_text(containers_on_image(IMAGE, CONTAINERS).svg + "\n", encoding="utf-8")
