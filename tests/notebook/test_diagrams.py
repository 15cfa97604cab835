"""Diagrams: the same bytes every time, words beside every picture, and nothing from the lab that becomes markup."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree

import pytest

from dockerlab.notebook.diagrams import (
    ChangeView,
    ContainerView,
    Figure,
    IdView,
    ImageView,
    LayerView,
    TagView,
    containers_on_image,
    image_stack,
    journey,
    names_and_ids,
    render,
)

APP = ImageView(
    "app:2.0",
    "1b2c3d4e5f60",
    (
        LayerView("FROM", "debian:12", "deadbeef0123", 75_000_000, base=True, files=("/etc/os-release",)),
        LayerView("COPY", "app.conf /etc/", "0f9e8d7c6b5a", 1100, files=("/etc/app.conf",)),
        LayerView("CMD", '["app"]', "", 0),
    ),
)
WEB = ContainerView("web", "running", 1100, (ChangeView("C", "/etc/app.conf"), ChangeView("D", "/etc/os-release")))


def every_kind() -> list[Figure]:
    tags = [TagView("web:latest", "aaaaaaaaaaaa"), TagView("web:1", "aaaaaaaaaaaa")]
    images = [IdView("aaaaaaaaaaaa", "119MB"), IdView("bbbbbbbbbbbb", "116MB", dangling=True)]
    return [image_stack(APP), containers_on_image(APP, [WEB]), names_and_ids(tags, images), journey()]


@pytest.mark.parametrize("figure", every_kind(), ids=lambda figure: figure.title)
def test_a_picture_is_well_formed_and_says_in_words_what_it_shows(figure: Figure) -> None:
    root = ElementTree.fromstring(figure.svg)
    assert root.tag.endswith("svg")
    title, description = (element.text for element in list(root)[:2])
    assert (title, description) == (figure.title, figure.alt)
    assert "<script" not in figure.svg
    assert figure.text


@pytest.mark.parametrize("figure", every_kind(), ids=lambda figure: figure.title)
def test_a_picture_is_the_same_bytes_each_time(figure: Figure) -> None:
    again = render.polish(render.layout(figure.dot), prefix="x", words=("t", "d"))
    assert again == render.polish(render.layout(figure.dot), prefix="x", words=("t", "d"))


def test_a_notebook_gets_an_image_that_needs_nothing_else() -> None:
    bundle = image_stack(APP)._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"])
    assert data is not None
    assert base64.b64decode(data[1]).startswith(b"<svg")


def test_metadata_steps_are_told_from_layers() -> None:
    text = image_stack(APP).text
    assert re.search(r"CMD\s+\[\"app\"\]\s+no layer\s+0B", text)
    assert "2 read-only layers, 75MB" in text


def test_a_copied_up_file_has_an_arrow_from_the_layer_that_it_comes_from() -> None:
    figure = containers_on_image(APP, [WEB])
    assert re.search(r"c0:f\d:s -> s:k1_0:n .*copy-up", figure.dot)
    assert "/etc/os-release deleted (a whiteout hides it)" in figure.alt


def test_a_copy_is_drawn_before_all_that_was_only_added() -> None:
    added = tuple(ChangeView("A", f"/var/cache/{number}") for number in range(9))
    figure = containers_on_image(APP, [ContainerView("web", "running", 9, (*added, ChangeView("C", "/etc/app.conf")))])
    assert "copy-up" in figure.dot
    assert "and 4 more" in figure.dot


def test_names_from_the_lab_never_become_markup() -> None:
    evil = '"><script>alert(1)</script>\x07'
    image = ImageView(evil, "1b2c3d4e5f60", (LayerView("RUN", evil, "0f9e8d7c6b5a", 1),))
    figure = image_stack(image)
    ElementTree.fromstring(figure.svg)
    assert "<script" not in figure.svg
    assert "<script" not in figure.html


def test_many_layers_are_folded_with_their_count() -> None:
    rows = tuple(LayerView("RUN", f"step {number}", f"{number:012x}", 10) for number in range(60))
    text = image_stack(ImageView("deep", "1b2c3d4e5f60", rows)).text
    assert "37 earlier steps" in text
    assert len(text.splitlines()) == 25
