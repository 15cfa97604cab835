"""pip in containers: the distribution's Python is not pip's, environments are, and a cache makes layers larger."""

from __future__ import annotations

import pytest

from dockerlab.runtime.packages.catalogue import simple
from dockerlab.runtime.packages.pip_requirements import choose_version, parse_requirement


@pytest.fixture
def debian(box):  # type: ignore[no-untyped-def]
    """Debian 12 with its python3-pip and python3-venv."""
    box.fs.write("/etc/os-release", b"ID=debian\nVERSION_CODENAME=bookworm\n")
    for name in ("python", "python3", "pip", "pip3", "gcc"):
        box.fs.unlink(f"/bin/{name}")
    assert box.sh("apt-get update && apt-get install -y python3-pip python3-venv").exit_code == 0
    return box


@pytest.fixture
def image(box):  # type: ignore[no-untyped-def]
    """A machine like the python images, whose interpreter lies in /usr/local."""
    box.fs.mkdir("/usr/local/lib/python3.12/site-packages", parents=True)
    return box


def test_the_distributions_python_is_managed(debian) -> None:  # type: ignore[no-untyped-def]
    """PEP 668; the text is that of Debian's EXTERNALLY-MANAGED file."""
    result = debian.run("pip install flask")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[2:4] == [
        "× This environment is externally managed",
        "╰─> To install Python packages system-wide, try apt install",
    ]
    assert debian.run("python3 -m pip --version").stdout == (
        "pip 23.0.1 from /usr/lib/python3/dist-packages/pip (python 3.11)\n"
    )


def test_an_environment_is_ones_own(debian) -> None:  # type: ignore[no-untyped-def]
    assert debian.run("python3 -m venv /venv").exit_code == 0
    result = debian.run("/venv/bin/pip install flask")
    assert result.lines[-1].startswith("Successfully installed blinker-1.9.0 click-")
    assert result.stderr == ""
    assert debian.sh(". /venv/bin/activate && python -c 'import flask; print(1)'").stdout == "1\n"
    assert debian.run(["python3", "-c", "import flask"]).exit_code == 1


def test_debian_has_venv_in_a_package_of_its_own(box) -> None:  # type: ignore[no-untyped-def]
    box.fs.write("/etc/os-release", b"ID=debian\nVERSION_CODENAME=bookworm\n")
    box.fs.unlink("/bin/python3")
    box.sh("apt-get update && apt-get install -y python3")
    result = box.run("python3 -m venv /venv")
    assert "    apt install python3.11-venv\n" in result.stdout
    assert result.exit_code == 1


def test_requirements_files(image) -> None:  # type: ignore[no-untyped-def]
    image.write("requirements.txt", "# web\nflask==3.0.0\nrequests>=2  # http\n")
    result = image.run("pip install --no-cache-dir -r requirements.txt")
    assert result.lines[0] == "Collecting flask==3.0.0 (from -r requirements.txt (line 2))"
    assert "Flask==3.0.0" in image.run("pip freeze").lines
    assert not image.fs.exists("/root/.cache")
    assert result.stderr.startswith("WARNING: Running pip as the 'root' user can result in broken permissions")
    assert image.run("pip install -r nosuch.txt").stderr == (
        "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'nosuch.txt'\n"
    )


def test_downloads_are_kept_unless_told_otherwise(image) -> None:  # type: ignore[no-untyped-def]
    image.run("pip install numpy")
    assert image.fs.disk_usage("/root/.cache/pip") > 10e6
    image.run("pip uninstall -y numpy")
    assert "Using cached numpy-" in image.run("pip install numpy").stdout


def test_what_is_there_stays(image) -> None:  # type: ignore[no-untyped-def]
    image.run("pip install six")
    folder = "/usr/local/lib/python3.12/site-packages"
    assert image.run("pip install six").lines == [f"Requirement already satisfied: six in {folder} (1.17.0)"]
    assert image.run("pip show six").lines[0] == "Name: six"
    assert image.run("pip uninstall -y six").lines[-1] == "  Successfully uninstalled six-1.17.0"
    assert image.run("pip show six").stderr == "WARNING: Package(s) not found: six\n"


def test_what_is_not_there(image) -> None:  # type: ignore[no-untyped-def]
    result = image.run("pip install nosuchthing")
    assert result.stderr.splitlines() == [
        "ERROR: Could not find a version that satisfies the requirement nosuchthing (from versions: none)",
        "ERROR: No matching distribution found for nosuchthing",
    ]
    assert image.run("pip install flask==99").exit_code == 1
    assert image.run("pip foo").stderr == 'ERROR: unknown command "foo"\n'


@pytest.mark.parametrize(
    ("specifiers", "chosen"),
    [("", "2.4.6"), ("==1.0", "1.0"), (">=3", None), ("<2", "1.26.4"), ("~=2.0", "2.4.6"), ("==2.4.*", "2.4.6")],
)
def test_choosing_a_version(specifiers: str, chosen: str | None) -> None:
    """PEP 440's operators."""
    assert choose_version(specifiers, "2.4.6", ["1.26.4"]) == chosen


def test_reading_a_requirement() -> None:
    """PEP 508: extras and markers aside, a name and what versions may be."""
    assert parse_requirement('Flask_Cors[x] >= 2 ; python_version > "3"') == ("flask-cors", ">=2")


def test_there_is_enough_of_everything() -> None:
    assert len(simple("pypi")) >= 60
    assert len(simple("npm")) >= 40
    assert len(simple("alpine")) >= 100
