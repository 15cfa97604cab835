"""Questions and exercises of lesson 3.3.4, search."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import HostFile, ImageExists, SearchFound
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.3.4 limit",
        "docker search server prints 25 rows. How many does --filter is-official=true leave, if 11 official ones fit the word?",
        (
            Choice(
                "All 11",
                "The filter only sees the 25 that the hub has sent. With --limit 100 it sees them all.",
            ),
            Choice("Perhaps none", "It leaves those of the 25, and here there is none among them.", right=True),
            Choice("25 official ones", "A filter takes rows away, and never asks for more."),
        ),
    ),
    Question(
        "3.3.4 quick: star",
        "docker search --filter=star=3 ubuntu says Invalid filter 'star'. Why?",
        (
            Choice("ubuntu has fewer than 3 stars", "Then the list would be shorter, and nothing would be said."),
            Choice("The filter is called stars", "It means: at least so many stars.", right=True),
            Choice("The = has to go", "--filter=stars=3 and --filter stars=3 are the same."),
        ),
    ),
    Question(
        "3.3.4 quick: official",
        "What does [OK] under OFFICIAL tell you?",
        (
            Choice("The image has no security holes", "Official images have them, too, until they are built again."),
            Choice("Docker looks after the repository", "It is looked after, and has no owner's name.", right=True),
            Choice("It has more stars than the others", "Stars are given by users. Both columns are independent."),
        ),
    ),
    Question(
        "3.3.4 quick: tags",
        "You want to know which tags nginx has. What do you do?",
        (
            Choice("docker search nginx:*", "docker search knows repositories, and no tags."),
            Choice("docker search --no-trunc nginx", "That shows the whole descriptions."),
            Choice(
                "Look at the hub's page, or ask the registry for its list of tags", "Search ends at names.", right=True
            ),
        ),
    ),
    Question(
        "3.3.4 quick: own",
        "Your images are in a registry at localhost:5000. How do you find them?",
        (
            Choice("docker search localhost:5000/box", "Only Docker Hub has the index which docker search asks."),
            Choice("curl localhost:5000/v2/_catalog", "A registry lists its repositories there.", right=True),
            Choice("docker images", "That lists what is on this host."),
        ),
    ),
)

NAMES = "docker search --format '{{.Name}}'"
WORDS = "docker search --format '{{.Description}}'"

EXERCISES = (
    Exercise(
        name="3.3.4 official",
        task="Write the names of *all* official repositories that are found for `python` into the host's file `/lab/official`, and nothing else. (There are more than one.)",
        start=("rm -f /lab/official",),
        goals=(SearchFound("/lab/official", "python", official=True),),
        solution=(f"{NAMES} --filter is-official=true --limit 100 python > /lab/official",),
        wrong_turns=(
            WrongTurn(
                (f"{NAMES} --filter is-official=true python > /lab/official",),
                SearchFound("/lab/official", "python", official=True, limit=25),
                "The filter saw only 25 results. Ask the hub for more: --limit goes up to 100.",
            ),
            WrongTurn(
                ("docker search --filter is-official=true --limit 100 python > /lab/official",),
                HostFile("/lab/official", "STARS"),
                "The file holds the whole table. --format '{{.Name}}' prints names only.",
            ),
        ),
        hints=(
            "Three options: one filters, one asks for more results, one prints names only.",
            "--filter is-official=true, --limit 100, --format with a template; > writes into a file.",
            "docker search --filter is-official=true --limit 100 --format '{{.Name}}' python > /lab/official",
        ),
    ),
    Exercise(
        name="3.3.4 words",
        task="`rastasheep/ubuntu-sshd` has many stars. What does its description say at the end? Write the whole description into the host's file `/lab/words`.",
        start=("rm -f /lab/words",),
        goals=(HostFile("/lab/words", "Ubuntu with a door for SSH, no longer maintained.", "the whole description"),),
        solution=(f"{WORDS} --no-trunc rastasheep/ubuntu-sshd > /lab/words",),
        wrong_turns=(
            WrongTurn(
                (f"{WORDS} rastasheep/ubuntu-sshd > /lab/words",),
                HostFile("/lab/words", "…"),
                "The description is cut off at …: --no-trunc shows it as it is.",
            ),
            WrongTurn(
                (f"{WORDS} --no-trunc --limit 1 ubuntu > /lab/words",),
                HostFile("/lab/words", "Ubuntu base system"),
                "That is the description of ubuntu itself. Search for rastasheep/ubuntu-sshd.",
            ),
        ),
        hints=(
            "The table cuts long descriptions.",
            "--no-trunc doesn't cut them, --format '{{.Description}}' prints nothing else.",
            "docker search --no-trunc --format '{{.Description}}' rastasheep/ubuntu-sshd > /lab/words",
        ),
    ),
    Exercise(
        name="3.3.4 choose",
        task="You need a database that *speaks MySQL*, but is not `mysql` itself. It must be official. Find it, and pull it.",
        start=("docker rmi -f mysql mariadb postgres >/dev/null 2>&1",),
        goals=(ImageExists("mariadb:latest"),),
        solution=("docker search --filter is-official=true 'speaks mysql'", "docker pull mariadb"),
        wrong_turns=(
            WrongTurn(
                ("docker pull -q mysql",),
                ImageExists("mysql:latest"),
                "That is mysql itself. Descriptions are searched, too: search for the words 'speaks mysql' in quotes.",
            ),
            WrongTurn(
                ("docker pull -q postgres",),
                ImageExists("postgres:latest"),
                "postgres is official, but speaks its own language. Read the descriptions of what docker search mysql finds.",
            ),
        ),
        hints=(
            "docker search looks into names and descriptions.",
            "Several words go into quotes; --filter is-official=true leaves the official ones.",
            "docker search --filter is-official=true 'speaks mysql', then docker pull with the name that is found",
        ),
    ),
)
