"""Go's text/template as `docker --format` and `docker inspect -f` have it.

    render("{{.Name | upper}}", {"Name": "web"})  -> 'WEB'

A template is read once (`Template.parse`) and may run on many values. Values are plain Python; `values` says what
stands for which Go type. Faults are TemplateErrors with Go's own text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dockerlab.cli.template.docker import DOCKER, HEADER, to_json
from dockerlab.cli.template.errors import FunctionError, TemplateError, TemplateRunError, TemplateSyntaxError
from dockerlab.cli.template.evaluator import Evaluator
from dockerlab.cli.template.functions import SPECIAL, Function
from dockerlab.cli.template.parser import Tree, parse_template
from dockerlab.cli.template.values import Value

__all__ = [
    "DOCKER",
    "HEADER",
    "Function",
    "FunctionError",
    "Template",
    "TemplateError",
    "TemplateRunError",
    "TemplateSyntaxError",
    "render",
    "to_json",
]


@dataclass(frozen=True)
class Template:
    """A template that has been read."""

    tree: Tree
    functions: Mapping[str, Function]

    @classmethod
    def parse(cls, text: str, functions: Mapping[str, Function] = DOCKER, name: str = "") -> Template:
        """Read a template; TemplateSyntaxError for what isn't one."""
        return cls(parse_template(text, frozenset(functions) | SPECIAL, name), functions)

    def render(
        self, data: Value, *, functions: Mapping[str, Function] | None = None, missing_key_is_error: bool = False
    ) -> str:
        """Run it on a value; TemplateRunError where that fails."""
        run = Evaluator(self.tree, data, functions or self.functions, missing_key_is_error=missing_key_is_error)
        return run.run()


def render(text: str, data: Value, functions: Mapping[str, Function] = DOCKER, name: str = "") -> str:
    """Read a template and run it once."""
    return Template.parse(text, functions, name).render(data)
