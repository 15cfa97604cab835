"""redis-server and redis-cli; replies as Redis 7.0 gave them to the same lines."""

from __future__ import annotations

import pytest

from dockerlab.runtime.net import receive
from tests.runtime.servers.bridge import Node, Site


@pytest.fixture
def db(site: Site) -> Node:
    """A machine on which a server runs."""
    node = site.node("db")
    node.start("redis-server")
    return node


SAID = {
    "PING": "PONG",
    "PING hello": '"hello"',
    "SET a 1": "OK",
    "SET a 2 NX": "(nil)",
    "GET nope": "(nil)",
    "INCR n": "(integer) 1",
    "INCRBY n 41": "(integer) 42",
    "INCRBYFLOAT n 0.5": '"42.5"',
    "APPEND s abc": "(integer) 3",
    "GETRANGE s -2 -1": '"bc"',
    "MSET x 1 y 2": "OK",
    "MGET x nope y": '1) "1"\n2) (nil)\n3) "2"',
    "EXPIRE x 100": "(integer) 1",
    "TTL x": "(integer) 100",
    "TTL y": "(integer) -1",
    "TTL nope": "(integer) -2",
    "TYPE x": "string",
    "RPUSH l one two three": "(integer) 3",
    "LRANGE l 0 -1": '1) "one"\n2) "two"\n3) "three"',
    "LPOP l": '"one"',
    "LLEN l": "(integer) 2",
    "HSET h f v g w": "(integer) 2",
    "HGETALL h": '1) "f"\n2) "v"\n3) "g"\n4) "w"',
    "SADD numbers 3 1 2": "(integer) 3",
    "SMEMBERS numbers": '1) "1"\n2) "2"\n3) "3"',
    "SINTER numbers nothing": "(empty array)",
    "ZADD z 2 b 1.5 a": "(integer) 2",
    "ZRANGE z 0 -1 WITHSCORES": '1) "a"\n2) "1.5"\n3) "b"\n4) "2"',
    "ZRANGEBYSCORE z (1.5 +inf": '1) "b"',
    "ZINCRBY z 3 a": '"4.5"',
    "DEL x y nope": "(integer) 2",
    "OBJECT ENCODING h": '"listpack"',
    "SET quoted 'a\"b\\x00'": "OK",
    "EXISTS n s nope": "(integer) 2",
    "SELECT 3": "OK",
    "DBSIZE": "(integer) 0",
    "SELECT 16": "(error) ERR DB index is out of range",
    "SELECT 0": "OK",
    "INCR s": "(error) ERR value is not an integer or out of range",
    "LPUSH s 1": "(error) WRONGTYPE Operation against a key holding the wrong kind of value",
    "GET": "(error) ERR wrong number of arguments for 'get' command",
    "foo bar": "(error) ERR unknown command 'foo', with args beginning with: 'bar' ",
    "SET a 1 EX 0": "(error) ERR invalid expire time in 'set' command",
    "SET a 1 SOON": "(error) ERR syntax error",
    "EXEC": "(error) ERR EXEC without MULTI",
    "MULTI": "OK",
    "INCR t": "QUEUED",
    "GET t": "QUEUED",
    "EXEC ": '1) (integer) 1\n2) "1"',
    "XADD events * a 1": "(error) ERR the command 'xadd' is not simulated by dockerlab",
    'SET a "': "Invalid argument(s)",
}


def test_replies(db: Node) -> None:
    said = db.says("redis-cli", "".join(f"{line}\n" for line in SAID))
    assert said == "".join(f"{reply}\n" for reply in SAID.values())


def test_without_a_terminal_replies_are_plain(db: Node) -> None:
    answer = db.run("redis-cli", "set a 'x y'\nget a\nincr n\nget nope\nmget a nope n\nfoo\n")
    unknown = "ERR unknown command 'foo', with args beginning with: \n\n"
    assert answer.stdout == f"OK\nx y\n1\n\nx y\n\n1\n{unknown}"
    assert db.run("redis-cli -e foo").exit_code == 1
    assert db.run("redis-cli -x set k", "from stdin").stdout == "OK\n"
    assert db.run("redis-cli -r 3 incr n").stdout == "2\n3\n4\n"


def test_keys_expire_as_the_lab_s_clock_goes(db: Node, site: Site) -> None:
    db.run("redis-cli set session x EX 60")
    site.clock.advance(seconds=59)
    assert db.says("redis-cli get session") == '"x"\n'
    site.clock.advance(seconds=1)
    assert db.says("redis-cli get session") == "(nil)\n"


def test_the_log_of_a_start_and_an_end(site: Site) -> None:
    server = site.node("db", REDIS_VERSION="7.4.7").start("redis-server")
    start = "1:C 23 Nov 2026 15:00:00.000 * "
    assert server.lines[0] == start + "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo"
    assert server.lines[-1] == "1:M 23 Nov 2026 15:00:00.000 * Ready to accept connections tcp"
    assert server.stop() == 0
    assert [line[31:] for line in server.lines[-4:]] == [
        "User requested shutdown...",
        "Saving the final RDB snapshot before exiting.",
        "DB saved on disk",
        "Redis is now ready to exit, bye bye...",
    ]


def test_data_outlives_the_server_in_its_dump(db: Node) -> None:
    db.run(
        "redis-cli",
        'set a 1\nset b 2 ex 9000\nrpush l x y\nhset h f v\nsadd s m\nzadd z 1.5 m\nset c "caf\\xc3"\nsave\n',
    )
    assert db.machine.fs.read("/data/dump.rdb").startswith(b"REDIS0009")
    db.run("redis-cli shutdown")
    again = db.start("redis-server")
    assert any(line.endswith("Done loading RDB, keys loaded: 7, keys expired: 0.") for line in again.lines)
    assert db.says("redis-cli ttl b") == "(integer) 9000\n"
    assert db.says("redis-cli zscore z m") == '"1.5"\n'
    assert db.says("redis-cli get c") == '"caf\\xc3"\n'


def test_what_is_not_saved_is_lost_when_it_is_killed(db: Node) -> None:
    db.run("redis-cli set a 1")
    db.machine.processes[1].kill(9)
    db.start("redis-server")
    assert db.says("redis-cli get a") == "(nil)\n"


def test_an_append_only_file_loses_nothing(site: Site) -> None:
    db = site.node("db")
    server = db.start("redis-server --appendonly yes")
    db.run("redis-cli", "set a 1\nincr a\nselect 2\nsadd s x y\nspop s\nget a\n")
    server.stop(9)
    files = db.run("ls appendonlydir").stdout.split()
    assert files == ["appendonly.aof.1.base.rdb", "appendonly.aof.1.incr.aof", "appendonly.aof.manifest"]
    db.start("redis-server --appendonly yes")
    assert db.says("redis-cli get a") == '"2"\n'
    assert db.says("redis-cli -n 2 scard s") == "(integer) 1\n"


def test_a_damaged_dump_is_refused(site: Site) -> None:
    db = site.node("db")
    for data in (b"REDIS0009\xfe", b"nonsense", b"REDIS0009\xff" + b"\1" * 8):
        db.machine.fs.write("/data/dump.rdb", data)
        server = db.start("redis-server")
        assert server.proc.exit_code == 1
        assert "Fatal error loading the DB" in server.lines[-1]


def test_it_saves_by_itself_after_a_while(db: Node, site: Site) -> None:
    db.run("redis-cli set a 1")
    site.kernel.advance_to(site.clock.now + 3599 * 10**9)
    assert not db.machine.fs.exists("/data/dump.rdb")
    site.kernel.advance_to(site.clock.now + 2 * 10**9)
    assert db.machine.fs.exists("/data/dump.rdb")


def test_a_password(site: Site) -> None:
    db, app = site.node("db"), site.node("app")
    db.start("redis-server --requirepass geheim")
    assert app.says("redis-cli -h db ping") == "(error) NOAUTH Authentication required.\n"
    assert app.run("redis-cli -h db ping", env={"REDISCLI_AUTH": "geheim"}).stdout == "PONG\n"
    answer = app.run("redis-cli -h db -a wrong ping")
    assert answer.stdout == "NOAUTH Authentication required.\n\n"
    assert answer.stderr.splitlines()[1] == "AUTH failed: WRONGPASS invalid username-password pair or user is disabled."


def test_settings_from_a_file_and_from_words(site: Site) -> None:
    db = site.node("db")
    db.machine.fs.write("/etc/redis.conf", b'# a file\nport 7000\nsave ""\nmaxmemory 1mb\n')
    db.start("redis-server /etc/redis.conf --port 7001")
    assert db.says("redis-cli -p 7001 config get maxmemory") == '1) "maxmemory"\n2) "1048576"\n'
    assert db.says("redis-cli -p 7001 config get save") == '1) "save"\n2) ""\n'
    said = "\n*** FATAL CONFIG FILE ERROR (Redis 7.4.7) ***\nReading the configuration file, at line 2\n"
    assert db.says("redis-server --foo bar") == f"{said}>>> 'foo \"bar\"'\nBad directive or wrong number of arguments\n"
    missing = "# Fatal error, can't open config file '/x.conf': No such file or directory"
    assert missing in db.says("redis-server /x.conf")


def test_memory_is_bounded(db: Node) -> None:
    assert "maximum allowed size" in db.says("redis-cli setrange a 500000000 x")
    db.run("redis-cli config set maxmemory 900kb")
    full = "(error) OOM command not allowed when used memory > 'maxmemory'.\n"
    db.run("redis-cli", f"set a {'x' * 20000}\n")
    assert db.says("redis-cli set b 1") == full
    assert db.says("redis-cli del a") == "(integer) 1\n"


def test_two_servers_at_one_port(db: Node) -> None:
    assert "bind: Address already in use" in db.says("redis-server")


def test_who_can_t_be_reached(site: Site) -> None:
    app, _ = site.node("app"), site.node("web")
    refused = "Could not connect to Redis at {}: Connection refused\n"
    assert app.says("redis-cli ping") == refused.format("127.0.0.1:6379")
    assert app.says("redis-cli -h web ping") == refused.format("web:6379")
    assert app.says("redis-cli -h db ping") == "Could not connect to Redis at db:6379: Name or service not known\n"


def test_a_worker_waits_for_a_job_and_a_reader_for_messages(db: Node, site: Site) -> None:
    worker, reader = db.start("redis-cli blpop jobs 0"), db.start("redis-cli subscribe news")
    app = site.node("app")
    assert app.says("redis-cli -h db lpush jobs one") == "(integer) 1\n"
    assert app.says("redis-cli -h db publish news hello") == "(integer) 1\n"
    site.kernel.settle()
    assert worker.lines == ["jobs", "one"]
    assert reader.lines == ["subscribe", "news", "1", "message", "news", "hello"]


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        (b"PING\r\n", b"+PONG\r\n"),
        (b"*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n", b"+PONG\r\n$2\r\nhi\r\n"),
        (b"*x\r\n", b"-ERR Protocol error: invalid multibulk length\r\n"),
        (b"*1\r\nPING\r\n", b"-ERR Protocol error: expected '$', got 'P'\r\n"),
        (b'GET "\r\n', b"-ERR Protocol error: unbalanced quotes in request\r\n"),
        (b"*2\r\n$4\r\nECHO\r\n$5\r\nhi", b""),
        (b"\0\xff\r\n", b"-ERR unknown command '\xef\xbf\xbd', with args beginning with: \r\n"),
    ],
)
def test_bytes_on_the_wire(db: Node, site: Site, sent: bytes, got: bytes) -> None:
    socket = site.node("app").machine.network.connect("172.20.0.2", 6379)
    socket.write(sent)
    socket.shutdown()
    site.kernel.settle()
    assert site.kernel.finish(receive(socket)) == got
    assert db.says("redis-cli ping") == "PONG\n"  # and it goes on


def test_an_idle_server_costs_nothing(db: Node, site: Site) -> None:
    activity = site.kernel.activity
    site.kernel.advance_to(site.clock.now + 86_400 * 10**9)
    assert site.kernel.activity - activity <= 2
