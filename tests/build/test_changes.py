"""`docker import -c` and `docker commit -c` (moby, BuildFromConfig)."""

from __future__ import annotations

import pytest

from dockerlab.build.changes import changed
from dockerlab.errors import DockerlabError, InvalidParameterError
from dockerlab.oci.image import ContainerConfig


def test_settings_change() -> None:
    config = changed(
        ContainerConfig(env=("A=1",), cmd=("old",)),
        ['CMD ["cat"]', "ENV B=$A", "WORKDIR /w", "workdir x", "EXPOSE 80", "LABEL a=b", "USER 1", "VOLUME /v"],
    )
    assert (config.cmd, config.env, config.working_dir) == (("cat",), ("A=1", "B=1"), "/w/x")
    assert (config.exposed_ports, dict(config.labels), config.user, config.volumes) == (
        ("80/tcp",),
        {"a": "b"},
        "1",
        ("/v",),
    )


def test_nothing_changes_nothing() -> None:
    config = ContainerConfig()
    assert changed(config, []) is config


@pytest.mark.parametrize(("text", "word"), [("RUN ls", "RUN"), ("FOO x", "FOO"), ("copy a b", "copy")])
def test_instructions_that_need_a_build(text: str, word: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        changed(ContainerConfig(), [text])
    assert str(caught.value) == f"{word.lower()} is not a valid change command"


def test_what_makes_no_sense() -> None:
    with pytest.raises(DockerlabError, match="Invalid containerPort: abc"):
        changed(ContainerConfig(), ["EXPOSE abc"])
