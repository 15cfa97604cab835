"""Words that were nearly right (BuildKit, util/suggest)."""

from __future__ import annotations

from dockerlab.build.suggestions import edit_distance, suggest


def test_suggestions() -> None:
    assert suggest("FOO", ["COPY", "FROM"]) == " (did you mean FROM?)"
    assert suggest("foo", ["COPY", "FROM"]) == " (did you mean from?)"
    assert suggest("zzzzzz", ["COPY", "FROM"]) == ""


def test_the_distance_of_words() -> None:
    assert [edit_distance("kitten", other) for other in ("kitten", "sitten", "sitting", "")] == [0, 1, 3, 6]
