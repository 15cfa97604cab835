"""Networks of users: names, addresses, isolation, coming and going while containers run.

The texts are those that Docker Engine 20.10 gave when it was asked (client 28.2.2), but for IDs.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from dockerlab import Lab


@pytest.fixture
def lab() -> Lab:
    found = Lab()
    found.run("docker pull -q busybox")
    return found


def ok(lab: Lab, line: str) -> str:
    result = lab.run(line)
    assert result.exit_code == 0, result
    return result.stdout


def networks(lab: Lab, container: str) -> Any:
    return json.loads(ok(lab, f"docker inspect -f '{{{{json .NetworkSettings.Networks}}}}' {container}"))


def test_containers_on_a_network_find_each_other_by_name(lab: Lab) -> None:
    ok(lab, "docker network create shop")
    server = "sh -c 'while true; do echo hi | nc -l -p 80; done'"
    ok(lab, f"docker run -d --name web --network shop --network-alias www busybox {server}")
    assert ok(lab, "docker run --rm --network shop busybox nc web 80 </dev/null") == "hi\n"
    for name in ("www", "web.shop"):
        assert "172.18.0.2" in ok(lab, f"docker run --rm --network shop busybox nslookup {name}")
    assert ok(lab, "docker run --rm --network shop busybox cat /etc/resolv.conf") == (
        "nameserver 127.0.0.11\noptions ndots:0\n"
    )


def test_on_the_default_bridge_there_are_no_names(lab: Lab) -> None:
    ok(lab, "docker run -d --name web busybox sleep 1000")
    result = lab.run("docker run --rm busybox ping -c 1 web")
    assert (result.stderr, result.exit_code) == ("ping: bad address 'web'\n", 1)


def test_networks_are_apart(lab: Lab) -> None:
    ok(lab, "docker network create one; docker network create two")
    ok(lab, "docker run -d --name web --network one busybox sh -c 'nc -l -p 80'")
    address = networks(lab, "web")["one"]["IPAddress"]
    result = lab.run(f"docker run --rm --network two busybox nc -w 1 {address} 80 </dev/null")
    assert result.exit_code == 1
    assert lab.run("docker run --rm --network two busybox nslookup web").exit_code == 1


def test_subnets_are_taken_in_order_and_given_back(lab: Lab) -> None:
    for name in ("one", "two"):
        ok(lab, f"docker network create {name}")
    shown = "docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' one two"
    assert ok(lab, shown) == "172.18.0.0/16\n172.19.0.0/16\n"
    ok(lab, "docker network rm one; docker network create three")
    assert "172.18.0.0/16" in ok(lab, "docker network inspect three")


def test_a_container_comes_and_goes_while_it_runs(lab: Lab) -> None:
    ok(lab, "docker network create back; docker run -d --name app busybox sleep 1000")
    ok(lab, "docker network connect --alias api back app")
    assert set(networks(lab, "app")) == {"bridge", "back"}
    assert "eth1" in ok(lab, "docker exec app ip addr")
    assert "172.18.0.2" in ok(lab, "docker run --rm --network back busybox nslookup api")
    ok(lab, "docker network disconnect bridge app")
    assert "eth0" not in ok(lab, "docker exec app ip addr")
    assert set(networks(lab, "app")) == {"back"}


def test_a_fixed_address_needs_a_subnet_of_ones_own(lab: Lab) -> None:
    ok(lab, "docker network create shop; docker network create --subnet 10.5.0.0/16 ten")
    ok(lab, "docker run -d --name app --network ten --ip 10.5.0.50 busybox sleep 1000")
    assert networks(lab, "app")["ten"]["IPAddress"] == "10.5.0.50"
    texts = {
        "--network shop --ip 172.18.0.50": "user specified IP address is supported only when connecting to networks "
        "with user configured subnets",
        "--ip 172.17.0.50": "user specified IP address is supported on user defined networks only",
        "--network ten --ip 10.5.0.50": "Address already in use",
        "--network ten --ip 10.99.0.50": "Invalid address 10.99.0.50: It does not belong to any of this network's "
        "subnets",
        "--network ten --ip abc": "invalid IPv4 address: abc",
        "--network nosuch": "network nosuch not found",
    }
    for flags, text in texts.items():
        result = lab.run(f"docker run --rm {flags} busybox true")
        assert result.stderr.startswith(f"docker: Error response from daemon: {text}\n"), flags
        assert result.exit_code == 125


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("create bridge", "Error response from daemon: operation is not permitted on predefined bridge network"),
        ("create -d nosuch x", 'Error response from daemon: plugin "nosuch" not found'),
        ("create -d host x", 'Error response from daemon: only one instance of "host" network is allowed'),
        ("create shop", "Error response from daemon: network with name shop already exists"),
        ("create --subnet abc x", "Error response from daemon: Invalid subnet abc : invalid CIDR address: abc"),
        ("create --gateway 10.7.0.1 x", "every ip-range or gateway must have a corresponding subnet"),
        ("create --subnet 10.7.0.0/16 --gateway 10.8.0.1 x", "no matching subnet for gateway 10.8.0.1"),
        ("create --subnet 10.7.0.0/16 --ip-range 10.8.0.0/24 x", "no matching subnet for range 10.8.0.0/24"),
        (
            "create --subnet 172.18.0.0/24 x",
            "Error response from daemon: Pool overlaps with other one on this address space",
        ),
        ("connect nosuch app", "Error response from daemon: network nosuch not found"),
        ("connect shop nosuch", "Error response from daemon: No such container: nosuch"),
        ("connect shop app", "Error response from daemon: endpoint with name app already exists in network shop"),
        (
            "connect host app",
            "Error response from daemon: container cannot be disconnected from host network or connected to host "
            "network",
        ),
        ("disconnect -f shop nosuch", "Error response from daemon: endpoint nosuch not found"),
        ("inspect nosuch", "[]\nError response from daemon: network nosuch not found"),
        (
            "rm bridge",
            "Error response from daemon: bridge is a pre-defined network and cannot be removed\nexit status 1",
        ),
        ("rm nosuch", "Error response from daemon: network nosuch not found\nexit status 1"),
    ],
)
def test_errors(lab: Lab, words: str, text: str) -> None:
    ok(lab, "docker network create shop; docker run -d --name app --network shop busybox sleep 1000")
    result = lab.run(f"docker network {words}")
    assert (result.stdout + result.stderr, result.exit_code) == (f"{text}\n", 1)


def test_a_network_in_use_stays(lab: Lab) -> None:
    ok(lab, "docker network create shop; docker run -d --name app --network shop busybox sleep 1000")
    text = lab.run("docker network rm shop").stderr
    assert text.startswith("Error response from daemon: error while removing network: network shop id ")
    assert text.endswith(" has active endpoints\nexit status 1\n")
    assert ok(lab, "docker network prune -f") == ""
    ok(lab, "docker rm -f app")
    assert ok(lab, "docker network prune -f") == "Deleted Networks:\nshop\n\n"


def test_an_internal_network_has_no_way_out(lab: Lab) -> None:
    ok(lab, "docker network create --internal safe")
    result = lab.run("docker run --rm --network safe busybox wget -q -O - http://example.com")
    assert result.exit_code == 1


def test_a_container_on_anothers_network_shares_its_name_and_address(lab: Lab) -> None:
    ok(lab, "docker run -d --name app busybox sh -c 'nc -l -p 80'")
    hostname = ok(lab, "docker exec app hostname")
    assert ok(lab, "docker run --rm --network container:app busybox hostname") == hostname
    assert ok(lab, "docker run --rm --network container:app busybox cat /etc/hosts") == ok(
        lab, "docker exec app cat /etc/hosts"
    )
    assert (
        ok(lab, "docker run --rm --network container:app busybox sh -c 'nc localhost 80 </dev/null; echo $?'") == "0\n"
    )


def test_links_on_the_default_bridge(lab: Lab) -> None:
    ok(lab, "docker run -d --name db -e SECRET=x --expose 5432 busybox sleep 1000")
    shown = ok(lab, "docker run --rm --link db:store busybox sh -c 'grep store /etc/hosts; env | grep STORE_ | sort'")
    assert shown.splitlines()[0].startswith("172.17.0.2\tstore ")
    assert "STORE_ENV_SECRET=x" in shown
    assert "STORE_PORT_5432_TCP_ADDR=172.17.0.2" in shown


def test_the_host_by_name(lab: Lab) -> None:
    shown = ok(lab, "docker run --rm --add-host host.docker.internal:host-gateway busybox grep docker /etc/hosts")
    assert shown == "172.17.0.1\thost.docker.internal\n"


def test_events_tell_of_networks(lab: Lab) -> None:
    ok(lab, "docker network create shop; docker run --rm --network shop busybox true; docker network rm shop")
    shown = ok(
        lab,
        "docker events --since 1m --until 0s --filter type=network --format '{{.Action}} {{.Actor.Attributes.name}}'",
    )
    assert shown.split("\n")[:4] == ["create shop", "connect shop", "disconnect shop", "destroy shop"]
