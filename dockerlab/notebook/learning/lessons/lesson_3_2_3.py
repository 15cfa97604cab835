"""Questions and exercises of lesson 3.2.3, squash, export and import."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import (
    BareFiles,
    ImageFile,
    ImageSetting,
    LayersAtMost,
    SavedImage,
    SizeBelow,
)
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.2.3 quick: stages",
        "A build needs a compiler of 300 MB, the program itself has 5 MB. Which way ships 5 MB, with today's builder?",
        (
            Choice("RUN rm of the compiler as the last step", "The layer with the compiler is shipped all the same."),
            Choice("docker build --squash", "BuildKit, today's builder, only warns that it can't squash."),
            Choice(
                "A second stage that takes the program with COPY --from",
                "Only the last stage becomes the image; the compiler stays behind.",
                right=True,
            ),
        ),
    ),
    Question(
        "3.2.3 quick: squashed",
        "What does docker history show of a squashed image?",
        (
            Choice(
                "One layer with all bytes, and the steps with 0B",
                "The story is kept, the bytes are all in one place.",
                right=True,
            ),
            Choice("Only one row", "That is what an import looks like: squash keeps the story of the steps."),
            Choice("The same sizes as before", "The steps' layers have become one, and what was deleted is gone."),
        ),
    ),
    Question(
        "3.2.3 quick: which command",
        "A colleague sends you app.tar, written by docker save. How does it become an image again?",
        (
            Choice("docker import app.tar", "That takes the archive's own files for the files of a container."),
            Choice("docker load -i app.tar", "save and load belong together, export and import do.", right=True),
            Choice("docker build app.tar", "A build needs a Dockerfile."),
        ),
    ),
    Question(
        "3.2.3 quick: slash",
        r"What does echo '{}' > \etc\docker\daemon.json write on Linux?",
        (
            Choice("The file /etc/docker/daemon.json", "Only a / leads from folder to folder."),
            Choice(
                "A file etcdockerdaemon.json in the current folder",
                "The shell takes a backslash away; what is left is one word.",
                right=True,
            ),
            Choice("Nothing: the name is refused", "A strange name, but a name: nobody complains, and nothing works."),
        ),
    ),
)

LEAN = (
    "printf 'FROM busybox\\nRUN dd if=/dev/zero of=/scraps bs=1000 count=5000\\n"
    'RUN echo ready > /tool.txt\\nCMD ["cat", "/tool.txt"]\\n\' > /lab/lean/Dockerfile'
)
STAGES = (
    "printf 'FROM busybox AS build\\nRUN dd if=/dev/zero of=/scraps bs=1000 count=5000\\nRUN echo ready > /tool.txt\\n"
    'FROM busybox\\nCOPY --from=build /tool.txt /\\nCMD ["cat", "/tool.txt"]\\n\' > /lab/lean/Dockerfile'
)
BUILD = "docker build -q -t tool:2 /lab/lean"
IMPORT = "docker image import {} /lab/moving/box.tar greeter:moved"

EXERCISES = (
    Exercise(
        name="3.2.3 lean",
        task="`/lab/lean/Dockerfile` leaves 5 MB of scraps in its image `tool:1`. Build `tool:2` from `busybox` with the same `/tool.txt` and the same `CMD`, without `/scraps`, in one layer more than `busybox` has.",
        start=(
            "docker pull -q busybox",
            "docker rmi -f tool:1 tool:2 2>/dev/null",
            "mkdir -p /lab/lean",
            LEAN,
            "docker build -q -t tool:1 /lab/lean",
        ),
        goals=(
            ImageFile("tool:2", "/tool.txt", "ready"),
            ImageFile("tool:2", "/scraps", None),
            ImageSetting("tool:2", "Config.Cmd", ["cat", "/tool.txt"]),
            LayersAtMost("tool:2", "busybox", 1),
            SizeBelow("tool:2", "busybox", 100_000),
        ),
        solution=(STAGES, BUILD),
        wrong_turns=(
            WrongTurn(
                (STAGES.replace("COPY --from=build /tool.txt /\\n", ""), BUILD),
                ImageFile("tool:2", "/tool.txt", None),
                "The last stage begins with nothing but its base. Fetch the file: COPY --from=build /tool.txt /",
            ),
            WrongTurn(
                (STAGES.replace('CMD ["cat", "/tool.txt"]\\n', ""), BUILD),
                ImageSetting("tool:2", "Config.Cmd", ["sh"]),
                "tool:2 still has busybox's own command. CMD belongs in the last stage.",
            ),
            WrongTurn(
                (LEAN.replace("CMD", "RUN rm /scraps\\nCMD"), BUILD),
                ImageFile("tool:2", "/scraps", None),
                "/scraps can't be seen any more, but look at docker history tool:2: its 5 MB are still shipped, in a layer below.",
            ),
        ),
        hints=(
            "Two FROM lines make two stages; only the last one becomes the image.",
            "FROM busybox AS build, the steps, FROM busybox, then COPY --from=build of what is needed, then CMD.",
            'FROM busybox AS build / RUN dd … / RUN echo ready > /tool.txt / FROM busybox / COPY --from=build /tool.txt / / CMD ["cat", "/tool.txt"]',
        ),
    ),
    Exercise(
        name="3.2.3 settings",
        task='`/lab/moving/box.tar` was exported from a container that printed a greeting. Make it an image `greeter:moved` that prints it again when run without a command: its `CMD` is `["cat", "/greeting.txt"]`.',
        start=(
            "docker rmi -f greeter:moved greeter:1 2>/dev/null",
            "mkdir -p /lab/moving",
            'printf \'FROM busybox\\nRUN echo good morning > /greeting.txt\\nCMD ["cat", "/greeting.txt"]\\n\' | docker build -q -t greeter:1 -',
            "docker create --name boxed greeter:1",
            "docker export -o /lab/moving/box.tar boxed",
            "docker rm boxed",
        ),
        goals=(
            ImageFile("greeter:moved", "/greeting.txt", "good morning"),
            ImageSetting("greeter:moved", "Config.Cmd", ["cat", "/greeting.txt"]),
        ),
        solution=(IMPORT.format('-c \'CMD ["cat", "/greeting.txt"]\''),),
        wrong_turns=(
            WrongTurn(
                (IMPORT.format(""),),
                ImageSetting("greeter:moved", "Config.Cmd", None),
                "The files are there, the settings are not: an export has none. docker import takes them with -c 'CMD …'.",
            ),
            WrongTurn(
                (IMPORT.format("-c 'CMD cat /greeting.txt'"),),
                ImageSetting("greeter:moved", "Config.Cmd", ["/bin/sh", "-c", "cat /greeting.txt"]),
                'That is the shell form: it works, through a shell. Asked for is the exec form, CMD ["cat", "/greeting.txt"].',
            ),
        ),
        hints=(
            "docker image import FILE NAME makes an image of the files; what is lost must be said again.",
            "-c takes an instruction as it stands in a Dockerfile. Put it in single quotes.",
            'docker image import -c \'CMD ["cat", "/greeting.txt"]\' /lab/moving/box.tar greeter:moved',
        ),
    ),
    Exercise(
        name="3.2.3 archive",
        task="Image `crate:1` has to go to a host without a network. Write an archive `/lab/crate.tar` from which `docker load` brings it back with its name, its layers and its settings.",
        start=(
            "docker rm -f packed 2>/dev/null",
            "docker rmi -f crate:1 2>/dev/null",
            "rm -f /lab/crate.tar",
            'printf \'FROM busybox\\nRUN echo glass > /content\\nCMD ["cat", "/content"]\\n\' | docker build -q -t crate:1 -',
        ),
        goals=(SavedImage("/lab/crate.tar", "crate:1"),),
        solution=("docker image save -o /lab/crate.tar crate:1",),
        wrong_turns=(
            WrongTurn(
                ("docker create --name packed crate:1", "docker export -o /lab/crate.tar packed"),
                BareFiles("/lab/crate.tar", "content"),
                "That is an export: files of a container, without name, layers and settings. What writes images to an archive?",
            ),
            WrongTurn(
                ("docker save -o /lab/crate.tar $(docker images -q crate:1)",),
                SavedImage("/lab/crate.tar", ""),
                "The image is in the archive, but has no name there: it was saved by its ID. Save it by its name.",
            ),
        ),
        hints=(
            "One command writes images to an archive, another one the files of a container.",
            "docker image save writes to standard output; -o FILE, or > FILE, puts it into a file.",
            "docker image save -o /lab/crate.tar crate:1",
        ),
    ),
)
