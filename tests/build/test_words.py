"""Word expansion against upstream's tables (BuildKit, frontend/dockerfile/shell)."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.build.words import Words
from dockerlab.errors import InvalidParameterError
from tests.build.upstream import cases, recorded

ENV = recorded("envVarTest")["env"]


def reason(error: InvalidParameterError) -> str:
    """The message without 'failed to process "word": '."""
    return str(error).partition('": ')[2]


@pytest.mark.parametrize("case", cases("envVarTest"))
def test_one_word(case: dict[str, Any]) -> None:
    words = Words(ENV)
    if not case["is_error"]:
        assert words.word(case["word"]) == case["expected"]
        return
    with pytest.raises(InvalidParameterError):
        words.word(case["word"])


@pytest.mark.parametrize("case", cases("wordsTest"))
def test_many_words(case: dict[str, Any]) -> None:
    words = Words(case["env"])
    if not case["is_error"]:
        assert words.split(case["word"]) == case["expected_words"]
        return
    with pytest.raises(InvalidParameterError):
        words.split(case["word"])


@pytest.mark.parametrize("case", cases("shell-lex"))
def test_modifiers(case: dict[str, Any]) -> None:
    words = Words(case["env"] or {}, case["escape"])
    if case["skip_unset"] or case["raw_quotes"] or case["raw_escapes"] or case["skip_process_quotes"]:
        pytest.fail("a case of another mode: exclude it in data/README.md")
    if case["expected_error"] is None:
        assert words.word(case["word"]) == case["result"]
        return
    with pytest.raises(InvalidParameterError) as caught:
        words.word(case["word"])
    assert reason(caught.value) in case["expected_error"] or case["expected_error"] in str(caught.value)


def test_what_was_not_set_is_remembered() -> None:
    words = Words({"A": "1"})
    assert words.word("$A-$B-${C:-d}") == "1--d"
    assert words.missing == ["B", "C"]


def test_a_step_is_shown_with_its_variables_put_in() -> None:
    """`RUN echo X=$X` is shown as 'RUN echo X=1' (buildkit.json); quotes and what isn't set stay."""
    assert Words({"X": "1"}).show('RUN echo "X=$X" $Y') == 'RUN echo "X=1" $Y'


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("${bad", "failed to process \"${bad\": missing ':' in substitution"),
        ("${A:?must}", 'failed to process "${A:?must}": A: must'),
    ],
)
def test_the_legacy_builders_texts(word: str, text: str) -> None:
    """g02_build_errors."""
    with pytest.raises(InvalidParameterError) as caught:
        Words(old_texts=True).word(word)
    assert str(caught.value) == text
