"""The nearest known word to a misspelt one, as BuildKit proposes it (moby/buildkit, util/suggest)."""

from __future__ import annotations

from collections.abc import Iterable


def edit_distance(first: str, second: str) -> int:
    """How many letters must be inserted, removed or replaced to make one word of the other (Levenshtein)."""
    row = list(range(len(second) + 1))
    for number, char in enumerate(first, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(second, 1):
            before, row[place] = row[place], min(before + (char != other), row[place] + 1, row[place - 1] + 1)
    return row[-1]


def suggest(word: str, known: Iterable[str]) -> str:
    """' (did you mean X?)' with the nearest known word, '' where none is near."""
    best, distance = "", 3
    for candidate in known:
        steps = edit_distance(word.lower(), candidate.lower())
        if steps == 0:
            return ""
        if steps < distance:
            best, distance = candidate, steps
    if not best:
        return ""
    return f" (did you mean {best.lower() if word == word.lower() else best}?)"
