"""The end of a build by BuildKit: the configuration of what was solved, and the image that the engine keeps."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from dockerlab.build.backend import Product
from dockerlab.build.export import image_config
from dockerlab.build.solver import Solved
from dockerlab.events import BuildProgress, Conversation, Event, StepFinished, StepStarted
from dockerlab.world import format_instant

if TYPE_CHECKING:
    from dockerlab.build.buildkit import BuildKit


def export(build: BuildKit, solved: Solved) -> Conversation[str]:
    """Export a stage under the names that were asked for; returns the image's ID."""
    started = StepStarted(0, 0, "exporting to image", key=build.new_key())
    yield started
    config = image_config(
        solved.base,
        solved.settings.config,
        [layer.diff_id for layer in solved.layers],
        solved.entries,
        author=solved.settings.author,
        now=format_instant(build.backend.clock.now),
    )
    tags = tuple(tag.with_default_tag() for tag in build.request.tags)
    materials = {name: base.digest for name, base in build.images.items() if base.digest}
    given = {name: value for name, value in build.request.build_args.items() if value is not None}
    product = Product(config, tuple(solved.layers), tags, materials, given, build.request.provenance)
    image_id = yield from _told(build.backend.export_image(product), started.key)
    yield StepFinished(started.key)
    return image_id


def _told(steps: Generator[str, None, str], key: str) -> Generator[Event, None, str]:
    """What is done, as progress of a vertex."""
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            image_id: str = end.value
            return image_id
        yield BuildProgress(f"{done} done", key)
