"""The network of BuildKit's RUN steps: a place on the default bridge while the step runs (moby, builder-next)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dockerlab.engine.container_context import Context
from dockerlab.runtime.net.stack import Stack

_BRIDGE = "bridge"
_MAC = "02:42:{:02x}:{:02x}:{:02x}:{:02x}"


@contextmanager
def step_network(context: Context, mode: str) -> Iterator[Stack]:
    """The network namespace of a step: `--network=host`, `none`, or the default."""
    if mode in ("host", "none"):
        yield context.networks.namespace(mode)
        return
    record = context.networks.find(_BRIDGE)
    stack = context.networks.namespace(_BRIDGE)
    assert record.pool is not None, "the default bridge has addresses"
    address = record.pool.take("", f"{record.name} ({record.id})")
    context.networks.plug(record, stack, address, _MAC.format(*map(int, address.split("."))))
    try:
        yield stack
    finally:
        context.networks.unplug(record, stack)
        record.pool.release(address)
