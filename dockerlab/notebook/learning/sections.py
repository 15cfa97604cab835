"""The plan of the course: its sections in order, each of which has one lesson."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A section; its lesson is the notebook whose name begins with the number, '3.1.1_….ipynb'."""

    number: str
    title: str


SECTIONS = (
    Section("3.1", "Images and containers"),
    Section("3.1.1", "Layered file systems"),
    Section("3.1.1b", "Storage drivers and copy-on-write"),
    Section("3.1.2", "Dockerfile"),
    Section("3.1.2b", "Every instruction"),
    Section("3.1.3", "Managing images"),
    Section("3.1.4", "Best practices"),
    Section("3.2.1", "Inspect"),
    Section("3.2.2", "Tags"),
    Section("3.2.3", "Squash, export, import"),
    Section("3.3", "Registries"),
    Section("3.3.1", "A local registry"),
    Section("3.3.2", "Docker Hub"),
    Section("3.3.3", "Push, pull, sign"),
    Section("3.3.4", "Search"),
)
