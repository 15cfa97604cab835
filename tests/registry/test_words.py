"""Refusals as Docker tells them: asked of client 28.2.2 and engine 20.10.24 with docker-registry and a token server."""

from __future__ import annotations

import pytest

from dockerlab.errors import DockerlabError, ForbiddenError, NotFoundError, ScopeError, SystemError_, UnauthorizedError
from dockerlab.registry.protocol import Response, json_response, text_response
from dockerlab.registry.words import error_of

UNAUTHORIZED = {"code": "UNAUTHORIZED", "message": "authentication required", "detail": [{"Type": "repository"}]}
DENIED = {"code": "DENIED", "message": "requested access to the resource is denied"}
REALM = 'realm="http://127.0.0.1/token",service="registry"'


def refusal(status: int, *rows: object, challenge: str = "") -> Response:
    return json_response({"errors": list(rows)}, status, {"Www-Authenticate": challenge} if challenge else None)


def bearer(**parameters: str) -> str:
    return ",".join([f"Bearer {REALM}", *(f'{name}="{value}"' for name, value in parameters.items())])


DENIED_TEXT = "denied: requested access to the resource is denied"
UNAUTHORIZED_TEXT = "unauthorized: authentication required"
CASES = [
    (refusal(401, UNAUTHORIZED, challenge=bearer(error="insufficient_scope")), ScopeError,
     f"errors:\n{DENIED_TEXT}\n{UNAUTHORIZED_TEXT}\n"),
    (refusal(401, UNAUTHORIZED, challenge=bearer(error="invalid_token")), UnauthorizedError,
     f"errors:\n{UNAUTHORIZED_TEXT}\n{UNAUTHORIZED_TEXT}\n"),
    (refusal(401, UNAUTHORIZED, challenge=bearer(error="insufficient_scope", error_description="not yours")),
     ScopeError, f"errors:\ndenied: not yours\n{UNAUTHORIZED_TEXT}\n"),
    (refusal(401, UNAUTHORIZED, challenge=bearer()), UnauthorizedError, UNAUTHORIZED_TEXT),
    (refusal(401, UNAUTHORIZED, challenge='Basic realm="x"'), UnauthorizedError, UNAUTHORIZED_TEXT),
    (refusal(403, DENIED), ForbiddenError, DENIED_TEXT),
    (refusal(404, {"code": "NAME_UNKNOWN", "message": "repository name not known to registry", "detail": {}}),
     NotFoundError, "name unknown: repository name not known to registry"),
    (text_response(502, "sorry"), SystemError_, "received unexpected HTTP status: 502 Bad Gateway"),
]  # fmt: skip


@pytest.mark.parametrize(("response", "kind", "text"), CASES)
def test_what_a_refusal_is_told_as(response: Response, kind: type[DockerlabError], text: str) -> None:
    error = error_of(response)
    assert (type(error), str(error)) == (kind, text)


def test_of_several_errors_the_first_can_be_told_alone() -> None:
    error = error_of(refusal(401, UNAUTHORIZED, challenge=bearer(error="insufficient_scope")))
    assert (type(error.first), str(error.first)) == (ScopeError, DENIED_TEXT)
    assert [str(each) for each in error.several] == [DENIED_TEXT, UNAUTHORIZED_TEXT]
    alone = error_of(refusal(403, DENIED))
    assert alone.first is alone
