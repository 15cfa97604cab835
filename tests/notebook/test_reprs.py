"""The engine's objects as pictures, also those that were removed while a notebook's variable still holds them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.reprs import container_figure, image_figure
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
