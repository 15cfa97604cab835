"""How the legacy builder finds an image again that it, or another engine, has built before (moby, image/cache).

Its cache is the image store: a step is cached when an image was built on the same parent by a container of the same
configuration. With --cache-from only the named images count, with what is below them; of one that came without its
parents, the steps are taken from its history. The first miss in a stage ends the cache for the rest of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dockerlab.build.backend import Backend
from dockerlab.build.cache import Facts, Memory
from dockerlab.errors import InvalidReferenceError
from dockerlab.events import CacheDecision, Conversation
from dockerlab.oci.image import ContainerConfig, ImageConfig
from dockerlab.store.images import Image


@dataclass
class LegacyCache:
    """Looks for a step among the images that were built on the same parent; `trusted` are the names of --cache-from."""

    backend: Backend
    memory: Memory
    disabled: bool = False
    trusted: Sequence[str] = ()
    busted: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        named = (self._named(name) for name in self.trusted)
        self.sources = [image for image in named if image is not None]

    def _named(self, name: str) -> Image | None:
        """A source; the engine passes over a name that means nothing."""
        try:
            return self.backend.find_image(name)
        except InvalidReferenceError:
            return None

    def next_stage(self) -> None:
        """Every stage begins with a cache."""
        self.busted = False

    def probe(self, key: str, facts: Facts, config: ContainerConfig) -> Conversation[Image | None]:
        """The cached image of a step, told as an event with its reason."""
        if self.disabled or self.busted:
            reason = "--no-cache" if self.disabled else self.memory.explain(facts)
            yield CacheDecision(key, False, reason)
            return None
        image = self._find(facts.parent, config)
        if image is None:
            self.busted = True
            yield CacheDecision(key, False, self.memory.explain(facts))
        else:
            yield CacheDecision(key, True, "nothing that it depends on has changed", image.id)
        return image

    def _find(self, parent_id: str, config: ContainerConfig) -> Image | None:
        found = _match(self.backend.children(parent_id), config)
        if not self.trusted:
            return found
        if found is not None and any(found.id == above.id for source in self.sources for above in self._above(source)):
            return found
        parent = self.backend.find_image(parent_id) if parent_id else None
        return self._from_history(parent, " ".join(config.cmd or ()), config)

    def _above(self, image: Image) -> Iterator[Image]:
        """The images that an image was built on, the nearest first."""
        above = self.backend.find_image(image.parent_id) if image.parent_id else None
        if above is not None:
            yield above
            yield from self._above(above)

    def _from_history(self, parent: Image | None, command: str, config: ContainerConfig) -> Image | None:
        """The image that a source's history has at this place; from then on no other source counts."""
        done = len(parent.config.history) if parent else 0
        for source in self.sources:
            history = source.config.history
            if not _goes_on(source.config, parent.config if parent else None) or history[done].created_by != command:
                continue
            parent_id = parent.id if parent else None
            if len(history) == done + 1:
                return self.backend.adopt_image(source.id, parent_id)
            self.sources = [source]
            restored = _part_of(source.config, done + 1, config, self.backend.version)
            return self.backend.add_image(restored, (), parent_id)
        return None


def _match(siblings: Sequence[Image], config: ContainerConfig) -> Image | None:
    """The newest of the images that a container of this configuration made."""
    found = [image for image in siblings if _same(image.config.container_config, config)]
    return max(found, key=lambda image: image.created, default=None)


def _same(made_in: ContainerConfig | None, config: ContainerConfig) -> bool:
    """Whether two configurations count as one for the cache (moby, image/cache/compare.go)."""
    if made_in is None:
        return False
    return all(
        (getattr(made_in, name) or ()) == (getattr(config, name) or ())
        for name in ("user", "cmd", "env", "entrypoint", "exposed_ports", "volumes")
    ) and dict(made_in.labels) == dict(config.labels)


def _goes_on(config: ImageConfig, parent: ImageConfig | None) -> bool:
    """Whether an image's history begins with all of the parent's, and has more."""
    done = parent.history if parent else ()
    layers = parent.rootfs.diff_ids if parent else ()
    begins = config.history[: len(done)] == done and config.rootfs.diff_ids[: len(layers)] == layers
    return len(config.history) > len(done) and begins


def _part_of(config: ImageConfig, steps: int, made_in: ContainerConfig, version: str) -> ImageConfig:
    """The image as it was after some of its steps."""
    history = config.history[:steps]
    layers = sum(not step.empty_layer for step in history)
    return ImageConfig(
        architecture=config.architecture,
        os=config.os,
        config=made_in,
        rootfs=type(config.rootfs)(config.rootfs.diff_ids[:layers]),
        history=history,
        created=history[-1].created,
        author=config.author,
        docker_version=version,
    )
