"""Misconceptions about names: tags, IDs and digests, and what is removed with them."""

from __future__ import annotations

from dockerlab.notebook.learning.experiment import Run, Write
from dockerlab.notebook.learning.misconception import Misconception
from dockerlab.notebook.learning.question import Choice, Question

DOCKERFILE = "/lab/Dockerfile"
VERSION = 'FROM busybox\nCMD ["echo", "version {}"]\n'

MISCONCEPTIONS = (
    Misconception(
        9,
        "3.2.2",
        belief="A tag is a copy of the image.",
        truth="Tags are names. Any number of them may lead to one image ID.",
        experiment=(
            Run("docker pull -q busybox && docker system df", r"^Images +1 +0 +4\.27MB"),
            Run("docker tag busybox a; docker tag busybox b; docker tag busybox me/c:1"),
            Run("docker images -q | wc -l; docker images -q | sort -u | wc -l", r"^4$\n^1$"),
            Run("docker system df", r"^Images +1 +0 +4\.27MB"),
            Run("docker rmi a", r"\AUntagged: a:latest\n\Z"),
            Run("docker run --rm b echo still here", "still here"),
        ),
        question=Question(
            "3.2.2 tag",
            "An image of 4 MB gets three more tags. How much more disk is used?",
            (
                Choice(
                    "12 MB, a copy for each tag",
                    "docker system df shows the same size as before, and docker images four rows with one IMAGE ID.",
                    believed=True,
                ),
                Choice("None", "A tag is a name for an image that is there already.", right=True),
                Choice("4 MB, as the copies share their layers", "There is no copy at all: one image, four names."),
            ),
        ),
    ),
    Misconception(
        10,
        "3.2.2",
        belief="latest is the newest image.",
        truth="latest is only the name that is used when none is given. It means what somebody tagged so last.",
        experiment=(
            Write(DOCKERFILE, VERSION.format(1)),
            Run("docker build -q -t app:1 ."),
            Write(DOCKERFILE, VERSION.format(2)),
            Run("docker build -q -t app:2 ."),
            Run("docker run --rm app", "Unable to find image 'app:latest' locally", fails=True),
            Run("docker tag app:1 app:latest"),
            Run("docker run --rm app", r"^version 1$"),
        ),
        question=Question(
            "3.2.2 latest",
            "app:1 and app:2 were built in this order, then app:1 was tagged app:latest. What does docker run app start?",
            (
                Choice(
                    "Version 2, the newest",
                    "docker run app prints 'version 1': latest leads where it was put.",
                    believed=True,
                ),
                Choice("Version 1", "No tag means :latest, and :latest was given to version 1.", right=True),
                Choice("Docker asks which one", "Without a tag :latest is taken, without a question."),
            ),
        ),
    ),
    Misconception(
        11,
        "3.2.2",
        belief="A tag always means the same image.",
        truth="A tag moves with each build or push. A digest never does.",
        experiment=(
            Run("docker run -d -p 5000:5000 --name registry registry:2"),
            Write(DOCKERFILE, VERSION.format(1)),
            Run("docker build -q -t localhost:5000/app . && docker push -q localhost:5000/app"),
            Run(
                "first=$(docker image inspect -f '{{index .RepoDigests 0}}' localhost:5000/app); echo $first",
                "@sha256:",
            ),
            Write(DOCKERFILE, VERSION.format(2)),
            Run("docker build -q -t localhost:5000/app . && docker push -q localhost:5000/app"),
            Run("docker images localhost:5000/app", r"app +latest.*app +<none>"),
            Run("docker run --rm localhost:5000/app", r"^version 2$"),
            Run("docker rmi -f $(docker images -q localhost:5000/app); docker pull -q localhost:5000/app"),
            Run("docker run --rm localhost:5000/app; docker run --rm $first", r"^version 2$.*^version 1$"),
        ),
        question=Question(
            "3.2.2 moving tag",
            "You pulled app:1 last week. Today you pull app:1 on another machine. Is it the same image?",
            (
                Choice(
                    "Yes: a tag is fixed once it is given",
                    "Push a second build: the same name then runs version 2. Only the name with @sha256:… still gives version 1.",
                    believed=True,
                ),
                Choice("Not for certain: only a digest says so", "Who may push may move a tag.", right=True),
                Choice(
                    "No: every pull makes a new image", "The same manifest gives the same image, wherever it is pulled."
                ),
            ),
        ),
    ),
    Misconception(
        12,
        "3.1.3",
        belief="docker rmi NAME deletes the image.",
        truth="It removes a name. The layers go when no name and no container needs them any more.",
        experiment=(
            Run("docker pull -q busybox && docker tag busybox mine"),
            Run("docker rmi mine", r"\AUntagged: mine:latest\n\Z"),
            Run("docker run --name user busybox true"),
            Run("docker rmi busybox", "container .* is using its referenced image", fails=True),
            Run("docker rm user && docker rmi busybox", r"^Untagged: busybox:latest$.*^Deleted: sha256:"),
        ),
        question=Question(
            "3.1.3 rmi",
            "One image has the names busybox and mine. What does docker rmi mine do?",
            (
                Choice(
                    "It deletes the image",
                    "It prints only 'Untagged: mine:latest'. 'Deleted:' comes with the last name.",
                    believed=True,
                ),
                Choice("It removes the name mine", "busybox still leads to the image.", right=True),
                Choice(
                    "It is refused, as the image has two names", "That happens with the image's ID, not with a name."
                ),
            ),
        ),
    ),
    Misconception(
        13,
        "3.1.3",
        belief="Dangling images and unused images are the same.",
        truth="Dangling means without a tag. Unused means that no container uses it.",
        experiment=(
            Write(DOCKERFILE, VERSION.format(1)),
            Run("docker build -q -t app ."),
            Write(DOCKERFILE, VERSION.format(2)),
            Run("docker build -q -t app . && docker pull -q alpine"),
            Run("docker images --filter dangling=true --format '{{.Repository}}'", r"\A<none>\n\Z"),
            Run("docker image prune -f", r"^Deleted Images:$"),
            Run("docker images --format '{{.Repository}}' | sort", r"^alpine$\n^app$"),
            Run("docker run app"),
            Run("docker image prune -a -f", r"^untagged: alpine:latest$"),
            Run("docker images --format '{{.Repository}}'", r"\Aapp\n\Z"),
        ),
        question=Question(
            "3.1.3 prune",
            "You pulled alpine and never used it. Does docker image prune remove it?",
            (
                Choice(
                    "Yes: nothing uses it",
                    "docker images still lists alpine after prune, which takes only <none>. prune -a takes it.",
                    believed=True,
                ),
                Choice(
                    "No: it has a tag, so it is not dangling", "prune -a removes what no container uses.", right=True
                ),
                Choice("Only if it is old", "Age counts only with --filter until=…"),
            ),
        ),
    ),
    Misconception(
        14,
        "3.2.1",
        belief="Image ID, digest and layer ID are one thing.",
        truth="The image ID is the digest of the configuration, the digest that of the manifest, the diff ID that of a layer's tar.",
        experiment=(
            Run("docker pull -q busybox"),
            Run("docker image inspect -f '{{.Id}} {{index .RepoDigests 0}} {{index .RootFS.Layers 0}}' busybox > ids"),
            Run("tr ' ' '\\n' < ids | cut -d: -f2 | sort -u | wc -l", r"^3$"),
            Run("docker save busybox -o box.tar && tar -xf box.tar"),
            Run("sha256sum *.json", r"^([0-9a-f]{64})  \1\.json$"),
            Run("grep -c $(sha256sum */layer.tar | cut -c 1-64) ids", r"^1$"),
        ),
        question=Question(
            "3.2.1 digests",
            "docker inspect shows an Id, a RepoDigest and one layer under RootFS. How many different digests are these?",
            (
                Choice(
                    "One: all name the same image",
                    "They are three different numbers. sha256sum gets the Id from the configuration, the layer's from its tar.",
                    believed=True,
                ),
                Choice("Three", "Digests of the configuration, of the manifest and of the layer's tar.", right=True),
                Choice(
                    "Two: Id and RepoDigest are the same",
                    "The Id is the configuration's, the RepoDigest the manifest's.",
                ),
            ),
        ),
    ),
    Misconception(
        43,
        "3.1.3",
        belief="The disk used is the sum of the sizes that docker images shows.",
        truth="Layers that images share are there once, and count once.",
        experiment=(
            Write(DOCKERFILE, "FROM busybox\nRUN dd if=/dev/zero of=/base bs=1000 count=10000\n"),
            Run("docker build -q -t base ."),
            Write("/lab/one", "FROM base\nRUN dd if=/dev/zero of=/one bs=1000 count=1000\n"),
            Write("/lab/two", "FROM base\nRUN dd if=/dev/zero of=/two bs=1000 count=2000\n"),
            Run("docker build -q -t one -f one . && docker build -q -t two -f two ."),
            Run("docker images --format '{{.Repository}} {{.Size}}'", r"two 16\.3MB.*one 15\.3MB.*base 14\.3MB"),
            Run("docker system df", r"^Images +3 +0 +17\.27MB"),
            Run("docker system df -v", r"^two .* 16\.3MB +14\.27MB +2MB"),
        ),
        question=Question(
            "3.1.3 disk",
            "docker images shows base 14 MB, one 15 MB and two 16 MB; one and two were built from base. How much disk do they take?",
            (
                Choice(
                    "45 MB, the sum",
                    "docker system df shows 17.27MB; with -v the SHARED SIZE of each is 14.27MB, the layers of base.",
                    believed=True,
                ),
                Choice("About 17 MB", "The base's 14 MB once, and 1 MB and 2 MB of their own.", right=True),
                Choice("16 MB, as the biggest holds all", "What is only in one counts, too."),
            ),
        ),
    ),
    Misconception(
        46,
        "3.3.3",
        belief="A tag is one image.",
        truth="It may be an index that lists a manifest for each platform. A pull takes the one that fits.",
        experiment=(
            Run("docker manifest inspect busybox", r'"architecture": "amd64".*"architecture": "arm64"'),
            Run("docker pull -q --platform linux/arm64 busybox"),
            Run("docker image inspect -f '{{.Architecture}} {{.Id}}' busybox | tee arm", r"^arm64 "),
            Run("docker pull -q --platform linux/amd64 busybox"),
            Run("docker image inspect -f '{{.Architecture}} {{.Id}}' busybox | tee amd", r"^amd64 "),
            Run("cmp arm amd", fails=True),
        ),
        question=Question(
            "3.3.3 platforms",
            "You pull busybox on a PC, a friend on a computer with an ARM processor. Do you have the same image?",
            (
                Choice(
                    "Yes: it is the same tag",
                    "docker manifest inspect lists amd64 and arm64, and each --platform gives another image ID.",
                    believed=True,
                ),
                Choice(
                    "No: the tag is an index with an image for each platform",
                    "Each pull takes the manifest that fits.",
                    right=True,
                ),
                Choice("Yes, but it can't run on ARM", "The index has a manifest for ARM, too."),
            ),
        ),
    ),
)
