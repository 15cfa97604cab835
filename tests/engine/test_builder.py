"""The engine's builder on real parts: programs run in the image's files (g02, buildkit.json, SURPRISES 10, 14, 16)."""

from __future__ import annotations

import pytest

from dockerlab.errors import BuildError, SolveError
from dockerlab.events import Event, StepOutput
from dockerlab.fs.tree import File, lookup
from dockerlab.oci.reference import Reference
from tests.engine.workbench import Outcome, Workbench

BOTH = pytest.mark.parametrize("buildkit", [True, False], ids=["buildkit", "legacy"])


@pytest.fixture
def bench() -> Workbench:
    return Workbench()


def text_of(outcome: Outcome, path: str) -> str:
    node = lookup(outcome.image.tree, path)
    assert isinstance(node, File)
    return node.content.read().decode()


@BOTH
def test_a_program_runs_in_the_images_files(bench: Workbench, buildkit: bool) -> None:
    outcome = bench.build(
        "FROM busybox:1.35\nENV A=1\nWORKDIR /w\nCOPY f .\nRUN cat f > g && echo $A >> g; pwd; echo err >&2\n",
        {"f": "from f\n"},
        buildkit=buildkit,
    )
    assert text_of(outcome, "w/g") == "from f\n1\n"
    assert outcome.printed == "/w\nerr\n"
    assert [entry.path for entry in outcome.image.layers[-1].entries] == ["w", "w/g"]


@BOTH
def test_time_passes_only_in_the_lab(bench: Workbench, buildkit: bool) -> None:
    before = bench.world.clock.now
    assert bench.build("FROM busybox:1.35\nRUN sleep 60 && echo done\n", buildkit=buildkit).printed == "done\n"
    assert bench.world.clock.now - before > 60 * 10**9


@BOTH
def test_user_and_environment(bench: Workbench, buildkit: bool) -> None:
    outcome = bench.build("FROM busybox:1.35\nARG V=v\nUSER www-data\nRUN id; echo $HOME $V\n", buildkit=buildkit)
    assert outcome.printed.startswith("uid=33(www-data) gid=33(www-data)")
    assert outcome.printed.endswith("\n/var/www v\n")


def test_writes_after_volume(bench: Workbench) -> None:
    """SURPRISES 14: lost in the legacy builder, kept by BuildKit."""
    dockerfile = "FROM busybox:1.35\nRUN mkdir /v\nVOLUME /v\nRUN echo x > /v/x\nRUN ls /v\n"
    assert bench.build(dockerfile, buildkit=False).printed == ""
    assert bench.build(dockerfile, buildkit=True).printed == "x\n"
    assert list(bench.images.stores.volumes) == []


def test_a_run_after_volume_holds_the_place(bench: Workbench) -> None:
    outcome = bench.build("FROM busybox:1.35\nVOLUME /vv\nRUN true\n", buildkit=False)
    assert [entry.path for entry in outcome.image.layers[-1].entries] == ["vv"]


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        ("RUN exit 42", "The command '/bin/sh -c exit 42' returned a non-zero code: 42", 42),
        ("RUN nosuchcmd", "The command '/bin/sh -c nosuchcmd' returned a non-zero code: 127", 127),
        (
            'RUN ["nosuchcmd"]',
            "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container "
            'process: exec: "nosuchcmd": executable file not found in $PATH: unknown',
            1,
        ),
        ("USER nosuchuser\nRUN id", "unable to find user nosuchuser: no matching entries in passwd file", 1),
        (
            "COPY --from=nosuch /x /x",
            'invalid from flag value nosuch: Get "https://registry-1.docker.io/v2/": dial tcp: lookup '
            "registry-1.docker.io: no such host",
            1,
        ),
        (
            "ADD http://127.0.0.1:1/x /x",
            'ADD failed: Get "http://127.0.0.1:1/x": dial tcp 127.0.0.1:1: connect: connection refused',
            1,
        ),
        (
            "ADD https://example.test/x /x",
            'ADD failed: Get "https://example.test/x": dial tcp: lookup example.test: no such host',
            1,
        ),
    ],
)
def test_the_legacy_builders_errors(bench: Workbench, body: str, message: str, code: int) -> None:
    with pytest.raises(BuildError) as caught:
        bench.build(f"FROM busybox:1.35\n{body}\n", buildkit=False)
    assert (str(caught.value), caught.value.exit_code) == (message, code)


def test_a_failed_legacy_step_leaves_a_container(bench: Workbench) -> None:
    with pytest.raises(BuildError):
        bench.build("FROM busybox:1.35\nRUN echo before > /a && exit 7\n", buildkit=False)
    [container] = bench.containers.registry
    assert (container.state.status, container.state.exit_code) == ("exited", 7)
    assert container.command == ("/bin/sh", "-c", "echo before > /a && exit 7")


@pytest.mark.parametrize(
    ("dockerfile", "message"),
    [
        (
            "FROM busybox:1.35\nRUN false\n",
            'process "/bin/sh -c false" did not complete successfully: exit code: 1',
        ),
        ('FROM busybox:1.35\nRUN ["nosuch"]\n', 'process "nosuch" did not complete successfully: exit code: 1'),
        (
            "FROM busybox:1.35\nUSER nosuch\nRUN id\n",
            'process "/bin/sh -c id" did not complete successfully: unable to find user nosuch: '
            "no matching entries in passwd file",
        ),
        (
            "FROM busybox:9.99\n",
            "busybox:9.99: failed to resolve source metadata for docker.io/library/busybox:9.99: failed to do "
            'request: Head "https://registry-1.docker.io/v2/library/busybox/manifests/9.99": dial tcp: lookup '
            "registry-1.docker.io: no such host",
        ),
    ],
)
def test_buildkits_errors(bench: Workbench, dockerfile: str, message: str) -> None:
    with pytest.raises(SolveError) as caught:
        bench.build(dockerfile)
    assert str(caught.value) == message
    assert list(bench.containers.registry) == []


def test_a_program_that_is_not_there_is_told_by_runc(bench: Workbench) -> None:
    """Asked of the engine's BuildKit: FROM scratch, RUN echo."""
    request = bench.request("FROM scratch\nRUN echo\n")
    events: list[Event] = []
    with pytest.raises(SolveError):
        events.extend(bench.kernel.drive(bench.builder.build(request)))
    assert [event.text for event in events if isinstance(event, StepOutput)] == [
        'runc run failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory\n'
    ]


@pytest.mark.parametrize("runs", ["echo hi >> /c/f && cat /c/f"])
def test_a_cache_mount_outlives_the_build(bench: Workbench, runs: str) -> None:
    dockerfile = f"FROM busybox:1.35\nRUN --mount=type=cache,target=/c {runs}\n"
    assert bench.build(dockerfile, no_cache=True).printed == "hi\n"
    again = bench.build(dockerfile, no_cache=True)
    assert again.printed == "hi\nhi\n"
    assert lookup(again.image.tree, "c/f") is None


def test_mounts_of_files_secrets_and_memory(bench: Workbench) -> None:
    outcome = bench.build(
        "FROM busybox:1.35\nRUN --mount=type=bind,target=/ctx --mount=type=secret,id=t --mount=type=tmpfs,target=/m "
        "cat /ctx/f /run/secrets/t; echo x > /m/x; ls /m\n",
        {"f": "file\n"},
        secrets={"t": b"secret\n"},
    )
    assert outcome.printed == "file\nsecret\nx\n"
    assert [lookup(outcome.image.tree, path) for path in ("ctx", "m", "run/secrets")] == [None, None, None]


def test_what_a_mount_needs_to_stand_on_goes_with_it_unless_the_step_fills_it(bench: Workbench) -> None:
    """BuildKit's MountStubsCleaner."""
    outcome = bench.build(
        "FROM busybox:1.35\nRUN mkdir /own\n"
        "RUN --mount=type=tmpfs,target=/own --mount=type=tmpfs,target=/a/b --mount=type=tmpfs,target=/c/d "
        "echo x > /c/x\n"
    )
    found = {path: lookup(outcome.image.tree, path) is not None for path in ("own", "a", "c/x", "c/d")}
    assert found == {"own": True, "a": False, "c/x": True, "c/d": False}


def test_no_more_than_125_layers(bench: Workbench) -> None:
    """SURPRISES 16."""
    dockerfile = "FROM busybox:1.35\n" + "".join(f"RUN echo {number} > /f{number}\n" for number in range(130))
    with pytest.raises(BuildError, match="max depth exceeded"):
        bench.build(dockerfile, buildkit=False)
    assert bench.build("FROM busybox:1.35\n" + "ENV A=1\n" * 140, buildkit=False).image.config.history


def test_tags(bench: Workbench) -> None:
    outcome = bench.build("FROM busybox:1.35\n", tags=(Reference.parse("a"), Reference.parse("b:2")))
    assert bench.images.find("a").id == bench.images.find("b:2").id == outcome.image.id


def test_the_cache_can_be_seen_and_dropped(bench: Workbench) -> None:
    dockerfile = "FROM busybox:1.35\nRUN echo 12345 > /x\n"
    outcome = bench.build(dockerfile)
    [row] = bench.builder.usage()
    assert (row["Description"], row["Size"], row["Shared"]) == ("[2/2] RUN echo 12345 > /x", 6, True)
    assert bench.builder.prune() == {"CachesDeleted": None, "SpaceReclaimed": 0}
    assert bench.builder.prune(all=True) == {"CachesDeleted": [row["ID"]], "SpaceReclaimed": 6}
    assert bench.builder.usage() == []
    assert bench.build(dockerfile).image.id != outcome.image.id
