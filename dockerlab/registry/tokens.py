"""Who asks: the challenges of a registry, and what answers them: a password, or a token for each scope.

RFC 9110, 11 and RFC 7617 (Basic); distribution, docs/spec/auth: token.md (GET) and oauth.md (POST, where a refresh
token stands for the password). Secrets are in no repr and in no error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlencode

from dockerlab.errors import DockerlabError, InvalidParameterError, SystemError_, UnauthorizedError
from dockerlab.oci import gojson
from dockerlab.registry.access import basic
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.words import error_of

CLIENT_ID = "docker"
NO_CREDENTIALS = "no basic auth credentials"

Send: TypeAlias = Callable[[Request], Response]

_SCHEME = re.compile(r"\s*,?\s*([A-Za-z][A-Za-z0-9-]*)(?=\s+[A-Za-z_]+\s*=|\s*(?:,|$))")
_PARAMETER = re.compile(r'\s*,?\s*([A-Za-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


@dataclass(frozen=True)
class Challenge:
    """One way to say who asks."""

    scheme: str
    parameters: Mapping[str, str]


def parse_challenges(header: str) -> Iterator[Challenge]:
    """What a Www-Authenticate header asks for: 'Bearer realm="…",service="…"', several of them in a row."""
    place = 0
    while scheme := _SCHEME.match(header, place):
        place = scheme.end()
        parameters = {}
        while found := _PARAMETER.match(header, place):
            parameters[found[1].lower()] = found[3] or re.sub(r"\\(.)", r"\1", found[2] or "")
            place = found.end()
        yield Challenge(scheme[1].lower(), parameters)


@dataclass(frozen=True)
class Credentials:
    """A name with its password, or with the refresh token that `docker login` got for it."""

    username: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)

    @staticmethod
    def of(auth: Mapping[str, Any] | None) -> Credentials:
        """Out of the Engine API's record."""
        auth = auth or {}
        return Credentials(auth.get("username", ""), auth.get("password", ""), auth.get("identitytoken", ""))

    def basic(self) -> dict[str, str]:
        """The header, nothing where there is no name."""
        return basic(self.username, self.password) if self.username else {}


@dataclass
class Authority:
    """What one registry asks for, and the answers that were given so far."""

    credentials: Credentials
    challenge: Challenge | None = None
    refresh_token: str = field(default="", repr=False)
    """What the registry's token server gave in place of the password, where it was asked for one (`offline`)."""
    _tokens: dict[str, str] = field(default_factory=dict, repr=False)

    def learn(self, response: Response) -> bool:
        """Note what a refusal asks for; whether it is something that can be answered."""
        known = {challenge.scheme: challenge for challenge in parse_challenges(response.header("Www-Authenticate"))}
        self.challenge = known.get("bearer") or known.get("basic")
        return self.challenge is not None

    def forget(self, scopes: Sequence[str]) -> None:
        """A token is not good any more."""
        self._tokens.pop(" ".join(scopes), None)

    def headers(self, scopes: Sequence[str], send: Send, *, offline: bool = False) -> Mapping[str, str]:
        """What a request says about who asks; `send` asks the token server, `UnauthorizedError` where nobody can."""
        if self.challenge is None:
            return {}
        if self.challenge.scheme == "basic":
            if not self.credentials.username:
                raise UnauthorizedError(NO_CREDENTIALS)
            return self.credentials.basic()
        key = " ".join(scopes)
        if key not in self._tokens:
            self._tokens[key] = self._fetch(scopes, send, offline)
        return {"Authorization": f"Bearer {self._tokens[key]}"}

    def _fetch(self, scopes: Sequence[str], send: Send, offline: bool) -> str:
        asked = self._by_refresh_token(scopes) if self.credentials.identity_token else self._by_name(scopes, offline)
        response = send(asked)
        if response.status != 200:
            raise _refused(response)
        answer = gojson.decode(response.body)
        answer = answer if isinstance(answer, dict) else {}
        self.refresh_token = str(answer.get("refresh_token") or "")
        token = answer.get("token") or answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise SystemError_("authorization server did not include a token in the response")
        return token

    def _by_name(self, scopes: Sequence[str], offline: bool) -> Request:
        """Anonymously, or with the password."""
        query = [(name, value) for name, value in (("service", self._parameter("service")),) if value]
        query += [("scope", scope) for scope in scopes]
        if offline:
            query += [("offline_token", "true"), ("client_id", CLIENT_ID)]
        if self.credentials.username:
            query.insert(0, ("account", self.credentials.username))
        realm = self._realm()
        joint = "&" if "?" in realm else "?"
        return Request("GET", f"{realm}{joint}{urlencode(query)}" if query else realm, self.credentials.basic())

    def _by_refresh_token(self, scopes: Sequence[str]) -> Request:
        form = {
            "grant_type": "refresh_token",
            "service": self._parameter("service"),
            "client_id": CLIENT_ID,
            "scope": " ".join(scopes),
            "refresh_token": self.credentials.identity_token,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Request("POST", self._realm(), headers, urlencode({k: v for k, v in form.items() if v}).encode())

    def _realm(self) -> str:
        realm = self._parameter("realm")
        if not realm.startswith(("http://", "https://")):
            raise InvalidParameterError("no valid realm in the registry's Bearer challenge")
        return realm

    def _parameter(self, name: str) -> str:
        return self.challenge.parameters.get(name, "") if self.challenge else ""


def _refused(response: Response) -> DockerlabError:
    """Why a token server gives no token: Docker Hub's says it in `details`."""
    if response.status == 401:
        try:
            answer = gojson.decode(response.body)
        except InvalidParameterError:
            answer = None
        details = answer.get("details") if isinstance(answer, dict) else None
        if isinstance(details, str) and details:
            return UnauthorizedError(f"unauthorized: {details}")
    return error_of(response)
