"""`draw`: every picture of the lab by a name that is easily guessed, and the same behind `%lab draw`."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence

from dockerlab.errors import DockerlabError
from dockerlab.notebook import pictures
from dockerlab.notebook.diagrams import Figure, journey
from dockerlab.notebook.session import current_lab

USAGE = (
    "usage: draw NAME [NAME…] | NAME:/PATH | names | rmi NAME | build | registry HOST:PORT | push NAME "
    "| users IMAGE | lifecycle [CONTAINER] | journey [VERB…]"
)


def credentials(username: str, password: str) -> dict[str, str] | None:
    """As the client of a registry takes them."""
    return {"username": username, "password": password} if username else None


class Draw:
    """Pictures of the lab.

    draw("busybox")                          an image as its layers
    draw("web"), draw("web", "db")           containers on their image
    draw("web", path="/etc/passwd")          where a path comes from
    draw(), draw.names()                     all names, and the images that they point to
    draw.rmi("busybox")                      what `docker rmi busybox` would untag and delete
    draw.build()                             the last build: what came from the cache, and why not
    draw.registry("localhost:5000")          what a registry keeps
    draw.push("localhost:5000/web")          what a push would send
    draw.users("busybox")                    an image with all containers on it
    draw.lifecycle("web")                    a container's states, its own one marked
    draw.journey()                           Dockerfile, image, container, registry
    """

    def __call__(self, name: str | None = None, *more: str, path: str | None = None) -> Figure:
        """Draw an image or a container by its name, several containers side by side, or (without a name) all names."""
        engine = current_lab().engine
        if name is not None and more:
            return pictures.picture_of_containers(engine, [name, *more])
        return pictures.picture(engine, name, path)

    def names(self) -> Figure:
        """All names, and the images that they point to."""
        return pictures.picture_of_names(current_lab().engine)

    def rmi(self, name: str) -> Figure:
        """What `docker rmi NAME` would untag and delete."""
        return pictures.picture_of_removal(current_lab().engine, name)

    def build(self) -> Figure:
        """The last build."""
        return pictures.picture_of_build(current_lab().engine)

    def registry(self, name: str = "localhost:5000", username: str = "", password: str = "") -> Figure:
        """What a registry keeps; one that asks who you are wants a username and a password."""
        return pictures.picture_of_registry(current_lab().engine, name, credentials(username, password))

    def push(self, name: str, username: str = "", password: str = "") -> Figure:
        """What `docker push NAME` would send."""
        return pictures.picture_of_push(current_lab().engine, name, credentials(username, password))

    def users(self, image: str) -> Figure:
        """An image with every container that was made from it."""
        return pictures.picture_of_users(current_lab().engine, image)

    def lifecycle(self, name: str | None = None) -> Figure:
        """A container's states, with the one that `name` is in marked."""
        return pictures.picture_of_life(current_lab().engine, name)

    def journey(self, *verbs: str) -> Figure:
        """The chapter's opening picture, with the arrows of some commands or of all."""
        return journey(verbs) if verbs else journey()

    def __repr__(self) -> str:
        return str(self.__doc__)


draw = Draw()
WORDS: Mapping[str, Callable[..., Figure]] = {
    "names": draw.names,
    "rmi": draw.rmi,
    "build": draw.build,
    "registry": draw.registry,
    "push": draw.push,
    "users": draw.users,
    "lifecycle": draw.lifecycle,
    "journey": draw.journey,
}
"""The words of `%lab draw WORD …`; an image or a container of such a name is drawn by `draw("names")`."""


def draw_line(line: str) -> Figure:
    """What `%lab draw LINE` shows."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise DockerlabError(f"{error}\n{USAGE}") from None
    if not words:
        return draw()
    if words[0] in WORDS:
        return drawn_by(WORDS[words[0]], words[1:])
    owner, colon, path = words[0].partition(":/")
    if len(words) == 1 and colon:
        return draw(owner, path=f"/{path}")
    return draw(*words)


def drawn_by(picture: Callable[..., Figure], arguments: Sequence[str]) -> Figure:
    """The picture; with too many or too few words, how to ask."""
    least, most = LIMITS.get(picture.__name__, (0, 0))
    if not least <= len(arguments) <= most:
        raise DockerlabError(USAGE)
    return picture(*arguments)


LIMITS = {"rmi": (1, 1), "registry": (0, 3), "push": (1, 3), "users": (1, 1), "lifecycle": (0, 1), "journey": (0, 10)}
"""How many words follow a word of `draw`."""


def completions(words: Sequence[str], images: Sequence[str], containers: Sequence[str]) -> list[str]:
    """What the last of the words after `draw` may become."""
    names = {
        "rmi": images,
        "push": images,
        "users": images,
        "lifecycle": containers,
        "registry": ["localhost:5000"],
    }
    known = names.get(words[0], [*images, *containers]) if len(words) > 1 else [*WORDS, *images, *containers]
    return sorted({name for name in known if name.startswith(words[-1])})
