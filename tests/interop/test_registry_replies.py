"""What Docker's registry replied when data/replies.json was recorded, the one that is installed replies today."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interop.conftest import Real, tool
from tests.interop.registries import docker_registry
from tests.registry.asking import Wire
from tests.registry.replies import Stage
from tests.registry.test_replies import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_dockers_registry_still_replies_so(real: Real, case: dict[str, Any]) -> None:
    tool("docker-registry")
    with docker_registry(real.folder) as host:
        assert Stage(Wire(int(host.rpartition(":")[2]))).reply(case) == case["reply"]
