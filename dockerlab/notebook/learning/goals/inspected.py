"""Goals about what was asked of `docker inspect`: an answer written into a file, a container found by its setting."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, dig, find_container, find_image, read


@dataclass(frozen=True, slots=True)
class FileSays:
    """A file holds one value that `docker image inspect` shows, and nothing else; `what` says it in words.

    `field` is its path, where a number is a place in a list: 'RootFS.Layers.0'. Of a digest the hex digits are enough.
    """

    path: str
    image: str
    field: str
    what: str

    def look(self, lab: Lab) -> Finding:
        """Compare the file with the field."""
        wanted = f"the host's file {self.path} holds {self.what}, and nothing else"
        image = find_image(lab, self.image)
        if image is None:
            return Finding(False, wanted, f"no image {self.image}")
        found = read(lab.host, self.path)
        if found is None:
            return Finding(False, wanted, f"no file {self.path}")
        lines = found.strip().splitlines()
        have = f"{len(lines)} lines" if len(lines) > 1 else repr(found.strip())
        value = str(dig(image, self.field))
        return Finding(lines in ([value], [value.removeprefix("sha256:")]), wanted, have)


@dataclass(frozen=True, slots=True)
class OnlyStopped:
    """Of some containers only the one with that environment variable has stopped: ('anna', 'ben'), 'COLOR=green'."""

    names: tuple[str, ...]
    setting: str

    def look(self, lab: Lab) -> Finding:
        """Look at each container's state."""
        wanted = f"of {', '.join(self.names)} only the one with {self.setting} has stopped"
        known = {name: find_container(lab, name) for name in self.names}
        missing = [name for name, found in known.items() if found is None]
        if missing:
            return Finding(False, wanted, f"no container {missing[0]}")
        stopped = [name for name, found in known.items() if dig(found, "State.Status") == "exited"]
        sought = [name for name, found in known.items() if self.setting in (dig(found, "Config.Env") or ())]
        return Finding(stopped == sought, wanted, f"stopped: {', '.join(stopped) or 'none'}")
