"""Questions and exercises of lesson 3.3.3, push, pull, sign."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import (
    ContainerFile,
    ContainerStatus,
    ImageFile,
    SignedAtAll,
    SignedBy,
)
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.3.3 quick: mounted",
        "app:1 is in a registry as app. You push the same image there as backup/app. What travels?",
        (
            Choice("Everything once more", "The registry has the layers: they are mounted into the new repository."),
            Choice(
                "The configuration and the manifest",
                "The push says 'Mounted from app' for each layer.",
                right=True,
            ),
            Choice("Nothing at all", "The new repository needs a manifest, which makes the name."),
        ),
    ),
    Question(
        "3.3.3 quick: update",
        "The image of a running container has a new version in the registry. What brings the container up to date?",
        (
            Choice(
                "docker pull", "It moves the name on the host. The container keeps the image that it was made from."
            ),
            Choice("docker pull, then docker restart", "A restart starts the same container, with the same image."),
            Choice("docker pull, docker rm -f, docker run", "A new container is made from the new image.", right=True),
        ),
    ),
    Question(
        "3.3.3 quick: keys",
        "Which file must never leave the machine of the one who signs?",
        (
            Choice("cosign.pub", "The public key is for everybody: it can only verify."),
            Choice("cosign.key", "Whoever has it, and its password, signs in your name.", right=True),
            Choice("The signature", "It lies in the registry beside the image, where all can see it."),
        ),
    ),
    Question(
        "3.3.3 quick: today",
        "A new project wants to sign its images. What do you advise?",
        (
            Choice(
                "DOCKER_CONTENT_TRUST=1",
                "Docker's Notary server ends on 8 December 2026, and Docker 29 has no docker trust.",
            ),
            Choice(
                "cosign or notation, by digest",
                "Both keep signatures in the registry, beside the image.",
                right=True,
            ),
            Choice("Nothing: a digest is enough", "A digest says what an image is, and not who stands behind it."),
        ),
    ),
)

REGISTRY = (
    "docker start registry >/dev/null 2>&1 || docker run -q -d -p 5000:5000 --name registry registry:2 >/dev/null"
)


def built(name: str, text: str) -> str:
    """A line that builds an image which holds `text` in /edition, and pushes it."""
    dockerfile = f'FROM busybox\\nRUN echo {text} > /edition\\nCMD ["sleep", "100000"]\\n'
    return f"printf '{dockerfile}' | docker build -q -t {name} - >/dev/null && docker push -q {name} >/dev/null"


SITE, PAPER, TOOL = "localhost:5000/site", "localhost:5000/paper", "localhost:5000/tool"
GENERATE = "COSIGN_PASSWORD=ink cosign generate-key-pair --output-key-prefix {0} 2>/dev/null"
SIGN = "COSIGN_PASSWORD=ink cosign sign --key {} {} 2>/dev/null"

EXERCISES = (
    Exercise(
        name="3.3.3 update",
        task=f"The container `site` runs the first edition of `{SITE}`. Somebody has pushed a second edition under the same tag. Bring `site` up to date: it shall run, with `second` in its file `/edition`.",
        start=(
            "docker rm -f site >/dev/null 2>&1",
            REGISTRY,
            built(SITE, "second"),
            f"docker rmi -f {SITE}",
            built(f"{SITE}:tmp", "first"),
            f"docker tag {SITE}:tmp {SITE} && docker rmi {SITE}:tmp",
            f"docker run -d --name site {SITE}",
        ),
        goals=(ContainerStatus("site", "running"), ContainerFile("site", "/edition", "second")),
        solution=(f"docker pull {SITE}", "docker rm -f site", f"docker run -d --name site {SITE}"),
        wrong_turns=(
            WrongTurn(
                (f"docker pull {SITE}", "docker restart site"),
                ImageFile(SITE, "/edition", "second"),
                "The name leads to the second edition now, but the container keeps the image that it was made from. Remove it, and run a new one.",
            ),
            WrongTurn(
                ("docker rm -f site", f"docker run -d --name site {SITE}"),
                ContainerFile("site", "/edition", "first"),
                "docker run takes the image that is here, and this host does not know yet that the tag has moved: pull first.",
            ),
        ),
        hints=(
            "Two things are old: the image on this host, and the container.",
            "docker pull fetches the new image; a container can't change its image, so it has to be replaced.",
            f"docker pull {SITE}, docker rm -f site, docker run -d --name site {SITE}",
        ),
    ),
    Exercise(
        name="3.3.3 sign",
        task=f"Sign `{PAPER}:2` in the registry with the key `/lab/team.key`, whose password is `ink`, so that `/lab/team.pub` verifies it.",
        start=(
            REGISTRY,
            "cd /lab && rm -f team.key team.pub mine.key mine.pub",
            GENERATE.format("team"),
            built(f"{PAPER}:1", "draft"),
            built(f"{PAPER}:2", "final"),
        ),
        goals=(SignedBy(f"{PAPER}:2", "/lab/team.pub"),),
        solution=(f"COSIGN_PASSWORD=ink cosign sign --key team.key {PAPER}:2",),
        wrong_turns=(
            WrongTurn(
                (SIGN.format("team.key", f"{PAPER}:1"),),
                SignedBy(f"{PAPER}:1", "/lab/team.pub"),
                "You have signed paper:1. A signature is about one image only: sign paper:2, too.",
            ),
            WrongTurn(
                (GENERATE.format("mine"), SIGN.format("mine.key", f"{PAPER}:2")),
                SignedAtAll(f"{PAPER}:2"),
                "There is a signature beside paper:2, but of another key. Sign with --key team.key.",
            ),
        ),
        hints=(
            "cosign sign takes the private key with --key, then the image in the registry.",
            "The password comes from the variable COSIGN_PASSWORD: COSIGN_PASSWORD=ink in front of the command.",
            f"COSIGN_PASSWORD=ink cosign sign --key team.key {PAPER}:2",
        ),
    ),
    Exercise(
        name="3.3.3 which",
        task=f"`{TOOL}` has the tags `1`, `2` and `3`. Only one of them was signed by the team, whose public key is `/lab/team.pub`. Find out which, and give it the name `tool:trusted` on this host.",
        start=(
            REGISTRY,
            "cd /lab && rm -f team.key team.pub stranger.key stranger.pub",
            "docker rmi -f tool:trusted >/dev/null 2>&1",
            GENERATE.format("team"),
            GENERATE.format("stranger"),
            *(built(f"{TOOL}:{number}", text) for number, text in ((1, "one"), (2, "two"), (3, "three"))),
            SIGN.format("stranger.key", f"{TOOL}:1"),
            SIGN.format("team.key", f"{TOOL}:2"),
            f"rm -f team.key stranger.key stranger.pub; docker rmi {TOOL}:1 {TOOL}:2 {TOOL}:3 >/dev/null",
        ),
        goals=(ImageFile("tool:trusted", "/edition", "two"),),
        solution=(
            f"for tag in 1 2 3; do cosign verify --key team.pub {TOOL}:$tag >/dev/null 2>&1 && good=$tag; done",
            f"docker pull {TOOL}:$good && docker tag {TOOL}:$good tool:trusted",
        ),
        wrong_turns=(
            WrongTurn(
                (f"docker pull {TOOL}:3", f"docker tag {TOOL}:3 tool:trusted"),
                ImageFile("tool:trusted", "/edition", "three"),
                "tool:3 is the newest, but nobody has signed it. cosign verify --key team.pub says which one is signed.",
            ),
            WrongTurn(
                (f"docker pull {TOOL}:1", f"docker tag {TOOL}:1 tool:trusted"),
                ImageFile("tool:trusted", "/edition", "one"),
                "There is a signature beside tool:1, but a stranger's. cosign tree shows that there is one; only cosign verify says whose.",
            ),
        ),
        hints=(
            "cosign verify needs the team's public key, and the name in the registry.",
            "Verify each of the three tags, and read which command ends without an error. Then pull that one.",
            f"cosign verify --key team.pub {TOOL}:2, docker pull {TOOL}:2, docker tag {TOOL}:2 tool:trusted",
        ),
    ),
)
