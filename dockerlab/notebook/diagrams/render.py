"""DOT to SVG, the same bytes on every machine, polished for notebooks. The one owner of PyPI `graphviz`.

PyPI `graphviz-pure` brings the layout program inside a wheel; where that wheel can't be had, Graphviz's own
`dot` is used. Polishing: no prolog, ids that can't collide with another picture's in the same page, real font
families, hatching, a title and a description for screen readers, and a width that shrinks with its column.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import re
import shutil
import subprocess
from pathlib import Path

from dockerlab.errors import RendererError
from dockerlab.notebook.diagrams.dot import escape
from dockerlab.notebook.diagrams.palette import GONE, HATCH, INK

FAMILIES = {
    "Helvetica": ("Helvetica,Arial,'Liberation Sans',sans-serif", ""),
    "Arial": ("Helvetica,Arial,'Liberation Sans',sans-serif", ' font-weight="700"'),
    "Courier New": ("Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono','Courier New',monospace", ""),
    "Courier": ("Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono','Courier New',monospace", ' font-weight="700"'),
}
POINTS_TO_PIXELS = 4 / 3
INSTALL = "The picture is drawn in characters. For a real one: pip install graphviz-pure, and restart the kernel."
STRIPES = (
    '<defs><pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#F3F4F6"/><rect width="1.5" height="6" fill="#B9BEC7"/></pattern></defs>'
)


@functools.lru_cache(maxsize=256)
def svg(dot: str, title: str, description: str) -> str:
    """The diagram as one `<svg>` element."""
    return polish(layout(dot), prefix="d" + hashlib.sha256(dot.encode()).hexdigest()[:8], words=(title, description))


def layout(dot: str) -> str:
    """Run the layout program; its SVG as it comes, `RendererError` where there is none."""
    try:
        import graphviz
        from graphviz.backend import dot_command

        dot_command.DOT_BINARY = program()
        output: bytes = graphviz.pipe("dot", "svg", dot.encode(), quiet=True)
    except (ImportError, OSError, subprocess.SubprocessError, RuntimeError) as error:
        # A wheel that is missing, a machine (the browser's) without processes, a program that broke off.
        raise RendererError(INSTALL) from error
    return output.decode()


@functools.cache
def program() -> Path:
    """The layout program: the wheel's own, else the machine's `dot`."""
    try:
        files = importlib.metadata.files("graphviz-pure") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.stem == "graphviz-pure" and file.suffix in {"", ".exe"}:
            return Path(str(file.locate())).resolve()
    return Path(shutil.which("dot") or "dot")


def polish(text: str, *, prefix: str, words: tuple[str, str]) -> str:
    """Make Graphviz's SVG fit for a page that has other pictures too."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.S)
    text = re.sub(r'\bid="([^"]*)"', rf'id="{prefix}-\1"', text)
    text = re.sub(r' xlink:href="#"', "", text)
    text = re.sub(r"<title>[^<]*</title>\n?", "", text)
    text = re.sub(r'font-family="([^"]*)"', family, text)
    text = text.replace(f'fill="{GONE.lower()}"', f'fill="{INK}" text-decoration="line-through"')
    hatched = text.replace(f'fill="{HATCH.lower()}"', f'fill="url(#{prefix}-hatch)"')
    stripes = STRIPES.format(id=f"{prefix}-hatch") if hatched != text else ""
    return re.sub(r"<svg[^>]*>", lambda match: head(match[0], prefix, *words) + stripes, hatched, count=1).strip()


def family(match: re.Match[str]) -> str:
    """Real font families for the face that a label was measured with."""
    families, weight = FAMILIES.get(match[1].split(",")[0], FAMILIES["Helvetica"])
    return f'font-family="{families}"{weight}'


def head(tag: str, prefix: str, title: str, description: str) -> str:
    """The opening tag in pixels, with the words that a screen reader reads."""
    view = re.search(r'viewBox="([\d. -]+)"', tag)
    box = view[1] if view else "0 0 0 0"
    width, height = (round(float(part) * POINTS_TO_PIXELS) for part in box.split()[2:])
    return (
        f'<svg role="img" aria-labelledby="{prefix}-t {prefix}-d" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto" viewBox="{box}" xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{prefix}-t">{escape(title)}</title><desc id="{prefix}-d">{escape(description)}</desc>'
    )
