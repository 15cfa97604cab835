"""Every widget on odd things: as many layers as a store takes, none at all, names full of markup, and what is gone."""

from __future__ import annotations

import re
import shlex

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.widgets import EXPLORERS, LabView, Terminal
from dockerlab.notebook.widgets.base import LabWidget

MOST_LAYERS = 125
"""What moby's layer store takes (maxLayerDepth in layer/layer_store.go of 20.10)."""
EVIL = "a<b>&\"'\\N 👩‍🚀😀"
MARKUP = "<img src=x onerror=alert(1)>"
DOCKERFILES = {
    "deep": "FROM busybox\n" + "".join(f"RUN echo {number} > /f{number}\n" for number in range(MOST_LAYERS - 1)),
    "none": 'FROM scratch\nCMD ["nothing"]\n',
    "evil": f"FROM busybox\nLABEL x='{MARKUP}'\nCOPY files /\nRUN echo '{MARKUP}' > /z\n",
}
OF_IMAGES = ("containers", "layers", "names", "overlay", "template", "wire")
OF_CONTAINERS = ("life", "template")
ACTIONS = {
    "containers": ("add", {}),
    "layers": ("search", {"value": "f"}),
    "names": ("think_of", {"plan": "rmi"}),
    "overlay": ("do", {"verb": "append"}),
    "template": ("write", {"value": "{{json .}}"}),
    "wire": ("go", {}),
    "life": ("press", {"verb": "rm"}),
    "build": ("build", {}),
    "space": ("tick_none", {}),
}


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.host.write(f"/lab/evil/files/{EVIL}", MARKUP.encode())
    for name, text in DOCKERFILES.items():
        lab.host.write(f"/lab/{name}/Dockerfile", text.encode())
        assert lab.run(f"docker build -q -t {name} {name}").exit_code == 0
    lab.run("docker create --name of-deep deep")
    lab.run("docker create --name of-none none")
    assert lab.run(f"docker run --name of-evil evil rm {shlex.quote('/' + EVIL)}").exit_code == 0
    return lab


def is_quiet(widget: LabWidget) -> None:
    """Both views can be made, nothing in them is markup, and nothing went wrong."""
    html = widget.static_html()
    assert widget.static_text()
    assert MARKUP not in html
    assert re.search(r"<(?:script|b>&)", html) is None
    assert "made a mistake" not in widget.problem


@pytest.mark.parametrize("image", DOCKERFILES)
@pytest.mark.parametrize("name", ["build", "life", "space", *OF_IMAGES])
def test_a_widget_shows_it_and_does_what_is_asked(lab: Lab, image: str, name: str) -> None:
    subject = {"build": f"/lab/{image}", "life": f"of-{image}", "space": ""}.get(name, image)
    widget = EXPLORERS[name](lab, subject)
    is_quiet(widget)
    action, message = ACTIONS[name]
    widget.act(action, **message)
    is_quiet(widget)
    if name in ("containers", "life"):
        lab.undo()


def test_one_layer_more_is_refused_as_the_engine_does(lab: Lab) -> None:
    lab.host.write("/lab/deeper/Dockerfile", b"FROM deep\nRUN echo 1 > /more\n")
    result = lab.run("docker build -q deeper")
    assert result.exit_code == 1
    assert "max depth exceeded" in result.stderr


@pytest.mark.parametrize("name", [*OF_IMAGES, "life"])
def test_what_is_gone_is_said_in_one_line(name: str) -> None:
    lab = Lab()
    lab.run("docker pull -q busybox")
    lab.run("docker create --name box busybox")
    widget = EXPLORERS[name](lab, "box" if name in OF_CONTAINERS else "busybox")
    lab.run("docker rm -f box")
    lab.run("docker rmi -f busybox")
    widget.catch_up()
    action, message = ACTIONS[name]
    widget.act(action, **message)
    assert "made a mistake" not in widget.problem
    assert "Traceback" not in f"{widget.problem}{widget.state}"
    assert len(widget.problem.splitlines()) <= 1
    assert "text/plain" in widget._repr_mimebundle_()


def test_the_map_and_the_terminal_survive_a_lab_that_is_reset() -> None:
    lab = Lab()
    lab.run("docker run -d --name box busybox sleep 100")
    view, terminal = LabView(lab), Terminal(lab, "docker exec -it box sh")
    lab.reset()
    for widget in (view, terminal):
        widget.catch_up()
        is_quiet(widget)
    view.act("select", key="container:box")
    terminal.act("wait")
    assert "made a mistake" not in view.problem + terminal.problem
