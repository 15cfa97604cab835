"""Web servers in containers: published ports, names on a network, mounted settings, a day that costs nothing."""

from __future__ import annotations

import time

import pytest

from dockerlab.lab import Lab


@pytest.fixture
def lab() -> Lab:
    """A host with nginx."""
    lab = Lab()
    assert lab.run("docker pull -q nginx").exit_code == 0
    return lab


def test_nginx_answers_at_a_published_port_and_logs(lab: Lab) -> None:
    lab.run("docker run -d --name web -p 8080:80 nginx")
    assert "<title>Welcome to nginx!</title>" in lab.run("curl -s localhost:8080").stdout
    logs = lab.run("docker logs web")
    assert logs.stdout.startswith("/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform ")
    assert logs.stdout.endswith(
        '172.17.0.1 - - [23/Nov/2026:15:00:00 +0000] "GET / HTTP/1.1" 200 395 "-" "curl/8.5.0" "-"\n'
    )
    assert '[notice] 1#1: using the "epoll" event method\n' in logs.stderr
    assert lab.run("docker stop web").exit_code == 0
    assert lab.run("docker inspect -f '{{.State.ExitCode}}' web").stdout == "0\n"
    assert lab.run("docker logs --tail 1 web").stderr.endswith("[notice] 1#1: exit\n")


def test_wrong_settings_end_the_container(lab: Lab) -> None:
    lab.run("mkdir conf; echo 'server { listen 80; server_nam x; }' > conf/default.conf")
    lab.run("docker run -d --name web -v /lab/conf:/etc/nginx/conf.d nginx")
    assert lab.run("docker inspect -f '{{.State.ExitCode}}' web").stdout == "1\n"
    told = '[emerg] unknown directive "server_nam" in /etc/nginx/conf.d/default.conf:1\n'
    said = lab.run("docker logs web").stderr
    assert said.endswith(f"nginx: {told}")
    assert said.count(told[8:]) == 2


def test_a_proxy_finds_its_neighbour_by_name(lab: Lab) -> None:
    lab.run("docker network create net")
    lab.run("mkdir html; echo from app > html/index.html")
    lab.run("docker run -d --name app --network net -v /lab/html:/usr/share/nginx/html nginx")
    lab.run("mkdir conf; echo 'server { listen 80; location / { proxy_pass http://app; } }' > conf/default.conf")
    lone = lab.run("docker run --rm -v /lab/conf:/etc/nginx/conf.d nginx")
    assert '[emerg] host not found in upstream "app" in /etc/nginx/conf.d/default.conf:1\n' in lone.stderr
    lab.run("docker run -d --network net -p 8080:80 -v /lab/conf:/etc/nginx/conf.d nginx")
    assert lab.run("curl -s localhost:8080").stdout == "from app\n"
    lab.run("docker stop app")
    assert "<title>502 Bad Gateway</title>" in lab.run("curl -s localhost:8080").stdout


def test_templates_are_filled_by_the_entrypoint(lab: Lab) -> None:
    lab.run("mkdir tpl; echo 'server { listen 80; return 200 \"${WHO}\\n\"; }' > tpl/default.conf.template")
    lab.run("docker run -d -p 8080:80 -e WHO=me -v /lab/tpl:/etc/nginx/templates nginx")
    assert lab.run("curl -s localhost:8080").stdout == "me\n"


def test_a_day_with_twenty_idle_servers_costs_nothing(lab: Lab) -> None:
    for number in range(20):
        lab.run(f"docker run -d --name web{number} nginx")
    before = time.perf_counter()
    lab.clock.advance(days=1)
    assert time.perf_counter() - before < 1
    assert lab.run("docker ps -q | wc -l").stdout == "20\n"
