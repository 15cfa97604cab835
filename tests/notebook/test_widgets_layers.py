"""LayerExplorer: marks, sizes, search, contents, waste to the byte, and images that are gone."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.fs.content import Bytes
from dockerlab.fs.tree import File, Metadata
from dockerlab.lab import Lab
from dockerlab.notebook.widgets.layer_files import content_of, hex_dump
from dockerlab.notebook.widgets.layers import LayerExplorer

DOCKERFILE = b"""FROM busybox
RUN dd if=/dev/zero of=/big bs=1000 count=10
COPY motd /etc/motd
RUN rm /big && echo more >> /etc/passwd
ENV A=1
"""


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.host.write("/lab/Dockerfile", DOCKERFILE)
    lab.host.write("/lab/motd", "Grüße <b>&\n".encode())
    lab.run("docker build -q -t app .")
    return lab


@pytest.fixture
def explorer(lab: Lab) -> LayerExplorer:
    return LayerExplorer("app", lab)


def step_of(explorer: LayerExplorer, text: str) -> int:
    return next(
        number
        for number, step in enumerate(explorer.state["steps"])
        if text in f"{step['keyword']} {step['arguments']}"
    )


def marks(explorer: LayerExplorer, side: str = "changes") -> dict[str, str]:
    return {row["key"]: row.get("mark", "") for row in explorer.state["trees"][side]["rows"]}


def test_a_step_shows_what_it_added_changed_and_deleted(explorer: LayerExplorer) -> None:
    explorer.act("choose", step=step_of(explorer, "rm /big"))
    found = marks(explorer)
    assert (found["/big"], found["/etc/passwd"]) == ("D", "C")
    explorer.act("choose", step=step_of(explorer, "COPY"))
    assert marks(explorer)["/etc/motd"] in "AC"


def test_a_step_of_settings_has_no_files(explorer: LayerExplorer) -> None:
    explorer.act("choose", step=step_of(explorer, "ENV"))
    assert explorer.state["trees"]["changes"]["rows"] == []
    assert explorer.said == "no files"


def test_the_merged_tree_tells_which_step_a_file_is_from(explorer: LayerExplorer) -> None:
    copy = step_of(explorer, "COPY")
    explorer.act("choose", step=copy)
    explorer.act("toggle", side="merged", key="/etc")
    rows = {row["key"]: row["step"] for row in explorer.state["trees"]["merged"]["rows"]}
    assert rows["/etc/motd"] == copy + 1
    assert rows["/etc/group"] < copy
    assert "/big" in rows


def test_waste_is_counted_to_the_byte_and_traced_to_both_lines(explorer: LayerExplorer) -> None:
    first = explorer.state["hidden"][0]
    assert first["path"] == "/big"
    assert first["size"] == "10kB"
    assert "dd if=/dev/zero" in first["shipped"]
    assert first["how"] == "deleted by"
    assert "rm /big" in first["hid"]
    account = explorer._stack().account
    assert account.wasted == sum(each.size for each in account.hidden)


def test_a_deleted_file_can_still_be_read_from_the_layer_below(explorer: LayerExplorer) -> None:
    explorer.act("choose", step=step_of(explorer, "rm /big"))
    explorer.act("select", side="changes", key="/big")
    shown = explorer.state["file"]
    assert shown["note"] == "hidden by this step; the layer below still has it"
    assert shown["text"].startswith("00000000  00 00 00")
    assert shown["cut"] == "the first 256B of 10kB"
    explorer.act("close_file")
    assert explorer.state["file"] is None


def test_tracing_leads_to_the_step_that_ships_the_file(explorer: LayerExplorer) -> None:
    explorer.act("trace", **{name: explorer.state["hidden"][0][name] for name in ("step",)}, key="/big")
    assert explorer.state["step"] == step_of(explorer, "dd if")
    assert [row["key"] for row in explorer.state["trees"]["changes"]["rows"] if row["selected"]] == ["/big"]


def test_a_search_shows_only_paths_that_fit(explorer: LayerExplorer) -> None:
    explorer.act("search", value="PASSWD", caret=6)
    rows = explorer.state["trees"]["merged"]["rows"]
    assert all("passwd" in row["name"] for row in rows)
    assert explorer.said.endswith("found in this step")


@pytest.mark.parametrize(
    ("action", "message"), [("choose", {"step": 99}), ("select", {"side": "merged", "key": "/no"})]
)
def test_what_is_not_there_is_one_line(explorer: LayerExplorer, action: str, message: dict[str, Any]) -> None:
    explorer.act(action, **message)
    assert explorer.problem.startswith("no ") or explorer.problem.endswith("no such file")
    assert explorer.state["steps"]


def test_a_removed_image_says_so_and_a_new_one_under_the_name_is_shown() -> None:
    lab = Lab()
    lab.run("docker pull -q busybox")
    explorer = LayerExplorer("busybox", lab)
    lab.run("docker rmi busybox")
    explorer.cell_ran()
    assert explorer.state["gone"] == "No such image: busybox:latest"
    lab.run("docker pull -q alpine; docker tag alpine busybox")
    explorer.act("refresh")
    assert "Alpine" in str(explorer.state["steps"]) or len(explorer.state["steps"]) > 1


def test_an_image_without_layers() -> None:
    lab = Lab()
    lab.host.write("/lab/Dockerfile", b'FROM scratch\nCMD ["x"]\n')
    lab.run("docker build -q -t void .")
    explorer = LayerExplorer("void", lab)
    assert explorer.state["account"]["percent"] == "100 %"
    assert explorer.static_text().endswith("0B lie hidden below.")


def test_an_image_of_125_layers() -> None:
    lab = Lab()
    lines = ["FROM scratch", *["COPY f /f"] * 125]
    lab.host.write("/lab/Dockerfile", "\n".join(lines).encode())
    lab.host.write("/lab/f", b"12345")
    lab.run("docker build -q -t deep .")
    explorer = LayerExplorer("deep", lab)
    assert len(explorer.state["steps"]) == 125
    assert explorer.state["account"]["percent"] == "0.8 %"
    assert explorer.state["hidden"][0]["how"] == "shipped again by"


def test_names_never_become_markup(lab: Lab) -> None:
    explorer = LayerExplorer("app", lab)
    lab.host.write("/lab/odd/Dockerfile", b"FROM busybox\nCOPY . /\n")
    lab.host.write("/lab/odd/<img src=x>&'\".txt", b"x")
    lab.run("docker build -q -t odd odd")
    explorer = LayerExplorer("odd", lab)
    assert "<img" not in explorer.static_html()
    assert "/<img src=x>&'\".txt" in explorer.static_text()


def test_binary_and_text_contents() -> None:
    assert hex_dump(b"Hi\0\xff") == "00000000  48 69 00 ff                                       |Hi..|"
    assert content_of(File(Metadata(), Bytes("Grüße".encode()))) == {"text": "Grüße", "cut": ""}
    assert content_of(File(Metadata(), Bytes(b"\xff\xfe")))["text"].startswith("00000000  ff fe")
    long = content_of(File(Metadata(), Bytes("é".encode() * 3_000)))
    assert (len(long["text"]), long["cut"]) == (2_000, "the first 4kB of 6kB")
