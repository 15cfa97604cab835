"""docker run and docker create (transcript run_basics.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]
HELP = "\n\nRun 'docker run --help' for more information\n"


def test_the_programs_output_and_exit_code_are_those_of_run(host: Host) -> None:
    assert host("docker run --rm busybox:1.35 sh -c 'echo out; echo err >&2; exit 3'") == ("out\n", "err\n", 3)


def test_only_i_passes_standard_input_on(host: Host) -> None:
    assert host("echo 'echo in' | docker run -i --rm busybox:1.35") == ("in\n", "", 0)
    assert host("echo 'echo in' | docker run --rm busybox:1.35") == ("", "", 0)


@pytest.mark.parametrize(
    ("options", "text", "code"),
    [
        ("-p 99999:80 busybox:1.35", "docker: invalid hostPort: 99999" + HELP, 125),
        ("--memory 1k busybox:1.35",
         "docker: Error response from daemon: Minimum memory limit allowed is 6MB" + HELP, 125),
        ("--pull never nosuch:1", "docker: Error response from daemon: No such image: nosuch:1" + HELP, 125),
        ("--rm --restart always busybox:1.35",
         "docker: conflicting options: cannot specify both --restart and --rm" + HELP, 125),
        ("--platform a/b/c/d busybox:1.35", 'docker: error parsing specified platform: "a/b/c/d": cannot parse '
         "platform specifier: invalid argument" + HELP, 125),
        ("--cidfile /nosuch/x busybox:1.35", "docker: failed to create the container ID file: open /nosuch/x: no such "
         "file or directory" + HELP, 127),
        ("-it busybox:1.35 sh", "the input device is not a TTY\n", 1),
    ],
)  # fmt: skip
def test_what_run_refuses(host: Host, options: str, text: str, code: int) -> None:
    assert host(f"docker run {options}") == ("", text, code)


def test_a_program_that_is_not_there_is_127_one_that_can_not_run_126(host: Host) -> None:
    assert host("docker run --rm busybox:1.35 nosuchcmd")[2] == 127
    assert host("docker run --rm busybox:1.35 /etc/passwd")[2] == 126


def test_detached_prints_the_id_even_when_the_start_fails(host: Host) -> None:
    out, err, code = host("docker run -d busybox:1.35 nosuchcmd")
    assert (len(out), code) == (65, 127)
    assert err.startswith("docker: Error response from daemon: failed to create shim task")


def test_the_id_file_holds_the_id_and_must_be_new(host: Host) -> None:
    host("docker run --cidfile cid busybox:1.35 true")
    assert host("wc -c < cid")[0] == "64\n"
    text = "docker: container ID file found, make sure the other container isn't running or delete cid" + HELP
    assert host("docker run --cidfile cid busybox:1.35 true") == ("", text, 125)


def test_a_missing_image_is_pulled_on_standard_error(host: Host) -> None:
    host("docker tag busybox:1.35 localhost:5005/bb:1 && docker push -q localhost:5005/bb:1")
    host("docker rmi localhost:5005/bb:1")
    out, err, code = host("docker run --rm localhost:5005/bb:1 echo hi")
    assert (out, code) == ("hi\n", 0)
    assert err.splitlines()[:2] == ["Unable to find image 'localhost:5005/bb:1' locally", "1: Pulling from bb"]


def test_create_prints_the_id_and_plain_errors(host: Host) -> None:
    assert len(host("docker create --name c1 busybox:1.35")[0]) == 65
    assert host("docker create BAD") == (
        "", "invalid reference format: repository name (library/BAD) must be lowercase\n", 1,
    )  # fmt: skip


def test_variables_and_paths_are_those_of_the_host(host: Host) -> None:
    """`-e NAME`, a name alone in --env-file, and paths that begin with a dot (client 28.2.2)."""
    host("export A=1 B=2; printf 'B\\nC=3\\nNOSUCH\\n' > env; mkdir data; echo there > data/file")
    line = (
        "docker run --rm -e A -e NOSUCH --env-file ./env -v ./data:/d busybox:1.35 sh -c 'echo $A $B $C; cat /d/file'"
    )
    assert host(line) == ("1 2 3\nthere\n", "", 0)
