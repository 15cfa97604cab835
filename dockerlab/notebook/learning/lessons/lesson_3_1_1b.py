"""Questions and exercises of lesson 3.1.1b, storage drivers and copy-on-write."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import (
    ContainerFile,
    ContainerOf,
    ContainerStatus,
    DirectoryNoted,
    DriverIs,
    DriverWaits,
    ImageUnder,
    VolumeFile,
    WritableBelow,
)
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.1.1b mode",
        "chmod 600 on the same file of 200 MB. Which driver has to copy it?",
        (
            Choice(
                "None: only the mode changes",
                "overlay2 keeps a file and its mode together, so it copies 200,000,000 bytes.",
            ),
            Choice(
                "overlay2 does, btrfs does not",
                "A snapshot shares blocks, and the mode is in none of the file's blocks: btrfs and zfs copy 0 bytes.",
                right=True,
            ),
            Choice("Each of them", "The row of btrfs says 0: the blocks of the file stay shared."),
        ),
    ),
    Question(
        "3.1.1b ten",
        "Ten containers are made from an image of 4 MB. They do nothing. How much is copied with vfs?",
        (
            Choice(
                "Nothing: containers share their image", "With every other driver. vfs is the one that shares nothing."
            ),
            Choice("40 MB, a copy for each", "Close: there are two copies for each container."),
            Choice(
                "85 MB, two copies for each",
                "One for the container, one for the thin layer of mount points below it. vfs shares nothing.",
                right=True,
            ),
        ),
    ),
    Question(
        "3.1.1b switch",
        "The daemon is told to use another storage driver and restarted. What does docker images list?",
        (
            Choice("The same images, converted", "Nothing is converted: the list is empty."),
            Choice(
                "Nothing, and the images are deleted", "The list is empty, but they come back with the first driver."
            ),
            Choice(
                "Nothing, until the first driver is back",
                "Each driver has a directory of its own, and sees only what is in it.",
                right=True,
            ),
        ),
    ),
    Question(
        "3.1.1b quick: whiteout",
        "How does overlay2 keep on the disk that a container has deleted /etc/passwd?",
        (
            Choice(
                "It removes the file from the layer below", "Layers below are read-only: other containers use them."
            ),
            Choice("As an empty file", "Then the container would see an empty file. A special file is needed."),
            Choice(
                "As a device file with the numbers 0, 0",
                "A whiteout: the kernel takes such a file as 'below here this name does not exist'.",
                right=True,
            ),
        ),
    ),
    Question(
        "3.1.1b quick: volume",
        "A database writes to one big file all day. Why does its file belong in a volume?",
        (
            Choice(
                "A volume lies outside of the layers: nothing is copied up, and the data outlive the container",
                "The storage driver never sees these writes.",
                right=True,
            ),
            Choice("In a container the file can't be written to", "It can, after a copy of the whole file."),
            Choice(
                "Each write would copy the file again", "Only the first one does. That is bad enough for a big file."
            ),
        ),
    ),
)

OVERLAY2 = (
    'echo \'{"storage-driver": "overlay2"}\' | sudo tee /etc/docker/daemon.json > /dev/null',
    "sudo systemctl restart docker",
)
BTRFS = (OVERLAY2[0].replace("overlay2", "btrfs"), OVERLAY2[1])
LOG = (
    "FROM busybox\\nRUN mkdir /data && echo start > /data/log\\nRUN dd if=/dev/zero bs=1000 count=5000 >> /data/log\\n"
)

EXERCISES = (
    Exercise(
        name="3.1.1b other driver",
        task="Let the daemon keep its layers with `btrfs`, and have the image `alpine` there.",
        start=(*OVERLAY2, "docker pull -q alpine"),
        goals=(DriverIs("btrfs"), ImageUnder("btrfs", "alpine")),
        solution=(*BTRFS, "docker pull alpine"),
        wrong_turns=(
            WrongTurn(
                BTRFS[:1],
                DriverWaits("btrfs"),
                "The file says btrfs, but the daemon has not read it yet: it reads its configuration when it starts.",
            ),
            WrongTurn(
                (BTRFS[0].replace("btrfs", "zfs"), BTRFS[1], "docker pull alpine"),
                DriverIs("zfs"),
                "The daemon uses zfs now. It keeps snapshots, too, but the exercise asks for btrfs.",
            ),
            WrongTurn(
                ("docker pull alpine", *BTRFS),
                DriverIs("btrfs"),
                "The driver is right, and knows no image yet: alpine lies in the directory of overlay2. Pull it again.",
            ),
        ),
        hints=(
            "Two steps change the driver: the configuration is written, and the daemon is restarted.",
            "The file is /etc/docker/daemon.json. After the restart docker images lists nothing.",
            'echo \'{"storage-driver": "btrfs"}\' | sudo tee …, sudo systemctl restart docker, docker pull alpine',
        ),
    ),
    Exercise(
        name="3.1.1b upper",
        task="Container `keeper` has written a file. Write the path of the directory on the host in which it lies (the upper directory) into `/lab/upper`.",
        start=(
            *OVERLAY2,
            "docker rm -f keeper 2>/dev/null",
            "rm -f /lab/upper",
            "docker run -d --name keeper busybox sleep 100000",
            "docker exec keeper sh -c 'echo kept > /note'",
        ),
        goals=(DirectoryNoted("/lab/upper", "keeper", "UpperDir"), ContainerStatus("keeper", "running")),
        solution=("docker inspect -f '{{.GraphDriver.Data.UpperDir}}' keeper > /lab/upper",),
        wrong_turns=(
            WrongTurn(
                ("docker inspect -f '{{.GraphDriver.Data.LowerDir}}' keeper > /lab/upper",),
                DirectoryNoted("/lab/upper", "keeper", "LowerDir"),
                "Those are the read-only layers below. What a container writes goes to the top.",
            ),
            WrongTurn(
                ("docker inspect -f '{{.GraphDriver.Data.MergedDir}}' keeper > /lab/upper",),
                DirectoryNoted("/lab/upper", "keeper", "MergedDir"),
                "There the container sees all layers as one. Only one of them holds what it wrote itself.",
            ),
        ),
        hints=(
            "docker inspect knows the directories of a container.",
            "They stand in .GraphDriver.Data; -f prints one of them, and > writes it into a file.",
            "docker inspect -f '{{.GraphDriver.Data.____}}' keeper > /lab/upper",
        ),
    ),
    Exercise(
        name="3.1.1b no copy up",
        task="The image `heavy` has a file `/data/log` of 5 MB. Run a container `writer` from it that adds the line `today` to the end of that file, with less than 1 MB in its writable layer.",
        start=(
            *OVERLAY2,
            "docker rm -f writer 2>/dev/null",
            f"printf '{LOG}' | docker build -q -t heavy - > /dev/null",
        ),
        goals=(
            ContainerOf("writer", "heavy"),
            VolumeFile("writer", "/data", "log", "start"),
            VolumeFile("writer", "/data", "log", "today"),
            WritableBelow("writer", 1_000_000),
        ),
        solution=("docker run --name writer -v logs:/data heavy sh -c 'echo today >> /data/log'",),
        wrong_turns=(
            WrongTurn(
                ("docker run --name writer heavy sh -c 'echo today >> /data/log'",),
                ContainerFile("writer", "/data/log", "today"),
                "The line is there, and 5 MB were copied up for it. What lies outside of all layers? (docker rm writer, then try again.)",
            ),
            WrongTurn(
                ("docker run --name writer -v /lab/empty:/data heavy sh -c 'echo today >> /data/log'",),
                VolumeFile("writer", "/data", "log", "today"),
                "A folder of the host hides what the image has in /data. A volume with a name is first filled with it.",
            ),
            WrongTurn(
                ("docker run --name writer -v logs:/data heavy true",),
                VolumeFile("writer", "/data", "log", ""),
                "The volume is there, with all that the image has in /data. Now the container has to add the line.",
            ),
        ),
        hints=(
            "The first write copies the file up. Unless the file is not in a layer at all.",
            "-v NAME:/data puts a volume at /data; an empty volume is first filled with what the image has there.",
            "docker run --name writer -v logs:/data heavy sh -c '...'",
        ),
    ),
)
