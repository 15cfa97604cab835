"""docker login and docker logout (transcript login.json)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from dockerlab.registry import Request, Response
from dockerlab.registry.protocol import json_response

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_login_keeps_the_password_for_push_and_pull(host: Host, lab: Any) -> None:
    out, err, code = host("echo secret | docker login -u alice --password-stdin localhost:5006")
    assert (out, code) == ("Login Succeeded\n", 0)
    assert err.startswith("\nWARNING! Your credentials are stored unencrypted in '/root/.docker/config.json'.\n")
    config = lab.host.read("/root/.docker/config.json").decode()
    assert json.loads(config) == {"auths": {"localhost:5006": {"auth": "YWxpY2U6c2VjcmV0"}}}
    assert config.startswith('{\n\t"auths"')
    host("docker tag busybox:1.35 localhost:5006/private:1")
    assert host("docker push localhost:5006/private:1")[2] == 0
    assert host("docker logout localhost:5006")[0] == "Removing login credentials for localhost:5006\n"
    assert host("docker push localhost:5006/private:1")[1:] == ("no basic auth credentials\n", 1)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("echo wrong | docker login -u alice --password-stdin localhost:5006",
         "Error response from daemon: login attempt to http://localhost:5006/v2/ failed with status: "
         "401 Unauthorized\n"),
        ("docker login localhost:5006", "Error: Cannot perform an interactive login from a non TTY device\n"),
        ("docker login --password-stdin localhost:5006", "the --password-stdin option requires --username to be set\n"),
        ("docker login -u a -p b --password-stdin localhost:5006",
         "conflicting options: cannot specify both --password and --password-stdin\n"),
    ],
)  # fmt: skip
def test_a_login_that_fails(host: Host, line: str, text: str) -> None:
    assert host(line) == ("", text, 1)


def test_logout_of_the_hub_has_an_old_name(host: Host) -> None:
    assert host("docker logout")[0] == "Removing login credentials for https://index.docker.io/v1/\n"


class TokenSite:
    """A registry whose token server gives a refresh token in place of the password."""

    def handle(self, request: Request) -> Response:
        if request.route == "/token":
            return json_response({"token": "short", "refresh_token": "long"})
        known = request.header("Authorization") == "Bearer short"
        return Response(200 if known else 401, {"Www-Authenticate": 'Bearer realm="http://localhost:5010/token"'})


def test_a_refresh_token_is_kept_in_place_of_the_password(host: Host, lab: Any) -> None:
    lab._registries.add("localhost:5010", TokenSite())
    out, err, code = host("echo secret | docker login -u alice --password-stdin localhost:5010")
    assert (out, err, code) == ("Login Succeeded\n", "", 0)
    kept = json.loads(lab.host.read("/root/.docker/config.json"))["auths"]["localhost:5010"]
    assert kept == {"auth": "YWxpY2U6", "identitytoken": "long"}


@pytest.mark.parametrize("buildkit", ["0", "1"])
def test_a_build_stands_on_an_image_that_needs_a_password(host: Host, lab: Any, buildkit: str) -> None:
    host("echo secret | docker login -u alice --password-stdin localhost:5006")
    host("docker tag busybox:1.35 localhost:5006/base; docker push localhost:5006/base; docker rmi localhost:5006/base")
    line = f"echo FROM localhost:5006/base | DOCKER_BUILDKIT={buildkit} docker build -t built -"
    assert host(line)[2] == 0
    host("docker logout localhost:5006; docker rmi -f $(docker images -aq)")
    assert host(line)[2] == 1
