"""Values that diagrams are drawn from in tests: several cases of each kind, ordinary and nasty ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dockerlab.lab.comparison import Comparison, DriverCost
from dockerlab.notebook.diagrams import (
    Figure,
    build_graph,
    containers_on_image,
    driver_costs,
    image_stack,
    journey,
    life_cycle,
    names_and_ids,
    path_search,
    push_plan,
    registry_shelves,
    show_of_hands,
)
from dockerlab.notebook.diagrams.hands import ChoiceHands, QuestionHands, RoomHands
from dockerlab.notebook.diagrams.views import (
    BlobView,
    BuildView,
    ChangeView,
    ContainerView,
    Fate,
    FileView,
    IdView,
    ImageView,
    LayerView,
    LifeView,
    ManifestView,
    ParcelView,
    PlaceView,
    PushView,
    RegistryView,
    RemovalView,
    RepositoryView,
    SearchView,
    StageView,
    StepView,
    Stop,
    TagView,
    Travel,
)

EVIL = "<b>&\"'\\N\\G\n</TABLE>\x07\u202e emoji 👩‍🚀😀 עברית 日本語 " + "x" * 200
"""A name that would break out of every label, if it could."""

APP = ImageView(
    "app:2.0",
    "1b2c3d4e5f60",
    (
        LayerView("FROM", "debian:12", "deadbeef0123", 117_000_000, base=True, sharers=("debian:12", "web:1", "db:7")),
        LayerView("ENV", "PYTHONUNBUFFERED=1", "", 0),
        LayerView("RUN", "apt-get install -y python3", "5c4b3a291807", 38_000_000),
        LayerView("COPY", "app.conf /etc/", "0f9e8d7c6b5a", 1_100),
        LayerView("ADD", "dataset.csv /data/", "a1b2c3d4e5f6", 50_000_000),
        LayerView("CMD", '["python3", "/srv/app.py"]', "", 0),
    ),
)
NOTHING = ImageView("empty", "0a0b0c0d0e0f", ())
DEEP = ImageView(
    "deep:127",
    "127127127127",
    (
        LayerView("FROM", "busybox", "deadbeef0123", 4_000_000, base=True),
        *(LayerView("RUN", f"echo {number} > /{number}", f"{number:012x}", 10 * number) for number in range(1, 127)),
    ),
)


def with_files(image: ImageView, files: Mapping[str, tuple[FileView, ...]]) -> ImageView:
    """The image with files in the layers of those digests."""
    rows = tuple(
        LayerView(it.keyword, it.arguments, it.digest, it.size, it.base, files.get(it.digest, ())) for it in image.rows
    )
    return ImageView(image.name, image.id, rows)


USED = with_files(
    APP,
    {
        "a1b2c3d4e5f6": (FileView("/data/dataset.csv", 50_000_000),),
        "0f9e8d7c6b5a": (FileView("/etc/app.conf", 1_100),),
    },
)
CONTAINERS = (
    ContainerView("web-1", "running", 12, (ChangeView("A", "/var/log/app.log", 12),)),
    ContainerView("web-2", "running", 1_112, (ChangeView("C", "/etc/app.conf", 1_112),)),
    ContainerView("web-3", "exited (0)", 0, (ChangeView("D", "/data/dataset.csv"),)),
)
BUSY = ContainerView("busy", "running", 500_000, tuple(ChangeView("A", f"/tmp/{n}", 1_000) for n in range(500)))

SEARCH = SearchView(
    "/etc/app.conf",
    "web-2",
    (
        PlaceView("writable layer of web-2", writable=True),
        PlaceView("RUN pip install flask", "77aa77aa77aa"),
        PlaceView("COPY app.conf /etc/", "0f9e8d7c6b5a", "file", 1_100),
        PlaceView("RUN apt-get install -y app", "5c4b3a291807", "file", 900),
        PlaceView("FROM debian:12", "deadbeef0123"),
    ),
)
DELETED = SearchView(
    "/data/dataset.csv",
    "web-3",
    (
        PlaceView("writable layer of web-3", stop=Stop.WHITEOUT, at="/data/dataset.csv", writable=True),
        PlaceView("ADD dataset.csv /data/", "a1b2c3d4e5f6", "file", 50_000_000),
        PlaceView("FROM debian:12", "deadbeef0123"),
    ),
)
OPAQUE = SearchView(
    "/srv/www/index.html",
    "site:3",
    (
        PlaceView("COPY index.html /srv/www/", "111111111111", "file", 300, Stop.OPAQUE, "/srv/www"),
        PlaceView("RUN rm -r /srv/www && mkdir /srv/www", "222222222222", "", 0, Stop.OPAQUE, "/srv/www"),
        PlaceView("COPY site /srv/www/", "333333333333", "file", 250),
    ),
)
MERGED = SearchView(
    "/etc",
    "web-2",
    (
        PlaceView("writable layer of web-2", kind="directory", writable=True),
        PlaceView("COPY app.conf /etc/", "0f9e8d7c6b5a", "directory"),
        PlaceView("RUN apt-get install -y app", "5c4b3a291807"),
        PlaceView("FROM debian:12", "deadbeef0123", "directory"),
    ),
)
FAR = SearchView(
    "/1",
    "deep",
    tuple(PlaceView(f"RUN echo {n} > /{n}", f"{n:012x}", "file" if n == 1 else "", n) for n in range(127, 0, -1)),
)

TAGS = (
    TagView("web:latest", "3f8a09c41be2"),
    TagView("web:1.4", "3f8a09c41be2"),
    TagView("registry.example.com/team/web:1.4", "3f8a09c41be2"),
    TagView("web:1.3", "91bc77d2e004"),
)
IDS = (
    IdView("3f8a09c41be2", "119MB"),
    IdView("91bc77d2e004", "117MB"),
    IdView("c0ffee5512aa", "116MB, no name: dangling", dangling=True),
)
UNTAG = RemovalView("web:1.4", ("web:1.4",))
DELETE = RemovalView("web:1.3", ("web:1.3",), ("91bc77d2e004",), 2_000_000)
REFUSED = RemovalView("web:1.3", refusal='conflict: unable to remove repository reference "web:1.3" (must force)')

BUILD = BuildView(
    (
        StageView(
            "build",
            (
                StepView("FROM golang:1.22", Fate.CACHED),
                StepView("WORKDIR /src", Fate.CACHED),
                StepView("COPY . .", Fate.BUILT, "a file of COPY changed: main.go"),
                StepView("RUN go build -o /app", Fate.BUILT, "parent changed"),
            ),
        ),
        StageView(
            "test",
            (StepView("RUN go test ./...", Fate.SKIPPED),),
            parent=0,
            needed=False,
        ),
        StageView(
            "",
            (
                StepView("FROM alpine", Fate.CACHED),
                StepView("ENV MODE=production", Fate.SETTING),
                StepView("COPY --from=build /app /app", Fate.BUILT, "a file of COPY changed: app", sources=(0,)),
                StepView('CMD ["/app"]', Fate.SETTING),
            ),
        ),
    ),
    2,
    "app:1",
)
ALL_CACHED = BuildView(
    (StageView("", (StepView("FROM busybox", Fate.CACHED), StepView("RUN echo a > /a", Fate.CACHED, "unchanged"))),),
    0,
    "a:1",
)
FAILED = BuildView(
    (
        StageView(
            "",
            (
                StepView("FROM busybox", Fate.CACHED),
                StepView("RUN false", Fate.FAILED, "exit code: 1"),
                StepView("COPY a /a", Fate.SKIPPED),
            ),
        ),
    ),
    0,
)
LONG = BuildView(
    (
        StageView(
            "",
            tuple(
                StepView(f"RUN echo {n}", Fate.CACHED if n < 30 else Fate.BUILT, "parent changed") for n in range(60)
            ),
        ),
    ),
    0,
    "long",
)

BASE_BLOB, NODE = BlobView("deadbeef0123", 29_000_000), BlobView("5c4b3a291807", 12_000_000)
REGISTRY = RegistryView(
    "localhost:5000",
    (
        RepositoryView(
            "api",
            (("7", "aaaa00000001"),),
            (
                ManifestView(
                    "aaaa00000001",
                    (BlobView("cccc00000001", 1_400, "config"), BASE_BLOB, NODE, BlobView("aa11bb22cc33", 6_000_000)),
                    platform="linux/amd64",
                ),
            ),
        ),
        RepositoryView(
            "web",
            (("latest", "eeee00000001"), ("2", "eeee00000001")),
            (
                ManifestView("eeee00000001", children=("aaaa00000002", "aaaa00000003")),
                ManifestView(
                    "aaaa00000002",
                    (BlobView("cccc00000002", 1_200, "config"), BASE_BLOB, BlobView("91bc77d2e004", 800_000)),
                    platform="linux/amd64",
                ),
                ManifestView(
                    "aaaa00000003",
                    (
                        BlobView("cccc00000003", 1_200, "config"),
                        BlobView("beef00000009", 28_000_000),
                        BlobView("91bc77d2e004", 800_000),
                    ),
                    platform="linux/arm64",
                ),
            ),
        ),
    ),
)
CROWDED = RegistryView(
    "registry.example.com",
    tuple(
        RepositoryView(
            f"team/app{r}",
            tuple((f"v{t}", f"{r:04x}{t:08x}") for t in range(20)),
            tuple(
                ManifestView(f"{r:04x}{t:08x}", (BASE_BLOB, BlobView(f"b{r:03x}{t:08x}", 1_000 * t + 1)))
                for t in range(20)
            ),
        )
        for r in range(6)
    ),
)
PUSH = PushView(
    "localhost:5000/web:2",
    (
        ParcelView("FROM debian:12", "deadbeef0123", 29_000_000, Travel.EXISTS),
        ParcelView("RUN apt-get install -y nodejs", "5c4b3a291807", 12_000_000, Travel.MOUNTED, "api"),
        ParcelView("COPY site /srv/www/", "91bc77d2e004", 800_000, Travel.UPLOADED),
    ),
)
COSTS = Comparison(
    (
        DriverCost("overlay2", 200_000_000, 204_312_576, 404_316_160, 1_052, 1_595),
        DriverCost("btrfs", 4_096, 204_312_576, 204_316_672, 49_880, 637),
        DriverCost("vfs", 408_540_024, 208_621_568, 617_246_720, 0, 637),
    )
)
FREED = Comparison((DriverCost("overlay2", 0, 8_192, 4_096, 0, 0), DriverCost("vfs", 0, 4_096, 0, 0, 0)))
EVIL_IMAGE = ImageView(
    EVIL,
    "1b2c3d4e5f60",
    (LayerView("RUN", EVIL, "0f9e8d7c6b5a", 1, files=(FileView("/" + EVIL, 5),), sharers=(EVIL,)),),
)


def room(*rounds: tuple[int, ...], reveal: bool = False) -> RoomHands:
    """A room that answered one question, once or twice."""
    before_and_after = list(zip(*rounds, strict=True))
    choices = (
        ChoiceHands("12 MB, a copy each", before_and_after[0], believed=True),
        ChoiceHands("4 MB", before_and_after[1], right=True),
        ChoiceHands("Nothing", before_and_after[2]),
    )
    asked = QuestionHands("Three containers of one image of 4 MB: how much disk do they take together?", choices)
    return RoomHands("3.1", tuple(map(sum, rounds)), (asked,), reveal)


CASES: Mapping[str, Callable[[], Figure]] = {
    "stack": lambda: image_stack(APP),
    "stack_empty": lambda: image_stack(NOTHING),
    "stack_deep": lambda: image_stack(DEEP),
    "stack_evil": lambda: image_stack(EVIL_IMAGE),
    "containers": lambda: containers_on_image(USED, CONTAINERS),
    "containers_none": lambda: containers_on_image(USED, ()),
    "containers_on_nothing": lambda: containers_on_image(NOTHING, CONTAINERS[:1]),
    "containers_busy": lambda: containers_on_image(DEEP, (BUSY, *CONTAINERS, *CONTAINERS)),
    "containers_evil": lambda: containers_on_image(
        EVIL_IMAGE, (ContainerView(EVIL, EVIL, 1, (ChangeView("D", "/" + EVIL), ChangeView("C", EVIL, 2))),)
    ),
    "path": lambda: path_search(SEARCH),
    "path_deleted": lambda: path_search(DELETED),
    "path_opaque": lambda: path_search(OPAQUE),
    "path_directory": lambda: path_search(MERGED),
    "path_far": lambda: path_search(FAR),
    "path_nowhere": lambda: path_search(SearchView("/none", "empty", ())),
    "path_evil": lambda: path_search(SearchView(EVIL, EVIL, (PlaceView(EVIL, "d", "file", 3, Stop.WHITEOUT, EVIL),))),
    "names": lambda: names_and_ids(TAGS, IDS),
    "names_none": lambda: names_and_ids((), ()),
    "names_dangling": lambda: names_and_ids((), IDS[2:]),
    "names_untag": lambda: names_and_ids(TAGS, IDS, UNTAG),
    "names_delete": lambda: names_and_ids(TAGS, IDS, DELETE),
    "names_refused": lambda: names_and_ids(TAGS, IDS, REFUSED),
    "names_many": lambda: names_and_ids(
        [TagView(f"app:{n}", f"{n:012x}") for n in range(500)],
        [IdView(f"{n:012x}", "1MB") for n in range(500)],
        RemovalView("app:400", ("app:400",), (f"{400:012x}",), 1),
    ),
    "names_evil": lambda: names_and_ids(
        [TagView(EVIL, "a")], [IdView("a", EVIL)], RemovalView(EVIL, (EVIL,), ("a",), 0)
    ),
    "build": lambda: build_graph(BUILD),
    "build_cached": lambda: build_graph(ALL_CACHED),
    "build_failed": lambda: build_graph(FAILED),
    "build_long": lambda: build_graph(LONG),
    "build_evil": lambda: build_graph(BuildView((StageView(EVIL, (StepView(EVIL, Fate.BUILT, EVIL),)),), 0, EVIL)),
    "registry": lambda: registry_shelves(REGISTRY),
    "registry_empty": lambda: registry_shelves(RegistryView("localhost:5000", ())),
    "registry_crowded": lambda: registry_shelves(CROWDED),
    "registry_evil": lambda: registry_shelves(
        RegistryView(
            EVIL, (RepositoryView(EVIL, ((EVIL, "m"),), (ManifestView("m", (BlobView("b", 1),), platform=EVIL),)),)
        )
    ),
    "push": lambda: push_plan(PUSH),
    "push_nothing": lambda: push_plan(PushView("localhost:5000/empty:1", ())),
    "push_evil": lambda: push_plan(PushView(EVIL, (ParcelView(EVIL, "d", 1, Travel.MOUNTED, EVIL),))),
    "journey": journey,
    "journey_short": lambda: journey(["build", "run", "push", "pull"]),
    "costs": lambda: driver_costs(COSTS),
    "costs_freed": lambda: driver_costs(FREED),
    "hands": lambda: show_of_hands(room((9, 2, 1))),
    "hands_revealed": lambda: show_of_hands(room((9, 2, 1), (1, 10, 0), reveal=True)),
    "hands_none": lambda: show_of_hands(RoomHands("3.1", (0,), ())),
    "hands_evil": lambda: show_of_hands(RoomHands(EVIL, (1,), (QuestionHands(EVIL, (ChoiceHands(EVIL, (1,)),)),))),
    "costs_none": lambda: driver_costs(Comparison(())),
    "costs_evil": lambda: driver_costs(Comparison((DriverCost(EVIL, 1, 1, 1, 1, 1),))),
    "life": life_cycle,
    "life_running": lambda: life_cycle(LifeView("web", "running")),
    "life_exited": lambda: life_cycle(LifeView("web", "exited", 137)),
    "life_gone": lambda: life_cycle(LifeView("web", "")),
    "life_evil": lambda: life_cycle(LifeView(EVIL, "paused")),
}
"""Every diagram several times, by the name of its golden file."""
