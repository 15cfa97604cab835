"""Where the chapter is wrong, or time has passed: what it says, and what is so. Lessons teach the latter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Erratum:
    """One slip of a section."""

    section: str
    chapter: str
    truth: str


ERRATA = (
    Erratum("3.1.1", "All storage drivers use copy-on-write.", "vfs does not: it copies everything."),
    Erratum(
        "3.1.1",
        "Containers are stateless.",
        "The writable layer outlives a stop. `docker rm` ends it; volumes last longer.",
    ),
    Erratum(
        "3.1.1b",
        "aufs and devicemapper are storage drivers.",
        "They were removed in Docker 24 and 25. overlay2 is the default of the classic image store.",
    ),
    Erratum(
        "3.1.2",
        '`LABEL Description = "…"`',
        'With blanks the `=` becomes part of the value. It is `LABEL Description="…"`.',
    ),
    Erratum("3.1.2", "`rishiCSE/ubuntu_py:v2`", "A repository's name is lower case. A tag need not be."),
    Erratum("3.1.2", "FROM is the first instruction.", "Comments, parser directives and ARG may stand before it."),
    Erratum("3.1.2", "MAINTAINER names the author.", "Deprecated: `LABEL org.opencontainers.image.authors=…`."),
    Erratum("3.1.2b", "ENV denies environment variables.", "It defines them."),
    Erratum(
        "3.1.2b",
        "What follows VOLUME in the Dockerfile may be lost.",
        "The legacy builder drops later changes there. BuildKit, today's builder, keeps them.",
    ),
    Erratum("3.1.2b", "`ENV key value`, `LABEL key value`", "Old forms, of which BuildKit warns: write `key=value`."),
    Erratum("3.1.3", "`docker images` is the older name.", "It is, and it still works, as `docker rmi` does."),
    Erratum(
        "3.1.3",
        "`docker image prune -a` removes what no container runs.",
        "Images of stopped containers are spared, too.",
    ),
    Erratum(
        "3.1.3",
        "`docker images` shows SIZE.",
        "Docker 29 shows DISK USAGE and CONTENT SIZE, and keeps images in containerd's store, where the ID is that of "
        "the manifest.",
    ),
    Erratum("3.1.4", "`apt -y update && apt install`", "apt is for people; scripts use `apt-get`."),
    Erratum("3.2.1", "`--format='{{ .id }}'`", "Fields have their capitals: `.Id`."),
    Erratum("3.2.1", "`{{json .Id}}` shows key and value.", "It shows the value, written as JSON."),
    Erratum(
        "3.2.1",
        "inspect shows Container, ContainerConfig and Parent.",
        "The first two left with Docker 26; Parent says nothing of an image that BuildKit has built.",
    ),
    Erratum("3.2.3", r"`\etc\docker\daemon.json`", "`/etc/docker/daemon.json`"),
    Erratum(
        "3.2.3",
        "`docker build --squash` needs experimental on.",
        "And the legacy builder (`DOCKER_BUILDKIT=0`), which is deprecated. Today: a build of several stages.",
    ),
    Erratum("3.2.3", "`docker container export test > test/tar`", "`> test.tar`"),
    Erratum("3.2.3", "`docker image hostory`", "`docker image history`"),
    Erratum("3.2.3", "An imported image is like the one before.", "CMD, ENV and the other settings are lost."),
    Erratum("3.2.3", "`docker commit --pause`", "Docker 29 has `--no-pause` instead."),
    Erratum("3.3", "Docker Trusted Registry", "Now Mirantis Secure Registry."),
    Erratum("3.3.1", "`registry:2`", "`registry:3` is out since 2025; its configuration lies in /etc/distribution."),
    Erratum("3.3.1", "`docker puch`", "`docker push`"),
    Erratum("3.3.2", "`docker login` asks for user and password.", "Today it opens a browser, or takes a token."),
    Erratum(
        "3.3.3",
        "Only the Enterprise edition signs images.",
        "Every edition has content trust, but it ends: notary.docker.io is switched off on 8 December 2026, and "
        "`docker trust` left with Docker 29. cosign and notation follow.",
    ),
    Erratum("3.3.4", "`--filter=star=3`", "`--filter=stars=3`"),
    Erratum("3.3.4", "docker search shows automated builds.", "It does no longer."),
    Erratum(
        "3.3.4",
        "The results with the most stars come first.",
        "They come in the hub's own order, the best match first; clients of today don't sort them again.",
    ),
)
