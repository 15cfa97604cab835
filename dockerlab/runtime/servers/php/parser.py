"""PHP's statements, each as a small function of the page's context (php.net, "Control Structures").

A page that needs more (functions and classes of its own, `include`, databases) is refused in plain words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from dockerlab.runtime.servers.php.expressions import UNKNOWN, Expressions, Step
from dockerlab.runtime.servers.php.values import text_of, truth

if TYPE_CHECKING:
    from dockerlab.runtime.servers.php.page import Context


class Finished(Exception):  # a control flow: the page ends here
    """`exit`, with its code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Parser(Expressions):
    """Turns the tokens of a page into steps."""

    def page(self) -> list[Step]:
        """All statements."""
        steps = []
        while self._at < len(self._tokens):
            steps.append(self._statement())
        return steps

    def _statement(self) -> Step:
        token = self._tokens[self._at]
        if token.kind == "text":
            self._at += 1
            return lambda context: context.write(token.text)
        if self._take(";"):
            return lambda context: None
        if self._take("{"):
            return self._until("}")
        word = token.text.lower()
        if token.kind == "name" and word in UNKNOWN:
            raise self._beyond(token)
        if token.kind == "name" and word in _STATEMENTS:
            self._at += 1
            return _STATEMENTS[word](self)
        value = self.expression()
        self._end()
        return value

    def _end(self) -> None:
        if self._at < len(self._tokens) and self._tokens[self._at].kind == "text":
            return
        if self._at < len(self._tokens):
            self._expect(";")

    def _until(self, *ends: str) -> Step:
        steps = []
        while not self._take(*ends):
            if self._at >= len(self._tokens):
                self._next()
            steps.append(self._statement())
        return lambda context: _run(steps, context)

    def _body(self, *alternatives: str) -> Step:
        """A block, one statement, or what stands between ':' and 'endif;'."""
        if not self._take(":"):
            return self._statement()
        steps: list[Step] = []
        while self._peek().lower() not in alternatives:
            if self._at >= len(self._tokens):
                self._next()
            steps.append(self._statement())
        if self._peek().lower().startswith("end"):
            self._at += 1
            self._end()
        return lambda context: _run(steps, context)

    def echo(self) -> Step:
        """echo a, b;"""
        values = [self.expression()]
        while self._take(","):
            values.append(self.expression())
        self._end()
        return lambda context: [context.say(text_of(value(context))) for value in values] and None

    def condition(self) -> Step:
        """if (…) … elseif (…) … else …"""
        self._expect("(")
        test = self.expression()
        self._expect(")")
        then = self._body("elseif", "else", "endif")
        otherwise: Step = lambda context: None  # noqa: E731
        if self._take("elseif"):
            otherwise = self.condition()
        elif self._take("else"):
            otherwise = self.condition() if self._take("if") else self._body("endif")
        return lambda context: then(context) if truth(test(context)) else otherwise(context)

    def loop(self) -> Step:
        """while (…) …"""
        self._expect("(")
        test = self.expression()
        self._expect(")")
        body = self._body("endwhile")
        return lambda context: _repeat(context, test, body, lambda context: None)

    def counted(self) -> Step:
        """for (…; …; …) …"""
        self._expect("(")
        first, test, then = self._list(";"), self._list(";"), self._list(")")
        body = self._body("endfor")

        def run(context: Context) -> None:
            first(context)
            _repeat(context, test, body, then)

        return run

    def _list(self, end: str) -> Step:
        """Expressions with commas; the last one counts."""
        steps: list[Step] = []
        while not self._take(end):
            steps.append(self.expression())
            self._take(",")
        return lambda context: [step(context) for step in steps][-1] if steps else True

    def each(self) -> Step:
        """foreach ($array as $key => $value) …"""
        self._expect("(")
        array = self.expression()
        self._expect("as")
        names = [self._next().text[1:]]
        if self._take("=>"):
            names.append(self._next().text[1:])
        self._expect(")")
        body = self._body("endforeach")

        def run(context: Context) -> None:
            found = array(context)
            for key, value in list(found.items()) if isinstance(found, dict) else []:
                context.spend()
                context.variables.update(zip(names, (key, value) if len(names) > 1 else (value,), strict=True))
                body(context)

        return run

    def leave(self) -> Step:
        """exit; die("text"); return;"""
        value: Step = lambda context: None  # noqa: E731
        if self._peek() not in (";", ""):
            value = self.expression()
        self._end()

        def run(context: Context) -> None:
            found = value(context)
            context.write(found if isinstance(found, str) else "")
            raise Finished(found if isinstance(found, int) else 0)

        return run


_STATEMENTS: Mapping[str, Callable[[Parser], Step]] = {
    "echo": Parser.echo,
    "if": Parser.condition,
    "while": Parser.loop,
    "for": Parser.counted,
    "foreach": Parser.each,
    "exit": Parser.leave,
    "die": Parser.leave,
    "return": Parser.leave,
}


def _run(steps: Sequence[Step], context: Context) -> None:
    for step in steps:
        step(context)


def _repeat(context: Context, test: Step, body: Step, then: Step) -> None:
    while truth(test(context)):
        context.spend()
        body(context)
        then(context)
