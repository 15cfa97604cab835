"""Build checks: each rule with a Dockerfile that it finds fault with (Docker's manual, "Build checks")."""

from __future__ import annotations

import pytest

from dockerlab.build.core import build
from dockerlab.build.request import BuildRequest
from dockerlab.errors import SolveError
from dockerlab.events import BuildWarning
from tests.build.workshop import Workshop, context, told


def findings(dockerfile: str, **files: str) -> list[tuple[str, str, int | None]]:
    texts = {"Dockerfile": dockerfile, **{name.replace("_", "."): text for name, text in files.items()}}
    _, events = told(build(BuildRequest(context(texts)), Workshop()))
    return [(event.rule, event.text, event.line) for event in events if isinstance(event, BuildWarning)]


@pytest.mark.parametrize(
    ("body", "rule", "text", "line"),
    [
        ("CMD echo hi", "JSONArgsRecommended",
         "JSON arguments recommended for CMD to prevent unintended behavior related to OS signals", 2),
        ("MAINTAINER me", "MaintainerDeprecated", "Maintainer instruction is deprecated in favor of using label", 2),
        ("ENV A b", "LegacyKeyValueFormat",
         '"ENV key=value" should be used instead of legacy "ENV key value" format', 2),
        ("LABEL Description = x", "LegacyKeyValueFormat",
         '"LABEL key=value" should be used instead of legacy "LABEL key value" format', 2),
        ("WORKDIR app", "WorkdirRelativePath",
         'Relative workdir "app" can have unexpected results if the base image changes', 2),
        ("LABEL x=$FO", "UndefinedVar", "Usage of undefined variable '$FO'", 2),
        ("ENV FOO=1\nLABEL x=$FO", "UndefinedVar", "Usage of undefined variable '$FO' (did you mean $FOO?)", 3),
        ("ARG API_TOKEN", "SecretsUsedInArgOrEnv",
         'Do not use ARG or ENV instructions for sensitive data (ARG "API_TOKEN")', 2),
        ('CMD ["a"]\nCMD ["b"]', "MultipleInstructionsDisallowed",
         "Multiple CMD instructions should not be used in the same stage because only the last one will be used", 2),
        ("EXPOSE 80/TCP", "ExposeProtoCasing",
         "Defined protocol '80/TCP' in EXPOSE instruction should be lowercase", 2),
        ("RUN true\nrun true\nRUN true", "ConsistentInstructionCasing",
         "Command 'run' should match the case of the command majority (uppercase)", 3),
        ("RUN echo a \\\n\n  b", "NoEmptyContinuation", "Empty continuation line", 4),
        ("FROM busybox:1.35 as two", "FromAsCasing", "'as' and 'FROM' keywords' casing do not match", 2),
        ("FROM busybox:1.35 AS Two", "StageNameCasing", "Stage name 'Two' should be lowercase", 2),
        ("FROM --platform=linux/amd64 busybox:1.35", "FromPlatformFlagConstDisallowed",
         'FROM --platform flag should not use constant value "linux/amd64"', 2),
        ("FROM --platform=$TARGETPLATFORM busybox:1.35", "RedundantTargetPlatform",
         "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior", 2),
    ],
)  # fmt: skip
def test_a_rule(body: str, rule: str, text: str, line: int) -> None:
    assert findings(f"FROM busybox:1.35\n{body}\n") == [(rule, text, line)]


def test_a_good_dockerfile() -> None:
    assert findings('FROM busybox:1.35 AS a\nARG V=1\nENV A=$V PUBLIC_KEY=x\nWORKDIR /a\nWORKDIR b\nCMD ["a"]\n') == []


def test_a_shell_of_ones_own_is_a_choice() -> None:
    assert findings('FROM busybox:1.35\nSHELL ["/bin/sh","-ec"]\nCMD a\n') == []


def test_ignored_files() -> None:
    dockerfile = "FROM busybox:1.35\nCOPY * /x/\nCOPY a.md /a\n"
    with pytest.raises(SolveError, match=r'"/a.md": not found'):
        findings(dockerfile, a_md="a", _dockerignore="*.md\n")


def test_rules_can_be_left_out() -> None:
    body = "FROM busybox:1.35\nMAINTAINER me\nCMD a\n"
    assert [rule for rule, _, _ in findings(f"# check=skip=MaintainerDeprecated\n{body}")] == ["JSONArgsRecommended"]
    assert findings(f"# check=skip=all\n{body}") == []


def test_findings_can_be_errors() -> None:
    with pytest.raises(SolveError, match="lint violation found for rules: MaintainerDeprecated"):
        findings("# check=error=true\nFROM busybox:1.35\nMAINTAINER me\n")
