"""The switch between releases: 28 is the lab's default, 29 what a new installation shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dockerlab
from dockerlab.cli.help import help_text
from dockerlab.cli.parser import parse
from dockerlab.cli.table import commands_of
from dockerlab.errors import CommandError, UnknownReleaseError
from dockerlab.release import DOCKER_28, DOCKER_29, RELEASES, Release

DATA = json.loads((Path(__file__).parent / "cli/data/release_29.json").read_text())
TABLE = commands_of(DOCKER_29)


def test_a_lab_shows_28_unless_told_otherwise() -> None:
    assert dockerlab.Lab(hub=None).run("docker --version").stdout == "Docker version 28.2.2, build e6534b4\n"
    assert (
        dockerlab.Lab(hub=None, release=29).run("docker --version").stdout == "Docker version 29.8.0, build 28f7560\n"
    )


@pytest.mark.parametrize("number", [27, 30, 0, "29", None, [29]])
def test_other_releases_are_refused(number: Any) -> None:
    with pytest.raises(UnknownReleaseError, match="a lab shows 28 or 29") as caught:
        dockerlab.Lab(release=number)
    assert isinstance(caught.value, ValueError)
    assert caught.value.known == tuple(RELEASES)


def test_a_release_is_found_by_its_number() -> None:
    assert Release.of(28) is DOCKER_28
    assert Release.of(29) is DOCKER_29


def test_version_and_info_tell_the_release() -> None:
    lab = dockerlab.Lab(hub=None, release=29)
    version = lab.run("docker version").stdout
    assert " Version:           29.8.0\n API version:       1.55\n" in version
    assert "  API version:      1.55 (minimum version 1.40)\n" in version
    info = lab.run("docker info").stdout
    assert " Server Version: 29.8.0\n Storage Driver: overlayfs\n  driver-type: io.containerd.snapshotter.v1\n" in info
    assert lab.run("docker info -f '{{.Driver}} {{.ClientInfo.Version}}'").stdout == "overlayfs 29.8.0\n"


def test_a_reset_keeps_the_release() -> None:
    lab = dockerlab.Lab(hub=None, release=29)
    lab.run("docker volume create data")
    lab.reset()
    assert lab.engine.release is DOCKER_29


def test_a_reset_may_change_the_release() -> None:
    lab = dockerlab.Lab(hub=None)
    lab.reset(release=29)
    assert lab.run("docker info -f '{{.ServerVersion}}'").stdout == "29.8.0\n"
    lab.run("docker volume create data")
    lab.undo()
    assert lab.engine.release is DOCKER_29
    with pytest.raises(UnknownReleaseError):
        lab.reset(release=27)


def test_commit_has_a_flag_for_not_pausing() -> None:
    lab = dockerlab.Lab(release=29)
    lab.run("docker run --name c1 busybox true")
    both = lab.run("docker commit --pause --no-pause c1")
    assert both.stderr == "conflicting options: --no-pause and --pause cannot be used together\n"
    assert lab.run("docker commit --no-pause c1").exit_code == 0


def test_info_names_the_firewall() -> None:
    assert (
        " Live Restore Enabled: false\n Firewall Backend: iptables\n"
        in dockerlab.Lab(release=29).run("docker info").stdout
    )
    assert "Firewall" not in dockerlab.Lab().run("docker info").stdout


def test_trust_is_gone() -> None:
    lab = dockerlab.Lab(hub=None, release=29)
    result = lab.run("docker trust inspect x")
    assert result.stderr == "docker: unknown command: docker trust\n\nRun 'docker --help' for more information\n"
    assert result.exit_code == 1
    assert "trust" not in lab.run("docker --help").stdout
    assert "\n  trust " in dockerlab.Lab(hub=None).run("docker --help").stdout


def test_a_flag_of_the_past_is_told_of() -> None:
    said: list[str] = []
    parse(["pull", "--disable-content-trust", "busybox"], tell=said.append, table=TABLE)
    assert said == ["Flag --disable-content-trust has been deprecated, support for docker content trust was removed"]


@pytest.mark.parametrize("page", DATA["help"], ids=[" ".join(page["argv"]) for page in DATA["help"]])
def test_help_is_that_of_29(page: dict[str, Any]) -> None:
    command = TABLE.find(tuple(page["argv"]))
    assert command is not None
    assert help_text(command, table=TABLE) == page["help"]


@pytest.mark.parametrize("case", DATA["usage"], ids=[case["id"] for case in DATA["usage"]])
def test_usage_errors_are_those_of_29(case: dict[str, Any]) -> None:
    with pytest.raises(CommandError) as caught:
        parse(case["argv"], buildkit=False, table=TABLE)
    assert (caught.value.exit_code, f"{caught.value}\n") == (case["exit"], case["stderr"])


def test_28_has_its_own_words_still() -> None:
    with pytest.raises(CommandError, match="\n\nSRun 'docker images --help'"):
        parse(["images", "a", "b"])


def test_lists_have_the_columns_of_their_release() -> None:
    """docker/cli 29.8.0 has taken VirtualSize away and put HealthStatus in; the engine tells of manifests, too."""
    old, new = (dockerlab.Lab(release=number) for number in (28, 29))
    for lab in (old, new):
        lab.run("docker run -d --name c1 --health-cmd true busybox sleep 100")
    size, health = "docker images --format '{{.VirtualSize}}'", "docker ps --format '{{.HealthStatus}} {{.Platform}}'"
    assert old.run(size).stdout == "4.27MB\n"
    assert "can't evaluate field VirtualSize in type *formatter.imageContext" in new.run(size).stderr
    assert "can't evaluate field HealthStatus in type *formatter.ContainerContext" in old.run(health).stderr
    assert new.run(health).stdout == "starting linux/amd64\n"
    assert '"HealthStatus":"starting"' in new.run("docker ps --format json").stdout


@pytest.mark.parametrize("release", RELEASES)
def test_the_list_of_images_may_be_preferred_otherwise(release: int) -> None:
    """`imagesFormat` of config.json; a tree and -q do without it."""
    lab = dockerlab.Lab(release=release)
    lab.run("docker pull -q busybox; mkdir -p ~/.docker")
    lab.host.write("/root/.docker/config.json", b'{"imagesFormat": "{{.Repository}} it is"}')
    assert lab.run("docker images").stdout == "busybox it is\n"
    assert len(lab.run("docker images -q").stdout) == 13
    assert "it is" not in lab.run("docker images --format json").stdout
