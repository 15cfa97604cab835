"""An image that grew by a chmod: the mode of every file was changed in a step of its own."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import ImageMode, ImageSetting, SizeBelow

DOCKERFILE = (
    "printf 'FROM busybox\\nCOPY photos /srv/photos\\n{step}"
    'CMD ["httpd", "-f", "-h", "/srv"]\\n\' > /lab/gallery/Dockerfile'
)
GREW = DOCKERFILE.format(step="RUN chmod -R 755 /srv/photos\\n")
FLAG = "sed -i -e '/^RUN chmod/d' -e 's/^COPY/COPY --chmod=755/' /lab/gallery/Dockerfile"
BUILD = "docker build -q -t gallery:3 /lab/gallery"

PHOTOS = Exercise(
    name="incident 1 photos",
    task="Build `gallery:3` from `/lab/gallery`: the same photos, all of mode 755, the same command, and less than "
    "21 MB more than `busybox`.",
    start=(
        "docker image rm -f gallery:2 gallery:3 2>/dev/null",
        "docker pull -q busybox",
        "rm -rf /lab/gallery && mkdir -p /lab/gallery/photos",
        "for i in 1 2 3 4; do dd if=/dev/zero of=/lab/gallery/photos/$i.jpg bs=1000000 count=5 2>/dev/null; done",
        GREW,
        "docker build -q -t gallery:2 /lab/gallery",
    ),
    goals=(
        ImageMode("gallery:3", "/srv/photos/1.jpg", 0o755),
        ImageMode("gallery:3", "/srv/photos/4.jpg", 0o755),
        ImageSetting("gallery:3", "Config.Cmd", ["httpd", "-f", "-h", "/srv"]),
        SizeBelow("gallery:3", "busybox", 21_000_000),
    ),
    solution=(FLAG, BUILD),
    wrong_turns=(
        WrongTurn(
            (DOCKERFILE.format(step=""), BUILD),
            ImageMode("gallery:3", "/srv/photos/1.jpg", 0o644),
            "The image is small again, but nobody has set the mode. COPY can do it while it copies, or the host before.",
        ),
        WrongTurn(
            (DOCKERFILE.format(step="RUN chmod 755 /srv/photos/*\\n"), BUILD),
            ImageMode("gallery:3", "/srv/photos/1.jpg", 0o755),
            "The mode is right, and the files are still there twice: any change in a later step copies them up whole.",
        ),
    ),
    hints=(
        "docker history gallery:2: two steps of 20 MB each. Which one need not be?",
        "A file's mode is kept with the file. It has to be right when the file gets into its layer.",
        "COPY --chmod=755 photos /srv/photos, and no RUN chmod. (Or chmod the folder on the host before you build.)",
    ),
    par=2,
)
