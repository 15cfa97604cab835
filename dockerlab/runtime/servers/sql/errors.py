"""What can go wrong with a statement, as facts; each database server has its own words for them."""

from __future__ import annotations

from dockerlab.errors import DockerlabError


class SqlError(DockerlabError):
    """A statement failed. `kind` is a word of this module's list, `facts` fill the server's sentence.

    syntax, unsupported, no_table, no_column, ambiguous, exists, no_function, duplicate, null, too_long, bad_value,
    foreign_key, check, no_default, no_type, many_values, few_values, in_transaction, slow, full, other
    """

    def __init__(self, kind: str, near: str = "", **facts: str) -> None:
        super().__init__(f"{kind}: {facts}")
        self.kind, self.near, self.facts = kind, near, facts
