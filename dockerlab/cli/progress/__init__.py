"""What long work prints as it goes: events of the engine made into the client's lines (for what is no terminal)."""

from __future__ import annotations
