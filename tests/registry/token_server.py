"""A token server for tests (distribution, docs/spec/auth/token.md): alice with the password 'secret' may do all."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

SERVICE, ISSUER = "registry", "tests"


class TokenServer:
    """Gives tokens on loopback; what was asked for stands in `asked`."""

    def __init__(self, folder: Path) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        self._bundle = folder / "bundle.pem"
        self._bundle.write_bytes(self._certificate())
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/token"

    @property
    def section(self) -> str:
        """The `auth` section of docker-registry's configuration."""
        names = f"realm: '{self.url}', service: {SERVICE}, issuer: {ISSUER}, rootcertbundle: {self._bundle}"
        return f"auth: {{token: {{{names}}}}}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def token(self, scopes: list[str]) -> str:
        """A signed token (RFC 7519) that lets its owner do what the scopes say."""
        access = []
        for scope in scopes:
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        now = int(time.time())
        claims = {
            "iss": ISSUER, "sub": "alice", "aud": SERVICE, "exp": now + 300, "nbf": now - 60, "iat": now,
            "jti": str(len(self.asked)), "access": access,
        }  # fmt: skip
        head = {"typ": "JWT", "alg": "RS256", "kid": self._key_id()}
        signed = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps(claims).encode())}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_encoded(signature)}"

    def _key_id(self) -> str:
        """libtrust's name of a key: twelve groups of base32."""
        public = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        text = base64.b32encode(hashlib.sha256(public).digest()[:30]).decode().rstrip("=")
        return ":".join(text[at : at + 4] for at in range(0, 48, 4))

    def _certificate(self) -> bytes:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ISSUER)])
        now = datetime.datetime.now(datetime.UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self._key.public_key())
        builder = builder.serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
        made = builder.not_valid_after(now + datetime.timedelta(days=1)).sign(self._key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                scopes = parse_qs(urlsplit(self.path).query).get("scope", [])
                outer.asked.append(" ".join(scopes))
                allowed = self.headers.get("Authorization") == "Basic " + base64.b64encode(b"alice:secret").decode()
                if not allowed:
                    return self._say(401, {"details": "incorrect username or password"})
                return self._say(200, {"token": outer.token(scopes), "expires_in": 300})

            def _say(self, status: int, answer: dict[str, Any]) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words: object) -> None:
                pass

        return Handler


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
