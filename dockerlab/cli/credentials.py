"""The client's config.json on the host: who is logged in where (docker/cli, cli/config).

Passwords stand in it in base64, as Docker keeps them where no credential helper is configured. A helper that the file
names is a program that no lab has: what it should give is not there, what it should keep is an error, as on any host.
"""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
from collections.abc import Mapping
from typing import Any

from dockerlab.cli.context import Context
from dockerlab.errors import CommandError, InvalidParameterError
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
    path = ctx.path(config_path(ctx))
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
    if fault := next(filter(None, map(_auth_fault, (config.get("auths") or {}).values())), ""):
        return {}, fault
    return config, ""


def _auth_fault(record: Any) -> str:
    """What is wrong with the name and the password of a record, '' for nothing."""
    auth = record.get("auth") if isinstance(record, dict) else None
    if not isinstance(auth, str) or not auth:
        return ""
    wrong = next(
        (at for at, letter in enumerate(auth) if not (letter.isalnum() or letter in "+/=")), len(auth) // 4 * 4
    )
    try:
        name, colon, _ = base64.b64decode(auth, validate=True).partition(b":")
    except binascii.Error:
        return f"illegal base64 data at input byte {wrong}"
    return "" if colon and name else "Invalid auth configuration file"


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
    """Write the file as Go does: logins first and sorted, indented with tabs, readable by its owner only."""
    auths = config.get("auths") or {}
    others = {name: value for name, value in config.items() if name != "auths"}
    config = {"auths": {name: auths[name] for name in sorted(auths)}, **others}
    path = ctx.path(config_path(ctx))
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
    record = _record(ctx, server)
    if record.get("auth"):
        user, _, password = base64.b64decode(record["auth"]).decode("utf-8", "replace").partition(":")
        return user, password.strip("\0")
    return (record["username"], record.get("password", "")) if record.get("username") else None


def _record(ctx: Context, server: str) -> Mapping[str, Any]:
    """What the file has for a server, under whatever address; nothing where a helper would have to be asked."""
    if _helper(ctx, server):
        return {}
    auths, key = load_config(ctx).get("auths") or {}, registry_key(server)
    found = auths.get(key) or next((auths[name] for name in auths if registry_key(name) == key), None)
    return found if isinstance(found, dict) else {}


def _helper(ctx: Context, server: str) -> str:
    """The credential helper that the file names for a server, '' for none."""
    config = load_config(ctx)
    helpers = config.get("credHelpers")
    name = helpers.get(registry_key(server)) if isinstance(helpers, dict) else None
    return str(name or config.get("credsStore") or "")


def store(ctx: Context, server: str, auth: Mapping[str, str]) -> bool:
    """Keep the credentials for a server: a refresh token, where there is one, instead of the password.

    Whether a password has come into the file that was not there.
    """
    if helper := _helper(ctx, server):
        missing = f'exec: "docker-credential-{helper}": executable file not found in $PATH'
        raise CommandError(f"Error saving credentials: error storing credentials - err: {missing}, out: ``")
    user, password, token = (auth.get(name, "") for name in ("username", "password", "identitytoken"))
    known = stored(ctx, server)
    record = {"auth": base64.b64encode(f"{user}:{'' if token else password}".encode()).decode()}
    config = load_config(ctx)
    auths = config["auths"] = config.get("auths") or {}
    auths[registry_key(server)] = {**record, **({"identitytoken": token} if token else {})}
    save_config(ctx, config)
    return not token and known != (user, password)


def erase(ctx: Context, server: str) -> None:
    """Forget the credentials for a server; a file that has none stays as it is."""
    config = load_config(ctx)
    if (config.get("auths") or {}).pop(registry_key(server), None) is not None:
        save_config(ctx, config)


def credentials_for(ctx: Context, domain: str) -> dict[str, str] | None:
    """What the client sends along with a pull or a push (the X-Registry-Auth of the Engine API)."""
    found, token = stored(ctx, domain), _record(ctx, domain).get("identitytoken", "")
    if found is None and not token:
        return None
    user, password = found or ("", "")
    return {"username": user, "password": password, "identitytoken": token, "serveraddress": registry_key(domain)}
