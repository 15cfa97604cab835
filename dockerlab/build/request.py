"""What `docker build` asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dockerlab.build.context import BuildContext
from dockerlab.oci.reference import Reference


@dataclass(frozen=True)
class BuildRequest:
    """A build: the context with its Dockerfile, and the options of `docker build`.

    A build argument with the value None was named without one: its default stays. `squash` needs the legacy builder.
    `secrets` are the contents of --secret by ID; `provenance` says whether to attest how the image came about.
    `cache_from` names the only images that the legacy builder may take steps from.
    """

    context: BuildContext
    tags: tuple[Reference, ...] = ()
    build_args: Mapping[str, str | None] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    buildkit: bool = True
    no_cache: bool = False
    cache_from: tuple[str, ...] = ()
    pull: bool = False
    squash: bool = False
    quiet: bool = False
    remove: bool = True
    force_remove: bool = False
    network: str = "default"
    platform: str = ""
    extra_hosts: tuple[str, ...] = ()
    secrets: Mapping[str, bytes] = field(default_factory=dict)
    provenance: bool = True
    call: str = ""
    """What to ask instead of building: 'check', 'outline' or 'targets'."""
    host: Mapping[str, object] = field(default_factory=dict)
    """Further settings of the legacy builder's containers, as in the Engine API's HostConfig."""
