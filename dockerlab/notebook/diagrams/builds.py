"""A build as its stages: which steps came from the cache, which were made again and why, what reaches the image.

Stages stand beside each other, their steps top down. An arrow leads from a stage to the step that copies from it;
what is not copied is left behind. The first step that misses is where the cache breaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dockerlab.notebook.diagrams.dot import (
    MONO,
    MONO_BOLD,
    SANS,
    SANS_BOLD,
    box,
    caption,
    cell,
    column,
    edge,
    graph,
    heading,
    node,
    plain,
    row,
    run,
)
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import (
    DANGLING,
    FAILED,
    LAYER,
    METADATA,
    MUTED,
    OUTSIDE,
    SHARED,
    WRITABLE,
    Role,
)
from dockerlab.notebook.diagrams.views import BuildView, Fate, StageView, StepView
from dockerlab.notebook.diagrams.wording import pad, plural, shorten

MOST_STEPS = 18
NEAR = 5
"""Steps that are kept at an end, or after a miss, where not all fit."""
MOST_STAGES = 8
TEXT = 32
ROLES = {
    Fate.CACHED: SHARED,
    Fate.BUILT: LAYER,
    Fate.FAILED: FAILED,
    Fate.SETTING: METADATA,
    Fate.SKIPPED: DANGLING,
    Fate.FOLDED: DANGLING,
}
TELLING = (Fate.BUILT, Fate.FAILED, Fate.FOLDED)
"""What has a reason to be shown."""
MARKS = {
    Fate.CACHED: "✓ cached",
    Fate.BUILT: "● built",
    Fate.FAILED: "✕ failed",
    Fate.SETTING: "setting",
    Fate.SKIPPED: "not built",
    Fate.FOLDED: "",
}


def build_graph(build: BuildView) -> Figure:
    """The picture of one build."""
    shown = set(drawn(build))
    boxes = [node(f"s{number}", stage_label(build, number)) for number in sorted(shown)]
    ties = "".join(edges(build, shown))
    options = f"rankdir=LR; ranksep=0.7; {caption([*left_out(build, shown), verdict(build)])}"
    title = f"Build of {build.image}" if build.image else "A build that failed"
    return Figure.of(graph("".join(boxes) + ties, options=options), title, words(build), characters(build))


def drawn(build: BuildView) -> list[int]:
    """The stages that fit, those that count first."""
    numbers = range(len(build.stages))
    order = sorted(numbers, key=lambda number: (number != build.target, not build.stages[number].needed, -number))
    return sorted(order[:MOST_STAGES])


def left_out(build: BuildView, shown: set[int]) -> list[str]:
    """How many stages are not drawn."""
    more = len(build.stages) - len(shown)
    return [f"{plural(more, 'more stage')} not drawn"] if more else []


def stage_name(build: BuildView, number: int) -> str:
    """How a stage is called."""
    return build.stages[number].name or f"stage {number}"


def stage_label(build: BuildView, number: int) -> str:
    """A stage: its name and its steps."""
    stage = build.stages[number]
    final = number == build.target
    about = (
        "becomes the image"
        if final and build.image
        else "the target"
        if final
        else "left behind but for what is copied"
    )
    about = about if stage.needed else "not needed, not built"
    first, said = first_miss(stage.steps), ""
    rows = []
    for place, step in folded(stage.steps):
        rows.append(step_row(place, step, place == first, told=step.reason == said))
        said = step.reason if step.fate in TELLING else ""
    end = [image_row(build.image)] if final and build.image else []
    return column([heading(shorten(stage_name(build, number), 30), about), plain(rows, spacing=2), *end])


def first_miss(steps: Sequence[StepView]) -> int:
    """Where the cache breaks, -1 where it does not."""
    return next((place for place, step in enumerate(steps) if step.fate is Fate.BUILT), -1)


def folded(steps: Sequence[StepView]) -> list[tuple[int, StepView]]:
    """The steps with their places; of many those at both ends and where the cache breaks, with counts between."""
    if len(steps) <= MOST_STEPS:
        return list(enumerate(steps))
    middle = max(first_miss(steps), 0)
    near = range(len(steps))
    ends = {*near[:NEAR], *near[-NEAR:], *near[max(0, middle - 1) : middle + NEAR]}
    kept = sorted({*ends, *(place for place, step in enumerate(steps) if step.fate is Fate.FAILED)})
    found: list[tuple[int, StepView]] = []
    for place in kept:
        last = found[-1][0] if found else -1
        if place - last > 1:
            gap = StepView(f"… {plural(place - last - 1, 'step')} between", Fate.FOLDED, fates(steps[last + 1 : place]))
            found.append((place - 1, gap))
        found.append((place, steps[place]))
    return found


def fates(steps: Sequence[StepView]) -> str:
    """How many of the steps met with which fate."""
    counts = {fate: sum(step.fate is fate for step in steps) for fate in Fate}
    return ", ".join(f"{count} {fate.value}" for fate, count in counts.items() if count)


def step_row(place: int, step: StepView, breaks: bool, *, told: bool = False) -> str:
    """One step; below the text of a miss stands its reason, unless the step before has `told` it."""
    role = ROLES[step.fate]
    mark = MARKS[step.fate]
    small = 11 if step.fate is Fate.SETTING else 12
    keyword, _, rest = step.text.partition(" ")
    cells = [
        cell(run(shorten(keyword, 12), face=MONO_BOLD, size=small, color=role.edge), width=76),
        cell(run(shorten(rest, TEXT), face=MONO, size=small), width=240),
        cell(run(mark, face=SANS_BOLD, size=11, color=role.edge), width=62),
    ]
    lines = [row([cell(plain([row(cells)], spacing=0))])]
    if step.reason and not told and step.fate in TELLING:
        why = f"the cache breaks here: {step.reason}" if breaks else step.reason
        colour = WRITABLE.edge if breaks else MUTED
        reason = run(shorten(why, 62), face=SANS_BOLD if breaks else SANS, size=11, color=colour)
        lines.append(row([cell(reason)]))
    look = Role(role.fill, WRITABLE.edge, width=3) if breaks else role
    padding = 2 if step.fate is Fate.SETTING else 4
    return row([cell(box(lines, look, title=f"{step.text}: {mark} {step.reason}", port=f"p{place}", padding=padding))])


def image_row(image: str) -> str:
    """The image at the end of its stage."""
    return run(f"▼ image {shorten(image, 40)}", face=SANS_BOLD, size=13, color=LAYER.edge)


def edges(build: BuildView, shown: set[int]) -> Iterator[str]:
    """From the stages to those that use them."""
    for number in sorted(shown):
        stage = build.stages[number]
        if stage.parent is not None and stage.parent in shown:
            yield edge(
                end_of(build, stage.parent), f"s{number}:p0:w", color=LAYER.edge, text="goes on", more="penwidth=1.8"
            )
        places = {place for place, _ in folded(stage.steps)}
        for place, step in enumerate(stage.steps):
            for source in step.sources:
                if source in shown and place in places:
                    color = OUTSIDE if step.fate is Fate.SKIPPED else SHARED.edge
                    yield edge(
                        end_of(build, source), f"s{number}:p{place}:w", color=color, text="COPY", more="penwidth=1.8"
                    )


def end_of(build: BuildView, number: int) -> str:
    """The port of a stage's last step: what others take is what it has come to there."""
    steps = build.stages[number].steps
    return f"s{number}:p{len(steps) - 1}:e" if steps else f"s{number}"


def verdict(build: BuildView) -> str:
    """How the build went, in one sentence."""
    steps = [step for stage in build.stages if stage.needed for step in stage.steps]
    cached, built = (sum(step.fate is fate for step in steps) for fate in (Fate.CACHED, Fate.BUILT))
    failed = next((step for step in steps if step.fate is Fate.FAILED), None)
    counts = f"{plural(cached, 'step')} from the cache, {built} built"
    if failed is not None:
        return f"{counts}; {shorten(failed.text, 50)} failed, so there is no image"
    skipped = sum(not stage.needed for stage in build.stages)
    return counts + (f"; {plural(skipped, 'stage')} not needed, so not built" if skipped else "")


def words(build: BuildView) -> str:
    """What the picture shows, for a screen reader."""
    parts = [describe(build, number, stage) for number, stage in enumerate(build.stages)]
    image = f" The last step of {stage_name(build, build.target)} is image {build.image}." if build.image else ""
    return f"Build of {plural(len(build.stages), 'stage')}. {' '.join(parts)}{image} {verdict(build)}."


def describe(build: BuildView, number: int, stage: StageView) -> str:
    """A stage in words."""
    begins = f", goes on from {stage_name(build, stage.parent)}" if stage.parent is not None else ""
    steps = "; ".join(spoken(build, step) for _, step in folded(stage.steps)) or "no steps"
    return f"Stage {stage_name(build, number)}{begins}{'' if stage.needed else ' (not needed)'}: {steps}."


def spoken(build: BuildView, step: StepView) -> str:
    """A step in words."""
    taken = f", copies from {', '.join(stage_name(build, source) for source in step.sources)}" if step.sources else ""
    why = f" ({step.reason})" if step.reason and step.fate is not Fate.CACHED else ""
    return f"{shorten(step.text, 80)}: {MARKS[step.fate].lstrip('✓●✕ ')}{why}{taken}"


def characters(build: BuildView) -> Iterator[str]:
    """The picture in characters."""
    for number, stage in enumerate(build.stages):
        begins = f"  ← {stage_name(build, stage.parent)}" if stage.parent is not None else ""
        yield f"{stage_name(build, number)}{'' if stage.needed else '  (not needed)'}{begins}"
        for _, step in folded(stage.steps):
            taken = f"  ← {', '.join(stage_name(build, source) for source in step.sources)}" if step.sources else ""
            why = f"  {step.reason}" if step.reason and step.fate is not Fate.CACHED else ""
            yield f"  {MARKS[step.fate]:<10} {pad(shorten(step.text, 48), 48)}{taken}{why}"
        if number == build.target and build.image:
            yield f"  ▼ image {build.image}"
    yield verdict(build)
