"""What no container can be made with (each text asked of engine 20.10.24 through client 28.2.2)."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.engine.container_body import host_config
from dockerlab.engine.container_checks import check_host
from dockerlab.errors import DockerlabError

MEGA = 1 << 20


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"Memory": 1}, "Minimum memory limit allowed is 6MB"),
        ({"Memory": 10 * MEGA, "MemoryReservation": 20 * MEGA},
         "Minimum memory limit can not be less than memory reservation limit, see usage"),
        ({"NanoCpus": 1, "CpuPeriod": 100_000}, "Conflicting options: Nano CPUs and CPU Period cannot both be set"),
        ({"NanoCpus": 5 * 10**9}, "Range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs available"),
        ({"CpuPeriod": 1}, "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"),
        ({"CpuQuota": 1}, "CPU cfs quota can not be less than 1ms (i.e. 1000)"),
        ({"CpusetCpus": "x"}, "Invalid value x for cpuset cpus: invalid format: x"),
        ({"CpusetCpus": "0-4"}, "Requested CPUs are not available - requested 0-4, available: 0-3"),
        ({"OomScoreAdj": 5000}, "Invalid value 5000, range for oom score adj is [-1000, 1000]"),
        ({"IpcMode": "x"}, "Invalid IPC mode: x"),
        ({"StorageOpt": {"size": "10m"}},
         "--storage-opt is supported only for overlay over xfs with 'pquota' mount option"),
        ({"StorageOpt": {"foo": "1"}}, "Unknown option foo"),
        ({"Isolation": "x"}, "Invalid isolation: \"x\" - linux only supports 'default'"),
        ({"Runtime": "nosuch"}, "Unknown runtime specified nosuch"),
        ({"LogConfig": {"Type": "nosuch"}}, 'error looking up logging plugin nosuch: plugin "nosuch" not found'),
        ({"LogConfig": {"Type": "", "Config": {"x": ""}}}, "unknown log opt 'x' for json-file log driver"),
    ],
)  # fmt: skip
def test_what_is_refused(given: dict[str, Any], text: str) -> None:
    with pytest.raises(DockerlabError) as caught:
        check_host(host_config(given), 4)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    "given",
    [
        {"CpusetCpus": "0-2,3"},
        {"IpcMode": "container:x"},
        {"LogConfig": {"Type": "json-file", "Config": {"max-size": "1m"}}},
    ],
)
def test_what_is_fine(given: dict[str, Any]) -> None:
    check_host(host_config(given), 4)
