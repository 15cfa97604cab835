"""requests, where pip has installed it: GET and its kin over the virtual network."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from dockerlab.runtime.net import Answer, NetworkError, Request, TimedOutError, fetch
from dockerlab.runtime.python.calls import network_error
from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.library.texts import JSONDecodeError
from dockerlab.runtime.python.objects import Given, Module
from dockerlab.runtime.python.trampoline import Evaluator


class RequestError(OSError):
    """requests.exceptions.RequestException."""

    script_name = "requests.exceptions.RequestException"


class RequestConnectionError(RequestError):
    """requests.exceptions.ConnectionError."""

    script_name = "requests.exceptions.ConnectionError"


class RequestTimeoutError(RequestError):
    """requests.exceptions.Timeout."""

    script_name = "requests.exceptions.ConnectTimeout"


class StatusError(RequestError):
    """requests.exceptions.HTTPError."""

    script_name = "requests.exceptions.HTTPError"


class Response(Given):
    """requests.Response."""

    exposed = frozenset("status_code text content json headers ok reason url raise_for_status".split())
    type_name = "Response"

    def __init__(self, url: str, answer: Answer) -> None:
        self.url = url
        self.status_code, self.reason = answer.status, answer.words
        self.content, self.headers = answer.body, dict(answer.headers)

    def __repr__(self) -> str:
        return f"<Response [{self.status_code}]>"

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def ok(self) -> bool:
        """Whether the status is no error."""
        return self.status_code < 400

    def json(self) -> Any:
        """The body, read as JSON."""
        try:
            return json.loads(self.content)
        except ValueError as error:
            raise JSONDecodeError(str(error)) from None

    def raise_for_status(self) -> None:
        """HTTPError for 4xx and 5xx."""
        if not self.ok:
            kind = "Client" if self.status_code < 500 else "Server"
            raise StatusError(f"{self.status_code} {kind} Error: {self.reason} for url: {self.url}")


def _request(interpreter: Any, method: str, url: str, **how: Any) -> Evaluator:
    if how.get("params"):
        url += ("&" if "?" in url else "?") + urlencode(how["params"])
    headers = {"User-Agent": "python-requests/2.32.3", "Accept": "*/*", **(how.get("headers") or {})}
    body = how.get("data") or b""
    if how.get("json") is not None:
        body, headers["Content-Type"] = json.dumps(how["json"]).encode(), "application/json"
    elif isinstance(body, dict):
        body, headers["Content-Type"] = urlencode(body).encode(), "application/x-www-form-urlencoded"
    data = body.encode() if isinstance(body, str) else body
    request = Request(method.upper(), url, headers, data)
    pool = f"HTTPConnectionPool(host='{request.host}', port={request.port})"
    try:
        answer = yield fetch(interpreter.proc.machine, request, timeout=how.get("timeout"))
    except TimedOutError:
        raise RequestTimeoutError(f"{pool}: timed out") from None
    except NetworkError as error:
        text = f"{pool}: Max retries exceeded with url: {request.target} ({network_error(error)})"
        raise RequestConnectionError(text) from None
    return Response(url, answer)


def _named(method: str) -> Any:
    return lambda interpreter, url, **how: _request(interpreter, method, url, **how)


def _requests(interpreter: Any) -> dict[str, Any]:
    errors = {
        "ConnectionError": RequestConnectionError,
        "HTTPError": StatusError,
        "RequestException": RequestError,
        "Timeout": RequestTimeoutError,
    }
    functions = {name: _named(name) for name in "get post put delete head patch".split()}
    module = Module("requests.exceptions", errors, "simulated")
    interpreter.modules["requests.exceptions"] = module
    return {**errors, "exceptions": module, **natives({**functions, "request": _request})}


MODULES = {"requests": _requests}
