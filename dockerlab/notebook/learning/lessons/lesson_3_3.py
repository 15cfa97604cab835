"""Questions and exercises of lesson 3.3, registries."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import DigestNoted, HostFile, ImageExists, Pushed, TagsNoted
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.3 contents",
        "One image is pushed to an empty registry. What lies there afterwards?",
        (
            Choice(
                "One file with the image, as docker save writes it",
                "save packs all into one file. A push sends pieces.",
            ),
            Choice(
                "Its pieces, each under its digest, and a list of them", "Blobs, a manifest, and a tag.", right=True
            ),
            Choice("A container of the image", "A registry stores; it runs nothing of what it stores."),
        ),
    ),
    Question(
        "3.3 blob",
        "You fetch the configuration from the registry and give it to sha256sum. What comes out?",
        (
            Choice("The digest that it was asked for by", "A blob's name is computed from its bytes.", right=True),
            Choice("Any number: digests are given out by the registry", "Then nobody could check what arrives."),
            Choice("The digest of the manifest", "The manifest has one of its own: it is another file."),
        ),
    ),
    Question(
        "3.3 asked",
        "A registry at localhost:5000 has shelf:1, this host does not. What does docker pull shelf:1 do?",
        (
            Choice(
                "It pulls from localhost:5000, which is nearer", "Nothing is searched for: only the name says where."
            ),
            Choice("It asks Docker Hub", "A name without a host in it means docker.io.", right=True),
            Choice("It asks all registries in turn", "One name, one registry. Docker never looks around."),
        ),
    ),
    Question(
        "3.3 stateless",
        "Two registry containers use one volume. An image is pushed to the first, which is then removed. What does the second have?",
        (
            Choice("Nothing: it was pushed to the other one", "Neither keeps anything itself: both read the volume."),
            Choice("The image", "What was pushed is in the volume, and both only read and write there.", right=True),
            Choice("The image's name, but not its layers", "Names and layers lie side by side in the storage."),
        ),
    ),
    Question(
        "3.3 quick: first",
        "docker pull NAME:TAG. What does the client fetch first?",
        (
            Choice("The lowest layer", "It doesn't know yet which layers there are."),
            Choice("The manifest", "It lists the configuration and the layers, by digest.", right=True),
            Choice("The list of all repositories", "The name is known already; a pull needs no list."),
        ),
    ),
    Question(
        "3.3 quick: empty",
        'curl -s localhost:5000/v2/_catalog prints {"repositories":[]}. What do you know?',
        (
            Choice("No registry runs there", "Then curl could not connect, and would print nothing."),
            Choice("A registry runs there, and nothing was pushed yet", "It answered, with an empty list.", right=True),
            Choice("You have to log in first", "Then the answer would be 401 UNAUTHORIZED."),
        ),
    ),
    Question(
        "3.3 quick: kinds",
        "Old papers of a company speak of its Docker Trusted Registry. What is that today?",
        (
            Choice("Docker Hub", "That is run by Docker in the cloud, not by the company."),
            Choice("Mirantis Secure Registry", "The same product, under its new owner's name.", right=True),
            Choice("The image registry:3", "That is the open-source program, without users and rights of its own."),
        ),
    ),
    Question(
        "3.3 quick: private",
        "A repository on Docker Hub is private. What does that mean?",
        (
            Choice("It is on a machine of yours", "It is in the cloud all the same; private says who may pull."),
            Choice("Only those who are allowed can pull it", "The hub asks who you are first.", right=True),
            Choice("Its images are encrypted", "Whoever may pull it can read all of it."),
        ),
    ),
)

RUN = "docker run -q -d -p 5000:5000 --name registry registry:2 >/dev/null"
REGISTRY = f"docker start registry >/dev/null 2>&1 || {RUN}"
NEW_REGISTRY = f"docker rm -f -v registry >/dev/null 2>&1; {RUN}"
BOX = "localhost:5000/tools/box"
PUZZLE = "localhost:5000/puzzle"
ACCEPT = "-H 'Accept: application/vnd.docker.distribution.manifest.v2+json'"
PUZZLES = (
    "docker pull -q busybox:1.36 && docker pull -q alpine",
    f"docker tag busybox:1.36 {PUZZLE}:blue && docker push -q {PUZZLE}:blue && docker rmi {PUZZLE}:blue",
    f"docker tag alpine {PUZZLE}:green && docker push -q {PUZZLE}:green && docker rmi {PUZZLE}:green",
)

EXERCISES = (
    Exercise(
        name="3.3 shelve",
        task="A registry runs at `localhost:5000`. Put the image `busybox` into it, as repository `tools/box` with the tag `1`.",
        start=(NEW_REGISTRY, "docker pull -q busybox", f"docker rmi {BOX}:1 {BOX}:latest 2>/dev/null"),
        goals=(Pushed(f"{BOX}:1"),),
        solution=(f"docker tag busybox {BOX}:1", f"docker push {BOX}:1"),
        wrong_turns=(
            WrongTurn(
                (f"docker tag busybox {BOX}", f"docker push {BOX}"),
                Pushed(f"{BOX}:latest"),
                "It is in the registry under the tag latest: that is filled in when no tag is typed. Asked for is :1.",
            ),
            WrongTurn(
                (f"docker tag busybox {BOX}:1",),
                ImageExists(f"{BOX}:1"),
                "The name is right, but it is only on this host so far. Which command sends an image to where its name says?",
            ),
        ),
        hints=(
            "Two commands: a name that says where, then the way there.",
            "The whole name is registry/repository:tag, here localhost:5000/tools/box:1.",
            f"docker tag busybox {BOX}:1, then docker push {BOX}:1",
        ),
    ),
    Exercise(
        name="3.3 ask",
        task="The registry at `localhost:5000` has a repository `puzzle`. Ask for its tags with `curl`, and keep the answer in the host's file `/lab/tags`.",
        start=(REGISTRY, *PUZZLES, "rm -f /lab/tags"),
        goals=(TagsNoted("/lab/tags", PUZZLE),),
        solution=("curl -s localhost:5000/v2/puzzle/tags/list > /lab/tags",),
        wrong_turns=(
            WrongTurn(
                ("curl -s localhost:5000/v2/_catalog > /lab/tags",),
                HostFile("/lab/tags", '"repositories"'),
                "That is the list of repositories. The tags of one of them are asked for under its own name.",
            ),
            WrongTurn(
                ("curl -s localhost:5000/v2/puzzles/tags/list > /lab/tags",),
                HostFile("/lab/tags", "NAME_UNKNOWN"),
                "NAME_UNKNOWN: the registry has no repository of that name. /v2/_catalog lists those that it has.",
            ),
        ),
        hints=(
            "All paths of the protocol begin with /v2/, then comes the repository's name.",
            "/v2/NAME/tags/list, and > FILE keeps what curl prints.",
            "curl -s localhost:5000/v2/puzzle/tags/list > /lab/tags",
        ),
    ),
    Exercise(
        name="3.3 digest",
        task="Which image does `localhost:5000/puzzle:blue` mean today? Write the digest of its manifest, `sha256:…`, into the host's file `/lab/digest`.",
        start=(REGISTRY, *PUZZLES, "rm -f /lab/digest"),
        goals=(DigestNoted("/lab/digest", f"{PUZZLE}:blue"),),
        solution=(
            f"curl -sI {ACCEPT} localhost:5000/v2/puzzle/manifests/blue | grep -o 'sha256:[0-9a-f]*' | head -1 > /lab/digest",
        ),
        wrong_turns=(
            WrongTurn(
                (f"curl -s {ACCEPT} localhost:5000/v2/puzzle/manifests/blue > /lab/digest",),
                HostFile("/lab/digest", "schemaVersion"),
                "That is the manifest itself. Its digest is computed from all of its bytes: sha256sum, or the header Docker-Content-Digest.",
            ),
            WrongTurn(
                (f"curl -s {ACCEPT} localhost:5000/v2/puzzle/manifests/blue | jq -r .config.digest > /lab/digest",),
                HostFile("/lab/digest", "sha256:85fa0ca71bd4"),
                "That is the configuration's digest, the image ID. The manifest has a digest of its own: a pull prints it, and so does curl -I.",
            ),
        ),
        hints=(
            "There are several ways: docker pull prints a digest; curl -I shows the headers of an answer; sha256sum computes.",
            "docker pull localhost:5000/puzzle:blue, then docker images --digests. The column DIGEST is the manifest's.",
            "docker pull localhost:5000/puzzle:blue, then echo the line after Digest: into /lab/digest.",
        ),
    ),
)
