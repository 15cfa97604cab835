"""The build cache says why (design.md, habit 8: every cache decision is an event with its reason)."""

from __future__ import annotations

from dockerlab.build.cache import BuildCache, Facts, Memory, Record
from dockerlab.fs.layer import Layer


def test_the_key_is_what_counts() -> None:
    facts = Facts("parent", "COPY f /f", (("target", "/f"),), (("f", "sum"),))
    assert facts.key == Facts("parent", "copy  f  /f", (("target", "/f"),), (("f", "sum"),), origin="busybox").key
    assert facts.key != Facts("parent", "ADD f /f", (("target", "/f"),), (("f", "sum"),)).key
    assert facts.key != Facts("other", "COPY f /f", (("target", "/f"),), (("f", "sum"),)).key


def test_reasons() -> None:
    memory = Memory()
    first = Facts("base", "RUN make", (("build argument V", "1"),), (("a", "1"), ("b", "1")))
    assert memory.explain(first) == "it was not built before"
    memory.note(first)
    assert memory.explain(first) == "its result is no longer there"
    assert memory.explain(Facts("base", "RUN make", (("build argument V", "2"),))) == "build argument V changed"
    assert memory.explain(Facts("base", "RUN make all")) == "the instruction changed"
    assert memory.explain(Facts("base", "COPY a b")) == "it was not built before"
    assert memory.explain(Facts("new", "RUN make")) == "the step before it changed"
    assert memory.explain(Facts("new", "RUN make", origin="busybox")) == (
        "the base image busybox is another one than before"
    )


def test_many_files() -> None:
    memory = Memory()
    memory.note(Facts("base", "COPY . /", (), tuple((name, "1") for name in "abcde")))
    told = memory.explain(Facts("base", "COPY . /", (), tuple((name, "2") for name in "abcde")))
    assert told == "file a changed, file b changed, file c changed and 2 more"


def test_results_are_kept_and_dropped() -> None:
    cache, facts = BuildCache(), Facts("base", "RUN true")
    assert cache.find(facts, 1) is None
    cache.keep(facts, Record("id1", "RUN true", Layer.of([]), 1, 1))
    found = cache.find(facts, 5)
    assert found is not None
    assert (found.uses, found.last_used, found.created, found.size) == (1, 5, 1, 0)
    assert cache.prune(keep=["id1"]) == []
    assert [record.id for record in cache.prune()] == ["id1"]
    assert len(cache) == 0
