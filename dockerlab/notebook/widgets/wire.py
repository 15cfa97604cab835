"""Wire: which blobs travel? A push or a pull is really made, and each blob tells what became of it.

It is made on a copy of the lab, to which the same was done, so the learner's lab stays as it is; with `scratch=False`
in the lab itself. What travels is what the engine asks of the registry (`wiretap`).
"""

from __future__ import annotations

import html
import shlex
from collections.abc import Sequence
from typing import Any

from dockerlab.errors import DockerlabError, InvalidParameterError, NotFoundError, UnavailableError
from dockerlab.lab import Lab
from dockerlab.lab.journal import Moment
from dockerlab.notebook import pictures, views
from dockerlab.notebook.diagrams import Figure, registry_shelves
from dockerlab.notebook.diagrams.views import RegistryView
from dockerlab.notebook.diagrams.wording import size_text
from dockerlab.notebook.views.registries import repository_view
from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import CELLS, LabWidget, action
from dockerlab.notebook.widgets.transfers import Transfer, characters, row, share, summary, told, words
from dockerlab.notebook.widgets.twins import Twin
from dockerlab.notebook.widgets.wiretap import tapped
from dockerlab.oci.reference import Reference

HUB = "docker.io"
LOCAL = "localhost:5000"
DIRECTIONS = ("push", "pull")
MOST_IMAGES, MOST_TRIPS, MOST_PRINTED = 100, 20, 4_000
LOGIN = "echo secret | docker login -u student --password-stdin"
CONFIG = "/root/.docker/config.json"


class Wire(LabWidget):
    """The lab's images, a registry, and what travels between them."""

    _esm = bundle.module("wire")
    _css = bundle.style("wire")
    title = "Wire"
    question = "Which blobs travel?"

    def __init__(self, lab: Lab | None = None, image: str = "", scratch: bool = True) -> None:
        self.image, self.scratch = image, scratch
        self.direction, self.registry, self.target, self.remove_first = "push", LOCAL, "", False
        self.transfers: list[Transfer] = []
        self.typed, self.shelf, self.done, self.runs = "", "", list[str](), 0
        self._copy: tuple[Moment, Lab] | None = None
        super().__init__(lab)
        self._twin = Twin(self.lab)

    # What the front end asks for.

    @action
    def turn(self, direction: str) -> str:
        """Push or pull."""
        if direction not in DIRECTIONS:
            raise NotFoundError(f"no way {direction!r}; there are: {', '.join(DIRECTIONS)}")
        self.direction = direction
        return f"docker {direction} {self.target}"

    @action
    def choose(self, name: str) -> str:
        """Another image."""
        if name not in self._images():
            raise NotFoundError(f"{name} is not there any more")
        self.image = name
        self._aim()
        return self.target

    @action
    def go_to(self, registry: str) -> str:
        """Another registry."""
        self.registry = registry
        self._aim()
        return self.target

    @action
    def call_it(self, value: str, caret: int | None = None) -> None:
        """The name that is pushed or pulled."""
        self.target = value.strip()

    @action
    def forget(self) -> str:
        """Whether a pull finds the image here already, or not any more."""
        self.remove_first = not self.remove_first
        return "The image is removed here first" if self.remove_first else "The image stays here"

    @action
    def go(self) -> str:
        """Push, or pull."""
        if not self.target:
            raise InvalidParameterError("Write the name that is to be pushed or pulled.")
        reference = Reference.on_daemon(self.target).with_default_tag()
        lab = self._place()
        if self.scratch and self._is_missing(lab, reference):
            lab.serve_registry(reference.domain)
        transfer = self._travel(lab, reference)
        self.transfers.append(transfer)
        self.shelf = self._shelf(lab, reference)
        if not self.scratch:
            CELLS.lab_moved(self)
        return summary(transfer)

    @action
    def restore(self) -> str:
        """Forget what was pushed and pulled on the copy."""
        self._copy, self.transfers, self.done, self.typed, self.shelf = None, [], [], "", ""
        return "Nothing was pushed yet."

    # The transfer.

    def _travel(self, lab: Lab, reference: Reference) -> Transfer:
        """Type the lines, and listen to the last of them."""
        *before, last = self._lines(lab)
        self.runs += 1
        self.typed = "\n".join(self._type(lab, line) for line in before)
        with tapped(lab.engine) as tap:
            self.typed = f"{self.typed}\n{self._type(lab, last)}".strip()
        image = lab.engine.images.find(reference.familiar)
        return Transfer(self.direction, reference.familiar, tuple(tap.parcels(image)))

    def _type(self, lab: Lab, line: str) -> str:
        """Run a line; what it printed, or one line of why it failed."""
        result = lab.run(line)
        if result.exit_code:
            raise InvalidParameterError(f"{line}: {(result.stderr or result.stdout).strip().splitlines()[-1]}")
        self.done += [line] if self.scratch else []
        return f"$ {line}\n{(result.stdout + result.stderr).rstrip()[:MOST_PRINTED]}".rstrip()

    def _lines(self, lab: Lab) -> list[str]:
        """The commands, as one would type them."""
        target, image = shlex.quote(self.target), shlex.quote(self.image)
        lines = [LOGIN] if self.scratch and self._is_nobody(lab) else []
        if self.direction == "pull":
            return [*lines, *(self._removal(lab) if self.remove_first else []), f"docker pull {target}"]
        if not self.image:
            raise NotFoundError("No image is here that could be pushed: pull one first.")
        return [*lines, *([f"docker tag {image} {target}"] if image != target else []), f"docker push {target}"]

    def _removal(self, lab: Lab) -> list[str]:
        """What removes the image here, with all of its names; on a copy its containers go first."""
        known = self._known(lab)
        if not known:
            return []
        facts = lab.engine.images.inspect(known)
        rows = lab.engine.containers.list(all=True) if self.scratch else []
        users = [row["Id"][:12] for row in rows if row["ImageID"] == facts["Id"]]
        names = map(shlex.quote, facts["RepoTags"])
        return [*([f"docker rm -f {' '.join(users)}"] if users else []), f"docker rmi -f {' '.join(names)}"]

    def _known(self, lab: Lab) -> str:
        """The pulled name, where it means an image here."""
        reference = Reference.on_daemon(self.target).with_default_tag()
        return reference.familiar if lab.engine.stores.references.find(reference) else ""

    def _is_nobody(self, lab: Lab) -> bool:
        """Whether the hub is pushed to, and nobody is logged in there."""
        hub = self.direction == "push" and Reference.on_daemon(self.target).domain == HUB
        return hub and not (lab.host.exists(CONFIG) and b"index.docker.io" in lab.host.read(CONFIG))

    @staticmethod
    def _is_missing(lab: Lab, reference: Reference) -> bool:
        """Whether nobody answers at a port of the host itself."""
        if reference.domain.partition(":")[0] not in ("localhost", "127.0.0.1"):
            return False
        try:
            lab.engine.images.context.client.ping(reference.repository)
        except UnavailableError:
            return True
        return False

    def _place(self) -> Lab:
        """The lab, or a copy of it as it is now, with what was pushed and pulled on the copy before."""
        here = self.lab.history.here
        if not self.scratch:
            return self.lab
        if self._copy is None or self._copy[0] is not here:
            self._copy = here, self._copied()
        return self._copy[1]

    def is_shown(self) -> None:
        """Have a copy of the lab ready, so that the first press need not wait for it."""
        if self.scratch and self._copy is None:
            self._twin.prepare()

    def _copied(self) -> Lab:
        twin = self._twin.take()
        if twin is None:
            raise UnavailableError("This lab reaches registries outside, so it can't be copied: use scratch=False.")
        for name in {transfer.domain for transfer in self.transfers}:
            if self._is_missing(twin, Reference.strict(f"{name}/any")):
                twin.serve_registry(name)
        for line in self.done:
            twin.run(line)
        return twin

    def _shelf(self, lab: Lab, reference: Reference) -> str:
        """What the registry has afterwards, drawn; a hub tells only of single repositories."""
        try:
            return registry_figure(lab, reference).html
        except DockerlabError as error:
            return f"<p>{html.escape(str(error))}</p>"

    # What is shown.

    def _images(self) -> list[str]:
        """The names of the copy, as long as it is one of the lab as it is now."""
        current = self.scratch and self._copy is not None and self._copy[0] is self.lab.history.here
        tags, _ = views.name_views(self._place().engine if current else self.lab.engine)
        return [tag.name for tag in tags]

    def _aim(self) -> None:
        """A name in the chosen registry; the hub's repositories belong to an account."""
        repository = Reference.on_daemon(self.image).with_default_tag() if self.image else None
        last = f"{repository.path.rpartition('/')[2]}:{repository.tag}" if repository else ""
        owner = "student" if self.registry == HUB else self.registry
        self.target = f"{owner}/{last}" if last else ""

    def _settle(self, images: Sequence[str]) -> None:
        """Where the chosen image has gone, the first of the others is."""
        if self.image not in images:
            named = Reference.on_daemon(self.image).with_default_tag().familiar if self.image else ""
            found = named if named in images else next(iter(images), "")
            self.target = self.target if found == self.image else ""
            self.image = found
        if not self.target:
            self._aim()

    def snapshot(self) -> dict[str, Any]:
        """What can be chosen, the commands, and what became of each blob."""
        images = self._images()
        self._settle(images)
        transfer = self.transfers[-1] if self.transfers else None
        most = max((it.size for it in transfer.parcels), default=0) if transfer else 0
        return {
            "directions": [{"name": name, "selected": name == self.direction} for name in DIRECTIONS],
            "images": [{"name": name, "selected": name == self.image} for name in images[:MOST_IMAGES]],
            "more": max(0, len(images) - MOST_IMAGES),
            "registries": [{"name": name, "selected": name == self.registry} for name in self._registries()],
            "target": self.target,
            "forget": self.remove_first,
            "scratch": self.scratch,
            "line": f"docker {self.direction} {self.target}",
            "typed": self.typed,
            "run": self.runs,
            "rows": [row(parcel, most) for parcel in transfer.parcels] if transfer else [],
            "head": f"docker {transfer.direction} {transfer.name}" if transfer else "",
            "summary": summary(transfer),
            "share": share(transfer) if transfer else 0,
            "shelf": self.shelf,
            "transfers": [told(each) for each in self.transfers[-MOST_TRIPS:]],
        }

    def _registries(self) -> list[str]:
        return [*dict.fromkeys([LOCAL, *(name for name in self.lab.registries if name != HUB), HUB])]

    # Without a kernel.

    def _static_transfers(self) -> list[Transfer]:
        """A first push of the image, and one to another repository, on a copy that nobody else sees."""
        other = Wire(self.lab, self.image)
        if not other.image:
            return []
        other.act("go")
        other.act("call_it", value=f"{LOCAL}/copy:1")
        other.act("go")
        return other.transfers

    def static_html(self) -> str:
        """What travels in a first push, and in one of the same layers to another repository."""
        parts = [static.heading(self.title, self.question)]
        for transfer in self._static_transfers():
            rows = [[it.name, size_text(it.size), words(it)] for it in transfer.parcels]
            table = static.table(["blob", "size", "what became of it"], rows, numbers=(1,))
            parts += [static.code(f"$ docker {transfer.direction} {transfer.name}"), table]
            parts += [static.paragraph(summary(transfer))]
        return "".join(parts)

    def static_text(self) -> str:
        """The same in characters."""
        return "\n".join(line for transfer in self._static_transfers() for line in characters(transfer))


def registry_figure(lab: Lab, reference: Reference) -> Figure:
    """A registry with all that it has, or (of a hub, which lists nothing) one of its repositories."""
    if reference.domain != HUB:
        return pictures.picture_of_registry(lab.engine, reference.domain)
    repository = repository_view(lab.engine, reference.repository, None)
    return registry_shelves(RegistryView(HUB, (repository,)))
