"""sshd, ssh-keygen, service and cron: the words are those of OpenSSH 9.2, and of Debian's init scripts."""

from __future__ import annotations

from dockerlab.runtime.signals import SIGTERM
from tests.runtime.servers.conftest import Yard


def ready(yard: Yard) -> None:
    """What an installed openssh-server needs."""
    yard.write("/etc/ssh/sshd_config", "# all as it is\nPort 22\n")
    yard.run("ssh-keygen -A")
    yard.fs.mkdir("/run/sshd")


def test_sshd_says_who_it_is(yard: Yard) -> None:
    yard.start("sleep 1000")
    ready(yard)
    server = yard.start("/bin/sshd -D -e")
    assert server.stderr == "Server listening on 0.0.0.0 port 22.\r\nServer listening on :: port 22.\r\n"
    assert yard.send(22, r"hello\r\n") == (
        "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\nInvalid SSH identification string.\r\n"
    )
    server.process.kill(SIGTERM)
    yard.kernel.settle()
    assert server.stderr.endswith("Received signal 15; terminating.\r\n")
    assert yard.run("ssh me@localhost").stderr == "ssh: connect to host localhost port 22: Connection refused\n"


def test_what_sshd_misses(yard: Yard) -> None:
    assert yard.run("sshd -D").stderr == "sshd re-exec requires execution with an absolute path\n"
    assert yard.run("/bin/sshd -D").stderr == "/etc/ssh/sshd_config: No such file or directory\n"
    yard.write("/etc/ssh/sshd_config", "Foo bar\n")
    assert yard.run("/bin/sshd -t").stderr == (
        "/etc/ssh/sshd_config: line 1: Bad configuration option: Foo\n"
        "/etc/ssh/sshd_config: terminating, 1 bad configuration options\n"
    )
    yard.write("/etc/ssh/sshd_config", "")
    assert yard.run("/bin/sshd -D").stderr == "sshd: no hostkeys available -- exiting.\n"
    yard.run("ssh-keygen -A")
    assert yard.run("/bin/sshd -D").stderr == "Missing privilege separation directory: /run/sshd\n"


def test_keys_are_pairs_of_files(yard: Yard) -> None:
    made = yard.run(["ssh-keygen", "-t", "ed25519", "-N", "", "-f", "/srv/k"])
    assert made.stdout.startswith("Generating public/private ed25519 key pair.\nYour identification has been saved in ")
    assert yard.read("/srv/k.pub").startswith("ssh-ed25519 ")
    assert yard.fs.stat("/srv/k").mode == 0o600
    assert yard.run("ssh-keygen -l -f /srv/k").stdout.endswith(" root@yard (ED25519)\n")


def test_services_of_debian(yard: Yard) -> None:
    yard.start("sleep 1000")
    yard.write("/usr/sbin/nginx", "\0")
    yard.fs.chmod("/usr/sbin/nginx", 0o755)
    yard.write("/etc/nginx/nginx.conf", "events {} http { server { listen 8080; return 200 ok; } }")
    yard.fs.mkdir("/var/cache/nginx", parents=True)
    assert yard.run("service nginx status").stdout == "nginx is not running ... failed!\n"
    assert yard.run("service nginx start").stdout == "Starting nginx: nginx.\n"
    assert yard.curl("localhost:8080").endswith("ok")
    assert yard.run("service nginx status").stdout == "nginx is running.\n"
    assert yard.run("service nginx stop").stdout == "Stopping nginx: nginx.\n"
    assert not yard.machine.network.listeners
    assert yard.run("service foo start").stderr == "foo: unrecognized service\n"


def test_cron_runs_lines_when_their_time_has_come(yard: Yard) -> None:
    yard.write("/etc/cron.d/mine", "*/10 * * * * root echo tick >> /srv/ticks\n")
    yard.start("cron -f")
    yard.kernel.advance_to(yard.clock.now + 3600 * 10**9 + 1)
    assert yard.read("/srv/ticks").count("tick\n") == 6
