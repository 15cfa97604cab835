"""Users and groups: programs edit the files of the machine, and `id` reads them."""

from __future__ import annotations


def test_useradd_and_groupadd(box) -> None:  # type: ignore[no-untyped-def]
    assert box.sh("groupadd -g 2000 app && useradd -r -u 999 -g app -d /app -m -s /bin/false app").exit_code == 0
    assert box.run("id app").stdout == "uid=999(app) gid=2000(app) groups=2000(app)\n"
    assert box.run("stat -c %U /app").stdout == "app\n"


def test_alpines_adduser(busybox) -> None:  # type: ignore[no-untyped-def]
    assert busybox.sh("addgroup -S app && adduser -S -D -H -G app app").exit_code == 0
    assert busybox.run("id -u app").stdout == "100\n"
    assert busybox.run("grep ^app /etc/passwd").stdout == "app:x:100:100:Linux User:/home/app:/bin/false\n"


def test_debians_adduser_speaks(box) -> None:  # type: ignore[no-untyped-def]
    result = box.run("adduser --disabled-password --gecos '' joe")
    assert "Adding user `joe' ...\n" in result.stdout
    assert box.fs.is_dir("/home/joe")
    assert box.run("adduser joe").stderr == "adduser: The user `joe' already exists.\n"


def test_su_runs_as_another(box) -> None:  # type: ignore[no-untyped-def]
    assert box.run(["su", "me", "-c", "id -un; echo $HOME"]).lines == ["me", "/home/me"]
    assert box.run("su nosuch").stderr.startswith("su: user nosuch does not exist")
    assert box.run("su-exec me whoami").stdout == "me\n"


def test_joining_and_leaving(box) -> None:  # type: ignore[no-untyped-def]
    box.run("usermod -aG root me")
    assert box.run("id -Gn me").stdout == "me root staff\n"
    box.run("userdel -r me")
    assert box.run("id me").exit_code == 1
    assert not box.fs.exists("/home/me")


def test_passwords_are_kept_unreadable(box) -> None:  # type: ignore[no-untyped-def]
    box.sh("useradd joe; echo joe:secret | chpasswd")
    shadow = box.fs.read("/etc/shadow").decode()
    assert "secret" not in shadow
    assert "joe:$6$" in shadow


def test_who_is_nobody(box, busybox) -> None:  # type: ignore[no-untyped-def]
    assert box.run("id", uid=65534).stdout == "uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n"
    assert box.run("whoami", uid=4242).stderr == "whoami: cannot find name for user ID 4242\n"
    assert busybox.run("whoami", uid=4242).stderr == "whoami: unknown uid 4242\n"
