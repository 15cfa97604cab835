"""`Containers`: all that can be done with the containers of one engine, as the Engine API offers it.

Each call finds its container by name, ID or the beginning of an ID and hands it to the module that knows how.
What may block (stop, wait, attach, logs, exec) is a generator; `start` is quick but a generator all the same, so
that callers treat it alike.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from dockerlab.engine import container_links as links
from dockerlab.engine import container_logs
from dockerlab.engine.container_archive import export, get_archive, put_archive, stat_path
from dockerlab.engine.container_checks import check_restart_policy, signal_number
from dockerlab.engine.container_commit import Commit, commit
from dockerlab.engine.container_context import Context
from dockerlab.engine.container_create import create_container, warnings
from dockerlab.engine.container_inspect import inspect, sizes
from dockerlab.engine.container_lifecycle import Lifecycle
from dockerlab.engine.container_list import list_containers
from dockerlab.engine.container_report import check_update, stats, top
from dockerlab.engine.container_volumes import volumes_mounted
from dockerlab.engine.exec import Execs
from dockerlab.engine.image_context import ImageContext
from dockerlab.engine.image_filters import prunable, until
from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError
from dockerlab.events import Conversation, Wait
from dockerlab.fs.content import Content
from dockerlab.oci.reference import Reference
from dockerlab.runtime.container import Container
from dockerlab.runtime.streams import Stream

KINDS = {"C": 0, "A": 1, "D": 2}
"""The API's numbers for a changed, added and deleted path."""

PRUNE_FILTERS = ("label", "label!", "until")
UPDATABLE = ("Memory", "MemorySwap", "MemoryReservation", "NanoCpus", "CpuShares", "CpuPeriod", "CpuQuota", "PidsLimit")


class Containers:
    """The containers of one engine."""

    def __init__(self, context: Context, images: ImageContext, lifecycle: Lifecycle) -> None:
        self.context = context
        self._images = images
        self._life = lifecycle
        self._execs = Execs(context)

    def find(self, name: str) -> Container:
        """The container that a name, an ID or the beginning of an ID means; NotFoundError where there is none."""
        return self.context.registry.find(name)

    # Life.

    def create(self, body: Mapping[str, Any], name: str | None = None) -> dict[str, Any]:
        """`docker create`: the API's request body; returns its ID."""
        container = create_container(self.context, body, name)
        self._images.keep_layers(container.image)
        return {"Id": container.id, "Warnings": warnings(body, container.image.config.platform)}

    def start(self, name: str) -> Conversation[None]:
        """`docker start`."""
        self._life.start(self.find(name))
        yield from ()

    def stop(self, name: str, timeout: int | None = None, signal: str | None = None) -> Generator[Wait, Any, None]:
        """`docker stop`: a signal, `timeout` seconds of grace (10), SIGKILL."""
        yield from self._life.stop(self.find(name), timeout, signal)

    def restart(self, name: str, timeout: int | None = None, signal: str | None = None) -> Generator[Wait, Any, None]:
        """`docker restart`."""
        yield from self._life.restart(self.find(name), timeout, signal)

    def kill(self, name: str, signal: str = "KILL") -> None:
        """`docker kill`; a signal that does not exist is told before a container that does not."""
        signal_number(signal)
        try:
            container = self.find(name)
        except NotFoundError as error:
            raise NotFoundError(f"Cannot kill container: {name}: {error}") from error
        self._life.kill(container, name, signal)

    def pause(self, name: str) -> None:
        """`docker pause`."""
        self._life.pause(self.find(name))

    def unpause(self, name: str) -> None:
        """`docker unpause`."""
        self._life.unpause(self.find(name))

    def wait(self, name: str, condition: str = "not-running") -> Generator[Wait, Any, int]:
        """`docker wait`: the exit code, once the container does not run (or 'next-exit', or 'removed')."""
        container = self.find(name)
        start, registry = container.starts, self.context.registry
        running = container.state.running

        def over() -> bool:
            if condition == "removed":
                return container not in registry
            if condition == "next-exit" and not running:
                return container.starts != start and not container.state.running
            return not container.state.running

        yield from self.context.kernel.until(over, on=container.process)
        return container.state.exit_code

    def remove(self, name: str, force: bool = False, volumes: bool = False, link: bool = False) -> None:
        """`docker rm`; with `link` the name is that of a link, 'CONTAINER/ALIAS', which alone goes."""
        if link:
            links.remove(self.context, name)
            return
        self._life.remove(self.find(name), force=force, volumes=volumes)

    def rename(self, old: str, new: str) -> None:
        """`docker rename`."""
        container = self.find(old)
        before = container.name
        self.context.registry.rename(container, new)
        self.context.note(container, "rename", oldName=f"/{before}")

    def update(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """`docker update`: limits and the restart policy."""
        container = self.find(name)
        check_update(body, self.context.runtime.facts.cpus)
        policy = body.get("RestartPolicy")
        if policy and policy.get("Name"):
            check_restart_policy(policy)
            if container.host["AutoRemove"]:
                text = "Restart policy cannot be updated because AutoRemove is enabled for the container"
                raise ConflictError(f"Cannot update container {container.id}: {text}")
            container.host["RestartPolicy"] = {"MaximumRetryCount": 0, **policy}
        container.host.update({key: body[key] for key in UPDATABLE if body.get(key)})
        self.context.note(container, "update")
        return {"Warnings": []}

    def prune(self, filters: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
        """`docker container prune`: everything that doesn't run."""
        wanted = dict(filters or {})
        for key in wanted:
            if key not in PRUNE_FILTERS:
                raise InvalidParameterError(f"Invalid filter '{key}'")
        limit = until(wanted, self.context.now)
        gone = [
            container
            for container in self.context.registry
            if not container.state.running
            and prunable(container.config, wanted)
            and (limit is None or container.created <= limit)
        ]
        freed = sum(sizes(self.context, container)[0] for container in gone)
        for container in gone:
            self._life.destroy(container, volumes=False)
        self.context.events.add("container", "prune", "", {"reclaimed": str(freed)})
        return {"ContainersDeleted": [container.id for container in gone] or None, "SpaceReclaimed": freed}

    # What is to be known.

    def inspect(self, name: str, size: bool = False) -> dict[str, Any]:
        """`docker container inspect`."""
        return inspect(self.context, self.find(name), size=size)

    def list(
        self,
        all: bool = False,
        filters: Mapping[str, Sequence[str]] | None = None,
        limit: int = -1,
        size: bool = False,
    ) -> list[dict[str, Any]]:
        """`docker ps`, newest first."""
        return list_containers(self.context, all_=all, filters=filters, limit=limit, size=size)

    def logs(self, name: str, **options: Any) -> Conversation[None]:
        """`docker logs`; options as in `container_logs.logs`."""
        return container_logs.logs(self.context, self.find(name), **options)

    def top(self, name: str, options: str = "") -> dict[str, Any]:
        """`docker top`."""
        container = self.find(name)
        listing = top(self.context, container, options)
        self.context.note(container, "top")
        return listing

    def stats(self, name: str) -> dict[str, Any]:
        """`docker stats`, one reading."""
        return stats(self.context, self.find(name))

    # Streams and further processes.

    def attach(
        self, name: str, stdin: Stream | None, stdout: Stream | None, stderr: Stream | None
    ) -> Conversation[int]:
        """`docker attach`: connected when this returns; the conversation ends with process 1."""
        return container_logs.attach(self.context, self.find(name), stdin, stdout, stderr)

    def exec_create(self, name: str, body: Mapping[str, Any]) -> str:
        """Prepare a `docker exec`; returns its ID."""
        return self._execs.create(name, body)

    def exec_start(
        self, exec_id: str, stdin: Stream | None, stdout: Stream | None, stderr: Stream | None, *, detach: bool = False
    ) -> Conversation[int]:
        """Run a prepared exec; returns its exit code."""
        return self._execs.start(exec_id, stdin, stdout, stderr, detach=detach)

    def exec_inspect(self, exec_id: str) -> dict[str, Any]:
        """What is known about an exec."""
        return self._execs.inspect(exec_id)

    # Files.

    def changes(self, name: str) -> Sequence[dict[str, Any]]:
        """`docker diff`: paths with 0 (changed), 1 (added) or 2 (deleted)."""
        return [{"Path": change.path, "Kind": KINDS[change.kind]} for change in self.find(name).files.changes()]

    def get_archive(self, name: str, path: str) -> tuple[Content, dict[str, Any]]:
        """`docker cp` out of a container: a tar and the path's statistics."""
        container = self.find(name)
        with volumes_mounted(self.context, container):
            archive = get_archive(container, name, path)
            self.context.note(container, "archive-path")
        return archive

    def stat_path(self, name: str, path: str) -> dict[str, Any]:
        """The statistics of a path in a container."""
        container = self.find(name)
        with volumes_mounted(self.context, container):
            return stat_path(container, name, path)

    def put_archive(self, name: str, path: str, content: Content) -> None:
        """`docker cp` into a container: unpack a tar in a directory."""
        container = self.find(name)
        with volumes_mounted(self.context, container):
            put_archive(container, name, path, content)
            self.context.note(container, "extract-to-dir")

    def export(self, name: str) -> Content:
        """`docker export`: one tar of all files."""
        container = self.find(name)
        self.context.note(container, "export")
        return export(container)

    def commit(
        self,
        name: str,
        *,
        repo: str = "",
        tag: str = "",
        author: str = "",
        message: str = "",
        changes: Sequence[str] = (),
        pause: bool = True,
    ) -> str:
        """`docker commit`; returns the new image's ID. A pause is only told of: nothing runs meanwhile."""
        container = self.find(name)
        reference = Reference.on_daemon(f"{repo}:{tag}" if tag else repo) if repo else None
        pauses = pause and container.state.running and not container.state.paused
        if pauses:
            self.context.note(container, "pause")
        try:
            image = commit(self._images, container, Commit(reference, author, message, changes))
            shown = reference.with_default_tag().familiar if reference else ""
            self.context.note(container, "commit", comment=message, imageID=str(image.id), imageRef=shown)
        finally:
            if pauses:
                self.context.note(container, "unpause")
        return str(image.id)
