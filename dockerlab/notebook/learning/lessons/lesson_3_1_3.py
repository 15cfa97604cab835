"""Questions and exercises of lesson 3.1.3, managing images."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import ImageExists, ImageSetting, NoName, NoneDangling
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.1.3 quick: untagged",
        "docker rmi app:old prints 'Untagged: app:old' and nothing else. What has happened?",
        (
            Choice("The image was deleted", "Then there would be a line 'Deleted: sha256:…', too."),
            Choice(
                "The name is gone, and the image is still there",
                "Another name still leads to it: docker images shows which.",
                right=True,
            ),
            Choice("Nothing: the command failed", "A command that fails says 'Error response from daemon'."),
        ),
    ),
    Question(
        "3.1.3 quick: shared layer",
        "app was built from base. You remove the last name of base. Which layers are deleted?",
        (
            Choice("All layers of base, and app is broken", "Docker never deletes a layer that an image still needs."),
            Choice(
                "None: app needs them all", "What is deleted is base itself, its name and its settings.", right=True
            ),
            Choice(
                "It is refused, as app was built from it", "Only a container, or a second name, makes docker refuse."
            ),
        ),
    ),
    Question(
        "3.1.3 quick: prune all",
        "A container of site has exited, none of alpine was ever made. What does docker image prune -a remove?",
        (
            Choice(
                "Both: no container is running", "A stopped container still needs its image: it can be started again."
            ),
            Choice("Only alpine", "Any container counts, running or not.", right=True),
            Choice(
                "Neither: both have tags", "That is what prune does without -a: it takes only images without a tag."
            ),
        ),
    ),
    Question(
        "3.1.3 quick: load",
        "A colleague gives you site.tar, written by docker image save. How do you get an image that can be run?",
        (
            Choice(
                "docker image import site.tar site",
                "import takes the archive for files of one layer: layers, tags and CMD are lost.",
            ),
            Choice("docker image load -i site.tar", "load brings back layers, names and settings.", right=True),
            Choice("docker image build site.tar", "build wants a Dockerfile and a context."),
        ),
    ),
)

DRAFT = "printf 'FROM busybox\\nRUN echo draft > /report\\n' | docker build -q -t draft:1 -"
SITE = "printf 'FROM busybox\\nRUN echo version {} > /page\\n' | docker build -q -t site -"
GIFT = 'printf \'FROM busybox\\nRUN echo surprise > /gift\\nCMD ["cat", "/gift"]\\n\' | docker build -q -t talk:draft -'

EXERCISES = (
    Exercise(
        name="3.1.3 one name less",
        task="One image has two names, `draft:1` and `report:1`. Take away the name `draft:1`; the image stays, as `report:1`.",
        start=("docker rmi -f draft:1 report:1 2>/dev/null", DRAFT, "docker tag draft:1 report:1"),
        goals=(NoName("draft:1"), ImageExists("report:1")),
        solution=("docker image rm draft:1",),
        wrong_turns=(
            WrongTurn(
                ("docker image rm draft:1 report:1",),
                NoName("draft:1"),
                "Both names are gone, and the image with the last of them. restart() makes it again; then remove one name.",
            ),
            WrongTurn(
                ("docker image rm report:1",),
                NoName("report:1"),
                "You removed the other name. docker tag draft:1 report:1 gives it back; then remove draft:1.",
            ),
        ),
        hints=(
            "docker images shows two rows with one IMAGE ID: one image, two names.",
            "docker image rm NAME removes that name; the image goes only with its last one.",
            "docker image rm draft:1",
        ),
    ),
    Exercise(
        name="3.1.3 tidy up",
        task="`site` was built three times, so two of its versions are without a name. Remove those two. `site` stays, and so does `alpine`, which nobody uses yet.",
        start=("docker pull -q alpine", *(SITE.format(number) for number in (1, 2, 3))),
        goals=(NoneDangling(), ImageExists("site"), ImageExists("alpine")),
        solution=("docker image prune -f",),
        wrong_turns=(
            WrongTurn(
                ("docker image prune -a -f",),
                NoName("alpine"),
                "-a takes every image that no container uses, alpine too. restart() sets all up again; this time without -a.",
            ),
            WrongTurn(
                ("docker rmi site",),
                NoName("site"),
                "You removed the newest version: the only one with a name. docker images shows the others as <none>.",
            ),
        ),
        hints=(
            "docker images --filter dangling=true lists what is to go.",
            "docker image prune removes dangling images; it asks first, unless -f says that you are sure.",
            "docker image prune -f",
        ),
    ),
    Exercise(
        name="3.1.3 a gift",
        task="A colleague has sent `/lab/gift.tar`, which `docker image save` wrote. Make an image `gift:1` of it that prints its text when it is run. The name that it had, `talk:draft`, should not stay on your host.",
        start=(
            "docker rmi -f gift:1 talk:draft 2>/dev/null",
            GIFT,
            "docker image save -o /lab/gift.tar talk:draft",
            "docker rmi talk:draft",
        ),
        goals=(ImageSetting("gift:1", "Config.Cmd", ["cat", "/gift"]), NoName("talk:draft")),
        solution=(
            "docker image load -i /lab/gift.tar",
            "docker image tag talk:draft gift:1",
            "docker image rm talk:draft",
        ),
        wrong_turns=(
            WrongTurn(
                ("docker image load -i /lab/gift.tar",),
                ImageExists("talk:draft"),
                "It is loaded, under the name that it was saved with. Give it the new name, then remove the old one.",
            ),
            WrongTurn(
                ("docker image import /lab/gift.tar gift:1",),
                ImageSetting("gift:1", "Config.Cmd", None),
                "import took the archive for files, so the image has no CMD. What save wrote, load reads.",
            ),
        ),
        hints=(
            "Three commands: one reads the archive, one gives a name, one takes a name away.",
            "docker image load -i FILE reads an archive; docker image tag OLD NEW gives a second name.",
            "docker image load -i /lab/gift.tar, docker image tag talk:draft gift:1, then docker image rm talk:draft",
        ),
    ),
)
