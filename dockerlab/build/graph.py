"""Which stages a build needs, and in which order: those that lead to the target (BuildKit, dockerfile2llb)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.build.instructions import Copy, Instruction, Run
from dockerlab.build.stages import Plan, Stage
from dockerlab.build.suggestions import suggest
from dockerlab.errors import DockerfileError, InvalidParameterError
from dockerlab.oci.golang import quote

SCRATCH = "scratch"


@dataclass(frozen=True)
class Graph:
    """The stages of a Dockerfile, and how they refer to one another."""

    plan: Plan

    def target(self, name: str) -> Stage:
        """The stage that --target names, by name or index; the last one where it names none."""
        stages = self.plan.stages
        if not name:
            return stages[-1]
        found = self.plan.find(name)
        if found is None and name.isdigit() and int(name) < len(stages):
            found = stages[int(name)]
        if found is None:
            known = [stage.name for stage in stages if stage.name]
            raise InvalidParameterError(f"target stage {quote(name)} could not be found{suggest(name, known)}")
        return found

    def label(self, stage: Stage) -> str:
        """How progress names a stage: by its name or 'stage-1'; not at all where there is only one."""
        if len(self.plan.stages) == 1:
            return ""
        return stage.name or f"stage-{stage.index}"

    def earlier(self, name: str, before: Stage) -> Stage | None:
        """The stage that FROM means: only one above it counts, the nearest one of that name."""
        for stage in reversed(self.plan.stages[: before.index]):
            if stage.name and stage.name == name.lower():
                return stage
        return None

    def source(self, name: str, user: Stage) -> Stage | None:
        """The stage that --from means, by name or index; None where it is an image."""
        found = self.plan.find(name)
        if found is None and name.isdigit():
            if int(name) >= len(self.plan.stages):
                raise DockerfileError(f"invalid stage index {name}")
            found = self.plan.stages[int(name)]
        if found is not None and found.index >= user.index:
            raise DockerfileError(f"circular dependency detected on stage: {found.name or f'stage-{found.index}'}")
        return found

    def needed(self, target: Stage) -> list[Stage]:
        """The target and all that it is built from, in the Dockerfile's order."""
        found: dict[int, Stage] = {}
        ahead = [target]
        while ahead:
            stage = ahead.pop()
            if stage.index not in found:
                found[stage.index] = stage
                ahead += self._uses(stage)
        return [found[index] for index in sorted(found)]

    def _uses(self, stage: Stage) -> Iterator[Stage]:
        base = self.earlier(stage.head.base, stage)
        if base is not None:
            yield base
        for instruction in stage.instructions:
            for name in origins(instruction):
                try:
                    used = self.source(name, stage) if "$" not in name else None
                except DockerfileError as error:
                    raise DockerfileError(str(error), line=instruction.node.first_line) from None
                if used is not None:
                    yield used


def origins(instruction: Instruction) -> list[str]:
    """The stages and images that an instruction takes files from."""
    if isinstance(instruction, Copy):
        return [instruction.origin] if instruction.origin else []
    if isinstance(instruction, Run):
        return [mount.from_ for mount in instruction.mounts if mount.from_]
    return []
