"""A registry: the OCI distribution API v1.1 over a `Storage`, with the answers of Docker's registry 2.8.

`Server.handle` finds the handler for a path and a method; the handlers live in `manifests` and `blobs`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import EMPTY_CONTENT, Bytes
from dockerlab.registry import blobs, manifests, search, uploads
from dockerlab.registry.access import Access, Accounts, Open
from dockerlab.registry.exchange import Exchange
from dockerlab.registry.protocol import VERSION, VERSION_HEADER, Refusal, Request, Response, text_response
from dockerlab.registry.storage import Storage

_NAME = r"(?P<name>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)"
LONGEST_NAME = 255
"""Characters of a repository's name (distribution/reference, RepositoryNameTotalLengthMax)."""

Handler: TypeAlias = Callable[[Exchange], Response]


@dataclass(frozen=True)
class Route:
    """A path of the API and what may be done with it."""

    pattern: re.Pattern[str]
    handlers: Mapping[str, Handler]


def _base(exchange: Exchange) -> Response:
    """GET /v2/: yes, this is a registry."""
    headers = {"Content-Length": "2", "Content-Type": "application/json; charset=utf-8"}
    return Response(200, headers, Bytes(b"{}"))


def _route(path: str, **handlers: Handler) -> Route:
    return Route(re.compile(path), {method.upper(): handler for method, handler in handlers.items()})


ROUTES = (
    _route(r"/v2/?", get=_base, head=_base),
    _route(r"/v2/_catalog", get=manifests.catalog),
    _route(r"/v1/search", get=search.search),
    _route(rf"/v2/{_NAME}/tags/list", get=manifests.tags),
    _route(
        rf"/v2/{_NAME}/manifests/(?P<reference>[^/]+)",
        get=manifests.get,
        head=manifests.get,
        put=manifests.put,
        delete=manifests.delete,
    ),
    _route(rf"/v2/{_NAME}/referrers/(?P<digest>[^/]+)", get=manifests.referrers),
    _route(rf"/v2/{_NAME}/blobs/uploads/?", post=uploads.start),
    _route(
        rf"/v2/{_NAME}/blobs/uploads/(?P<upload>[^/]+)",
        get=uploads.progress,
        patch=uploads.append,
        put=uploads.finish,
        delete=uploads.cancel,
    ),
    _route(rf"/v2/{_NAME}/blobs/(?P<digest>[^/]+)", get=blobs.get, head=blobs.get, delete=blobs.delete),
)


class Server:
    """One registry. `users` (name → password) turns basic authentication on; `access` replaces both."""

    def __init__(
        self,
        storage: Storage | None = None,
        users: Mapping[str, str] | None = None,
        *,
        access: Access | None = None,
        repositories: Callable[[], search.Repositories] | None = None,
    ) -> None:
        self.storage = Storage() if storage is None else storage
        self.access: Access = access or (Open() if users is None else Accounts(users))
        self.repositories = repositories

    def handle(self, request: Request) -> Response:
        """Answer a request; what goes wrong is an answer too."""
        try:
            response = self._dispatch(request)
        except Refusal as refusal:
            response = refusal.response()
        except (OSError, FileSystemError) as error:  # a full disk, a file that can't be read
            response = Refusal("UNKNOWN", (error.strerror or "input/output error").lower()).response()
        return self._finished(request, response)

    def _dispatch(self, request: Request) -> Response:
        for route in ROUTES:
            match = route.pattern.fullmatch(request.route)
            if match is not None:
                return self._enter(request, route, match.groupdict())
        return text_response(404, "404 page not found\n")

    def _enter(self, request: Request, route: Route, names: dict[str, str]) -> Response:
        name = names.get("name", "")
        if len(name) > LONGEST_NAME:
            raise Refusal("NAME_INVALID", {"name": name[:LONGEST_NAME]})
        self.access.check(request, name, exists=name in self.storage.repositories)
        handler = route.handlers.get(request.method)
        if handler is None:
            return text_response(405, "Method not allowed\n", {"Allow": ", ".join(sorted(route.handlers))})
        return handler(Exchange(request, self.storage, name, names, self.repositories))

    @staticmethod
    def _finished(request: Request, response: Response) -> Response:
        """The response with the version header, without the body where only the head was asked for."""
        headers = {VERSION_HEADER: VERSION, **response.headers}
        return Response(response.status, headers, EMPTY_CONTENT if request.method == "HEAD" else response.content)


__all__ = ["ROUTES", "Server"]
