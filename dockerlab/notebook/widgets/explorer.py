"""What every widget here shares: a live view with a kernel, a picture and words without one.

A saved notebook has no widget state, so each widget brings a static view of its own (`static_html`,
`static_text`), which GitHub, nbviewer and an untrusted JupyterLab show, and which nbval compares.
"""

from __future__ import annotations

from typing import Any

import ipywidgets


class Explorer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A column of controls and pictures that answers one question about the lab."""

    def static_html(self) -> str:
        """What a reader without a kernel sees."""
        return f"<pre>{self.static_text()}</pre>"

    def static_text(self) -> str:
        """The same in characters."""
        return type(self).__name__

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        bundle["text/html"] = self.static_html()
        bundle["text/plain"] = self.static_text()
        return bundle
