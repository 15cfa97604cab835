"""`--network` in both its forms, and `--gpus` (docker/cli, opts/network.go and opts/gpus.go)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from dockerlab.cli.comma_lists import parse_comma_list
from dockerlab.cli.numbers import OptionError, parse_int


@dataclass(frozen=True)
class NetworkAttachment:
    """One network that a container is to join."""

    target: str
    aliases: tuple[str, ...] = ()
    driver_options: dict[str, str] = field(default_factory=dict)
    ipv4: str = ""
    ipv6: str = ""
    link_local: tuple[str, ...] = ()
    mac_address: str = ""
    gateway_priority: int = 0

    @property
    def user_defined(self) -> bool:
        """Not one of Docker's own modes."""
        return self.target not in {"default", "bridge", "host", "none", ""} and not self.target.startswith("container:")


def parse_network(text: str) -> NetworkAttachment:
    """'net' or 'name=net,alias=web,ip=…'."""
    if not re.search(r"\w+=\w+(,\w+=\w+)*", text):
        return NetworkAttachment(text)
    attachment = NetworkAttachment("")
    for part in parse_comma_list(text):
        # Docker puts the whole field in lower case, values too.
        key, equals, value = part.lower().partition("=")
        if not equals:
            raise OptionError(f"invalid field {part}")
        attachment = _with_field(attachment, key.strip(), value.strip())
    if not attachment.target:
        raise OptionError("network name/id is not specified")
    return attachment


def _with_field(attachment: NetworkAttachment, key: str, value: str) -> NetworkAttachment:
    changes: dict[str, Any] = {}
    if key in _TEXTS:
        changes[_TEXTS[key]] = value
    elif key in _LISTS:
        changes[_LISTS[key]] = (*getattr(attachment, _LISTS[key]), value)
    elif key == "driver-opt":
        changes["driver_options"] = {**attachment.driver_options, **_driver_option(value)}
    elif key == "gw-priority":
        changes["gateway_priority"] = _priority(value)
    else:
        raise OptionError(f"invalid field key {key}")
    return replace(attachment, **changes)


def _driver_option(text: str) -> dict[str, str]:
    name, equals, content = text.partition("=")
    if not equals:
        raise OptionError("invalid key value pair format in driver options")
    return {name.strip(): content.strip()}


def _priority(text: str) -> int:
    try:
        return parse_int(text, base=10)
    except OptionError as error:
        raise OptionError(f"invalid gw-priority: {error}") from error


_TEXTS = {"name": "target", "ip": "ipv4", "ip6": "ipv6", "mac-address": "mac_address"}
_LISTS = {"alias": "aliases", "link-local-ip": "link_local"}


def parse_gpus(text: str) -> dict[str, object]:
    """A device request of the Engine API out of 'all', '2' or 'driver=…,count=…,device=…,capabilities=…,options=…'."""
    request: dict[str, object] = {"Driver": "", "Count": 0, "DeviceIDs": None, "Capabilities": None, "Options": {}}
    capabilities: list[str] = []
    seen: set[str] = set()
    for part in parse_comma_list(text):
        key, equals, value = part.partition("=")
        if key in seen:
            raise OptionError(f"gpu request key '{key}' can be specified only once")
        seen.add(key)
        if not equals:
            seen.add("count")
            request["Count"] = _gpu_count(key)
        elif key == "capabilities":
            capabilities = [*value.split(","), "gpu"]
        else:
            _put_gpu_field(request, key, value)
    if not seen & {"count", "device"}:
        request["Count"] = 1
    request["Capabilities"] = [capabilities or ["gpu"]]
    return request


def _put_gpu_field(request: dict[str, object], key: str, value: str) -> None:
    if key == "driver":
        request["Driver"] = value
    elif key == "count":
        request["Count"] = _gpu_count(value)
    elif key == "device":
        request["DeviceIDs"] = value.split(",")
    elif key == "options":
        request["Options"] = dict(_pair(option) for option in parse_comma_list(value))
    else:
        raise OptionError(f"unexpected key '{key}' in '{key}={value}'")


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key, value


def _gpu_count(text: str) -> int:
    if text == "all":
        return -1
    try:
        return parse_int(text, base=10)
    except OptionError as error:
        reason = str(error).rpartition(": ")[2]
        raise OptionError(f'invalid count ({text}): value must be either "all" or an integer: {reason}') from error
