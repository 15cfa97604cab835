"""A lab's signature in a real registry; distribution 2.8.2 lists no referrers, so they stand under a tag."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator

import pytest

from dockerlab import Lab
from tests.interop.conftest import Real, tool

PORT = 5079
NAME = f"localhost:{PORT}/me/app"
CONFIG = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}/registry}}}}
http: {{addr: 127.0.0.1:{port}}}
"""


@pytest.fixture
def registry(real: Real) -> Iterator[str]:
    """A docker-registry on loopback, gone afterwards."""
    tool("docker-registry")
    (real.folder / "registry.yml").write_text(CONFIG.format(folder=real.folder, port=PORT))
    server = subprocess.Popen(
        ["docker-registry", "serve", real.folder / "registry.yml"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/v2/").close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{PORT}"
    finally:
        server.terminate()
        server.wait()


def test_a_signature_lives_in_a_real_registry(real: Real, registry: str) -> None:
    tool("skopeo")
    from dockerlab.registry.remote import Remote

    lab = Lab()
    lab._registries.connect(f"localhost:{PORT}", Remote(registry))
    lab.run(f"docker pull -q busybox; docker tag busybox {NAME}:1; docker push -q {NAME}:1; cosign generate-key-pair")
    for note in ("one", "two"):
        assert lab.run(f"cosign sign --key cosign.key -a note={note} {NAME}:1").exit_code == 0
    claims = json.loads(lab.run(f"cosign verify --key cosign.pub {NAME}:1").stdout)
    assert sorted(claim["optional"]["note"] for claim in claims) == ["one", "two"]
    digest = claims[0]["critical"]["image"]["docker-manifest-digest"]
    index = json.loads(
        real.check(f"skopeo inspect --raw --tls-verify=false docker://{NAME}:{digest.replace(':', '-')}")
    )
    kinds = {row["artifactType"] for row in index["manifests"]}
    assert kinds == {"application/vnd.dev.sigstore.bundle.v0.3+json"}
    raw = real.check(f"skopeo inspect --raw --tls-verify=false docker://{NAME}@{index['manifests'][0]['digest']}")
    assert json.loads(raw)["subject"]["digest"] == digest
