"""~/.docker/config.json, as client 28.2.2 reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dockerlab import Lab


def lab_with(**settings: Any) -> Lab:
    """A host whose user has these settings."""
    lab = Lab(hub=None)
    lab.run("mkdir -p /root/.docker /other; docker volume create v10; docker volume create v2")
    lab.host.write("/root/.docker/config.json", json.dumps(settings).encode())
    return lab


@pytest.mark.parametrize(
    ("setting", "template", "command", "text"),
    [
        ("volumesFormat", "<{{.Name}}>", "docker volume ls", "<v2>\n<v10>\n"),
        ("volumesFormat", "<{{.Name}}>", "docker volume ls -q", "v2\nv10\n"),
        ("volumesFormat", "<{{.Name}}>", "docker volume ls --format '{{.Driver}}'", "local\nlocal\n"),
        ("networksFormat", "{{.Name}}", "docker network ls", "bridge\nhost\nnone\n"),
        ("psFormat", "{{.Names}}", "docker ps", ""),
        ("imagesFormat", "{{.Repository}}", "docker images", ""),
    ],
)
def test_formats_of_listings(setting: str, template: str, command: str, text: str) -> None:
    """A --format of one's own wins, and -q does without any."""
    assert lab_with(**{setting: template}).run(command).stdout == text


def test_another_folder_has_other_settings() -> None:
    lab = lab_with(volumesFormat="<{{.Name}}>")
    lab.host.write("/other/config.json", b'{"volumesFormat": "{{.Name}}!"}')
    assert lab.run("docker --config /other volume ls").stdout == "v2!\nv10!\n"
    assert lab.run("DOCKER_CONFIG=/other docker volume ls").stdout == "v2!\nv10!\n"


def test_filters_of_prunes() -> None:
    """Sorted with those that are given (upstream's TestPrunePromptFilters); a given label wins over its opposite."""
    lab = lab_with(pruneFilters=["label!=never=remove-me", "label=remove=me"])
    text = lab.run("docker system prune --filter until=24h --filter label=never=remove-me", stdin="n\n").stdout
    shown = [line for line in text.splitlines() if "=" in line]
    assert shown == ["  - label=never=remove-me", "  - label=remove=me", "  - until=24h"]


def test_the_current_context() -> None:
    assert 'context "far": context not found' in lab_with(currentContext="far").run("docker ps").stderr


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", ""),
        ("{", "unexpected EOF"),
        ("nonsense", "invalid character 'o' in literal null (expecting 'u')"),
        ('{"a":1,}', "invalid character '}' looking for beginning of object key string"),
        ("[]", "json: cannot unmarshal array into Go value of type configfile.ConfigFile"),
        ('{"psFormat": 5}', "json: cannot unmarshal number into Go struct field ConfigFile.psFormat of type string"),
        (
            '{"auths": 5}',
            "json: cannot unmarshal number into Go struct field ConfigFile.auths of type map[string]types.AuthConfig",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_of_and_let_be(content: str, fault: str) -> None:
    """Client 28.2.2."""
    lab = lab_with()
    lab.host.write("/root/.docker/config.json", content.encode())
    result = lab.run("docker volume ls -q")
    warning = f"WARNING: Error parsing config file (/root/.docker/config.json): {fault}\n" if fault else ""
    assert (result.stdout, result.stderr) == ("v2\nv10\n", warning)
