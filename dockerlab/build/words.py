"""Word expansion: what $VARIABLES, quotes and escapes in an instruction come to (BuildKit, dockerfile/shell)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.golang import quote

if TYPE_CHECKING:
    from e2b_dockerfile_utils import ShellLex

T = TypeVar("T")


class _Watched(dict[str, str]):
    """An environment that remembers which names it was asked for in vain."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.missing: list[str] = []

    def get(self, key: str, default: object = None) -> str | None:  # type: ignore[override]
        if key in self:
            return self[key]
        self.missing.append(key)
        return None


@dataclass
class Words:
    """Expands words against an environment; `missing` collects the variables that were not set.

    `old_texts` gives the errors the texts that they had before BuildKit knew '${x#…}' and '${x/…}'.
    """

    env: Mapping[str, str] = field(default_factory=dict)
    escape: str = "\\"
    old_texts: bool = False
    missing: list[str] = field(default_factory=list)

    def word(self, text: str) -> str:
        """One word: quotes and escapes go, variables are put in."""
        return self._run(text, lambda lex: lex.process_word(text))

    def split(self, text: str) -> list[str]:
        """The words that a text comes to; a variable's value may hold several."""
        return self._run(text, lambda lex: lex.process_words(text))

    def inside(self, text: str) -> str:
        """A heredoc's text: variables are put in, quotes stay as they are."""
        return self._run(text, lambda lex: lex.process_word(text), raw_quotes=True)

    def show(self, text: str) -> str:
        """The text with the variables put in that are set, and all else as it is: how BuildKit names a step."""
        if "$" not in text:
            return text
        from e2b_dockerfile_utils import ShellLex

        try:
            return ShellLex(self.escape, raw_quotes=True, raw_escapes=True, env=self.env).process_word(text)
        except ValueError:
            return text

    def _run(self, text: str, action: Callable[[ShellLex], T], *, raw_quotes: bool = False) -> T:
        from e2b_dockerfile_utils import ShellLex

        env = _Watched(self.env)
        lexer = ShellLex(self.escape, skip_process_quotes=raw_quotes, env=env, skip_unset_env=False)
        try:
            return action(lexer)
        except ValueError as error:
            reason = str(error).partition(f"failed to process {text!r}: ")[2] or str(error)
            if self.old_texts:
                reason = _old_text(reason)
            raise InvalidParameterError(f"failed to process {quote(text)}: {reason}") from None
        finally:
            self.missing += env.missing


def _old_text(reason: str) -> str:
    if reason == "syntax error: missing '}'" or (reason.startswith("unsupported modifier (") and "(:" not in reason):
        return "missing ':' in substitution"
    return reason
