"""Real sockets: to a registry that misbehaves Docker's words are said (engine 20.10.24's), and nothing stays behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockerlab import Lab
from dockerlab.errors import InvalidParameterError
from dockerlab.registry import Network, Request, Server
from dockerlab.registry.folder import FolderStorage
from dockerlab.registry.remote import Remote
from tests.registry.asking import serving
from tests.registry.rogue import CUT, Rogue, digest, layer

NAME = "localhost:5000"
ASKED = f'"http://{NAME}/v2'


@pytest.fixture
def rogue() -> Iterator[Rogue]:
    with Rogue() as rogue:
        yield rogue


@pytest.fixture
def lab(rogue: Rogue) -> Lab:
    """A lab that waits no time between tries."""
    lab = Lab()
    lab._registries.connect(NAME, Remote(rogue.url, second=0))
    return lab


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("badconfig", "invalid character 'o' in literal null (expecting 'u')"),
        ("garbage", "invalid character 'g' looking for beginning of object key string"),
        ("html", "error unmarshalling content: invalid character '<' looking for beginning of value"),
        ("e500", "received unexpected HTTP status: 500 Internal Server Error"),
        ("loop", f'Head {ASKED}/loop/manifests/1": stopped after 10 redirects'),
        ("eof", f'Head {ASKED}/eof/manifests/1": EOF'),
        ("corrupt", f"filesystem layer verification failed for digest {digest(layer('corrupt')[1])}"),
        ("short", f"filesystem layer verification failed for digest {digest(layer('short')[1])}"),
        ("long", f"filesystem layer verification failed for digest {digest(layer('long')[1])}"),
        ("blob404", "unknown blob"),
        ("blob500", "received unexpected HTTP status: 500 Internal Server Error"),
    ],
)
def test_a_pull_that_fails(lab: Lab, name: str, text: str) -> None:
    said = lab.run(f"docker pull {NAME}/{name}:1")
    assert said.stderr.removeprefix("Error response from daemon: ") == f"{text}\n"
    assert said.exit_code == 1
    _nothing_is_left(lab)


@pytest.mark.parametrize("name", ["big", "swapped", "slow", "slowbody", "noise", "truncated"])
def test_what_docker_has_no_one_text_for(lab: Lab, rogue: Rogue, name: str) -> None:
    """It takes manifests of any size, waits for ever, or tells local ports; here each is one clear line."""
    if name.startswith("slow"):
        lab._registries.connect(NAME, Remote(rogue.url, patience=0.3, second=0))
    said = lab.run(f"docker pull {NAME}/{name}:1")
    words = {
        "big": "response body is larger than 4 MiB",
        "swapped": "manifest verification failed for digest sha256:",
        "slow": "Client.Timeout exceeded while awaiting headers",
        "slowbody": "Client.Timeout",
        "noise": "malformed HTTP response",
        "truncated": "unexpected EOF",
    }
    assert words[name] in said.stderr
    assert said.stderr.count("\n") == 1
    _nothing_is_left(lab)


def _nothing_is_left(lab: Lab) -> None:
    assert lab.engine.images.list() == []
    assert len(lab.engine.stores.layers) == 0
    assert len(lab.engine.stores.references) == 0


def test_a_download_goes_on_where_it_broke_off(lab: Lab, rogue: Rogue) -> None:
    said = lab.run(f"docker pull {NAME}/broken:1")
    assert said.exit_code == 0, said.stderr
    path = f"/v2/broken/blobs/{digest(layer('broken')[1])}"
    assert [wanted for _, asked, wanted in rogue.asked if asked == path] == ["", f"bytes={CUT}-"]
    short = digest(layer("broken")[1])[7:19]
    assert [line for line in said.stdout.splitlines() if "Retrying" in line] == [
        f"{short}: Retrying in {seconds} second{'s' if seconds > 1 else ''}" for seconds in (5, 4, 3, 2, 1)
    ]


def test_a_broken_download_is_tried_as_often_as_docker_does(lab: Lab, rogue: Rogue) -> None:
    lab.run(f"docker pull {NAME}/truncated:1")
    path = f"/v2/truncated/blobs/{digest(layer('truncated')[1])}"
    assert [wanted for _, asked, wanted in rogue.asked if asked == path] == [
        "", *(f"bytes={number * CUT}-" for number in range(1, 6))
    ]  # fmt: skip


def test_damaged_bytes_get_a_second_chance(lab: Lab) -> None:
    assert lab.run(f"docker pull {NAME}/once:1").exit_code == 0


@pytest.fixture
def image(lab: Lab) -> str:
    """An image that takes more than one piece to upload."""
    lab.run("docker pull -q alpine")
    return "alpine"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("post500", "received unexpected HTTP status: 500 Internal Server Error"),
        ("manifest400", "manifest invalid: manifest invalid"),
    ],
)
def test_a_push_that_fails(lab: Lab, image: str, name: str, text: str) -> None:
    lab.run(f"docker tag {image} {NAME}/{name}:1")
    said = lab.run(f"docker push {NAME}/{name}:1")
    assert (said.stderr, said.exit_code) == (f"{text}\n", 1)


def test_an_upload_is_tried_five_times(lab: Lab, rogue: Rogue, image: str) -> None:
    lab.run(f"docker tag {image} {NAME}/post500:1; docker push {NAME}/post500:1")
    assert [method for method, _, _ in rogue.asked if method == "POST"] == ["POST"] * 5


def test_an_upload_goes_on_where_it_broke_off(lab: Lab, rogue: Rogue, image: str) -> None:
    lab.run(f"docker tag {image} {NAME}/dropsonce:1")
    said = lab.run(f"docker push {NAME}/dropsonce:1")
    assert said.exit_code == 0, said.stderr
    uploads = [(method, wanted) for method, path, wanted in rogue.asked if "/uploads/" in path]
    assert [method for method, _ in uploads[:5]] == ["POST", "PATCH", "GET", "PATCH", "PUT"]
    assert uploads[3][1].startswith(f"{CUT}-")
    blob = lab.engine.images.find(image).stack[0].layer.blob
    assert bytes(rogue.uploaded).startswith(blob.read())


def test_a_redirect_to_another_origin_is_not_told_who_asks(rogue: Rogue) -> None:
    network = Network()
    network.connect(NAME, Remote(rogue.url))
    secret = {"Authorization": "Basic YWxpY2U6c2VjcmV0"}
    response = network.send(NAME, Request("GET", "/v2/away/blobs/x", secret))
    assert (response.status, response.body) == (200, b"nothing")


def test_giving_up_a_pull_leaves_the_stores_as_they_were(lab: Lab) -> None:
    """As Ctrl-C does it in a notebook."""
    conversation = lab.watch(lab.engine.images.pull(f"{NAME}/fine:1"))
    next(conversation)
    next(conversation)
    conversation.close()
    _nothing_is_left(lab)
    assert lab.run(f"docker pull -q {NAME}/fine:1").exit_code == 0


@pytest.mark.parametrize(
    "url", ["", "localhost:5000", "ftp://x", "http://", "http://x:99999", "http://x:y", "http://x/v2/app", "http://x y"]
)
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(InvalidParameterError, match=r"^invalid registry URL [^\n]+$"):
        Lab().connect_registry(NAME, url)


def test_a_url_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidParameterError) as refused:
        Lab().connect_registry(NAME, "http://alice:secret@127.0.0.1:5000")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "registry", "a/b", "UPPER case"])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(InvalidParameterError, match=r"^invalid registry name "):
        Lab().connect_registry(name, "http://127.0.0.1:5000")


def test_undo_takes_a_connection_back() -> None:
    lab = Lab()
    lab.connect_registry(NAME, "http://127.0.0.1:1")
    assert lab.undo() == f"connecting {NAME} to http://127.0.0.1:1"
    assert "dial tcp 127.0.0.1:5000" in lab.run(f"docker pull {NAME}/x").stderr


def test_the_labs_own_server_on_a_socket(tmp_path: Path) -> None:
    """`dockerlab registry serve` and the client, as a class uses them."""
    with serving(Server(FolderStorage(tmp_path))) as wire:
        first, second = Lab(), Lab()
        for lab in (first, second):
            lab.connect_registry(NAME, f"http://127.0.0.1:{wire.port}")
        first.run(f"docker pull -q alpine; docker tag alpine {NAME}/me/alpine")
        pushed = first.run(f"docker push {NAME}/me/alpine")
        assert pushed.exit_code == 0, pushed.stderr
        assert first.run(f"docker push {NAME}/me/alpine").stdout.count("Layer already exists") == 1
        first.run(f"docker tag alpine {NAME}/you/alpine")
        assert "Mounted from me/alpine" in first.run(f"docker push {NAME}/you/alpine").stdout
        digest = pushed.stdout.split("digest: ")[1].split()[0]
        assert f"Digest: {digest}\n" in second.run(f"docker pull {NAME}/me/alpine").stdout
        assert second.run(f"docker run --rm {NAME}/me/alpine echo hello").stdout == "hello\n"


def test_nothing_of_the_real_network_is_loaded_before_it_is_asked_for() -> None:
    """A browser has neither sockets nor these modules."""
    code = (
        "import sys, dockerlab; dockerlab.Lab().run('docker pull -q busybox'); print({*sys.modules} & {'httpx', 'ssl'})"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"
