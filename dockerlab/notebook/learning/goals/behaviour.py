"""Goals about what images and containers do: what they print, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, dig, find_container

ARCHIVE = "/lab/image.tar"


@dataclass(frozen=True, slots=True)
class Prints:
    """A container of an image prints a text, and nothing else, when it is run with these words, or with none."""

    name: str
    words: str
    text: str

    def look(self, lab: Lab) -> Finding:
        """Try it on a host of its own, so that the learner's lab stays as it is."""
        wanted = f"docker run {' '.join([self.name, self.words]).strip()} prints {self.text!r}"
        try:
            archive = lab.engine.images.save([self.name]).read()
        except DockerlabError:
            return Finding(False, wanted, f"no image {self.name}")
        away = Lab()
        away.host.write(ARCHIVE, archive)
        away.run(f"docker load -q -i {ARCHIVE}")
        started = away.run(f"docker run -d --name tried {self.name} {self.words}")
        if started.exit_code:
            return Finding(False, wanted, started.stderr.partition("\n")[0][-100:])
        away.run("sleep 1")
        logs = away.run("docker logs tried")
        printed = (logs.stdout + logs.stderr).strip()
        return Finding(printed == self.text, wanted, f"it prints {printed[:60]!r}")


@dataclass(frozen=True, slots=True)
class ExitCode:
    """A container has ended with that exit code."""

    name: str
    code: int

    def look(self, lab: Lab) -> Finding:
        """Look at the container's state."""
        wanted = f"container {self.name} has ended with exit code {self.code}"
        container = find_container(lab, self.name)
        if container is None:
            return Finding(False, wanted, f"no container {self.name}")
        status, code = dig(container, "State.Status"), dig(container, "State.ExitCode")
        if status != "exited":
            return Finding(False, wanted, f"it is {status}")
        return Finding(code == self.code, wanted, f"it ended with {code}")


@dataclass(frozen=True, slots=True)
class Logged:
    """`docker logs` of a container holds a text."""

    name: str
    text: str

    def look(self, lab: Lab) -> Finding:
        """Read all that the container has printed."""
        wanted = f"the logs of container {self.name} hold {self.text!r}"
        try:
            log = lab.engine.containers.find(self.name).log
        except DockerlabError:
            return Finding(False, wanted, f"no container {self.name}")
        found = b"".join(block.data for block in log.blocks).decode(errors="replace")
        return Finding(self.text in found, wanted, repr(found[-60:]) if found else "empty logs")
