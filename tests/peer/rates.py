"""How many of upstream's recorded cases dockerlab answers as recorded: python -m tests.peer.rates prints the table.

Every number is counted by the code that the tests run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.build import test_directives, test_dockerfile, test_ignore, test_reading, test_words
from tests.cli import test_container_body, test_format, test_help, test_options, test_template, test_units, test_usage
from tests.oci import test_reference
from tests.peer import test_golden
from tests.peer.suite import Case, Suite, cases_of


@dataclass(frozen=True)
class Rate:
    """One file of cases: how many there are, how many of those in scope agree, how many are out of scope, and why."""

    data: str
    what: str
    cases: int
    agree: int
    excluded: int
    reason: str

    @property
    def share(self) -> float:
        """In per cent of what is in scope."""
        return 100 * self.agree / (self.cases - self.excluded)


def _of_build(
    name: str, what: str, check: Callable[[Case], None], dropped: dict[str, int] | None = None, **excluded: str
) -> Suite:
    """A file of tests/build; `excluded` by ID, with '_' for '-'."""
    data = f"build/data/{name}.json"
    reasons = {case.replace("_", "-"): reason for case, reason in excluded.items()}
    return Suite(data, what, cases_of(data), check, reasons, dropped or {})


_LONG_LINES = {"lines of more than 20,000 characters": 1}
_COMPILE = {"the regular expressions inside upstream's matcher": 40}
_DESCRIPTIONS = "comments as descriptions of stages and arguments, which dockerlab doesn't keep"

SUITES: tuple[Suite, ...] = (
    test_units.SUITE,
    Suite(
        "oci/data/reference.json",
        "image names",
        test_reference.CASES,
        test_reference.check,
        test_reference.excluded(),
    ),
    _of_build("dockerignore", "`.dockerignore`", test_ignore.check, _COMPILE),
    _of_build(
        "testfiles",
        "Dockerfiles to syntax trees",
        test_dockerfile.test_upstream_test_files_are_read_as_upstream_reads_them,
    ),
    _of_build(
        "testfiles-negative",
        "Dockerfiles that make no sense",
        test_dockerfile.test_upstream_test_files_that_make_no_sense,
    ),
    _of_build("parse-other", "heredocs, lines, comments", test_dockerfile.test_further_cases, _LONG_LINES),
    _of_build("directives", "parser directives", test_directives.test_all_directives),
    _of_build("syntax-directive", "the syntax directive", test_directives.test_one_directive_is_found),
    _of_build("instructions", "instructions", test_reading.test_one_instruction),
    _of_build("stages", "whole files", test_reading.test_a_whole_file, stages_0088=_DESCRIPTIONS),
    _of_build("envVarTest", "variables in words", test_words.test_one_word),
    _of_build("wordsTest", "variables in lists of words", test_words.test_many_words),
    _of_build("shell-lex", "modifiers of variables", test_words.test_modifiers),
    test_template.SUITE,
    test_template.CLIENT,
    test_template.INSPECTED,
    test_format.SUITE,
    test_format.FUNCTIONS,
    test_options.SUITE,
    test_container_body.SUITE,
    test_usage.SUITE,
    test_help.SUITE,
    test_help.SUITE_29,
    test_golden.SUITE,
)


def rate_of(suite: Suite) -> Rate:
    """Check every case of a suite that is in scope."""
    reasons = Counter(reason for case in suite.cases if (reason := suite.reason(case))) + Counter(suite.dropped)
    notes = [*(f"{reason} ({count})" for reason, count in reasons.items()), *([suite.note] if suite.note else ())]
    return Rate(
        suite.data,
        suite.what,
        len(suite.cases) + sum(suite.dropped.values()),
        sum(map(suite.agrees, suite.in_scope)),
        reasons.total(),
        "; ".join(notes),
    )


def rates() -> list[Rate]:
    """Of every file."""
    return [rate_of(suite) for suite in SUITES]


def table() -> Iterator[str]:
    """The table of tests/peer/README.md."""
    yield "| data | what | cases | out of scope | agree | | notes |"
    yield "|---|---|---|---|---|---|---|"
    for rate in rates():
        share = f"{rate.share:.1f} %".replace("100.0", "100")
        counts = f"{rate.cases} | {rate.excluded} | {rate.agree} | {share}"
        yield f"| `{rate.data}` | {rate.what} | {counts} | {rate.reason} |".replace("|  |", "| |")


if __name__ == "__main__":
    print("\n".join(table()))
