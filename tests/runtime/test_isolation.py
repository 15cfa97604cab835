"""No program reaches the machine's own files, environment, network or processes, whatever it tries."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dockerlab import Lab

SECRET = "only-the-real-machine-knows"


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A lab on a machine whose environment has a secret."""
    monkeypatch.setenv("DOCKERLAB_TEST_SECRET", SECRET)
    lab = Lab()
    lab.run("docker pull -q busybox")
    return lab


ENVIRONMENT = r"""
env
printenv DOCKERLAB_TEST_SECRET
echo $DOCKERLAB_TEST_SECRET
set
export
cat /proc/self/environ
cat /proc/1/environ
awk 'BEGIN { print ENVIRON["DOCKERLAB_TEST_SECRET"] }'
eval echo '$DOCKERLAB_TEST_SECRET'
jq -n env
jq -n '$ENV'
ps e
sh -c env
xargs -n1 echo < /proc/self/environ
"""
READING = r"""
cat PATH
cat ../../../../../..PATH
ln -s PATH /tmp/l; cat /tmp/l
cat /proc/self/rootPATH
cat /proc/1/cwdPATH
cp PATH /tmp/x; cat /tmp/x
source PATH
awk '1' PATH
awk 'BEGIN { getline < "PATH"; print }'
sed -n p PATH
sed 'r PATH' /etc/passwd
tar cO PATH
dd if=PATH
jq -R . PATH
curl file://PATH
docker run --rm -v PATH:/x busybox cat /x
docker cp PATH box:/x
find / -name dockerlab-secret -exec cat {} +
python3 -c 'print(open("PATH").read())'
read x < PATH; echo $x
mapfile -t a < PATH; echo ${a[@]}
"""
WRITING = r"""
echo x > PATH
touch PATH
tee PATH <<< x
cp /etc/passwd PATH
awk 'BEGIN { print > "PATH" }'
sed 'w PATH' /etc/passwd
docker save -o PATH busybox
"""
KILLING = r"""
kill -9 PID
kill -0 PID
cat /proc/PID/cmdline
"""
REACHING = r"""
curl -m 5 http://127.0.0.1:22/
wget -q -T 5 http://example.com/
nc -w 5 127.0.0.1 22 < /dev/null
"""


def rows(text: str) -> list[str]:
    """The lines of a table."""
    return text.strip().splitlines()


@pytest.mark.parametrize("line", rows(ENVIRONMENT))
@pytest.mark.parametrize("inside", [False, True])
def test_the_environment_stays_outside(lab: Lab, line: str, inside: bool) -> None:
    lab.host.write("/lab/line.sh", line.encode())
    answer = lab.run("docker run --rm -i busybox sh < line.sh" if inside else line)
    assert SECRET not in answer.stdout + answer.stderr


@pytest.mark.parametrize("line", rows(READING))
def test_files_stay_outside(lab: Lab, tmp_path: Path, line: str) -> None:
    secret = tmp_path / "dockerlab-secret"
    secret.write_text(SECRET)
    answer = lab.run(line.replace("PATH", str(secret)))
    assert SECRET not in answer.stdout + answer.stderr


@pytest.mark.parametrize("line", rows(WRITING))
def test_nothing_is_written_outside(lab: Lab, tmp_path: Path, line: str) -> None:
    target = tmp_path / "written"
    lab.run(f"mkdir -p {tmp_path}; " + line.replace("PATH", str(target)))
    assert lab.host.exists(str(target)), "the lab has a file of that name, the machine has none"
    assert not target.exists()


@pytest.mark.parametrize("line", rows(KILLING))
def test_processes_stay_outside(lab: Lab, line: str) -> None:
    assert lab.run(line.replace("PID", str(os.getpid()))).exit_code != 0


@pytest.mark.parametrize("line", rows(REACHING))
def test_only_the_virtual_network_answers(lab: Lab, line: str) -> None:
    assert lab.run(line).exit_code != 0
