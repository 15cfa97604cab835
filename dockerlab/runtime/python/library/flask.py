"""Flask, where pip has installed it: routes, requests, JSON, templates of a few words, the development server."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from dockerlab.runtime.net import Answer, Asked
from dockerlab.runtime.net.http import REASONS, converse
from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.library.serving import dated, logged, served
from dockerlab.runtime.python.objects import Given, Native
from dockerlab.runtime.python.tracebacks import traceback_of
from dockerlab.runtime.python.trampoline import Evaluator
from dockerlab.world import NANOSECOND

_WARNING = (
    "WARNING: This is a development server. Do not use it in a production deployment. "
    "Use a production WSGI server instead.\n"
)
_CONVERTERS = {"string": r"[^/]+", "int": r"\d+", "float": r"\d+\.\d+", "path": r".+"}
_PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
_ERRORS = {
    404: "The requested URL was not found on the server. If you entered the URL manually please check your spelling "
    "and try again.",
    400: "The browser (or proxy) sent a request that this server could not understand.",
    405: "The method is not allowed for the requested URL.",
    500: "The server encountered an internal error and was unable to complete your request. Either the server is "
    "overloaded or there is an error in the application.",
}
_NO_RESPONSE = (
    "The view function did not return a valid response. The function either returned None or ended without a return "
    "statement."
)
HTML = "text/html; charset=utf-8"


class AbortError(Exception):
    """werkzeug's HTTPException."""

    script_name = "werkzeug.exceptions.HTTPException"

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text


class Response(Given):
    """flask.Response."""

    exposed = frozenset("status_code headers data set_cookie".split())
    settable = frozenset({"status_code"})
    type_name = "Response"

    def __init__(self, body: Any = "", status: int = 200, mimetype: str = HTML, headers: Any = None) -> None:
        self.data = body if isinstance(body, bytes) else str(body).encode()
        self.status_code = status
        self.headers = {"Content-Type": mimetype, **(headers or {})}

    def set_cookie(self, name: str, value: str = "", **_: Any) -> None:
        """A cookie for the client."""
        self.headers["Set-Cookie"] = f"{name}={value}; Path=/"


class CurrentRequest(Given):
    """flask.request: what is asked right now."""

    exposed = frozenset(
        "method path args form headers data json get_json remote_addr host url user_agent cookies values".split()
    )
    type_name = "Request"

    def __init__(self) -> None:
        self.asked = Asked("GET", "/", "HTTP/1.1", {})

    method = property(lambda self: self.asked.method)
    path = property(lambda self: unquote(self.asked.path))
    headers = property(lambda self: dict(self.asked.headers))
    data = property(lambda self: self.asked.body)
    remote_addr = property(lambda self: self.asked.peer)
    host = property(lambda self: self.asked.header("Host"))
    url = property(lambda self: f"http://{self.host}{self.asked.target}")
    user_agent = property(lambda self: self.asked.header("User-Agent"))
    args = property(lambda self: dict(parse_qsl(self.asked.target.partition("?")[2], keep_blank_values=True)))
    form = property(lambda self: dict(parse_qsl(self.asked.body.decode("utf-8", "replace"), keep_blank_values=True)))
    values = property(lambda self: {**self.args, **self.form})
    json = property(lambda self: self.get_json())

    @property
    def cookies(self) -> dict[str, str]:
        """What the client remembers."""
        pairs = (pair.strip().partition("=") for pair in self.asked.header("Cookie").split(";"))
        return {name: value for name, _, value in pairs if name}

    def get_json(self, force: bool = False, silent: bool = False) -> Any:
        """The body, read as JSON."""
        try:
            return json.loads(self.asked.body)
        except ValueError:
            if silent:
                return None
            raise AbortError(
                400, "The browser (or proxy) sent a request that this server could not understand."
            ) from None


class Flask(Given):
    """flask.Flask: an application."""

    exposed = frozenset(
        "route get post put delete run name config logger errorhandler before_request after_request add_url_rule "
        "debug secret_key".split()
    )
    settable = frozenset({"debug", "secret_key"})
    type_name = "Flask"

    def __init__(self, interpreter: Any, request: CurrentRequest, name: str) -> None:
        self._interpreter = interpreter
        self._request = request
        script = interpreter.argv[0].rpartition("/")[2].removesuffix(".py")
        self.name = script if name == "__main__" else name
        self.config: dict[str, Any] = {}
        self.debug, self.secret_key = False, ""
        self._routes: list[tuple[re.Pattern[str], dict[str, str], tuple[str, ...], Any]] = []
        self._handlers: dict[int, Any] = {}
        self._before: list[Any] = []

    def __repr__(self) -> str:
        return f"<Flask '{self.name}'>"

    @property
    def logger(self) -> Any:
        """The application's own logger."""
        from dockerlab.runtime.python.library.logs import Logger, Settings

        return Logger(Settings(self._interpreter), self.name)

    # Routes.

    def route(self, rule: str, methods: Any = ("GET",), **_: Any) -> Native:
        """A decorator: the function answers what fits the rule."""

        def decorate(_: Any, function: Any) -> Any:
            self.add_url_rule(rule, view_func=function, methods=methods)
            return function

        return Native("route", decorate)

    def get(self, rule: str) -> Native:
        """route() for GET."""
        return self.route(rule)

    def post(self, rule: str) -> Native:
        """route() for POST."""
        return self.route(rule, ("POST",))

    def put(self, rule: str) -> Native:
        """route() for PUT."""
        return self.route(rule, ("PUT",))

    def delete(self, rule: str) -> Native:
        """route() for DELETE."""
        return self.route(rule, ("DELETE",))

    def add_url_rule(self, rule: str, endpoint: Any = None, view_func: Any = None, methods: Any = ("GET",)) -> None:
        """A rule, and the function that answers what fits it."""
        kinds = {name: kind or "string" for kind, name in _PLACE.findall(rule)}
        plain = "".join(re.escape(part) for part in _PLACE.split(rule)[::3])
        pattern = _PLACE.sub(lambda found: f"(?P<{found[2]}>{_CONVERTERS.get(found[1] or 'string', '[^/]+')})", rule)
        pattern = pattern if kinds else plain
        self._routes.append((re.compile(f"{pattern}$"), kinds, tuple(word.upper() for word in methods), view_func))

    def errorhandler(self, status: int) -> Native:
        """A decorator: the function answers when something is wrong."""
        return Native("errorhandler", lambda _, function: self._handlers.update({status: function}) or function)

    def before_request(self, function: Any) -> Any:
        """A decorator: the function is called before each request."""
        self._before.append(function)
        return function

    def after_request(self, function: Any) -> Any:
        """Taken, and left alone."""
        return function

    # The development server.

    def run(self, host: str = "127.0.0.1", port: int = 5000, debug: bool = False, **_: Any) -> Evaluator:
        """Serve until a signal comes."""
        say = self._interpreter.stderr.write
        self._interpreter.stdout.write(
            f" * Serving Flask app '{self.name}'\n * Debug mode: {'on' if debug else 'off'}\n"
        )
        self._interpreter.stdout.flush()
        listener = self._interpreter.listen(int(port), host)
        say(_WARNING)
        if host == "0.0.0.0":
            say(" * Running on all addresses (0.0.0.0)\n")
        for address in self._interpreter.addresses if host == "0.0.0.0" else [host]:
            say(f" * Running on http://{address}:{port}\n")
        say("Press CTRL+C to quit\n")
        try:
            yield served(self._interpreter, listener, lambda socket: converse(socket, self._answer))
        except KeyboardInterrupt:
            return
        finally:
            listener.close()

    def _answer(self, asked: Asked) -> Any:
        return self._interpreter.drive(self._answered(asked))

    def _answered(self, asked: Asked) -> Evaluator:
        self._request.asked = asked
        response = yield self._response(asked)
        now = self._interpreter.proc.kernel.clock.now // NANOSECOND
        self._interpreter.stderr.write(f'{asked.peer} - - [{dated(now)}] "{asked.line}" {response.status_code} -\n')
        python = self._interpreter.version
        headers = {"Server": f"Werkzeug/3.1.3 Python/{python}", "Date": _http_date(now), **response.headers}
        return Answer(response.status_code, response.data, {**headers, "Connection": "close"})

    def _response(self, asked: Asked) -> Evaluator:
        try:
            for function in self._before:
                early = yield self._interpreter.call(function, [], {})
                if early is not None:
                    return (yield self._made(early))
            view, values = self._view(asked)
            return (yield self._made((yield self._interpreter.call(view, [], values))))
        except AbortError as error:
            return (yield self._error(error.status, error))
        except Exception as error:
            name = self.name
            when = logged(self._interpreter.proc.kernel.clock.now)
            self._interpreter.stderr.write(f"[{when}] ERROR in {name}: Exception on {asked.path} [{asked.method}]\n")
            self._interpreter.stderr.write(traceback_of(error, self._interpreter.minor))
            return (yield self._error(500, AbortError(500)))

    def _view(self, asked: Asked) -> tuple[Any, dict[str, Any]]:
        known = False
        for pattern, kinds, methods, view in self._routes:
            found = pattern.match(unquote(asked.path))
            if found is None:
                continue
            known = True
            if asked.method in methods or (asked.method == "HEAD" and "GET" in methods):
                converters: dict[str, Any] = {"int": int, "float": float}
                return view, {
                    name: converters.get(kinds[name], str)(value) for name, value in found.groupdict().items()
                }
        raise AbortError(405 if known else 404)

    def _error(self, status: int, error: AbortError) -> Evaluator:
        if status in self._handlers:
            return (yield self._made((yield self._interpreter.call(self._handlers[status], [error], {}))))
        name = REASONS.get(status, "Unknown Error")
        name = "Not Found" if status == 404 else name
        text = error.text or _ERRORS.get(status, "")
        page = f"<!doctype html>\n<html lang=en>\n<title>{status} {name}</title>\n<h1>{name}</h1>\n<p>{text}</p>\n"
        return Response(page, status)

    def _made(self, value: Any) -> Evaluator:
        """A view's value as a response: a text, a table, a row with the status, or a response."""
        status, headers = 200, {}
        if isinstance(value, tuple):
            value, *more = value
            status = next((each for each in more if isinstance(each, int)), 200)
            headers = next((each for each in more if isinstance(each, dict)), {})
        if isinstance(value, Response):
            value.status_code = value.status_code if status == 200 else status
            value.headers.update(headers)
            return value
        if isinstance(value, dict | list):
            return Response(_json_text(value), status, "application/json", headers)
        if isinstance(value, str | bytes):
            return Response(value, status, HTML, headers)
        if value is None:
            raise TypeError(_NO_RESPONSE)
        return Response((yield self._interpreter.text(value)), status, HTML, headers)


def _http_date(seconds: int) -> str:
    from email.utils import formatdate

    return formatdate(seconds, usegmt=True)


def _json_text(value: Any) -> str:
    """As Flask writes JSON while it doesn't debug: without spaces, keys in order."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True) + "\n"


def _jsonify(_: Any, *given: Any, **named: Any) -> Response:
    value = named or (given[0] if len(given) == 1 else list(given))
    return Response(_json_text(value), 200, "application/json")


def _abort(_: Any, status: int, text: str = "") -> None:
    raise AbortError(status, text)


def _redirect(_: Any, place: str, code: int = 302) -> Response:
    link = f'<a href="{place}">{place}</a>'
    page = f"<!doctype html>\n<title>Redirecting...</title>\n<p>You should be redirected to {link}.\n"
    return Response(page, code, HTML, {"Location": place})


def _render(interpreter: Any, text: str, **values: Any) -> Evaluator:
    """Replace {{ name }}; Jinja's other constructs are not simulated."""
    from dockerlab.runtime.python.errors import NotSimulatedError

    if "{%" in text:
        raise NotSimulatedError("Jinja's {% … %}")
    pieces = re.split(r"\{\{\s*([\w.]+)\s*\}\}", text)
    for at in range(1, len(pieces), 2):
        first, *rest = pieces[at].split(".")
        value = values.get(first, "")
        for name in rest:
            value = value.get(name, "") if isinstance(value, dict) else (yield interpreter.attribute(value, name))
        pieces[at] = yield interpreter.text(value)
    return "".join(pieces)


def _render_file(interpreter: Any, name: str, **values: Any) -> Evaluator:
    path = f"{interpreter.path[0]}/templates/{name}"
    if not interpreter.proc.fs.is_file(path):
        raise TemplateNotFoundError(name)
    return (yield _render(interpreter, interpreter.proc.fs.read(path).decode(), **values))


class TemplateNotFoundError(Exception):
    """jinja2.exceptions.TemplateNotFound."""

    script_name = "jinja2.exceptions.TemplateNotFound"


def _flask(interpreter: Any) -> dict[str, Any]:
    request = CurrentRequest()
    functions = {
        "Flask": lambda _, name="app", **how: Flask(interpreter, request, name),
        "Response": lambda _, *given, **named: Response(*given, **named),
        "abort": _abort,
        "jsonify": _jsonify,
        "make_response": lambda _, body="", status=200: Response(body, status),
        "redirect": _redirect,
        "render_template": _render_file,
        "render_template_string": _render,
    }
    return {"request": request, **natives(functions)}


MODULES = {"flask": _flask}
