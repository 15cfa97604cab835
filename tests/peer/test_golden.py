"""Whole commands of docker/cli against what upstream's tests had them print (data/cli_golden.json).

The data have no flags that upstream's tests set past the command line, so those are added here from the tests' names;
and the answers are 29.8's: where 28.2.2 says something else, its own words (asked of it) are expected instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from tests.peer.recorded import answered
from tests.peer.suite import Case, Suite, cases_of

FLAGS: Mapping[str, Sequence[str]] = {
    "container-0019": ["--format", "{{invalid}}"],
    "container-0023": ["--no-trunc"],
    "container-0025": ["--format", '{{ .Names }} {{ .Label "some.label" }}'],
    "container-0029": ["--format", "{{ .Names }} {{ .Image }} {{ .Labels }}"],
    "container-0030": ["--format", "{{ .Names }} {{ .Image }} {{ .Labels }}", "--quiet"],
    "volume-0005": ["--name", "other"],
    "volume-0023": ["--format", "{{ .Name }} {{ .Driver }} {{ .Labels }}"],
    "volume-0024": ["--format", "{{ .Name }}"],
    "volume-0027": ["--force"],
    "volume-0028": ["--all", "--filter", "all=1"],
    "volume-0032": ["--force"],
    "network-0007": ["--subnet=10.1.2.0/24", "--subnet=10.1.2.0/16"],
    "network-0008": [
        "--ip-range=192.168.1.0/25", "--ip-range=192.168.1.128/25", "--subnet=192.168.1.250/24",
        "--subnet=192.168.2.0/24",
    ],
    "network-0010": [
        "--ip-range=192.168.1.0/24", "--gateway=192.168.1.1", "--gateway=192.168.1.4", "--subnet=192.168.2.0/24",
        "--subnet=192.168.1.250/24",
    ],
    "network-0012": ["--aux-address=a=255.255.1.30", "--subnet=255.255.0.0/24", "--gateway=255.255.0.0"],
    "network-0026": ["--format", "{{ .Name }}"],
}  # fmt: skip
"""By case; in front of its arguments."""

DEPRECATED = "Flag --time has been deprecated, use --timeout instead\n"
RULE = r'OSAndVersion specifier component must match "^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.-]*)\\))?$"'
NO_PLATFORM = f'invalid platform: "<invalid>" is an invalid OS component of "<invalid>": {RULE}: invalid argument\n'
CONFLICT = "conflicting options: cannot specify both"

STDERR_OF_28: Mapping[str, str] = {
    "container-0002": "You cannot attach to a stopped container, start it first\n",
    "container-0004": "You cannot attach to a restarting container, wait until it is running\n",
    "container-0046": "Error: no such container: nosuchcontainer\n",
    "image-0003": NO_PLATFORM,
    "image-0037": NO_PLATFORM,
    "image-0074": NO_PLATFORM,
    **dict.fromkeys((f"volume-00{number}" for number in range(36, 41)), ""),
    "system-0034": "",
    "registry-0005": f"{CONFLICT} --password and --password-stdin\n",
    "registry-0006": "WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n"
    "Error: Cannot perform an interactive login from a non TTY device\n",
}
STDOUT_OF_28: Mapping[str, str] = {
    "container-0043": f"{DEPRECATED}container-1\n",
    "container-0044": DEPRECATED,
    "container-0057": f"{DEPRECATED}container-1\n",
}

STREAM = "the answer is a stream, which dockerlab's engine gives as events"
PROMPT = "a signal ends the question"
PLACE = "files of upstream's test that are not in the data"
REASONS: Mapping[str, Sequence[str]] = {
    STREAM: [
        *(
            "image-0013",
            "image-0014",
            "image-0015",
            "image-0017",
            "image-0036",
            "image-0040",
            "image-0041",
            "image-0042",
        ),
        *("image-0055", "image-0056", "image-0061", "image-0076", "image-0077", "image-0078", "image-0079"),
    ],
    PROMPT: ["container-0038", "network-0037", "system-0035", "builder-0000"],
    PLACE: [
        *("container-0015", "container-0016", "image-0000", "image-0073"),
        *(f"manifest-00{number:02}" for number in (4, 5, 6, 9, 10, 11, 12, 14, 15, 16)),
    ],
    "28.2.2 does not check --detach-keys beforehand": ["container-0048", "container-0052"],
    "a terminal is attached": ["container-0050"],
    "29.8's list of images (tests of `Lab(release=29)`)": ["image-0027", "image-0028", "image-0033"],
    "the volumes of a swarm": ["volume-0025"],
    "29.8's reader of addresses": ["network-0005"],
    "the events are not in the data": ["system-0000", "system-0002", "system-0003"],
    "the versions are those of upstream's test": ["system-0036"],
}


def expected(case: Case) -> tuple[str, str]:
    """What 28.2.2 prints."""
    error = case["expected_error"] or ""
    # Upstream's test library prints the error of `network rm` once more.
    before = case["expected_stderr"].replace(f"Error: {error}\n", "")
    stderr = STDERR_OF_28.get(case["id"], before + (f"{error}\n" if error else ""))
    if "requires at most" in error:
        stderr = stderr.replace("\nRun '", "\nSRun '")
    return STDOUT_OF_28.get(case["id"], case["expected_stdout"]), stderr


def check(case: Case) -> None:
    """One of upstream's commands."""
    argv = [*case["argv"], *FLAGS.get(case["id"], ())]
    config = json.dumps(case["cli_config"]) if case.get("cli_config") else ""
    stdout, stderr = answered(case, argv, config)
    # The data have of a wrong flag only the first line.
    if stderr.partition("\n")[2].startswith("\nUsage:") and "Usage:" not in (case["expected_error"] or ""):
        stderr = stderr.partition("\n")[0] + "\n"
    assert (stdout, stderr) == expected(case)


SUITE = Suite(
    "peer/data/cli_golden.json",
    "whole commands on recorded answers of the API",
    cases_of("peer/data/cli_golden.json"),
    check,
    {case: reason for reason, cases in REASONS.items() for case in cases},
    {"printing of `docker info`, `version`, `context ls` and the tree of images without a command line": 18},
    f"{len(STDERR_OF_28) + len(STDOUT_OF_28)} with 28.2.2's words",
)


@pytest.mark.parametrize("case", SUITE.params)
def test_upstream(case: Case) -> None:
    SUITE.check(case)
