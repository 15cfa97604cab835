"""Pictures of a live lab: what is read off the engine, for every kind, with what students do to it."""

from __future__ import annotations

import pytest

import dockerlab
from dockerlab.errors import DockerlabError, NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook import pictures, views
from dockerlab.notebook.diagrams.views import Fate, FileView, LifeView, Stop, Travel

DOCKERFILE = b"""\
FROM busybox AS build
WORKDIR /src
COPY main.c .
RUN cp main.c /app
FROM build AS test
RUN false
FROM alpine
ENV MODE=production
COPY --from=build /app /app
COPY app.conf /etc/
CMD ["/app"]
"""


@pytest.fixture
def lab() -> Lab:
    lab = dockerlab.Lab()
    lab.host.write("/lab/Dockerfile", DOCKERFILE)
    lab.host.write("/lab/main.c", b"main() {}\n")
    lab.host.write("/lab/app.conf", b"mode=1\n")
    assert lab.run("docker pull -q alpine && docker build -q -t app:1 .").exit_code == 0
    return lab


def run(lab: Lab, *lines: str) -> None:
    for line in lines:
        result = lab.run(line)
        assert result.exit_code == 0, result.stderr


def test_an_image_names_who_shares_its_layers(lab: Lab) -> None:
    view = views.image_view(lab.engine, lab.engine.images.find("app:1"), "app:1")
    assert [row.keyword for row in view.rows] == ["FROM", "ENV", "COPY", "COPY", "CMD"]
    assert view.rows[0].arguments == "alpine:latest"
    assert view.rows[0].sharers == ("alpine:latest",)
    assert view.rows[2].sharers == ()


def test_an_image_without_layers_is_a_picture_too(lab: Lab) -> None:
    lab.host.write("/lab/empty/Dockerfile", b"FROM scratch\nENV A=1\n")
    run(lab, "docker build -q -t empty empty", "docker create --name none empty /nothing")
    assert "no layers: an empty image" in pictures.picture(lab.engine, "empty").text
    assert "no layers: an empty image" in pictures.picture(lab.engine, "none").svg
    assert "no layer has it" in pictures.picture(lab.engine, "empty", "/etc").text


def test_a_deleted_file_is_still_in_the_image_below(lab: Lab) -> None:
    run(lab, "docker run --name web app:1 sh -c 'echo more >> /etc/app.conf; rm /app'")
    figure = pictures.picture(lab.engine, "web")
    assert "✕ /app  whiteout" in figure.text
    assert "~ /etc/app.conf  12B" in figure.text
    assert "▨ /app 10B" in figure.text
    assert "web deleted /app and freed 0B: 10B stay in the image, hidden by a whiteout" in figure.alt
    assert {"copy-up", "hides"} <= set(figure.dot.replace(">", " ").replace("<", " ").split())


def test_a_deleted_folder_counts_all_that_it_hides(lab: Lab) -> None:
    run(lab, "docker run --name web app:1 rm -r /etc/apk")
    image = lab.engine.images.find("app:1")
    view = views.image_view(lab.engine, image)
    files = views.with_files(view, image, [views.container_view(lab.engine, "web")]).rows[0].files
    (hidden,) = files
    assert hidden == FileView("/etc/apk", hidden.size)
    assert hidden.size > 50


def test_a_path_is_searched_from_the_writable_layer_down(lab: Lab) -> None:
    run(lab, "docker run --name web app:1 sh -c 'echo x >> /etc/app.conf; rm /app; rm -r /etc/apk; mkdir /etc/apk'")
    search = views.search_in_container(lab.engine, "web", "/etc/app.conf")
    assert [place.kind for place in search.places] == ["file", "file", "", ""]
    assert search.places[0].name == "writable layer of web"
    assert search.places[-1].name.startswith("alpine:latest: ADD alpine-minirootfs")
    assert views.search_in_container(lab.engine, "web", "app").places[0].stop is Stop.WHITEOUT
    gone = views.search_in_container(lab.engine, "web", "//etc/apk/world/").places
    assert (gone[0].stop, gone[0].at, gone[-1].kind) == (Stop.OPAQUE, "/etc/apk", "file")
    assert "A directory merged from 4 layers" in pictures.picture(lab.engine, "web", "/").alt


def test_another_storage_driver_is_drawn_as_layers_and_said_to_be_none() -> None:
    lab = dockerlab.Lab()
    lab.host.write("/etc/docker/daemon.json", b'{"storage-driver": "vfs"}')
    run(lab, "systemctl restart docker", "docker run --name web busybox rm /bin/ls")
    said = "drawn as layers; storage driver vfs keeps a full copy of all files for each, which shows the same files"
    for figure in (pictures.picture(lab.engine, "web"), pictures.picture(lab.engine, "web", "/bin/ls")):
        assert said in figure.alt
        assert figure.text.endswith(said)


def test_a_file_in_a_folders_place_ends_the_search(lab: Lab) -> None:
    run(lab, "docker run --name web app:1 sh -c 'rm -r /etc/apk; echo > /etc/apk'")
    figure = pictures.picture(lab.engine, "web", "/etc/apk/world")
    assert "No such file: the file /etc/apk ends the search; 1 copy below is hidden" in figure.alt


@pytest.mark.parametrize("release", [28, 29])
def test_a_removal_is_foreseen_and_nothing_is_done(release: int) -> None:
    lab = dockerlab.Lab(release=release)
    run(lab, "docker pull -q busybox", "docker tag busybox mine")
    before = lab.run("docker images -a").stdout
    events = len(lab.engine.events.select())
    one = views.removal_view(lab.engine, "mine")
    assert (one.untagged, one.deleted, one.freed, one.refusal) == (("mine:latest",), (), 0, "")
    assert lab.run("docker images -a").stdout == before
    assert len(lab.engine.events.select()) == events
    run(lab, "docker rmi mine")
    size = lab.engine.images.find("busybox").size
    last = views.removal_view(lab.engine, "busybox")
    assert "busybox:latest" in last.untagged
    assert (len(last.deleted), last.freed) == (1, size)
    assert lab.run("docker run --rm busybox echo here").stdout == "here\n"
    assert lab.run("docker rmi busybox").exit_code == 0


def test_a_removal_that_is_refused_says_why(lab: Lab) -> None:
    run(lab, "docker create --name web app:1")
    said = views.removal_view(lab.engine, "app:1").refusal
    assert said.startswith('conflict: unable to remove repository reference "app:1" (must force) - container')
    assert "is refused" in pictures.picture_of_removal(lab.engine, "app:1").alt
    assert views.removal_view(lab.engine, "nosuch").refusal == "No such image: nosuch:latest"


def test_a_build_tells_hits_and_misses_with_their_reasons(lab: Lab) -> None:
    lab.host.write("/lab/app.conf", b"mode=2\n")
    run(lab, "docker build -q -t app:2 .")
    last = lab.engine.builder.last
    assert last is not None
    view = views.build_view(last.request, last.events)
    build, test, final = view.stages
    assert [step.fate for step in build.steps] == [Fate.CACHED] * 4
    assert (test.needed, test.parent, test.steps[0].fate) == (False, 0, Fate.SKIPPED)
    fates = [step.fate for step in final.steps]
    assert fates == [Fate.CACHED, Fate.SETTING, Fate.CACHED, Fate.BUILT, Fate.SETTING]
    assert final.steps[2].sources == (0,)
    assert final.steps[3].reason == "file app.conf changed"
    assert view.image == "app:2"


def test_a_failed_build_is_drawn_as_far_as_it_came(lab: Lab) -> None:
    assert lab.run("docker build --target test .").exit_code == 1
    figure = pictures.picture_of_build(lab.engine)
    assert "RUN false failed, so there is no image" in figure.alt


def test_the_legacy_builder_is_drawn_too(lab: Lab) -> None:
    lab.host.write("/lab/old/Dockerfile", b"FROM busybox\nRUN echo a > /a\nENV A=1\n")
    run(lab, "DOCKER_BUILDKIT=0 docker build -q -t old:1 old")
    figure = pictures.picture_of_build(lab.engine)
    assert "image old:1" in figure.text
    assert "● built    RUN echo a > /a" in figure.text


def test_without_a_build_there_is_one_line() -> None:
    with pytest.raises(DockerlabError, match=r"nothing was built yet"):
        pictures.picture_of_build(dockerlab.Lab().engine)


def test_a_registry_and_a_push_to_it(lab: Lab) -> None:
    lab.serve_registry("localhost:5000")
    assert "nothing was pushed yet" in pictures.picture_of_registry(lab.engine, "localhost:5000").text
    run(lab, "docker tag app:1 localhost:5000/app:1", "docker tag app:1 localhost:5000/copy:1")
    first = views.push_view(lab.engine, "localhost:5000/app:1")
    assert {parcel.travel for parcel in first.parcels} == {Travel.UPLOADED}
    run(lab, "docker push -q localhost:5000/app:1")
    assert {it.travel for it in views.push_view(lab.engine, "localhost:5000/app:1").parcels} == {Travel.EXISTS}
    mounted = views.push_view(lab.engine, "localhost:5000/copy:1").parcels
    assert {(it.travel, it.source) for it in mounted} == {(Travel.MOUNTED, "app")}
    run(lab, "docker push -q localhost:5000/copy:1")
    view = views.registry_view(lab.engine, "localhost:5000")
    assert [repository.name for repository in view.repositories] == ["app", "copy"]
    assert view.repositories[0].tags[0][0] == "1"
    assert len(view.repositories[0].manifests[0].blobs) == 4


def test_a_registry_in_a_container_and_an_index(lab: Lab) -> None:
    run(
        lab,
        "docker run -d -p 5000:5000 --name hub registry:2",
        "docker tag app:1 localhost:5000/app:1",
        "docker push -q localhost:5000/app:1",
        "docker manifest create --insecure localhost:5000/app:all localhost:5000/app:1",
        "docker manifest push --insecure localhost:5000/app:all",
    )
    figure = pictures.picture_of_registry(lab.engine, "localhost:5000")
    assert "index of 1 platform" in figure.alt
    assert "indexes" in figure.svg


def test_a_registry_that_is_not_there_is_one_line(lab: Lab) -> None:
    with pytest.raises(DockerlabError, match="connection refused"):
        pictures.picture_of_registry(lab.engine, "localhost:5999")


def test_the_life_of_a_container_that_is_gone(lab: Lab) -> None:
    run(lab, "docker run --name web app:1 true")
    assert views.life_view(lab.engine, "web") == LifeView("web", "exited", 0)
    run(lab, "docker rm web")
    assert "web is gone" in pictures.picture_of_life(lab.engine, "web").alt
    with pytest.raises(NotFoundError):
        pictures.picture(lab.engine, "web")


def test_a_container_whose_image_was_removed_is_still_drawn(lab: Lab) -> None:
    run(lab, "docker create --name web app:1", "docker rmi -f app:1")
    assert "nothing written" in pictures.picture(lab.engine, "web").text
    assert "web is created" in pictures.picture_of_life(lab.engine, "web").alt


def test_as_many_layers_as_the_engine_takes(lab: Lab) -> None:
    lines = "".join(f"RUN echo {number} > /{number}\n" for number in range(124))
    lab.host.write("/lab/deep/Dockerfile", f"FROM busybox\n{lines}".encode())
    run(lab, "docker build -q -t deep deep", "docker run --name web deep rm /0")
    assert "125 read-only layers" in pictures.picture(lab.engine, "deep").alt
    assert "103 earlier steps" in pictures.picture(lab.engine, "deep").text
    assert "▨ /0 2B" in pictures.picture(lab.engine, "web").text
