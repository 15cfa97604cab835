"""`draw` and `%lab draw`: the names that a student guesses, and one line for those that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dockerlab.errors import DockerlabError
from dockerlab.notebook.completion import candidates
from dockerlab.notebook.drawing import WORDS, draw, draw_line
from dockerlab.notebook.session import current_lab


@pytest.fixture(autouse=True)
def busy() -> Iterator[None]:
    lab = current_lab()
    lab.reset()
    lab.run("docker pull -q busybox; docker run --name web busybox touch /new; docker create --name db busybox")
    yield
    lab.reset()


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("", "Names and IDs"),
        ("busybox", "Image busybox"),
        ("web", "Containers on busybox"),
        ("web db", "Containers on busybox"),
        ("web:/etc/passwd", "Where /etc/passwd of web comes from"),
        ("busybox:/etc", "Where /etc of busybox:latest comes from"),
        ("busybox:latest:/etc", "Where /etc of busybox:latest comes from"),
        ("names", "Names and IDs"),
        ("rmi busybox", "docker rmi busybox"),
        ("users busybox", "Containers on busybox"),
        ("lifecycle", "Life of a container"),
        ("lifecycle web", "Life of web"),
        ("lifecycle nosuch", "Life of nosuch"),
        ("journey build run", "From Dockerfile to container"),
    ],
)
def test_a_line_of_the_magic(line: str, title: str) -> None:
    assert draw_line(line).title == title


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nosuch", "No such image: nosuch:latest"),
        ("nosuch:/etc", "No such image: nosuch:latest"),
        ("web nosuch", "No such container: nosuch"),
        ("build", "nothing was built yet"),
        ("rmi", "usage: draw NAME"),
        ("journey fly", "no arrow for"),
        ("registry localhost:5999", "connection refused"),
        ("push busybox:nosuch", "reference does not exist"),
        ("'", "No closing quotation"),
        ("UPPER/case", "invalid reference format"),
    ],
)
def test_what_means_nothing_is_one_error_of_ours(line: str, said: str) -> None:
    with pytest.raises(DockerlabError) as caught:
        draw_line(line)
    assert said in str(caught.value)


def test_the_same_by_name() -> None:
    assert draw("web", path="/etc/passwd") == draw_line("web:/etc/passwd")
    assert draw() == draw.names() == draw_line("names")
    assert draw.users("busybox") == draw_line("users busybox")
    assert 'draw.registry("localhost:5000")' in repr(draw)


def test_a_registry_that_asks_for_a_password() -> None:
    current_lab().serve_registry("localhost:5001", users={"ann": "secret"})
    with pytest.raises(DockerlabError):
        draw.registry("localhost:5001")
    assert "nothing was pushed yet" in draw.registry("localhost:5001", "ann", "secret").alt
    assert draw_line("registry localhost:5001 ann secret").title == "Registry localhost:5001"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("%lab draw bui", ["build"]),
        ("%lab draw we", ["web"]),
        ("%lab draw lifecycle ", ["db", "web"]),
        ("%lab draw rmi bus", ["busybox:latest"]),
        ('draw("we', ['draw("web']),
        ('x = draw("d', ['draw("db']),
        ('draw("web", "d', ['"db']),
        ('draw.rmi("b', ['draw.rmi("busybox:latest']),
    ],
)
def test_tab_completes_what_can_be_drawn(typed: str, found: list[str]) -> None:
    assert candidates(typed) == found


def test_every_word_is_a_method() -> None:
    assert all(getattr(draw, word) == picture for word, picture in WORDS.items())
