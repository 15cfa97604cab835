"""The Docker Engine: the one place where images, builds, containers and registries meet.

`engine` wires the parts; `images` (and `image_*`), `containers` (and `container_*`, `exec`), `volumes`,
`networks`, `builder` (and `build_*`) and `system` are the parts; `config` is the daemon's own file, `events` its log.
"""

from dockerlab.engine.engine import Engine

__all__ = ["Engine"]
