"""docker manifest inspect (transcript registry.json)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_a_manifest_is_indented_with_tabs(host: Host) -> None:
    host("docker tag busybox:1.35 localhost:5005/bb:v1; docker push localhost:5005/bb:v1")
    out = host("docker manifest inspect --insecure localhost:5005/bb:v1")[0]
    assert out.startswith('{\n\t"schemaVersion": 2,\n\t"mediaType": "application/vnd.docker.distribution.manifest')
    assert list(json.loads(host("docker manifest inspect --insecure -v localhost:5005/bb:v1")[0])) == [
        "Ref", "Descriptor", "Raw", "SchemaV2Manifest",
    ]  # fmt: skip


def test_without_https_there_is_no_manifest(host: Host) -> None:
    text = "no such manifest: localhost:5005/bb:v1\n"
    assert host("docker manifest inspect localhost:5005/bb:v1") == ("", text, 1)


def test_a_list_is_made_of_images_that_a_registry_has(host: Host) -> None:
    # Asked of client 28.2.2 with distribution 2.8.2, and transcript g17_registry.
    host("docker tag busybox:1.35 localhost:5005/a:1; docker push -q localhost:5005/a:1")
    host("docker tag busybox:1.35 localhost:5005/b:1; docker push -q localhost:5005/b:1")
    create = "docker manifest create --insecure localhost:5005/list:1"
    assert host(f"{create} localhost:5005/a:1") == ("Created manifest list localhost:5005/list:1\n", "", 0)
    refusal = "refusing to amend an existing manifest list with no --amend flag\n"
    assert host(f"{create} localhost:5005/b:1") == ("", refusal, 1)
    host(f"{create} --amend localhost:5005/b:1")
    host("docker manifest annotate localhost:5005/list:1 localhost:5005/b:1 --arch arm64 --variant v8")
    shown = json.loads(host("docker manifest inspect localhost:5005/list:1")[0])
    assert [entry["platform"] for entry in shown["manifests"]] == [
        {"architecture": "amd64", "os": "linux"},
        {"architecture": "arm64", "os": "linux", "variant": "v8"},
    ]


def test_a_pushed_list_is_pulled_by_platform(host: Host) -> None:
    host("docker tag busybox:1.35 localhost:5005/a:1; docker push -q localhost:5005/a:1")
    host("docker manifest create --insecure localhost:5005/list:1 localhost:5005/a:1")
    host("docker manifest annotate localhost:5005/list:1 localhost:5005/a:1 --arch arm64")
    pushed = host("docker manifest push --purge localhost:5005/list:1")[0].splitlines()
    assert [line.split("@")[0] for line in pushed[:-1]] == ["Pushed ref localhost:5005/list"]
    out = host("curl -sI -H 'Accept: application/vnd.docker.distribution.manifest.list.v2+json' "
               "localhost:5005/v2/list/manifests/1")[0]  # fmt: skip
    assert pushed[-1] in out, "the digest that is printed is the list's"
    text = "no matching manifest for linux/amd64 in the manifest list entries\n"
    assert host("docker pull localhost:5005/list:1") == ("1: Pulling from list\n", text, 1)
    assert host("docker manifest rm localhost:5005/list:1") == ("", "No such manifest: localhost:5005/list:1\n", 1)


def test_what_is_wrong_with_a_list_is_said_in_the_client_s_words(host: Host) -> None:
    host("docker tag busybox:1.35 localhost:5005/a:1; docker push -q localhost:5005/a:1")
    host("docker manifest create --insecure here localhost:5005/a:1")
    rule = "cannot use source images from a different registry than the target image: localhost:5005 != docker.io\n"
    assert host("docker manifest push here") == ("", rule, 1)
    assert host("docker manifest inspect here") == ("", f"failed to assemble ManifestDescriptor: {rule}", 1)
    odd = "manifest entry for image has unsupported os/arch combination: /vax\n"
    assert host("docker manifest annotate here localhost:5005/a:1 --arch vax") == ("", odd, 1)
    name = "error parsing name for manifest list BAD: "
    reason = "invalid reference format: repository name (library/BAD) must be lowercase\n"
    assert host("docker manifest create BAD x") == ("", name + reason, 1)
