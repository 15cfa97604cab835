"""What a terminal shows of transfers, against what client 28.2.2 wrote to terminals of 80 and of 120 columns."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dockerlab.cli.progress.bars import Bars
from dockerlab.cli.units import parse_human_size
from dockerlab.events import Event, ImageLoaded, LayerProgress, Status
from dockerlab.lab import Lab
from dockerlab.notebook.screen import Screen

RECORDINGS = json.loads((Path(__file__).parent / "data" / "bars.json").read_text())["recordings"]
REDRAWN = re.compile(
    r"\n?\x1b\[\d+A\x1b\[2K\r(\w{12}): ([^\r]*?) (?:\[=*> *\] )?(?: *([\d.]+k?M?B)(?:/(\S+))?)?\r\x1b\[\d+B"
)


def events(printed: str) -> list[Event]:
    """The events behind a recording; a size is as exact as it was shown."""
    found: list[Event] = []
    at = 0
    while at < len(printed):
        if match := REDRAWN.match(printed, at):
            current, total = (parse_human_size(text) if text else 0 for text in match.groups()[2:])
            found.append(LayerProgress(match[1], match[2], current, total))
            at = match.end()
            continue
        line, _, _ = printed[at:].partition("\n")
        name = line.removeprefix("Loaded image: ")
        found.append(Status(line) if name == line else ImageLoaded("", name))
        at += len(line) + 1
    return found


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda each: f"{each['recorded']} {each['columns']}")
def test_bars_are_drawn_as_the_client_draws_them(recording: dict[str, object]) -> None:
    printed, columns = str(recording["printed"]), recording["columns"]
    assert isinstance(columns, int)
    told = events(printed)
    assert sum(isinstance(event, LayerProgress) for event in told) > 5
    bars = Bars(columns)
    assert "".join(map(bars.feed, told)) == printed


def test_a_layer_keeps_its_line_and_what_comes_later_begins_anew() -> None:
    bars, screen = Bars(120), Screen()
    told: list[Event] = [
        LayerProgress("aaaaaaaaaaaa", "Downloading", 50, 100),
        LayerProgress("bbbbbbbbbbbb", "Waiting"),
        LayerProgress("aaaaaaaaaaaa", "Pull complete"),
        Status("Digest: sha256:1"),
        LayerProgress("aaaaaaaaaaaa", "Already exists"),
    ]
    screen.feed("".join(map(bars.feed, told)).encode())
    assert screen.text.splitlines() == [
        "aaaaaaaaaaaa: Pull complete",
        "bbbbbbbbbbbb: Waiting",
        "Digest: sha256:1",
        "aaaaaaaaaaaa: Already exists",
    ]


def test_docker_pull_in_a_terminal_of_the_lab_moves_and_leaves_the_last_state_of_each_layer() -> None:
    terminal = Lab().open_terminal()
    terminal.type("docker pull python:3.12\n")
    printed = terminal.printed.decode()
    assert len(re.findall(r"Downloading +[\d.]+.B/", printed)) > 50
    assert len(re.findall(r"Extracting +[\d.]+.B/", printed)) > 50
    screen = Screen()
    screen.feed(terminal.printed)
    layers = [line for line in screen.text.splitlines() if re.match(r"[0-9a-f]{12}: ", line)]
    assert len(layers) > 3
    assert {line.partition(": ")[2] for line in layers} == {"Pull complete"}
