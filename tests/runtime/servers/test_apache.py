"""Apache: its texts are those of Apache 2.4.71, asked by hand with the same settings."""

from __future__ import annotations

import pytest

from dockerlab.runtime.signals import SIGHUP, SIGTERM, SIGWINCH
from tests.runtime.servers.conftest import Job, Yard

ROOT = "/usr/local/apache2"
LOADED = "mpm_event authz_core dir mime autoindex alias headers".split()
CONF = (
    "".join(f"LoadModule {name}_module modules/mod_{name}.so\n" for name in LOADED)
    + """\
ServerRoot "/usr/local/apache2"
Listen 80
DocumentRoot "/usr/local/apache2/htdocs"
<Directory />
    AllowOverride none
    Require all denied
</Directory>
<Directory "/usr/local/apache2/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride All
    Require all granted
</Directory>
<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>
<Files ".ht*">
    Require all denied
</Files>
ErrorLog /proc/self/fd/2
LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
CustomLog /proc/self/fd/1 common
Redirect permanent /old /new
Alias /also/ /usr/local/apache2/htdocs/sub/
Header set X-Test yes
"""
)
NO_NAME = (
    "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using 127.0.0.1. "
    "Set the 'ServerName' directive globally to suppress this message\n"
)


@pytest.fixture
def httpd(yard: Yard) -> Yard:
    """The machine with the places of the image httpd."""
    yard.write(f"{ROOT}/conf/httpd.conf", CONF)
    yard.write(f"{ROOT}/htdocs/index.html", "<html><body><h1>It works!</h1></body></html>\n")
    yard.write(f"{ROOT}/htdocs/sub/a.txt", "a\n")
    yard.write(f"{ROOT}/htdocs/sub/.htaccess", "# nothing\n")
    yard.fs.mkdir(f"{ROOT}/logs")
    return yard


def serve(yard: Yard) -> Job:
    """As httpd-foreground does."""
    return yard.start("httpd -DFOREGROUND")


def test_it_says_that_it_runs(httpd: Yard) -> None:
    server = serve(httpd)
    stamp = "[Mon Nov 23 15:00:00.000000 2026]"
    assert server.stderr == (
        f"{NO_NAME}{NO_NAME}{stamp} [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.65 (Unix) configured -- "
        f"resuming normal operations\n{stamp} [core:notice] [pid 1:tid 1] AH00094: Command line: "
        "'httpd -D FOREGROUND'\n"
    )
    assert [each.uid for each in httpd.machine.alive()] == [0, 33, 33, 33]


def test_answers(httpd: Yard) -> None:
    server = serve(httpd)
    assert httpd.curl("localhost").split("\r\n") == [
        "HTTP/1.1 200 OK",
        "Date: Mon, 23 Nov 2026 15:00:00 GMT",
        "Server: Apache/2.4.65 (Unix)",
        "Last-Modified: Mon, 23 Nov 2026 15:00:00 GMT",
        'ETag: "2d-660f2d90b1c00"',
        "Accept-Ranges: bytes",
        "Content-Length: 45",
        "X-Test: yes",
        "Content-Type: text/html",
        "",
        "<html><body><h1>It works!</h1></body></html>\n",
    ]
    assert "<p>The requested URL was not found on this server.</p>\n</body></html>\n" in httpd.curl("localhost/nope")
    assert "<p>You don't have permission to access this resource.</p>" in httpd.curl("localhost/sub/.htaccess")
    assert "Location: http://localhost/sub/\r\nContent-Length: 269\r\n" in httpd.curl("localhost/sub")
    assert '<ul><li><a href="/"> Parent Directory</a></li>\n<li><a href="a.txt"> a.txt</a></li>\n</ul>\n' in httpd.curl(
        "localhost/sub/"
    )
    assert httpd.curl("localhost/also/a.txt").endswith("\r\n\r\na\n")
    assert "Location: http://localhost/new/x\r\n" in httpd.curl("localhost/old/x")
    assert "Allow: GET,POST,OPTIONS,HEAD,TRACE\r\n" in httpd.curl("-XDELETE", "localhost")
    assert '127.0.0.1 - - [23/Nov/2026:15:00:00 +0000] "GET /nope HTTP/1.1" 404 236\n' in server.stdout
    assert "AH01630: client denied by server configuration: /usr/local/apache2/htdocs/sub/.htaccess\n" in server.stderr


def test_a_wrong_htaccess_is_the_servers_mistake(httpd: Yard) -> None:
    server = serve(httpd)
    httpd.write(f"{ROOT}/htdocs/sub/.htaccess", "RewriteEngine On\n")
    assert httpd.curl("localhost/sub/a.txt").startswith("HTTP/1.1 500 Internal Server Error\r\n")
    wrong = "/sub/.htaccess: Invalid command 'RewriteEngine', perhaps misspelled or defined by a module not included in"
    assert wrong in server.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Foo bar", "AH00526: Syntax error on line 1 of {0}:\nInvalid command 'Foo', perhaps misspelled or defined by "
         "a module not included in the server configuration\n"),
        ("Listen abc", "AH00526: Syntax error on line 1 of {0}:\nPort must be specified\n"),
        ("DocumentRoot /nonono", "AH00526: Syntax error on line 1 of {0}:\n"
         "DocumentRoot '/nonono' is not a directory, or is not readable\n"),
        ("ServerName a b", "AH00526: Syntax error on line 1 of {0}:\n"
         "ServerName takes one argument, The hostname and port of the server\n"),
        ("ErrorLog", "AH00526: Syntax error on line 1 of {0}:\n"
         "ErrorLog takes one argument, The filename of the error log\n"),
        ("</Directory>", "httpd: Syntax error on line 1 of {0}: </Directory> without matching <Directory> section\n"),
        ("Include nofile.conf", "httpd: Syntax error on line 1 of {0}: Could not open configuration file "
         "/usr/local/apache2/nofile.conf: No such file or directory\n"),
        ("Listen 80 81 82", "AH00526: Syntax error on line 1 of {0}:\nListen requires 1 or 2 arguments.\n"),
        ("ServerName localhost", "Syntax OK\n"),
    ],
)  # fmt: skip
def test_mistakes(httpd: Yard, line: str, said: str) -> None:
    path = f"{ROOT}/conf/httpd.conf"
    httpd.write(path, f"{line}\n{CONF}")
    assert httpd.run("httpd -t").stderr == said.format(path)


@pytest.mark.parametrize(
    ("signum", "said"),
    [
        (SIGTERM, "AH00491: caught SIGTERM, shutting down"),
        (SIGWINCH, "AH00492: caught SIGWINCH, shutting down gracefully"),
    ],
)
def test_signals_end_it(httpd: Yard, signum: int, said: str) -> None:
    server = serve(httpd)
    server.process.kill(signum)
    httpd.kernel.settle()
    assert server.stderr.endswith(f"{said}\n")
    assert server.exit_code == 0
    assert not httpd.machine.network.listeners


def test_new_settings(httpd: Yard) -> None:
    server = serve(httpd)
    httpd.write(f"{ROOT}/conf/httpd.conf", CONF.replace("Listen 80", "Listen 80\nListen 81"))
    server.process.kill(SIGHUP)
    httpd.kernel.settle()
    assert "AH00494: SIGHUP received.  Attempting to restart\n" in server.stderr
    assert httpd.curl("localhost:81").startswith("HTTP/1.1 200 OK\r\n")


def test_it_runs_once_and_is_stopped_by_its_control(httpd: Yard) -> None:
    httpd.start("sleep 1000")
    assert httpd.run("apachectl start").exit_code == 0
    assert httpd.run("apachectl start").stdout == "httpd (pid 3) already running\n"
    assert httpd.run("apachectl stop").exit_code == 0
    httpd.kernel.settle()
    assert not httpd.machine.network.listeners
