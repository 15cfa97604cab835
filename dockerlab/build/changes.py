"""Instructions applied to a configuration without any build: `docker import -c`, `docker commit -c`.

Follows moby's BuildFromConfig: only instructions that change settings are allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dockerlab.build.dialect import LEGACY
from dockerlab.build.dockerfile import UnknownInstructionError, parse
from dockerlab.build.expansion import expand
from dockerlab.build.instructions import Workdir
from dockerlab.build.reading import read
from dockerlab.build.settings import Settings
from dockerlab.build.words import Words
from dockerlab.errors import InvalidParameterError
from dockerlab.oci.image import ContainerConfig

ALLOWED = frozenset(
    ("CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR")
)


def changed(config: ContainerConfig, instructions: Sequence[str]) -> ContainerConfig:
    """The configuration after the instructions; raises `InvalidParameterError` for one that isn't allowed."""
    if not instructions:
        return config
    try:
        dockerfile = parse("\n".join(instructions), heredocs=False)
    except UnknownInstructionError as error:
        raise InvalidParameterError(f"{error.keyword.lower()} is not a valid change command") from error
    for node in dockerfile.nodes:
        if node.name not in ALLOWED:
            raise InvalidParameterError(f"{node.keyword.lower()} is not a valid change command")
    settings = Settings(replace(config), buildkit=False)
    for node in dockerfile.nodes:
        instruction = expand(read(node, LEGACY), Words(settings.env, dockerfile.escape, old_texts=True))
        if isinstance(instruction, Workdir):
            settings.change(working_dir=settings.resolve(instruction.path))
        else:
            settings.apply(instruction)
    return settings.config
