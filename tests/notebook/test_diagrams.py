"""Diagrams: the same bytes every time, words beside every picture, and nothing from the lab that becomes markup."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.errors import RendererError
from dockerlab.notebook.diagrams import Figure, containers_on_image, image_stack, journey, names_and_ids, render
from dockerlab.notebook.diagrams.views import ChangeView, ContainerView, FileView, IdView, ImageView, LayerView, TagView
from tests.notebook.cases import APP, CASES, CONTAINERS, EVIL, USED
from tests.notebook.golden import FOLDER

ROOT = Path(__file__).resolve().parents[2]
ELEMENTS = set("svg title desc g a path polygon polyline text defs pattern rect ellipse".split())
"""All that a picture is made of."""

every_case = pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))


def elements(figure: Figure) -> list[str]:
    return [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(figure.svg).iter()]


@pytest.mark.parametrize("name", CASES)
def test_dot_is_as_it_was_looked_at(name: str) -> None:
    assert CASES[name]().dot == (FOLDER / f"{name}.dot").read_text(encoding="utf-8")


def test_every_golden_file_has_its_case() -> None:
    assert {path.stem for path in FOLDER.glob("*.dot")} == set(CASES)


@every_case
def test_a_picture_is_well_formed_and_says_in_words_what_it_shows(case: Callable[[], Figure]) -> None:
    figure = case()
    root = ElementTree.fromstring(figure.svg)
    title, description = (element.text for element in list(root)[:2])
    assert (title, description) == (figure.title, figure.alt)
    assert root.get("role") == "img"
    assert set(elements(figure)) <= ELEMENTS
    assert figure.text.strip()


@every_case
def test_a_picture_is_the_same_bytes_each_time(case: Callable[[], Figure]) -> None:
    first, again = case(), case()
    assert first == again
    assert render.layout(first.dot) == render.layout(first.dot)


def test_a_picture_does_not_depend_on_pythons_hash_seed() -> None:
    script = (
        "from tests.notebook.cases import CASES; import hashlib; figures = [case() for case in CASES.values()]; "
        "print(hashlib.sha256(repr(figures).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_a_notebook_gets_an_image_that_needs_nothing_else() -> None:
    bundle = image_stack(APP)._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"])
    assert data is not None
    assert base64.b64decode(data[1]).startswith(b"<svg")


# Nothing becomes markup.

texts = st.text(alphabet=st.characters(exclude_categories=()), max_size=60) | st.sampled_from([EVIL, "]]>", "<!--"])


@settings(max_examples=60, deadline=None)
@given(texts, texts, texts)
def test_names_and_paths_never_become_markup(name: str, path: str, arguments: str) -> None:
    image = ImageView(name, "1b2c3d4e5f60", (LayerView("RUN", arguments, "d", 1, files=(FileView(path, 1),)),))
    tops = [ContainerView(name, arguments, 1, (ChangeView("D", path), ChangeView("A", arguments)))]
    for figure in (
        image_stack(image),
        containers_on_image(image, tops),
        names_and_ids([TagView(name, "a")], [IdView("a", path)]),
    ):
        assert set(elements(figure)) <= ELEMENTS
        alt = ElementTree.fromstring(figure.html.replace("<img", "<img ").replace(">", "/>")).get("alt")
        assert alt == " ".join(figure.alt.split("\t"))


def test_what_graphviz_would_replace_is_shown_as_it_is() -> None:
    r"""In a label \N is the node's name and \G the graph's."""
    svg = image_stack(ImageView(r"a\Nb\Gc\\d", "1", (LayerView("RUN", r"echo \n\N", "d", 1),))).svg
    assert r"a\Nb\Gc\\d" in svg
    assert r"echo \n\N" in svg


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith("evil")])
def test_long_names_are_cut_with_an_ellipsis(name: str) -> None:
    figure = CASES[name]()
    texts = "".join(ElementTree.fromstring(figure.svg).itertext())
    assert "x" * 100 not in texts.replace(figure.alt, "").replace(figure.title, "")
    width = float(ElementTree.fromstring(figure.svg).get("width") or 0)
    assert width < 1700


# What each picture tells.


def test_metadata_steps_are_told_from_layers() -> None:
    text = image_stack(APP).text
    assert re.search(r"CMD\s+\[\"python3\", \"/srv/app.py\"\]\s+no layer\s+0B", text)
    assert "4 read-only layers, 205MB" in text


def test_a_shared_layer_says_with_whom() -> None:
    figure = image_stack(APP)
    assert "also in debian:12" in figure.text
    assert "FROM debian:12: layer deadbeef0123, 117MB, also in debian:12, web:1, db:7" in figure.alt


def test_a_copied_up_file_has_an_arrow_from_the_layer_that_it_comes_from() -> None:
    figure = containers_on_image(USED, CONTAINERS)
    assert re.search(r"c:b1C:s -> s:k2_0C:n .*copy-up", figure.dot)
    assert "Layer COPY app.conf /etc/ has /etc/app.conf 1.1kB" in figure.alt


def test_deleting_a_file_frees_nothing_and_the_picture_says_so() -> None:
    figure = containers_on_image(USED, CONTAINERS)
    assert re.search(r"c:b2D:s -> s:k3_0D:n .*style=dashed.*hides", figure.dot)
    lesson = "web-3 deleted /data/dataset.csv and freed 0B: 50MB stay in the image, hidden by a whiteout"
    assert lesson in figure.alt
    assert figure.text.endswith(lesson)
    assert "▨ /data/dataset.csv 50MB" in figure.text
    assert "50MB, hidden from web&#45;3" in figure.svg
    assert "pattern" in elements(figure)


def test_a_copy_is_drawn_before_all_that_was_only_added() -> None:
    added = tuple(ChangeView("A", f"/var/cache/{number}") for number in range(9))
    figure = containers_on_image(USED, [ContainerView("web", "running", 9, (*added, ChangeView("C", "/etc/app.conf")))])
    assert "copy-up" in figure.dot
    assert "and 5 more" in figure.dot


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("path", "It comes from: COPY app.conf /etc/; 1 copy below is hidden"),
        ("path_deleted", "No such file: the whiteout /data/dataset.csv ends the search; 1 copy below is hidden"),
        ("path_opaque", "It comes from: COPY index.html /srv/www/; 1 copy below is hidden"),
        ("path_directory", "A directory merged from 3 layers; the topmost gives its permissions"),
        ("path_nowhere", "No such file: no layer has it"),
        ("names_untag", "docker rmi web:1.4 untags web:1.4 and deletes nothing: the image has other names"),
        ("names_delete", "docker rmi web:1.3 untags web:1.3 and deletes 1 image: 2MB freed"),
        ("names_refused", "docker rmi web:1.3 is refused: conflict: unable to remove repository reference"),
        ("names", "c0ffee5512aa (116MB, no name: dangling) has no name: it is dangling"),
        ("build", "COPY . .: built (a file of COPY changed: main.go)"),
        ("build", "COPY --from=build /app /app: built (a file of COPY changed: app), copies from build"),
        ("build", "3 steps from the cache, 3 built; 1 stage not needed, so not built"),
        ("build_failed", "RUN false failed, so there is no image"),
        ("registry", "Shared blobs: deadbeef0123 (29MB), 91bc77d2e004 (800kB)"),
        ("registry", "latest is eeee00000001 (index of 2 platforms)"),
        ("registry_empty", "nothing was pushed yet"),
        ("push", "1 layer of 3 would travel: 800kB of 41.8MB"),
        ("push", "RUN apt-get install -y nodejs (5c4b3a291807): mount from api"),
        ("journey", "docker export leads from container to tar archive"),
        ("life_exited", "web is exited with exit code 137; now possible: start, restart, rm"),
        ("life_gone", "web is gone: there is no such container (any more)"),
    ],
)
def test_the_words_say_what_is_to_be_seen(name: str, said: str) -> None:
    assert said in CASES[name]().alt


def test_the_opening_picture_has_the_arrows_that_it_is_asked_for() -> None:
    assert re.findall(r"docker (\w+)", journey(["build", "run"]).text) == ["build", "run"]


# Big ones fold.


def test_500_deleted_files_are_counted_where_they_lie() -> None:
    files = tuple(FileView(f"/srv/{number}", 1_000) for number in range(500))
    image = ImageView("big", "1", (LayerView("COPY", ". /srv", "d", 500_000, files=files),))
    changes = tuple(ChangeView("D", file.path) for file in files)
    figure = containers_on_image(image, [ContainerView("web", "running", 0, changes)])
    assert "and 497 more files" in figure.svg
    assert "web deleted /srv/0, /srv/1 and 498 more and freed 0B: 500kB stay in the image" in figure.alt
    assert len(figure.alt) < 1000
    assert len(figure.text) < 1000
    assert len(re.findall("style=dashed arrowhead", figure.dot)) == 1


def test_127_layers_are_folded_with_their_count() -> None:
    text = CASES["stack_deep"]().text
    assert "104 earlier steps" in text
    assert len(text.splitlines()) == 25


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("containers_busy", "and 495 more"),
        ("path_far", "… 125 layers without it"),
        ("names_many", "480 more names and 480 more images not drawn"),
        ("build_long", "… 24 steps between"),
        ("registry_crowded", "and 17 more tags"),
    ],
)
def test_what_does_not_fit_is_counted(name: str, said: str) -> None:
    figure = CASES[name]()
    assert said in figure.text
    assert float(ElementTree.fromstring(figure.svg).get("height") or 0) < 2000


def test_where_the_cache_breaks_is_drawn_among_many_steps() -> None:
    assert "the cache breaks here: parent changed" in CASES["build_long"]().svg


def test_what_a_removal_touches_is_drawn_among_hundreds() -> None:
    assert "✕ deleted" in CASES["names_many"]().text


# Without a renderer.


def test_without_a_renderer_the_characters_take_the_pictures_place(monkeypatch: pytest.MonkeyPatch) -> None:
    render.svg.cache_clear()
    monkeypatch.setattr(render, "program", lambda: Path("/nonexistent/dot"))
    figure = image_stack(ImageView("<b>", "1", APP.rows))
    assert figure.html.startswith("<pre>&lt;b&gt;  (4 read-only layers, 205MB)\n")
    assert figure.html.endswith("For a real one: pip install graphviz-pure, and restart the kernel.</p>")
    with pytest.raises(RendererError):
        _ = figure.svg
    render.svg.cache_clear()


def test_a_renderer_that_breaks_off_is_no_traceback() -> None:
    broken = Figure("digraph {", "broken", "broken", "broken")
    assert broken.html.startswith("<pre>broken</pre>")
