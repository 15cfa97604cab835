"""Docker Hub's accounts, tokens, namespaces and private repositories; what a limit of pulls answers."""

from __future__ import annotations

import pytest

from dockerlab.errors import InvalidParameterError
from dockerlab.fs.content import Bytes
from dockerlab.registry import Request, Response, hub
from dockerlab.registry.access import basic
from dockerlab.registry.hub import Hub
from dockerlab.world import Clock

DENIED = (401, "UNAUTHORIZED", "authentication required")
UBUNTU = "/v2/library/ubuntu/manifests/latest"


def ask(server: Hub, method: str, path: str, user: str = "", password: str = "x", body: bytes = b"") -> Response:
    return server.handle(Request(method, path, basic(user, password) if user else {}, body))


def refusal(response: Response) -> tuple[int, str, str]:
    (row,) = response.json()["errors"]
    return response.status, row["code"], row["message"]


def give(server: Hub, repository: str, user: str) -> str:
    """Put a blob into a repository; returns its digest."""
    digest = Bytes(b"secret").digest
    pushed = ask(server, "POST", f"/v2/{repository}/blobs/uploads/?digest={digest}", user, body=b"secret")
    assert pushed.status == 201
    return digest


def test_every_name_signs_in_with_a_password_but_not_with_anothers_namespace() -> None:
    server = hub()
    assert ask(server, "GET", "/v2/", "student").status == 200
    assert ask(server, "GET", "/v2/", "student", "").status == 401
    assert ask(server, "GET", "/v2/", "library").status == 401
    assert ask(server, "GET", "/v2/", "bitnami").status == 401


def test_with_fixed_accounts_only_they_sign_in() -> None:
    server = hub(users={"ada": "engine"})
    assert ask(server, "GET", "/v2/", "ada", "engine").status == 200
    assert ask(server, "GET", "/v2/", "ada", "wrong").status == 401
    assert ask(server, "GET", "/v2/", "student", "x").status == 401
    assert ask(server, "GET", UBUNTU, "ada", "wrong").status == 401


def test_only_its_owner_pushes_to_a_namespace() -> None:
    server = hub()
    for repository in ("library/ubuntu", "other/app", "studentx/app", "student"):
        for user in ("student", ""):
            answer = ask(server, "POST", f"/v2/{repository}/blobs/uploads/", user)
            assert refusal(answer) == DENIED
            assert 'error="insufficient_scope"' in answer.header("Www-Authenticate")
    assert ask(server, "POST", "/v2/student/app/blobs/uploads/", "student").status == 202


def test_what_is_private_cant_be_told_from_what_is_not_there() -> None:
    server = hub()
    server.make_private("ada/secret")
    digest = give(server, "ada/secret", "ada")
    for path in (f"blobs/{digest}", "manifests/1", "tags/list"):
        secret, missing = (ask(server, "GET", f"/v2/ada/{name}/{path}", "student") for name in ("secret", "nosuch"))
        assert (secret.status, secret.body) == (missing.status, missing.body)
        assert refusal(secret) == DENIED
    assert ask(server, "GET", f"/v2/ada/secret/blobs/{digest}", "ada").body == b"secret"
    server.make_public("ada/secret")
    assert ask(server, "GET", f"/v2/ada/secret/blobs/{digest}").body == b"secret"


@pytest.mark.parametrize("source", ["&from=ada/secret", "&from=ada%2Fsecret", ""])
def test_no_blob_is_mounted_out_of_a_private_repository(source: str) -> None:
    server = hub()
    server.make_private("ada/secret")
    digest = give(server, "ada/secret", "ada")
    path = f"/v2/student/app/blobs/uploads/?mount={digest}{source}"
    assert ask(server, "POST", path, "student").status == 202
    assert ask(server, "GET", f"/v2/student/app/blobs/{digest}", "student").status == 404
    assert ask(server, "POST", f"/v2/ada/app/blobs/uploads/?mount={digest}&from=ada/secret", "ada").status == 201


def test_nobody_gets_the_list_of_all_repositories() -> None:
    assert ask(hub(), "GET", "/v2/_catalog", "student").status == 401


@pytest.mark.parametrize(
    ("scope", "pushes", "reads"),
    [("admin", 202, 200), ("write", 202, 200), ("read", 401, 200), ("public_read", 401, 401)],
)
def test_a_token_stands_in_for_a_password_as_far_as_its_scope_goes(scope: str, pushes: int, reads: int) -> None:
    server = hub(users={"ada": "engine", "bob": "b"})
    token = server.make_token("ada", scope)
    assert token.startswith("dckr_pat_")
    assert len(token) == len("dckr_pat_") + 27
    server.make_private("ada/secret")
    server.storage.repository("ada/secret").blobs[Bytes(b"x").digest] = Bytes(b"x")
    assert ask(server, "GET", "/v2/", "ada", token).status == 200
    assert ask(server, "GET", "/v2/", "bob", token).status == 401
    assert ask(server, "GET", f"/v2/ada/secret/blobs/{Bytes(b'x').digest}", "ada", token).status == reads
    pushed = ask(server, "POST", "/v2/ada/app/blobs/uploads/", "ada", token)
    assert pushed.status == pushes
    if pushes == 401:
        assert refusal(pushed) == (401, "UNAUTHORIZED", "access token has insufficient scopes")


@pytest.mark.parametrize("call", [("", "read"), ("nobody", "read"), ("ada", "everything")])
def test_no_token_for_nobody_nor_for_everything(call: tuple[str, str]) -> None:
    with pytest.raises(InvalidParameterError, match=r"no account|no scope"):
        hub(users={"ada": "engine"}).make_token(*call)


@pytest.mark.parametrize("name", ["ubuntu", "library/ubuntu", "", "Me/x", "a/b/c", "<b>/x", "🐳/x", "a/" * 9_000])
def test_only_what_somebody_owns_can_be_private(name: str) -> None:
    with pytest.raises(InvalidParameterError, match=r"^no repository of an account") as caught:
        hub().make_private(name)
    assert len(str(caught.value)) < 200


def pull(server: Hub, user: str = "") -> Response:
    """The index, then the manifest for one platform: one pull."""
    index = ask(server, "GET", UBUNTU, user)
    if index.status != 200:
        return index
    digest = index.json()["manifests"][0]["digest"]
    return ask(server, "GET", f"/v2/library/ubuntu/manifests/{digest}", user)


def test_a_limit_counts_images_and_passes_with_time() -> None:
    clock = Clock()
    server = hub(clock)
    assert not pull(server).header("RateLimit-Limit")
    server.limit_pulls(2, hours=6)
    head = ask(server, "HEAD", UBUNTU)
    assert (head.header("RateLimit-Limit"), head.header("RateLimit-Remaining")) == ("2;w=21600", "2;w=21600")
    assert [pull(server).status, pull(server).status] == [200, 200]
    assert ask(server, "HEAD", UBUNTU).header("RateLimit-Remaining") == "0;w=21600"
    said = "You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit"
    assert refusal(pull(server)) == (429, "TOOMANYREQUESTS", said)
    assert ask(server, "HEAD", UBUNTU).body == b""
    assert pull(server, "student").status == 200
    clock.advance(hours=6)
    assert pull(server).status == 200


def test_accounts_have_a_limit_of_their_own_each() -> None:
    server = hub()
    server.limit_pulls(0, accounts=1)
    assert pull(server).status == 429
    assert [pull(server, "ada").status, pull(server, "ada").status, pull(server, "bob").status] == [200, 429, 200]
    assert refusal(pull(server, "ada"))[2].startswith("You have reached your pull rate limit. You may increase")
    server.limit_pulls(None)
    assert pull(server).status == 200


@pytest.mark.parametrize("call", [(-1, 6, None), (1, 0, None), (1, -2, None), (1, 6, -1)])
def test_a_limit_is_a_number_of_pulls_in_a_number_of_hours(call: tuple[int, float, int | None]) -> None:
    with pytest.raises(InvalidParameterError, match=r"^a limit is a number"):
        hub().limit_pulls(*call)


def test_what_was_pushed_is_found_unless_it_is_private() -> None:
    server = hub()
    server.storage.repository("student/app").put(server.storage.repositories["library/busybox"].find("latest"))  # type: ignore[arg-type]
    server.storage.repository("student/empty")
    found = ask(server, "GET", "/v1/search?q=student&n=25").json()["results"]
    assert [(row["name"], row["star_count"], row["is_official"]) for row in found] == [("student/app", 0, False)]
    server.make_private("student/app")
    assert ask(server, "GET", "/v1/search?q=student&n=25").json()["results"] == []
