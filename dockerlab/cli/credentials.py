"""The client's config.json on the host: who is logged in where (docker/cli, cli/config).

Passwords stand in it in base64, as Docker keeps them where no credential helper is configured.
"""

from __future__ import annotations

import base64
import json
import posixpath
from collections.abc import Mapping
from typing import Any

from dockerlab.cli.context import Context
from dockerlab.errors import InvalidParameterError
from dockerlab.oci.gojson import decode

HUB = "https://index.docker.io/v1/"
"""The name that Docker Hub's credentials are kept under."""


def config_path(ctx: Context) -> str:
    """Where config.json stands: in DOCKER_CONFIG or in ~/.docker."""
    folder = ctx.env.get("DOCKER_CONFIG") or posixpath.join(ctx.home, ".docker")
    return posixpath.join(folder, "config.json")


def load_config(ctx: Context) -> dict[str, Any]:
    """The parsed file, empty where there is none, or none that can be read (the client has told of that)."""
    return _parsed(ctx)[0]


def config_fault(ctx: Context) -> str:
    """What is wrong with the file, in Go's words; '' for nothing."""
    return _parsed(ctx)[1]


def _parsed(ctx: Context) -> tuple[dict[str, Any], str]:
    path = config_path(ctx)
    raw = ctx.fs.read(path) if ctx.fs.is_file(path) else b""
    if not raw.strip():
        return {}, ""
    try:
        config = decode(raw, stream=True)
    except InvalidParameterError as error:
        return {}, str(error)
    if not isinstance(config, dict):
        return {}, f"json: cannot unmarshal {_KINDS[type(config)]} into Go value of type configfile.ConfigFile"
    for name, (kind, go_type) in _FIELDS.items():
        if not isinstance(config.get(name, kind()), kind | None):
            found = f"{_KINDS[type(config[name])]} into Go struct field ConfigFile.{name}"
            return {}, f"json: cannot unmarshal {found} of type {go_type}"
    return config, ""


_KINDS: Mapping[type, str] = {
    bool: "bool",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}
_TEXTS = ("currentContext", "detachKeys", "imagesFormat", "networksFormat", "psFormat", "statsFormat", "volumesFormat")
_FIELDS: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(_TEXTS, (str, "string")),
    "auths": (dict, "map[string]types.AuthConfig"),
    "pruneFilters": (list, "[]string"),
}
"""The file's fields that are of use here, and their types in Python and in Go."""


def save_config(ctx: Context, config: dict[str, Any]) -> None:
    """Write the file as Go does: indented with tabs, readable by its owner only."""
    path = config_path(ctx)
    folder = posixpath.dirname(path)
    if not ctx.fs.is_dir(folder):
        ctx.fs.mkdir(folder, 0o700, parents=True)
    ctx.fs.write(path, json.dumps(config, indent="\t").encode(), mode=0o600)


def registry_key(server: str) -> str:
    """The name under which a server's credentials are kept."""
    if server in {"", "docker.io", "index.docker.io", "registry-1.docker.io"}:
        return HUB
    if server == HUB:
        return HUB
    for scheme in ("https://", "http://"):
        server = server.removeprefix(scheme)
    return server.split("/", 1)[0]


def stored(ctx: Context, server: str) -> tuple[str, str] | None:
    """The user and password that are kept for a server."""
    record = load_config(ctx).get("auths", {}).get(registry_key(server))
    if not isinstance(record, dict) or not record.get("auth"):
        return None
    user, _, password = base64.b64decode(record["auth"]).decode("utf-8", "replace").partition(":")
    return user, password.strip("\0")


def store(ctx: Context, server: str, user: str, password: str) -> None:
    """Keep the credentials for a server."""
    config = load_config(ctx)
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    config.setdefault("auths", {})[registry_key(server)] = {"auth": auth}
    save_config(ctx, config)


def erase(ctx: Context, server: str) -> None:
    """Forget the credentials for a server."""
    config = load_config(ctx)
    config.setdefault("auths", {}).pop(registry_key(server), None)
    save_config(ctx, config)


def credentials_for(ctx: Context, domain: str) -> dict[str, str] | None:
    """What the client sends along with a pull or a push (the X-Registry-Auth of the Engine API)."""
    found = stored(ctx, domain)
    if found is None:
        return None
    return {"username": found[0], "password": found[1], "serveraddress": registry_key(domain)}
