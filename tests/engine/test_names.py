"""Names that lead to no route (asked of client 28.2.2 and engine 20.10.24)."""

from __future__ import annotations

import pytest

from dockerlab.engine.names import check_path_name, check_route
from dockerlab.errors import EmptyNameError, NotFoundError


@pytest.mark.parametrize("name", ["", " "])
def test_the_client_asks_nobody_about_nothing(name: str) -> None:
    with pytest.raises(EmptyNameError, match="invalid container name or ID: value is empty"):
        check_path_name("container", name)


@pytest.mark.parametrize("name", ["a\nb", ""])
def test_names_without_a_route(name: str) -> None:
    with pytest.raises(NotFoundError, match="page not found"):
        check_route(name)


def test_any_other_name_is_the_daemons_matter() -> None:
    check_path_name("volume", "a b")
