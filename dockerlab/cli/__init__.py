"""The `docker` client: argv -> engine -> text, as Docker 28.2.2 does it."""

from __future__ import annotations

from dockerlab.cli.complete import complete
from dockerlab.cli.context import Context
from dockerlab.cli.main import main

__all__ = ["Context", "complete", "main"]
