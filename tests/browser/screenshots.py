"""Photograph every widget for the docs: `python -m tests.browser.screenshots [NAME ...]` writes docs/img/*.webp.

Each widget is brought into a pose by clicks that a learner makes, and taken in JupyterLab's light and dark themes.
Look at what comes out: nothing else does.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.browser.gallery import IS_DARK, THEME, Gallery, Widget
from tests.browser.lab_page import opened, served
from tools.look_at_notebooks import THEMES

PLACE = Path(__file__).resolve().parents[2] / "docs" / "img"
WIDTH, HEIGHT, SETTLED = 1060, 1600, 2600
"""Points of the page, and ms in which all motion is over."""
MOST = 150_000
"""Bytes of a picture."""


def predict(widget: Widget) -> None:
    widget.click("[role=radio] >> nth=0")
    widget.click("button", "Commit")
    widget.gallery.run("%docker history notes:1")


def overlay(widget: Widget) -> None:
    widget.type('[data-key="search"]', "motd")
    widget.click('[data-key="merged:/etc/motd"]')
    widget.click("button", "Append a byte")


def layers(widget: Widget) -> None:
    widget.click("[role=option]", "rm /big.bin")


def tape(widget: Widget) -> None:
    widget.click("button", "docker build")
    widget.click("[role=option]", "motd")
    widget.type(".dl-content", "Welcome back\n")
    widget.click("button", "docker build")


def names(widget: Widget) -> None:
    widget.click('[data-key="name:notes:stable"]')


def ledger(widget: Widget) -> None:
    widget.click(".dl-name", "batch")
    widget.click(".dl-name", "app:2")


def wire(widget: Widget) -> None:
    widget.click('[data-key="image:busybox:latest"]')
    widget.click('[data-key="go"]')
    widget.click('[data-key="image:notes:1"]')
    widget.click('[data-key="go"]')


def suitcase(widget: Widget) -> None:
    widget.click('[data-key="item:files"]')
    widget.click('[data-key="item:history"]')
    widget.click("button", "Travel")


def template(widget: Widget) -> None:
    widget.type(".dl-template", "{{.Name}} {{.State.Stauts}}")


def lifecycle(widget: Widget) -> None:
    widget.click('[data-key="press:pause"]')


def terminal(widget: Widget) -> None:
    widget.locate(".dl-line").focus()
    widget.gallery.page.keyboard.type("echo hello > /greeting; ls /")
    widget.press("Enter")


def as_it_is(_: Widget) -> None:
    """The pose in which the gallery leaves it."""


POSES: Mapping[str, Callable[[Widget], None]] = {
    "predict": predict,
    "containers": as_it_is,
    "overlay": overlay,
    "layers": layers,
    "template": template,
    "tape": tape,
    "nameboard": names,
    "ledger": ledger,
    "suitcase": suitcase,
    "lifecycle": lifecycle,
    "wire": wire,
    "terminal": terminal,
    "labview": as_it_is,
}


def main(arguments: list[str]) -> int:
    """Photograph the widgets of these names, or all."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with served() as address, opened(address) as page:
        gallery = Gallery(page, PLACE, THEMES)
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        for name in arguments or POSES:
            widget = gallery.widget(name)
            POSES[name](widget)
            for theme in THEMES:
                print(photograph(widget, f"{name}-{theme}", theme), flush=True)
    return 0


def photograph(widget: Widget, name: str, theme: str) -> str:
    """One picture, without a focus ring; what came of it."""
    page = widget.gallery.page
    page.evaluate(THEME, THEMES[theme])
    page.wait_for_function(IS_DARK, arg=theme == "dark")
    page.evaluate("() => document.activeElement?.blur()")
    widget.found.scroll_into_view_if_needed()
    page.wait_for_timeout(SETTLED)
    data = webp(page, widget.found.screenshot(animations="disabled"))
    if len(data) > MOST:
        raise SystemExit(f"{name} is too large: {len(data)} bytes")
    path = PLACE / f"{name}.webp"
    path.write_bytes(data)
    return f"{path.name} {len(data)} bytes"


def webp(page: Any, png: bytes) -> bytes:
    """The picture as WebP, which Chromium itself can make."""
    text: str = page.evaluate(TO_WEBP, base64.b64encode(png).decode())
    return base64.b64decode(text.partition(",")[2])


TO_WEBP = """async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', 0.86);
}"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
