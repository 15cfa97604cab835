"""What a page can call: those of PHP's functions that say where a page runs, and some for texts and arrays."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dockerlab.runtime.servers.php.values import dumped, number, text_of, truth, typed
from dockerlab.runtime.servers.web import escaped, moment
from dockerlab.world import NANOSECOND

if TYPE_CHECKING:
    from dockerlab.runtime.servers.php.page import Context

Function = Callable[..., Any]

_DATE: Mapping[str, str] = {
    "Y": "%Y", "y": "%y", "m": "%m", "d": "%d", "H": "%H", "i": "%M", "s": "%S", "D": "%a", "l": "%A", "M": "%b",
    "F": "%B", "A": "%p", "h": "%I", "N": "%u", "z": "%j", "T": "UTC", "e": "UTC", "P": "+00:00", "O": "+0000",
    "c": "%Y-%m-%dT%H:%M:%S+00:00", "r": "%a, %d %b %Y %H:%M:%S +0000",
}  # fmt: skip


def _date(context: Context, pattern: Any, stamp: Any = None) -> str:
    when = moment(context.now) if stamp is None else datetime.datetime.fromtimestamp(int(stamp), datetime.UTC)
    more = {"j": str(when.day), "n": str(when.month), "G": str(when.hour), "g": str(when.hour % 12 or 12)}
    more |= {"a": when.strftime("%p").lower(), "U": str(int(when.timestamp()))}
    return "".join(more[c] if c in more else when.strftime(_DATE[c]) if c in _DATE else c for c in text_of(pattern))


def _header(context: Context, line: Any, replace: Any = True, status: Any = 0) -> None:
    name, colon, value = text_of(line).partition(":")
    if colon:
        context.headers.append((name, value.strip()))
        context.status = 302 if name.lower() == "location" and context.status == 200 else context.status
    elif name.startswith("HTTP/") and len(name.split()) > 1 and name.split()[1].isdigit():
        context.status = int(name.split()[1])
    context.status = int(number(status)) or context.status


def _response_code(context: Context, code: Any = None) -> Any:
    context.status = int(number(code)) if code is not None else context.status
    return context.status


def _json(context: Context, value: Any, flags: Any = 0) -> str:
    indent = 4 if int(number(flags)) & 128 else None
    text = json.dumps(_plain(value), separators=(",", ": " if indent else ":"), indent=indent)
    return text.replace("/", "\\/") if not int(number(flags)) & 64 else text


def _plain(value: Any) -> Any:
    """Arrays whose keys only count are lists."""
    if not isinstance(value, dict):
        return value
    if list(value) == list(range(len(value))):
        return [_plain(each) for each in value.values()]
    return {str(key): _plain(each) for key, each in value.items()}


def _info(context: Context) -> bool:
    rows = [
        ("System", context.uname()),
        ("Server API", {"cli": "Command Line Interface"}.get(context.sapi, "Apache 2.0 Handler")),
        ("PHP Version", context.version),
    ]
    if context.sapi == "cli":
        context.write("phpinfo()\nPHP Version => " + context.version + "\n\n")
        context.write("".join(f"{name} => {value}\n" for name, value in rows[:2]))
        return True
    cells = "".join(
        f'<tr><td class="e">{name} </td><td class="v">{escaped(value)} </td></tr>\n' for name, value in rows
    )
    title = f"PHP {context.version} - phpinfo()"
    head = f'<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body><div class="center">\n'
    context.write(
        f'{head}<h1 class="p">PHP Version {context.version}</h1>\n<table>\n{cells}</table>\n</div></body></html>'
    )
    return True


def _printf(context: Context, pattern: Any, *values: Any) -> str:
    try:
        return text_of(pattern) % tuple(number(v) if not isinstance(v, str) else v for v in values)
    except (TypeError, ValueError):
        return text_of(pattern)


def _written(context: Context, text: str) -> bool:
    context.write(text)
    return True


FUNCTIONS: Mapping[str, Function] = {
    "array_keys": lambda context, array: dict(enumerate(array)),
    "array_sum": lambda context, array: sum(number(each) for each in array.values()),
    "count": lambda context, array: len(array),
    "date": _date,
    "defined": lambda context, name: False,
    "empty": lambda context, value: not truth(value),
    "explode": lambda context, mark, text: dict(enumerate(text_of(text).split(text_of(mark) or " "))),
    "extension_loaded": lambda context, name: text_of(name).lower() in ("core", "date", "json", "pcre", "standard"),
    "file_exists": lambda context, path: context.proc.fs.exists(context.path(text_of(path))),
    "file_get_contents": lambda context, path: context.read(text_of(path)),
    "floor": lambda context, value: float(number(value) // 1),
    "function_exists": lambda context, name: text_of(name).lower() in FUNCTIONS,
    "getenv": lambda context, name: context.proc.env.get(text_of(name), False),
    "gethostname": lambda context: context.proc.hostname,
    "getmypid": lambda context: context.proc.pid,
    "header": _header,
    "htmlspecialchars": lambda context, text, *_: escaped(text_of(text)).replace('"', "&quot;").replace("'", "&#039;"),
    "http_response_code": _response_code,
    "implode": lambda context, mark, array: text_of(mark).join(text_of(each) for each in array.values()),
    "in_array": lambda context, value, array, *_: value in array.values(),
    "intval": lambda context, value: int(number(value)),
    "is_array": lambda context, value: isinstance(value, dict),
    "isset": lambda context, *values: all(value is not None for value in values),
    "json_encode": _json,
    "max": lambda context, *values: max(values, key=number),
    "md5": lambda context, text: hashlib.md5(text_of(text).encode()).hexdigest(),
    "min": lambda context, *values: min(values, key=number),
    "nl2br": lambda context, text: text_of(text).replace("\n", "<br />\n"),
    "php_sapi_name": lambda context: context.sapi,
    "php_uname": lambda context, mode="a": context.uname(text_of(mode)),
    "phpinfo": lambda context, *_: _info(context),
    "phpversion": lambda context, *_: context.version,
    "print_r": lambda context, value, back=False: dumped(value) if truth(back) else _written(context, dumped(value)),
    "printf": lambda context, *values: len(text) if _written(context, text := _printf(context, *values)) else 0,
    "range": lambda context, low, high: dict(enumerate(range(int(number(low)), min(int(number(high)), 100_000) + 1))),
    "round": lambda context, value, places=0: round(float(number(value)), int(number(places))),
    "sha1": lambda context, text: hashlib.sha1(text_of(text).encode()).hexdigest(),
    "sprintf": _printf,
    "str_repeat": lambda context, text, times: text_of(text) * min(int(number(times)), 100_000),
    "str_replace": lambda context, old, new, text: text_of(text).replace(text_of(old), text_of(new)),
    "strlen": lambda context, text: len(text_of(text).encode()),
    "strrev": lambda context, text: text_of(text)[::-1],
    "strtolower": lambda context, text: text_of(text).lower(),
    "strtoupper": lambda context, text: text_of(text).upper(),
    "substr": lambda context, text, start, size=None: text_of(text)[int(number(start)) :][
        : None if size is None else int(number(size))
    ],
    "time": lambda context: context.now // NANOSECOND,
    "trim": lambda context, text: text_of(text).strip(),
    "ucfirst": lambda context, text: text_of(text)[:1].upper() + text_of(text)[1:],
    "urlencode": lambda context, text: quote(text_of(text), safe="-_.").replace("%20", "+"),
    "var_dump": lambda context, *values: [context.write(typed(value)) for value in values] and None,
}
"""Name → a function of the page's context and the arguments."""
