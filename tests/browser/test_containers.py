"""ContainersExplorer in the page."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_a_container_more_is_drawn_and_counted(gallery: Gallery) -> None:
    explorer = gallery.widget("containers")
    before = explorer.locate(".dl-picture img").get_attribute("alt")
    explorer.click("button", "One more container")
    assert explorer.text("pre").startswith("$ docker run -d notes:1")
    assert explorer.locate(".dl-picture img").get_attribute("alt") != before
    explorer.photograph("containers-added")
    explorer.click("button", "Remove the newest")
    assert explorer.text("pre").startswith("$ docker rm -f")
