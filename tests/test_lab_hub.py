"""The lab's Docker Hub as lessons set it up: who may push and pull, how much, and what undo makes of it."""

from __future__ import annotations

import pytest

from dockerlab.errors import UnavailableError
from dockerlab.lab import Lab

LOGIN = "docker login -u student -p secret"
DENIED = "denied: requested access to the resource is denied\n"
HIDDEN = (
    "Error response from daemon: pull access denied for student/app, repository does not exist or may require "
    f"'docker login': {DENIED}"
)
LIMIT = (
    "Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. "
    "https://www.docker.com/increase-rate-limit\n"
)


@pytest.fixture
def lab() -> Lab:
    """A host with an image that is to be pushed."""
    lab = Lab()
    assert lab.run("docker pull -q busybox; docker tag busybox student/app").exit_code == 0
    return lab


def test_a_push_makes_the_repository_for_everybody_to_pull(lab: Lab) -> None:
    assert lab.run("docker push student/app").stderr == DENIED
    lab.run(LOGIN)
    assert "latest: digest: sha256:" in lab.run("docker push student/app").stdout
    assert lab.run("docker search --format '{{.Name}} {{.StarCount}}' student").stdout == "student/app 0\n"
    lab.run("docker logout; docker rmi student/app busybox")
    assert lab.run("docker pull -q student/app").stdout == "docker.io/student/app:latest\n"


def test_nobody_pushes_to_anothers_namespace(lab: Lab) -> None:
    lab.run(LOGIN)
    lab.run("docker tag busybox other/app")
    assert lab.run("docker push other/app").stderr == DENIED
    # Where all layers are there, it is the manifest that is refused, and that is told in two lines.
    refused = f"errors:\n{DENIED}unauthorized: authentication required\n\n"
    assert lab.run("docker push busybox").stderr == refused


def test_a_base_that_is_hidden_or_not_there_is_told_as_buildkit_tells_it(lab: Lab) -> None:
    lab.run("mkdir ctx; echo 'FROM ada/secret' > ctx/Dockerfile")
    hidden = (
        "failed to solve: ada/secret: failed to resolve source metadata for docker.io/ada/secret:latest: pull access "
        "denied, repository does not exist or may require authorization: server message: insufficient_scope: "
        "authorization failed\n"
    )
    assert lab.run("docker build ctx").stderr.endswith(hidden)
    legacy = lab.run("DOCKER_BUILDKIT=0 docker build ctx").stderr
    assert legacy.endswith(HIDDEN.replace("Error response from daemon: ", "").replace("student/app", "ada/secret"))
    lab.serve_registry("localhost:5006", users={"ada": "engine"})
    lab.run("echo 'FROM localhost:5006/x' > ctx/Dockerfile")
    unknown = "unexpected status from HEAD request to http://localhost:5006/v2/x/manifests/latest: 401 Unauthorized\n"
    assert lab.run("docker build ctx").stderr.endswith(unknown)


def test_a_private_repository_hides_from_who_is_not_signed_in(lab: Lab) -> None:
    lab.hub.make_private("student/app")
    lab.run(LOGIN)
    lab.run("docker push student/app; docker logout; docker rmi student/app")
    assert lab.run("docker pull -q student/app").stderr == HIDDEN
    assert lab.run("docker pull -q student/nosuch").stderr == HIDDEN.replace("/app", "/nosuch")
    assert lab.run("docker search --format '{{.Name}}' student").stdout == ""
    lab.run(LOGIN)
    assert lab.run("docker pull -q student/app").stdout == "docker.io/student/app:latest\n"


def test_the_limit_of_pulls_on_demand(lab: Lab) -> None:
    lab.hub.limit_pulls(1)
    assert lab.run("docker pull -q alpine").exit_code == 0
    assert lab.run("docker pull -q ubuntu").stderr == LIMIT
    assert lab.run("docker run ubuntu").stderr.endswith(
        f"docker: {LIMIT}\nRun 'docker run --help' for more information\n"
    )
    lab.clock.advance(hours=6)
    assert lab.run("docker pull -q ubuntu").exit_code == 0


def test_a_token_that_only_reads_cant_push(lab: Lab) -> None:
    token = lab.hub.make_token("student", "read")
    assert "Login Succeeded" in lab.run("docker login -u student --password-stdin", stdin=token).stdout
    assert lab.run("docker push student/app").stderr == "unauthorized: access token has insufficient scopes\n"


def test_fixed_accounts_refuse_other_passwords() -> None:
    lab = Lab(users={"ada": "engine"})
    refused = 'Error response from daemon: Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or '
    assert lab.run("docker login -u ada --password-stdin", stdin="wrong").stderr == f"{refused}password\n"
    assert lab.run("docker login -u bob --password-stdin", stdin="engine").stderr == f"{refused}password\n"
    assert "Login Succeeded" in lab.run("docker login -u ada --password-stdin", stdin="engine").stdout


def test_undo_takes_back_pushes_and_settings_and_keeps_what_came_before(lab: Lab) -> None:
    lab.hub.make_private("student/app")
    token = lab.hub.make_token("student")
    lab.run(f"docker login -u student -p {token}")
    lab.run("docker push student/app")
    lab.hub.limit_pulls(0)
    assert lab.undo() == "lab.hub.limit_pulls(0, 6, None)"
    assert lab.undo() == "docker push student/app"
    assert "manifest unknown" in lab.run("docker pull student/app").stderr
    lab.undo()
    lab.run("docker push student/app; docker logout; docker rmi student/app")
    assert lab.run("docker pull -q student/app").stderr == HIDDEN
    lab.reset()
    assert lab.run("docker pull -q busybox; docker tag busybox student/app; docker push student/app").stderr == DENIED
    assert lab.undo() is not None


def test_where_there_is_no_hub_nothing_can_be_set() -> None:
    with pytest.raises(UnavailableError, match=r"^this lab has no Docker Hub of its own$"):
        Lab(hub=None).hub.make_private("me/secret")


def test_with_containerds_store_a_refused_push_is_told_in_its_words() -> None:
    lab = Lab(release=29)
    lab.run(f"{LOGIN}; docker pull -q busybox; docker tag busybox other/app")
    denied = (
        "push access denied, repository does not exist or may require authorization: server message: "
        "insufficient_scope: authorization failed\n"
    )
    for name in ("busybox", "other/app"):
        assert lab.run(f"docker push {name}").stderr == denied


def test_a_stored_password_that_is_wrong_is_told_where_it_is_used() -> None:
    """The words of client 28.2.2; BuildKit's are those of its issues, where users quote them."""
    lab = Lab(users={"ada": "engine"})
    lab.run('mkdir c; echo \'{"auths":{"https://index.docker.io/v1/":{"auth":"YWRhOndyb25n"}}}\' > c/config.json')
    assert "Stored credentials invalid or expired\n" in lab.run("docker --config c login").stderr
    wrong = "unauthorized: incorrect username or password\n"
    assert lab.run("docker --config c pull ubuntu").stderr.endswith(wrong)
    assert lab.run("echo FROM ubuntu > Dockerfile; docker --config c build .").stderr.endswith(
        "failed to authorize: failed to fetch oauth token: unexpected status from GET request to "
        "https://auth.docker.io/token?scope=repository%3Alibrary%2Fubuntu%3Apull&service=registry.docker.io: "
        "401 Unauthorized: incorrect username or password\n"
    )
