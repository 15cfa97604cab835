"""Makes what a container wants mounted: volumes, host directories, tmpfs (moby, `daemon/volumes.go`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dockerlab.engine.container_context import Context
from dockerlab.engine.container_specs import Spec, parse_specs
from dockerlab.errors import FileSystemError, InvalidParameterError, NotFoundError, SystemError_
from dockerlab.fs.overlay import OverlayFs
from dockerlab.runtime.container import Container
from dockerlab.runtime.container_mounts import Mount, seed


def make_mounts(context: Context, host: Mapping[str, Any], volumes: tuple[str, ...], files: OverlayFs) -> list[Mount]:
    """All mounts of a new container, those that it takes over from others first."""
    specs = parse_specs(host, volumes)
    borrowed = _volumes_from(context, host)
    own = {spec.destination for spec in specs}
    mounts = [mount for mount in borrowed if mount.destination not in own or _anonymous(specs, mount.destination)]
    kept = {mount.destination for mount in mounts}
    return mounts + [_make(context, spec, files) for spec in specs if spec.destination not in kept]


def _anonymous(specs: list[Spec], destination: str) -> bool:
    """An image's VOLUME gives way to a volume from another container."""
    return all(spec.source == "" and spec.type == "volume" for spec in specs if spec.destination == destination)


def _volumes_from(context: Context, host: Mapping[str, Any]) -> list[Mount]:
    """`--volumes-from CONTAINER[:ro]`."""
    found: dict[str, Mount] = {}
    for text in host.get("VolumesFrom") or ():
        if not text:
            raise InvalidParameterError("volumes-from specification cannot be an empty string")
        name, _, mode = text.partition(":")
        if not name:
            raise InvalidParameterError('invalid name or ID supplied: ""')
        if mode and mode not in {"ro", "rw", "z", "Z"}:
            raise InvalidParameterError(f"invalid mode: {mode}")
        for mount in _lender(context, name).mounts:
            if mount.type in {"volume", "bind"}:
                found[mount.destination] = _again(mount, writable=mode != "ro")
    return list(found.values())


def _lender(context: Context, name: str) -> Container:
    """The container that lends its volumes; a missing one is a fault of the request, so no image is looked for."""
    try:
        return context.registry.find(name)
    except NotFoundError as error:
        raise InvalidParameterError(str(error)) from error


def _again(mount: Mount, *, writable: bool) -> Mount:
    return Mount(
        mount.type,
        mount.destination,
        mount.source,
        mount.name,
        mount.driver,
        mount.mode,
        mount.rw and writable,
        mount.propagation,
        files=mount.files,
        subpath=mount.subpath,
    )


def _make(context: Context, spec: Spec, files: OverlayFs) -> Mount:
    makers = {"volume": _make_volume, "bind": _make_bind, "tmpfs": _make_tmpfs}
    return makers[spec.type](context, spec, files)


def _make_volume(context: Context, spec: Spec, files: OverlayFs) -> Mount:
    if files.is_file(spec.destination):
        text = f"cannot mount volume over existing file, file exists {spec.destination}"
        raise SystemError_(text)
    volume = context.volumes.make(spec.source, driver=spec.driver, labels=spec.labels, options=spec.driver_options)
    if spec.copy_data:
        seed(volume.fs, files, spec.destination)
    return Mount(
        "volume",
        spec.destination,
        context.volumes.mount_point(volume.name),
        volume.name,
        volume.driver,
        spec.mode,
        spec.rw,
        copy_data=spec.copy_data,
        files=volume.fs,
        subpath=f"/{spec.subpath}" if spec.subpath else "/",
    )


def _make_bind(context: Context, spec: Spec, files: OverlayFs) -> Mount:
    if not context.host.exists(spec.source):
        if spec.must_exist:
            text = f'invalid mount config for type "bind": bind source path does not exist: {spec.source}'
            raise InvalidParameterError(text)
        try:
            context.host.mkdir(spec.source, parents=True)
        except FileSystemError as error:
            text = (
                f"error while creating mount source path '{spec.source}': mkdir {error.path}: {error.strerror.lower()}"
            )
            raise SystemError_(text) from None
    return Mount(
        "bind",
        spec.destination,
        spec.source,
        mode=spec.mode,
        rw=spec.rw,
        propagation=spec.propagation,
        files=context.host,
        subpath=spec.source,
    )


def _make_tmpfs(context: Context, spec: Spec, files: OverlayFs) -> Mount:
    return Mount("tmpfs", spec.destination, rw=spec.rw, options=spec.options, listed=spec.listed)


def note_mounts(context: Context, container: Container, *, mounted: bool) -> None:
    """Write the volumes' mount or unmount events."""
    for mount in container.mounts:
        if mount.type != "volume":
            continue
        if mounted:
            context.volumes.note_mount(mount.name, container.id, mount.destination, rw=mount.rw)
        else:
            context.volumes.note_unmount(mount.name, container.id)


@contextmanager
def volumes_mounted(context: Context, container: Container) -> Iterator[None]:
    """The engine mounts a container's volumes for each look into its files, whether it runs or not."""
    note_mounts(context, container, mounted=True)
    try:
        yield
    finally:
        note_mounts(context, container, mounted=False)
