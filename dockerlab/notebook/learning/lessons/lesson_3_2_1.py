"""Questions and exercises of lesson 3.2.1, inspect."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import ContainerStatus, FileSays, HostFile, OnlyStopped
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.2.1 id",
        "docker image inspect busybox --format='{{ .id }}': what is printed?",
        (
            Choice("The image's ID", "Fields are written as in the JSON: it is .Id, with a capital I."),
            Choice("Nothing: an unknown field is empty", "A field that isn't there is an error."),
            Choice(
                "An error that tells the place",
                'map has no entry for key "id", and :1:3 says where: line 1, character 3.',
                right=True,
            ),
        ),
    ),
    Question(
        "3.2.1 quick: json",
        "What does docker image inspect --format='{{json .Id}}' busybox print?",
        (
            Choice('{"Id": "sha256:…"}', "Only the value is asked for, not its name."),
            Choice('"sha256:…"', "The value, written as JSON: a text in its quotes.", right=True),
            Choice("sha256:…", "That is {{.Id}}: the value as plain text."),
        ),
    ),
    Question(
        "3.2.1 quick: unclosed",
        "--format='{{.Config.Cmd' gives 'template: :1: unclosed action'. What is missing?",
        (
            Choice("The name of a field", "The template can't even be read: it has no end."),
            Choice("}} at the end", "What {{ opens, }} closes.", right=True),
            Choice("A quote", "The quotes belong to the shell, which has taken them off already."),
        ),
    ),
    Question(
        "3.2.1 quick: compressed",
        "A layer is packed once more, with a better compression. Which of its digests changes?",
        (
            Choice("Its diff ID", "The diff ID is that of the tar, before it is compressed: it stays."),
            Choice("The digest of the blob in the registry", "The blob is the compressed file.", right=True),
            Choice("The image's ID", "The configuration lists diff IDs, which stay, and so does its digest."),
        ),
    ),
    Question(
        "3.2.1 quick: pull by digest",
        "docker pull app@sha256:… names an image so that nobody can move it. Which digest is that?",
        (
            Choice(
                "That of the configuration, the image ID",
                "docker images shows that one; a registry is asked for manifests.",
            ),
            Choice(
                "That of the manifest",
                "It names the configuration and the layers by their digests, so all is fixed.",
                right=True,
            ),
            Choice("That of the topmost layer", "Two images may have that layer in common."),
        ),
    ),
)

STACK = "printf 'FROM busybox\\nRUN echo one > /one\\n' | docker build -q -t stack -"
ASK = "docker image inspect --format='{}' {} > {}"
PAINTERS = tuple(
    f"docker run -d --name {name} -e COLOR={color} busybox sleep 100000"
    for name, color in (("anna", "blue"), ("ben", "green"), ("cleo", "red"))
)

EXERCISES = (
    Exercise(
        name="3.2.1 only the ID",
        task="Write the full ID of the image `busybox`, and nothing else, into the file `/lab/id.txt`.",
        start=("docker pull -q busybox", "rm -f /lab/id.txt"),
        goals=(FileSays("/lab/id.txt", "busybox", "Id", "the full ID of busybox"),),
        solution=(ASK.format("{{.Id}}", "busybox", "/lab/id.txt"),),
        wrong_turns=(
            WrongTurn(
                ("docker image inspect busybox > /lab/id.txt",),
                HostFile("/lab/id.txt", '"RepoTags"'),
                "The file has all that inspect says. --format picks one field of it.",
            ),
            WrongTurn(
                (ASK.format("{{json .Id}}", "busybox", "/lab/id.txt"),),
                HostFile("/lab/id.txt", '"sha256:'),
                "json writes a text with its quotes. Without json they are gone.",
            ),
        ),
        hints=(
            "--format takes a template; > sends what is printed into a file.",
            "{{.Id}} is the field; the quotes around the template keep the shell away from it.",
            "docker image inspect --format='{{.Id}}' busybox > /lab/id.txt",
        ),
    ),
    Exercise(
        name="3.2.1 who is green",
        task="Three containers are running: `anna`, `ben` and `cleo`. One of them has the environment variable `COLOR=green`. Find out which, and stop that one only.",
        start=("docker rm -f anna ben cleo 2>/dev/null", *PAINTERS),
        goals=(OnlyStopped(("anna", "ben", "cleo"), "COLOR=green"),),
        solution=(
            "docker container inspect --format='{{.Name}} {{.Config.Env}}' anna ben cleo",
            "docker stop ben",
        ),
        wrong_turns=(
            WrongTurn(
                ("docker stop anna ben cleo",),
                ContainerStatus("anna", "exited"),
                "anna is not green, and has stopped. docker start wakes it up again; look at Config.Env before you stop one.",
            ),
            WrongTurn(
                ("docker stop cleo",),
                ContainerStatus("cleo", "exited"),
                "cleo has another colour. docker start wakes it up again; look at Config.Env first.",
            ),
            WrongTurn(
                ("docker rm -f ben",),
                ContainerStatus("ben", None),
                "The right one, but it is gone with all that it has written. restart() brings it back: stop it.",
            ),
        ),
        hints=(
            "docker container inspect shows environment variables under Config.Env.",
            "inspect takes several names, and prints the template once for each: --format='{{.Name}} {{.Config.Env}}'.",
            "ben is green: docker stop ben",
        ),
    ),
    Exercise(
        name="3.2.1 the top layer",
        task="The image `stack` has two layers. Write the diff ID of the upper one into `/lab/top.txt`, and nothing else. Take it from inspect, or compute it: `docker image save`, `tar` and `sha256sum` lead there, too.",
        start=(STACK, "rm -f /lab/top.txt"),
        goals=(FileSays("/lab/top.txt", "stack", "RootFS.Layers.1", "the diff ID of stack's upper layer"),),
        solution=(ASK.format("{{index .RootFS.Layers 1}}", "stack", "/lab/top.txt"),),
        wrong_turns=(
            WrongTurn(
                (ASK.format("{{index .RootFS.Layers 0}}", "stack", "/lab/top.txt"),),
                FileSays("/lab/top.txt", "stack", "RootFS.Layers.0", "the diff ID of the lower layer"),
                "That is the lowest layer, busybox's. They are listed from the bottom up.",
            ),
            WrongTurn(
                (ASK.format("{{.Id}}", "stack", "/lab/top.txt"),),
                FileSays("/lab/top.txt", "stack", "Id", "the ID of stack"),
                "That is the image's ID: the digest of its configuration. Layers stand under RootFS.",
            ),
        ),
        hints=(
            "docker image inspect lists the diff IDs under RootFS.Layers, the lowest first.",
            "{{index LIST NUMBER}} takes one item; numbers begin with 0.",
            "docker image inspect --format='{{index .RootFS.Layers 1}}' stack > /lab/top.txt",
        ),
    ),
)
