"""Misconceptions about layers and copy-on-write."""

from __future__ import annotations

from dockerlab.notebook.learning.experiment import CompareDrivers, Run, Write
from dockerlab.notebook.learning.misconception import Misconception
from dockerlab.notebook.learning.question import Choice, Question

DOCKERFILE = "/lab/Dockerfile"
BIG = "FROM busybox\nRUN dd if=/dev/zero of=/big bs=1000 count=5000\n"

MISCONCEPTIONS = (
    Misconception(
        1,
        "3.1.1",
        belief="Deleting a file in a later step makes the image smaller.",
        truth="The layer below keeps the file. The later step only adds a whiteout that hides it.",
        experiment=(
            Write(DOCKERFILE, BIG + "RUN rm /big\n"),
            Run("docker build -q -t apart ."),
            Run("docker history apart", r"rm /big.* 0B .*dd if=.* 5MB "),
            Run("docker run --rm apart ls /big", "No such file", fails=True),
            Write(DOCKERFILE, BIG.strip() + " && rm /big\n"),
            Run("docker build -q -t joined ."),
            Run("docker images --format '{{.Repository}} {{.Size}}'", r"^joined 4\.\d+MB$.*^apart 9\.\d+MB$"),
        ),
        question=Question(
            "3.1.1 deleted",
            "One RUN makes a file of 5 MB, the next RUN deletes it. How much bigger is the image than its base?",
            (
                Choice(
                    "Not at all: the file is gone",
                    "docker history still shows 5MB for the step that made the file, and 0B for the one that deletes it.",
                    believed=True,
                ),
                Choice("5 MB", "Layers are read-only: the second one only hides the file with a whiteout.", right=True),
                Choice("10 MB", "A whiteout takes no bytes."),
            ),
        ),
    ),
    Misconception(
        5,
        "3.1.1",
        belief="Changing a file in a container changes the image, or other containers.",
        truth="The file is copied up into that container's own writable layer, and the copy is changed.",
        experiment=(
            Run("docker run -d --name one busybox sleep 3600"),
            Run("docker run -d --name two busybox sleep 3600"),
            Run("docker exec one sh -c 'echo eve:x:9:9:::/bin/sh >> /etc/passwd'"),
            Run("docker diff one", r"^C /etc/passwd$"),
            Run("docker diff two | wc -l", r"^0$"),
            Run("docker exec two grep -c eve /etc/passwd", r"^0$", fails=True),
            Run("docker run --rm busybox grep -c eve /etc/passwd", r"^0$", fails=True),
        ),
        question=Question(
            "3.1.1 other container",
            "Container one appends a line to a file of the image. What does container two, made from the same image, read there?",
            (
                Choice(
                    "The new line too: both share the image",
                    "docker diff lists the file for one, and nothing for two: the new line is in one's own top layer.",
                    believed=True,
                ),
                Choice(
                    "The old text",
                    "The file was copied up into one's writable layer before it was changed.",
                    right=True,
                ),
                Choice(
                    "The new line, once two is restarted",
                    "A restart keeps two's own layers; nothing of one's comes in.",
                ),
            ),
        ),
    ),
    Misconception(
        6,
        "3.1.1",
        belief="Reading a file copies it into the container.",
        truth="Reading goes through to the layer that has the file. Only the first write copies it up.",
        experiment=(
            Run("docker run -d --name box busybox sleep 3600"),
            Run("docker exec box cat /etc/passwd", "root"),
            Run("docker diff box | wc -l", r"^0$"),
            Run("docker exec box touch /etc/passwd"),
            Run("docker diff box", r"^C /etc/passwd$"),
        ),
        question=Question(
            "3.1.1 reading",
            "A container reads a file of the image with cat. What is in its writable layer afterwards?",
            (
                Choice(
                    "A copy of the file",
                    "docker diff is empty after cat. Only a first write (touch is enough) makes it list the file.",
                    believed=True,
                ),
                Choice("Nothing", "Reading finds the file in the topmost layer that has it.", right=True),
                Choice("A link to the file", "Nothing is written at all."),
            ),
        ),
    ),
    Misconception(
        7,
        "3.1.1b",
        belief="Changing one byte of a big file costs one byte.",
        truth="overlay2 copies the whole file up, btrfs and zfs one block; vfs had copied everything when the container was made.",
        experiment=(
            CompareDrivers(
                "printf 'FROM busybox\\nRUN dd if=/dev/zero of=/big bs=1000 count=200000\\n' > Dockerfile; docker build -q -t big .",
                "docker run --rm big sh -c 'printf x | dd of=/big conv=notrunc 2> /dev/null'",
                {
                    "overlay2": 200_000_000,
                    "fuse-overlayfs": 200_000_000,
                    "vfs": 408_540_024,
                    "btrfs": 4096,
                    "zfs": 131_072,
                },
            ),
        ),
        question=Question(
            "3.1.1b one byte",
            "A container changes one byte of a file of 200 MB. The storage driver is overlay2. How many bytes are copied?",
            (
                Choice(
                    "One",
                    "The comparison of drivers counts 200,000,000 bytes for overlay2: the whole file is copied up first.",
                    believed=True,
                ),
                Choice("200 MB", "overlay2 works with files, so the first write copies the whole file.", right=True),
                Choice("A block of some kB", "That is what btrfs and zfs do, which work with blocks."),
            ),
        ),
    ),
    Misconception(
        8,
        "3.1.1",
        belief="chmod costs nothing.",
        truth="The mode is kept with the file, so with overlay2 a new mode copies the whole file up.",
        experiment=(
            Write(DOCKERFILE, BIG),
            Run("docker build -q -t big ."),
            Run("docker run --name changer big chmod 600 /big"),
            Run("docker diff changer", r"^C /big$"),
            Run("docker ps -a -s --format '{{.Size}}'", r"^5MB \(virtual"),
            Run("ls -l $(docker inspect -f '{{.GraphDriver.Data.UpperDir}}' changer)", r"^-rw-------.* 5000000 .*big$"),
        ),
        question=Question(
            "3.1.1 chmod",
            "chmod 600 on a file of 5 MB of the image, in a container. How much is copied up?",
            (
                Choice(
                    "Nothing: only the mode changes",
                    "docker ps -s shows 5MB for the container: the whole file lies in its upper directory now.",
                    believed=True,
                ),
                Choice("5 MB", "overlay2 copies the whole file, whatever is changed about it.", right=True),
                Choice("A block of 4 kB", "Drivers that keep blocks (btrfs, zfs) do so; overlay2 copies files."),
            ),
        ),
    ),
    Misconception(
        15,
        "3.1.2",
        belief="Every instruction makes a layer with files.",
        truth="RUN, COPY and ADD make layers. The others only change settings: a row in the history, but no layer.",
        experiment=(
            Write(DOCKERFILE, "FROM busybox\nLABEL about=test\nENV MODE=quiet\nRUN echo hi > /hi\nEXPOSE 80\n"),
            Run("docker pull -q busybox && docker build -q -t app ."),
            Run("docker history app", r"EXPOSE.* 0B .*RUN.* 3B .*ENV.* 0B .*LABEL.* 0B "),
            Run("docker image inspect -f '{{len .RootFS.Layers}}' busybox app", r"^1$\n^2$"),
        ),
        question=Question(
            "3.1.2 layers",
            "The sample has FROM, LABEL and RUN. How many layers does it add to ubuntu?",
            (
                Choice(
                    "Three, one for each instruction",
                    "RootFS.Layers has one more than the base, and docker history shows 0B for LABEL: only a setting.",
                    believed=True,
                ),
                Choice("Two", "FROM takes over layers, it adds none."),
                Choice("One, for RUN", "Only RUN changed files.", right=True),
            ),
        ),
    ),
    Misconception(
        41,
        "3.2.3",
        belief="Fewer layers mean a smaller image.",
        truth="The size is the sum of the bytes in all layers. Joining steps saves only what one of them deletes.",
        experiment=(
            Run("dd if=/dev/zero of=one bs=1000 count=1000; dd if=/dev/zero of=two bs=1000 count=1000"),
            Write(DOCKERFILE, "FROM busybox\nCOPY one /\nCOPY two /\n"),
            Run("docker build -q -t apart ."),
            Write(DOCKERFILE, "FROM busybox\nCOPY one two /\n"),
            Run("docker build -q -t together ."),
            Run("docker image inspect -f '{{len .RootFS.Layers}}' apart together", r"^3$\n^2$"),
            Run("docker image inspect -f '{{.Size}}' apart together | sort -u | wc -l", r"^1$"),
        ),
        question=Question(
            "3.2.3 fewer layers",
            "Two COPY instructions of 1 MB each are joined into one COPY. How does the image's size change?",
            (
                Choice(
                    "It shrinks, as there is a layer less",
                    "docker image inspect shows the same Size for both: two layers of 1 MB, or one of 2 MB.",
                    believed=True,
                ),
                Choice("Not at all", "The same bytes are shipped, in another number of layers.", right=True),
                Choice("It halves", "Both files are still in it."),
            ),
        ),
    ),
    Misconception(
        48,
        "3.1.1",
        belief="A second write to a file copies it up again.",
        truth="The first write copies the file up. The next ones find the copy in the writable layer.",
        experiment=(
            CompareDrivers(
                "printf 'FROM busybox\\nRUN dd if=/dev/zero of=/big bs=1000 count=5000\\n' > Dockerfile; "
                "docker build -q -t big .; docker run -d --name box big sleep 3600",
                "docker exec box sh -c 'echo x >> /big'; docker exec box sh -c 'echo x >> /big'",
                {"overlay2": 5_000_000},
            ),
        ),
        question=Question(
            "3.1.1 quick: second write",
            "A container appends to a file of 5 MB of the image twice. How often is it copied up?",
            (
                Choice(
                    "Twice",
                    "Counted: 5,000,000 bytes for both writes together. The second one finds the copy.",
                    believed=True,
                ),
                Choice("Once", "After the first write the copy is in the writable layer.", right=True),
                Choice("Never: appending needs no copy", "A file is copied up as a whole before it is written to."),
            ),
        ),
    ),
)
