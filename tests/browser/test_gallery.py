"""The page as a whole: the gallery runs without a complaint."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_the_console_has_no_error_while_the_gallery_runs(gallery: Gallery) -> None:
    """Neither an error that a script logs nor one that nobody catches."""
    assert gallery.page.while_it_ran == []
