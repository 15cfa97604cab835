"""python3 -m http.server, busybox httpd and php -S: the texts are those of Python 3.11, busybox 1.35 and PHP 8.2."""

from __future__ import annotations

import pytest

from dockerlab.runtime.signals import SIGINT, SIGTERM
from tests.runtime.servers.conftest import Yard


def fill(yard: Yard) -> None:
    """A folder with an index, and one without."""
    yard.write("/srv/index.html", "<h1>hi</h1>\n")
    yard.write("/srv/list/a b&c.html", "yy\n")
    yard.fs.mkdir("/srv/list/sub")


def test_python_serves_a_folder_and_logs_each_request(yard: Yard) -> None:
    fill(yard)
    server = yard.start("python3 -m http.server", PYTHONUNBUFFERED="1")
    assert server.stdout == "Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...\n"
    assert yard.curl("localhost:8000").endswith("Content-type: text/html\r\nContent-Length: 12\r\nLast-Modified: "
                                                "Mon, 23 Nov 2026 15:00:00 GMT\r\n\r\n<h1>hi</h1>\n")  # fmt: skip
    listing = yard.curl("localhost:8000/list/")
    assert '<li><a href="a%20b%26c.html">a b&amp;c.html</a></li>\n<li><a href="sub/">sub/</a></li>\n' in listing
    assert "404 File not found\r\n" in yard.curl("localhost:8000/nope")
    assert "Location: /list/\r\nContent-Length: 0\r\n" in yard.curl("localhost:8000/list")
    assert "501 Unsupported method ('POST')\r\n" in yard.curl("-XPOST", "localhost:8000/")
    assert server.stderr.splitlines() == [
        f"127.0.0.1 - - [23/Nov/2026 15:00:00] {line}"
        for line in (
            '"GET / HTTP/1.1" 200 -',
            '"GET /list/ HTTP/1.1" 200 -',
            "code 404, message File not found",
            '"GET /nope HTTP/1.1" 404 -',
            '"GET /list HTTP/1.1" 301 -',
            "code 501, message Unsupported method ('POST')",
            '"POST / HTTP/1.1" 501 -',
        )
    ]


def test_python_keeps_its_first_line_until_it_ends_where_nobody_watches(yard: Yard) -> None:
    """Standard output that is no terminal is buffered: `docker logs` shows the line only after Ctrl-C."""
    server = yard.start("python3 -m http.server 9000")
    assert server.stdout == ""
    server.process.kill(SIGINT)
    yard.kernel.settle()
    assert server.stdout.endswith("port 9000 (http://0.0.0.0:9000/) ...\n\nKeyboard interrupt received, exiting.\n")
    assert server.exit_code == 0


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        ("abc", "server.py: error: argument port: invalid int value: 'abc'\n", 2),
        ("--foo", "server.py: error: unrecognized arguments: --foo\n", 2),
        ("8000 9000", "server.py: error: unrecognized arguments: 9000\n", 2),
        ("-d", "server.py: error: argument -d/--directory: expected one argument\n", 2),
        ("99999", "OverflowError: bind(): port must be 0-65535.\n", 1),
        ("--bind nowhere", "socket.gaierror: [Errno -2] Name or service not known\n", 1),
    ],
)
def test_python_refuses_what_makes_no_sense(yard: Yard, words: str, said: str, code: int) -> None:
    job = yard.run(f"python3 -m http.server {words}")
    assert job.stderr.endswith(said)
    assert job.exit_code == code


def test_busybox_serves_in_the_background() -> None:
    busybox = Yard("busybox")
    fill(busybox)
    busybox.start("sleep 1000")
    assert busybox.run("httpd -p 8080 -h /srv").exit_code == 0
    answer = busybox.curl("localhost:8080/list")
    assert answer.startswith("HTTP/1.1 302 Found\r\n")
    assert "Location: /list/\r\n" in answer
    assert busybox.curl("localhost:8080/list/").startswith("HTTP/1.1 404 Not Found\r\n")
    assert busybox.curl("localhost:8080/").endswith("<h1>hi</h1>\n")
    gone = busybox.run("httpd -f -h /nonono")
    assert gone.stderr == "httpd: can't change directory to '/nonono': No such file or directory\n"
    assert gone.exit_code == 1


def test_php_serves_pages_and_files(yard: Yard) -> None:
    yard.write("/srv/index.php", '<p><?php echo "hello ", 1 + 2, " ", $_GET["name"] ?? "you"; ?></p>')
    yard.write("/srv/a.txt", "hi\n")
    server = yard.start("php -S 127.0.0.1:8000")
    assert server.stderr == (
        "[Mon Nov 23 15:00:00 2026] PHP 8.4.14 Development Server (http://127.0.0.1:8000) started\n"
    )
    page = yard.curl("localhost:8000/nowhere?name=me")
    assert page.endswith("Content-type: text/html; charset=UTF-8\r\n\r\n<p>hello 3 me</p>")
    assert "X-Powered-By: PHP/8.4.14\r\n" in page
    assert "Content-Type: text/plain; charset=UTF-8\r\nContent-Length: 3\r\n" in yard.curl("localhost:8000/a.txt")
    assert server.stderr.splitlines()[2].endswith(" [200]: GET /nowhere?name=me")
    server.process.kill(SIGTERM)
    yard.kernel.settle()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('for ($i = 0; $i < 3; $i++) { $a[] = $i * 2; } echo implode(",", $a);', "0,2,4"),
        ('foreach (["x" => 1, "y" => [2]] as $k => $v) echo "$k=", is_array($v) ? "array" : $v, ";";', "x=1;y=array;"),
        ('$s = "a"; $s .= "b"; if ($s === "ab" && !false): echo strtoupper($s); endif;', "AB"),
        ('echo json_encode(["a" => [1, 2], "u" => "x/y"]);', '{"a":[1,2],"u":"x\\/y"}'),
        ('echo 7 / 2, " ", 6 / 2, " ", 7 % 4, " ", "5" + "6";', "3.5 3 3 11"),
        ('echo date("Y-m-d"), " ", php_sapi_name(), " ", gethostname();', "2026-11-23 cli yard"),
        ("exit(3);", ""),
    ],
)  # fmt: skip
def test_php_code(yard: Yard, code: str, said: str) -> None:
    assert yard.run(["php", "-r", code]).stdout == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("class A {}", "PHP dockerlab does not simulate `class` of PHP, in Command line code on line 1\n"),
        ("mysqli_x();", "PHP dockerlab does not simulate mysqli_x() of PHP, in Command line code on line 1\n"),
        ("echo 1 +;", 'PHP Parse error:  syntax error, unexpected token ";" in Command line code on line 1\n'),
        ("echo 1 / 0;", "PHP Fatal error:  Uncaught DivisionByZeroError: Division by zero\n"),
        ("while (true) {}", "PHP Fatal error:  Maximum execution time of 30 seconds exceeded in Command line code\n"),
        ("echo " + "(" * 5000, "PHP Fatal error:  Maximum function nesting level reached in Command line code\n"),
    ],
)  # fmt: skip
def test_php_says_what_it_can_not(yard: Yard, code: str, said: str) -> None:
    job = yard.run(["php", "-r", code])
    assert job.stdout == said
    assert job.exit_code == 255
