"""Who asks: the challenges of a registry, and what answers them: a password, or a token for each scope.

RFC 9110, 11 and RFC 7617 (Basic); distribution, docs/spec/auth: token.md (GET) and oauth.md (POST, where a refresh
token stands for the password). Secrets are in no repr and in no error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlencode

from dockerlab.errors import CredentialsError, DockerlabError, InvalidParameterError, SystemError_
from dockerlab.oci import gojson
from dockerlab.registry.access import basic
from dockerlab.registry.challenges import Challenge, parse_challenges
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.words import error_of

CLIENT_ID = "docker"
NO_CREDENTIALS = "no basic auth credentials"

Send: TypeAlias = Callable[[Request], Response]


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
        """What a request says about who asks; `send` asks the token server, `CredentialsError` where nobody can."""
        if self.challenge is None:
            return {}
        if self.challenge.scheme == "basic":
            if not self.credentials.username:
                raise CredentialsError(NO_CREDENTIALS)
            return self.credentials.basic()
        key = " ".join(scopes)
        if key not in self._tokens:
            self._tokens[key] = self._fetch(scopes, send, offline)
        return {"Authorization": f"Bearer {self._tokens[key]}"}

    def _fetch(self, scopes: Sequence[str], send: Send, offline: bool) -> str:
        asked = self._by_refresh_token(scopes) if self.credentials.identity_token else self._by_name(scopes, offline)
        response = send(asked)
        if response.status != 200:
            raise self._refused(response, scopes)
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

    def _refused(self, response: Response, scopes: Sequence[str]) -> DockerlabError:
        """Why a token server gives no token: Docker Hub's says it in `details`."""
        details = _details(response) if response.status == 401 else ""
        if not details:
            return error_of(response)
        query = urlencode([*(("scope", scope) for scope in scopes), ("service", self._parameter("service"))])
        return CredentialsError(f"unauthorized: {details}", asked=f"{self._realm()}?{query}", details=details)

    def _realm(self) -> str:
        realm = self._parameter("realm")
        if not realm.startswith(("http://", "https://")):
            raise InvalidParameterError("no valid realm in the registry's Bearer challenge")
        return realm

    def _parameter(self, name: str) -> str:
        return self.challenge.parameters.get(name, "") if self.challenge else ""


def _details(response: Response) -> str:
    try:
        answer = gojson.decode(response.body)
    except InvalidParameterError:
        return ""
    details = answer.get("details") if isinstance(answer, dict) else None
    return details if isinstance(details, str) else ""
