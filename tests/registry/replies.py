"""Playing single requests to a registry that was put into a known state, and writing down what it replies.

What differs from run to run is written as a word in braces: `{host}`, `{uuid}`, `{state}`, and the digests of what is
pushed. So the replies of any registry can be laid beside those of data/replies.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.oci.digest import Digest
from dockerlab.oci.media_types import OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST
from dockerlab.registry import Request, Response
from dockerlab.registry.wsgi import Handles

NAME, OTHER = "conformance/repo1", "conformance/repo2"
BLOB, CONFIG = bytes(range(256)) * 2, b"{}"
NEVER = "sha256:" + "0" * 64
COMPARED = (
    "Accept-Ranges",
    "Allow",
    "Cache-Control",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "Docker-Content-Digest",
    "Docker-Distribution-Api-Version",
    "Docker-Upload-Uuid",
    "Etag",
    "Link",
    "Location",
    "Range",
)


def _image() -> bytes:
    config = {"mediaType": OCI_CONFIG, "digest": Digest.of(CONFIG), "size": len(CONFIG)}
    layers = [{"mediaType": OCI_LAYER_GZIP, "digest": Digest.of(BLOB), "size": len(BLOB)}]
    return json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": layers}).encode()


IMAGE = _image()
BODIES: Mapping[str, bytes] = {
    "": b"",
    "blob": BLOB,
    "first half": BLOB[:256],
    "second half": BLOB[256:],
    "image": IMAGE,
    "junk": b"junk",
    "large": b'{"a":"' + b"a" * (5 << 20) + b'"}',
}


class Stage:
    """A registry, and the values of the words in braces."""

    def __init__(self, server: Handles) -> None:
        self._server = server
        self.words = {
            "name": NAME,
            "name2": OTHER,
            "blob": str(Digest.of(BLOB)),
            "blob512": str(Digest.of(BLOB, "sha512")),
            "image": str(Digest.of(IMAGE)),
            "image512": str(Digest.of(IMAGE, "sha512")),
            "never": NEVER,
        }

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Response:
        """Ask for a path; words in braces may stand in it and in the headers."""
        filled = {name: self._filled(value) for name, value in (headers or {}).items()}
        return self._server.handle(Request(method, self._filled(path), filled, body))

    def _filled(self, text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda match: self.words[match[1]], text)

    def start(self, name: str) -> None:
        """Begin an upload; `{upload}` is where it goes on."""
        self._follow(self.ask("POST", f"/v2/{name}/blobs/uploads/"))

    def _follow(self, response: Response) -> None:
        place = response.header("Location")
        self.words["upload"] = place[place.index("/v2/") :]
        self.words["mark"] = "&" if "?" in place else "?"

    def half(self) -> None:
        """Bring the first half of a blob."""
        about = {"Content-Range": "0-255", "Content-Type": "application/octet-stream"}
        self._follow(self.ask("PATCH", "{upload}", BLOB[:256], about))

    def push(self, name: str, data: bytes, algorithm: str = "sha256") -> None:
        """Push a blob."""
        self.start(name)
        put = self.ask("PUT", f"{{upload}}{{mark}}digest={Digest.of(data, algorithm)}", data)
        assert put.status == 201, put.body

    def reply(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """What is replied to the request of a case."""
        for state in case["given"]:
            STATES[state](self)
        response = self.ask(case["method"], case["path"], BODIES[case.get("body", "")], case.get("headers"))
        headers = {name: self._worded(value) for name in COMPARED if (value := response.header(name))}
        shown = response.body.decode() if response.status >= 400 or "json" in headers.get("Content-Type", "") else ""
        return {"status": response.status, "headers": headers, "body": self._worded(shown)}

    def _worded(self, text: str) -> str:
        """A text with words in braces in the place of what they mean here."""
        text = re.sub(r"http://127\.0\.0\.1:\d+", "http://{host}", text)
        text = re.sub(r"_state=[^&>]+", "_state={state}", text)
        text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=uploads/)[0-9a-f]{32}", "{uuid}", text)
        text = re.sub(r"^[0-9a-f]{32}$", "{uuid}", text)
        for word in ("name", "name2", "blob", "blob512", "image", "image512", "never"):
            text = text.replace(self.words[word], f"{{{word}}}")
        return text


def _image_of(stage: Stage, tag: str = "") -> None:
    for data in (CONFIG, BLOB):
        stage.push(NAME, data)
    if tag:
        put = stage.ask("PUT", f"/v2/{NAME}/manifests/{tag}", IMAGE, {"Content-Type": OCI_MANIFEST})
        assert put.status == 201, put.body


def _gone(stage: Stage, path: str, status: int = 202) -> None:
    assert stage.ask("DELETE", path).status == status


STATES: Mapping[str, Callable[[Stage], None]] = {
    "a blob": lambda stage: stage.push(NAME, BLOB),
    "a blob by SHA-512": lambda stage: stage.push(NAME, BLOB, "sha512"),
    "a blob in the other repository": lambda stage: stage.push(OTHER, BLOB),
    "the blob is deleted": lambda stage: _gone(stage, f"/v2/{NAME}/blobs/{Digest.of(BLOB)}"),
    "an upload": lambda stage: stage.start(NAME),
    "an upload in the other repository": lambda stage: stage.start(OTHER),
    "half a blob": Stage.half,
    "the upload is cancelled": lambda stage: _gone(stage, "{upload}", 204),
    "the blobs of an image": _image_of,
    "an image": lambda stage: _image_of(stage, "image"),
    "the image has another tag": lambda stage: _image_of(stage, "more"),
    "the image is deleted": lambda stage: _gone(stage, f"/v2/{NAME}/manifests/{Digest.of(IMAGE)}"),
}
