"""The engine's objects as pictures, also those that were removed while a notebook's variable still holds them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell

from dockerlab.lab import Lab
from dockerlab.notebook.reprs import container_figure, image_figure, register
from dockerlab.notebook.session import current_lab


@pytest.fixture
def lab() -> Iterator[Lab]:
    lab = current_lab()
    lab.reset()
    assert lab.run("docker run --name web busybox rm /bin/ls").exit_code == 0
    yield lab
    lab.reset()


def test_a_container_is_its_writable_layer_on_its_image(lab: Lab) -> None:
    assert "✕ /bin/ls  whiteout" in container_figure(lab.engine.containers.find("web")).text


def test_a_removed_container_is_gone_and_no_traceback(lab: Lab) -> None:
    container = lab.engine.containers.find("web")
    lab.run("docker rm web")
    assert "web is gone" in container_figure(container).alt


def test_a_removed_image_is_still_its_layers(lab: Lab) -> None:
    image = lab.engine.images.find("busybox")
    assert image_figure(image).title == "Image busybox:latest"
    lab.run("docker rm web; docker rmi busybox")
    figure = image_figure(image)
    assert figure.title == f"Image {image.id.short} (removed)"
    assert "1 read-only layer" in figure.alt


def test_a_comparison_of_drivers_is_bars_and_its_table() -> None:
    shell = InteractiveShell.instance()
    try:
        register(shell)
        comparison = Lab().compare_drivers("docker create busybox", "docker pull -q busybox", ["overlay2", "vfs"])
        shown, _ = shell.display_formatter.format(comparison)
    finally:
        InteractiveShell.clear_instance()
    assert shown["text/plain"].startswith(str(comparison))
    assert "bytes copied, least: overlay2 (0B); most: vfs (8.54MB)" in shown["text/plain"]
    assert shown["text/html"].startswith('<img alt="The same work with each storage driver. overlay2: 0B copied')
