"""Questions and exercises of lesson 3.3.2, Docker Hub."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import HostFile, ImageExists, LoggedIn, NoLogins, Pushed
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.3.2 namespace",
        "You are logged in as student. Which of these pushes does Docker Hub accept?",
        (
            Choice("docker push box", "box means library/box: only Docker itself may push there."),
            Choice("docker push student/box", "Everybody owns the namespace of the own account.", right=True),
            Choice("docker push teacher/box", "Another account owns that namespace: denied."),
        ),
    ),
    Question(
        "3.3.2 private",
        "student/notes is private. Somebody else pulls it. What does he read?",
        (
            Choice("That the repository is private", "That would tell him that it is there."),
            Choice(
                "That it does not exist, or that he may have to log in",
                "Private and missing are answered alike, so that nobody can find out names.",
                right=True,
            ),
            Choice("The list of those who may see it", "Only its owner sees who may."),
        ),
    ),
    Question(
        "3.3.2 quick: stdin",
        "Why docker login -u me --password-stdin, and not -p secret?",
        (
            Choice("It is shorter", "It is longer, in fact."),
            Choice(
                "What is typed after -p stands in the shell's history and in ps",
                "The password comes through a pipe or from a file, and nobody sees it.",
                right=True,
            ),
            Choice("The password is then stored encrypted", "What is stored is the same: base64 in config.json."),
        ),
    ),
    Question(
        "3.3.2 quick: token",
        "A build server only has to pull private images. What do you give it?",
        (
            Choice("Your password", "It could push, delete, and change your account, and can't be taken back alone."),
            Choice(
                "An access token that may read",
                "It can do no more, and is taken back without anything else.",
                right=True,
            ),
            Choice("Nothing: pulling needs no login", "That holds for public images only."),
        ),
    ),
    Question(
        "3.3.2 quick: limit",
        "A pull says toomanyrequests. What helps at once?",
        (
            Choice("docker login", "Accounts have a limit of their own, which is higher.", right=True),
            Choice("docker restart", "The hub counts, not your daemon."),
            Choice("Removing images", "What is on your disk has nothing to do with it."),
        ),
    ),
)

FOUND = (
    'printf \'{"auths": {"https://index.docker.io/v1/": {"auth": "%s"}, "localhost:5000": {"auth": "%s"}}}\\n\' '
    "$(printf 'grace:correct horse' | base64) $(printf 'grace:battery staple' | base64) > /lab/found/config.json"
)
ENTRY = 'grep -o \'v1/": {"auth": "[^"]*\' /lab/found/config.json | cut -d\'"\' -f5'

EXERCISES = (
    Exercise(
        name="3.3.2 namespace",
        task="The file `/lab/password` holds the password of the account `ada`. Push `busybox` to Docker Hub as `ada/box:1`, without typing the password.",
        start=(
            "docker logout",
            "docker rmi ada/box:1 box:1 ada/box:latest >/dev/null 2>&1",
            "docker pull -q busybox",
            "echo moonlight > /lab/password",
        ),
        goals=(LoggedIn("Docker Hub", "ada"), Pushed("ada/box:1")),
        solution=(
            "docker login -u ada --password-stdin < /lab/password",
            "docker tag busybox ada/box:1",
            "docker push ada/box:1",
        ),
        wrong_turns=(
            WrongTurn(
                (
                    "docker login -u student --password-stdin < /lab/password",
                    "docker tag busybox ada/box:1",
                    "docker push ada/box:1",
                ),
                LoggedIn("Docker Hub", "student"),
                "You are logged in as student, who may not push to ada/. docker login -u ada.",
            ),
            WrongTurn(
                (
                    "docker login -u ada --password-stdin < /lab/password",
                    "docker tag busybox box:1",
                    "docker push box:1",
                ),
                ImageExists("box:1"),
                "box:1 means docker.io/library/box:1, where only Docker may push. The account's name comes first: ada/box:1.",
            ),
        ),
        hints=(
            "Log in, give the image a name in ada's namespace, push that name.",
            "--password-stdin reads the password from the input: < /lab/password.",
            "docker login -u ada --password-stdin < /lab/password, docker tag busybox ada/box:1, docker push ada/box:1",
        ),
    ),
    Exercise(
        name="3.3.2 found",
        task="A laptop was sold, and with it this file: `/lab/found/config.json`. What was the password for Docker Hub? Write it to the host's file `/lab/found/answer`.",
        start=("mkdir -p /lab/found", "rm -f /lab/found/answer", FOUND),
        goals=(HostFile("/lab/found/answer", "correct horse", "the password for Docker Hub"),),
        solution=(f"{ENTRY} | base64 -d | cut -d: -f2 > /lab/found/answer",),
        wrong_turns=(
            WrongTurn(
                (f"{ENTRY} > /lab/found/answer",),
                HostFile("/lab/found/answer", "Z3JhY2U6"),
                "That is the entry as it stands in the file. base64 -d turns it back.",
            ),
            WrongTurn(
                (
                    'grep -o \'5000": {"auth": "[^"]*\' /lab/found/config.json | cut -d\'"\' -f5 | base64 -d > /lab/found/answer',
                ),
                HostFile("/lab/found/answer", "battery staple"),
                "That is the password for localhost:5000. Docker Hub's entry is called https://index.docker.io/v1/.",
            ),
        ),
        hints=(
            'cat the file: each registry has an entry with "auth".',
            "The letters after auth are name:password in base64. Docker Hub is called https://index.docker.io/v1/ there.",
            "echo THE_LETTERS | base64 -d, then echo THE_PASSWORD > /lab/found/answer",
        ),
    ),
    Exercise(
        name="3.3.2 clean host",
        task="This host is logged in twice: at Docker Hub and at `localhost:5000`. Push `student/memo:1`, which is here, to Docker Hub. Then leave no login behind.",
        start=(
            "docker start registry >/dev/null 2>&1 || docker run -q -d -p 5000:5000 --name registry registry:2",
            "docker pull -q busybox && docker tag busybox student/memo:1",
            "echo sunrise > /lab/password",
            "docker login -u student --password-stdin < /lab/password",
            "docker login -u student --password-stdin localhost:5000 < /lab/password",
        ),
        goals=(Pushed("student/memo:1"), NoLogins()),
        solution=("docker push student/memo:1", "docker logout", "docker logout localhost:5000"),
        wrong_turns=(
            WrongTurn(
                ("docker logout", "docker logout localhost:5000", "docker push student/memo:1"),
                NoLogins(),
                "Nobody is logged in, so the hub refuses the push. Log in again (the password is in /lab/password), push, then log out.",
            ),
            WrongTurn(
                ("docker push student/memo:1", "docker logout"),
                LoggedIn("localhost:5000", "student"),
                "docker logout alone means Docker Hub. The entry of localhost:5000 needs a docker logout of its own.",
            ),
        ),
        hints=(
            "The order matters: first what needs a login.",
            "docker logout takes the name of a registry; without one it means Docker Hub.",
            "docker push student/memo:1, docker logout, docker logout localhost:5000",
        ),
    ),
)
