"""The errors of a registry's answers, worded as Docker's client of the distribution API words them.

distribution, registry/client/errors.go: first what a bearer token is said to lack, then what the body says, code by
code; what it doesn't say, the status says. Of several errors the first decides which class the error is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from dockerlab.errors import (
    DockerlabError,
    ForbiddenError,
    InvalidParameterError,
    NotFoundError,
    ScopeError,
    SystemError_,
    UnauthorizedError,
)
from dockerlab.oci import gojson
from dockerlab.registry.challenges import parse_challenges
from dockerlab.registry.protocol import CODES, ErrorCode, Response

_CLASSES: Mapping[int, type[DockerlabError]] = {
    400: InvalidParameterError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
}
_REFUSALS = {401: CODES["UNAUTHORIZED"], 403: CODES["DENIED"]}
"""What the answers to HEAD, which have no body, would say."""
_LACKS: Mapping[str, tuple[ErrorCode, type[DockerlabError]]] = {
    "insufficient_scope": (CODES["DENIED"], ScopeError),
    "invalid_token": (CODES["UNAUTHORIZED"], UnauthorizedError),
}
"""What a token is said to lack (RFC 6750, 3.1), as an error."""
_SHOWN = 1000
"""Bytes of a body that can't be read, which are shown."""


def error_of(response: Response) -> DockerlabError:
    """The error of an answer that is not what was hoped for."""
    kind = _CLASSES.get(response.status, SystemError_)
    if not 400 <= response.status < 500:
        return kind(f"received unexpected HTTP status: {status_line(response.status)}")
    told = (*_lacking(response), *_told(response, kind))
    if len(told) == 1:
        return told[0]
    error = type(told[0])("errors:\n" + "".join(f"{each}\n" for each in told))
    error.several = told
    return error


def _lacking(response: Response) -> Iterator[DockerlabError]:
    """What a challenge says of the token that was shown."""
    for challenge in parse_challenges(response.header("Www-Authenticate")):
        lacks = _LACKS.get(challenge.parameters.get("error", ""))
        if challenge.scheme == "bearer" and lacks is not None:
            code, kind = lacks
            yield kind(_worded(code.code, challenge.parameters.get("error_description") or code.message))
            return


def _told(response: Response, kind: type[DockerlabError]) -> Sequence[DockerlabError]:
    """What the body says, at least one error."""
    if not response.body and response.status in _REFUSALS:
        code = _REFUSALS[response.status]
        return [kind(_worded(code.code, code.message))]
    try:
        rows = _rows(gojson.decode(response.body))
    except InvalidParameterError as error:
        return [kind(_unread(response, str(error)))]
    if not rows:
        return [kind(_unread(response, "no error details found in HTTP response body"))]
    return [kind(_of_row(row)) for row in rows]


def _rows(answer: Any) -> list[Mapping[str, Any]]:
    errors = answer.get("errors") if isinstance(answer, dict) else None
    return [row for row in errors if isinstance(row, dict)] if isinstance(errors, list) else []


def _unread(response: Response, why: str) -> str:
    body = gojson.encode(response.body[:_SHOWN].decode("utf-8", "replace")).decode()
    return f"error parsing HTTP {response.status} response body: {why}: {body}"


def _of_row(row: Mapping[str, Any]) -> str:
    """One error; where it says no more than its code does, the code alone is shown."""
    code, message = str(row.get("code") or "UNKNOWN"), str(row.get("message") or "")
    known = CODES.get(code)
    plain = known is not None and known.message == message and row.get("detail") is None
    return _worded(code, "" if plain and known not in _REFUSALS.values() else message)


def _worded(code: str, message: str) -> str:
    """'manifest unknown: manifest unknown'; what has no message is its code alone."""
    name = code.lower().replace("_", " ")
    return f"{name}: {message}" if message else name


def status_line(status: int) -> str:
    """'500 Internal Server Error'."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
