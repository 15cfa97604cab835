"""What is sent to the builder, and how much that is (g01, g02, g04; sizes from the transcripts)."""

from __future__ import annotations

import pytest

from dockerlab.build.context import context_of, context_of_archive, context_of_stdin
from dockerlab.errors import CommandError, InvalidParameterError
from dockerlab.fs.archive import entries_of, write_tar
from dockerlab.fs.gzip import gzip
from dockerlab.fs.tree import walk
from tests.build.workshop import tree_of_texts

C1 = {"Dockerfile": "FROM busybox:1.35\n", "Other.df": "FROM busybox:1.35\n"}


@pytest.mark.parametrize(
    ("texts", "size"),
    [({"Dockerfile": ""}, 1536), ({"Dockerfile": "x"}, 2048), (C1, 3072), ({"Dockerfile": "x" * 513}, 2560)],
)
def test_the_legacy_client_counts_the_tar(texts: dict[str, str], size: int) -> None:
    """'Sending build context to Docker daemon  2.048kB' is one small file: header, block, two closing blocks."""
    assert context_of(tree_of_texts(texts)).size == size


def test_the_dockerfile_is_sent_though_it_is_ignored_and_dropped_on_arrival() -> None:
    texts = {**C1, ".dockerignore": "Dockerfile\n.dockerignore\n", "a": "a"}
    context = context_of(tree_of_texts(texts), buildkit=False)
    assert context.dockerfile.startswith("FROM")
    assert [path for path, _ in walk(context.tree)] == ["Other.df", "a"]
    assert context.ignored("Dockerfile")
    assert context.size == 4 * 1024 + 1024


def test_only_buildkit_prefers_the_dockerfiles_own_ignore_file() -> None:
    """buildkit.json: a.md is left out, b is not."""
    texts = {"Dockerfile": "x", "a.md": "a", "b": "b", "Dockerfile.dockerignore": "*.md\n", ".dockerignore": "b\n"}
    assert not context_of(tree_of_texts(texts)).ignored("b")
    assert context_of(tree_of_texts(texts), buildkit=False).ignored("b")


def test_another_dockerfile() -> None:
    assert context_of(tree_of_texts({"d/My.df": "FROM x"}), "d/My.df").dockerfile == "FROM x"
    outside = context_of(tree_of_texts({"f": "f"}), outside="FROM y")
    assert (outside.dockerfile, [path for path, _ in walk(outside.tree)]) == ("FROM y", ["f"])


def test_small_letters_will_do() -> None:
    """g01: dk/dockerfile."""
    assert context_of(tree_of_texts({"dockerfile": "FROM x"})).dockerfile == "FROM x"


def test_no_dockerfile() -> None:
    assert context_of(tree_of_texts({"f": ""})).missing
    with pytest.raises(InvalidParameterError, match="Cannot locate specified Dockerfile: Dockerfile"):
        context_of(tree_of_texts({"f": ""}), buildkit=False)


def test_a_bad_ignore_file() -> None:
    """g04: the client says so and sends nothing."""
    with pytest.raises(CommandError, match="error checking context: syntax error in pattern"):
        context_of(tree_of_texts({"Dockerfile": "x", ".dockerignore": "[\n"}))


def test_standard_input_is_a_dockerfile_or_an_archive() -> None:
    alone = context_of_stdin(b"FROM busybox:1.35\nRUN echo\n")
    assert (alone.dockerfile, dict(alone.tree.entries), alone.size) == ("FROM busybox:1.35\nRUN echo\n", {}, 2048)
    legacy = context_of_stdin(b"FROM busybox:1.35\n", buildkit=False)
    assert list(legacy.tree.entries) == ["Dockerfile"], "`COPY . /context` finds it (asked of engine 20.10.24)"
    tar = write_tar(entries_of(tree_of_texts({**C1, ".dockerignore": "Other.df"})))
    for content in (tar, gzip(tar)):
        packed = context_of_stdin(content.read())
        assert packed.dockerfile == C1["Dockerfile"]
        assert "Other.df" in packed.tree.entries


def test_an_archive_without_a_dockerfile() -> None:
    """Asked of engine 20.10.24: it is sent, and the engine complains."""
    assert context_of_archive(write_tar(entries_of(tree_of_texts({"f": ""})))).missing


def test_compressed_contexts_are_smaller() -> None:
    assert context_of(tree_of_texts(C1), compress=True).size < 300


def test_what_buildkit_says_it_transfers() -> None:
    """buildkit.json: 30B for a file f of two bytes, 107B for a Dockerfile of 70."""
    assert context_of(tree_of_texts({"f": "f\n"})).transfer_size == 30
