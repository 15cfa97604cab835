"""Requirements of Python distributions: names, versions and what fits (PEP 440, PEP 508, as far as lessons go)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dockerlab.runtime.packages.pip_environment import normalized


def parse_requirement(text: str) -> tuple[str, str]:
    """'Flask[async]>=2; python_version>"3"' → normalized name and specifiers."""
    found = re.match(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*([^;#]*)", text)
    return (normalized(found[1]), found[2].replace(" ", "")) if found else ("", "")


def version_key(version: str) -> tuple[int, ...]:
    """Numbers to compare versions by, trailing zeros left out ('2.0' is '2')."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def choose_version(specifiers: str, newest: str, past: Sequence[str] = ()) -> str | None:
    """The version that fits: an index keeps all old ones, so each that is older than the newest counts as there."""
    chosen = newest
    for operator, version in re.findall(r"(===?|~=|!=|<=|>=|<|>)([^,]+)", specifiers):
        bare = version.replace(".*", "")
        if operator in ("==", "===", "~=", "<=") and version_key(bare) > version_key(newest):
            if operator == "<=":
                continue
            return None
        if operator in (">=", ">") and version_key(bare) > version_key(newest):
            return None
        if operator in ("==", "===", "<="):
            chosen = f"{bare}.0" if version.endswith(".*") and not newest.startswith(f"{bare}.") else bare
            chosen = newest if version.endswith(".*") and newest.startswith(f"{bare}.") else chosen
        elif operator == "~=" and not newest.startswith(bare.rpartition(".")[0] + "."):
            chosen = bare
        elif operator == "<" and version_key(newest) >= version_key(bare):
            chosen = _before(bare, past)
    return chosen


def _before(version: str, past: Sequence[str]) -> str:
    """The newest of the known old versions below another, or one just below it."""
    older = [each for each in past if version_key(each) < version_key(version)]
    if older:
        return older[-1]
    numbers = [*version_key(version), 0][: max(2, len(version_key(version)))]
    last = max((at for at, number in enumerate(numbers) if number), default=0)
    numbers[last] = max(0, numbers[last] - 1)
    return ".".join(str(number) for number in [*numbers[: last + 1], 2])


def is_satisfied(specifiers: str, version: str) -> bool:
    """Whether an installed version satisfies a requirement."""
    tests: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
        "==": lambda mine, theirs: mine == theirs, "!=": lambda mine, theirs: mine != theirs,
        ">=": lambda mine, theirs: mine >= theirs, "<=": lambda mine, theirs: mine <= theirs,
        ">": lambda mine, theirs: mine > theirs, "<": lambda mine, theirs: mine < theirs,
        "~=": lambda mine, theirs: mine >= theirs and mine[: len(theirs) - 1] == theirs[:-1],
    }  # fmt: skip
    parts = re.findall(r"(==|~=|!=|<=|>=|<|>)([^,]+)", specifiers)
    return all(tests[operator](version_key(version), version_key(bare)) for operator, bare in parts)
