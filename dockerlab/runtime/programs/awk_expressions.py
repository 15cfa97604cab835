"""awk's expressions: tokens to a tree, by recursive descent (POSIX.1-2024, awk, "Grammar")."""

from __future__ import annotations

from collections.abc import Callable

from dockerlab.runtime.programs import awk_nodes as nodes
from dockerlab.runtime.programs.awk_lexer import AwkError, Token
from dockerlab.runtime.programs.awk_nodes import Expr

COMPARISONS = {"<", "<=", "==", "!=", ">", ">="}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "^="}
STARTS = {"number", "string", "ere", "name", "funcname", "builtin", "$", "(", "++", "--"}
"""Kinds of token that begin an operand, and so may stand right beside another one."""
TARGETS = (nodes.Variable, nodes.Element, nodes.Field)


class ExpressionParser:
    """One walk over the tokens. `no_greater` says where '>' means a file."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.no_greater = False

    # Tokens.

    @property
    def kind(self) -> str:
        """The kind of the token that is next."""
        return self.tokens[self.at].kind

    def take(self, *kinds: str) -> Token | None:
        """The next token, where it is one of these."""
        if self.kind not in kinds:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def need(self, kind: str) -> Token:
        """The next token, which has to be one of this kind."""
        token = self.take(kind)
        if token is None:
            found = self.tokens[self.at]
            what = found.text.strip() or ("end of file" if found.kind == "end" else "newline")
            raise AwkError(f"syntax error at or near {what}", found.line)
        return token

    def skip(self, *kinds: str) -> None:
        """Pass over newlines (or what else is said)."""
        while self.take(*(kinds or ("newline",))):
            pass

    def list_of(self) -> tuple[Expr, ...]:
        """Expressions with commas between."""
        items = [self.expression()]
        while self.take(","):
            self.skip()
            items.append(self.expression())
        return tuple(items)

    # Expressions, weakest binding first.

    def expression(self) -> Expr:
        """An assignment or anything that binds tighter."""
        left = self.ternary()
        if self.kind in ASSIGNMENTS and isinstance(left, TARGETS):
            operator = self.tokens[self.at].text[:-1]
            self.at += 1
            self.skip()
            return nodes.Assign(left, operator, self.expression())
        return left

    def ternary(self) -> Expr:
        """a ? b : c"""
        condition = self.either()
        if not self.take("?"):
            return condition
        self.skip()
        yes = self.expression()
        self.skip()
        self.need(":")
        self.skip()
        return nodes.Ternary(condition, yes, self.expression())

    def either(self) -> Expr:
        """a || b"""
        left = self.both()
        while self.take("||"):
            self.skip()
            left = nodes.Logical("||", left, self.both())
        return left

    def both(self) -> Expr:
        """a && b"""
        left = self.membership()
        while self.take("&&"):
            self.skip()
            left = nodes.Logical("&&", left, self.membership())
        return left

    def membership(self) -> Expr:
        """a in array"""
        left = self.match()
        while self.take("in"):
            subscripts = left.items if isinstance(left, nodes.Group) else (left,)
            left = nodes.Contains(subscripts, self.need("name").text)
        return left

    def match(self) -> Expr:
        """a ~ b, a !~ b"""
        left = self.comparison()
        while operator := self.take("~", "!~"):
            left = nodes.Binary(operator.kind, left, self.comparison())
        return left

    def comparison(self) -> Expr:
        """a < b and its like; '>' after print means a file."""
        left = self.piped(self.concatenation())
        if self.kind in COMPARISONS and not (self.kind == ">" and self.no_greater):
            operator = self.tokens[self.at].kind
            self.at += 1
            left = nodes.Binary(operator, left, self.concatenation())
        return left

    def piped(self, left: Expr) -> Expr:
        """command | getline"""
        while self.kind == "|" and self.tokens[self.at + 1].kind == "getline":
            self.at += 2
            left = nodes.Getline(self.target(), None, left)
        return left

    def concatenation(self, *, single: bool = False) -> Expr:
        """Expressions side by side; `single` takes one operand only (a file's name)."""
        left = self.additive()
        while not single and self.kind in STARTS:
            left = nodes.Binary(" ", left, self.additive())
        return left

    def additive(self) -> Expr:
        """a + b, a - b"""
        left = self.multiplicative()
        while operator := self.take("+", "-"):
            left = nodes.Binary(operator.kind, left, self.multiplicative())
        return left

    def multiplicative(self) -> Expr:
        """a * b, a / b, a % b"""
        left = self.unary()
        while operator := self.take("*", "/", "%"):
            left = nodes.Binary(operator.kind, left, self.unary())
        return left

    def unary(self) -> Expr:
        """!a, -a, +a"""
        if operator := self.take("!", "-", "+"):
            return nodes.Unary(operator.kind, self.unary())
        return self.power()

    def power(self) -> Expr:
        """a ^ b, to the right"""
        left = self.stepped()
        if self.take("^"):
            return nodes.Binary("^", left, self.unary())
        return left

    def stepped(self) -> Expr:
        """++a, a++"""
        if operator := self.take("++", "--"):
            return nodes.Step(self.primary(), 1.0 if operator.kind == "++" else -1.0, True)
        operand = self.primary()
        if isinstance(operand, TARGETS) and (operator := self.take("++", "--")):
            return nodes.Step(operand, 1.0 if operator.kind == "++" else -1.0, False)
        return operand

    def primary(self) -> Expr:
        """What can't be taken apart by operators."""
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "number":
            return nodes.Constant(float(int(token.text, 16) if token.text[:2].lower() == "0x" else float(token.text)))
        if token.kind == "string":
            return nodes.Constant(token.text)
        if token.kind == "ere":
            return nodes.Regex(token.text)
        if token.kind == "$":
            return nodes.Field(self.stepped() if self.kind in ("++", "--") else self.primary())
        if token.kind == "name":
            return nodes.Element(token.text, self.subscripts()) if self.take("[") else nodes.Variable(token.text)
        if token.kind in ("builtin", "funcname"):
            return nodes.Call(token.text, self.arguments(token), token.kind == "builtin")
        if token.kind == "(":
            return self.group()
        if token.kind == "getline":
            target = self.target()
            return nodes.Getline(target, self.primary() if self.take("<") else None)
        self.at -= 1
        self.need("expression")
        raise AwkError("syntax error", token.line)

    def target(self) -> Expr | None:
        """The variable that getline fills, if there is one."""
        return self.primary() if self.kind in ("name", "$") else None

    def subscripts(self) -> tuple[Expr, ...]:
        """What stands between '[' and ']'."""
        items = self.free(self.list_of)
        self.need("]")
        return items

    def arguments(self, token: Token) -> tuple[Expr, ...]:
        """A call's arguments; `length` may stand without brackets."""
        if not self.take("("):
            if token.text == "length":
                return ()
            self.need("(")
        self.skip()
        items = () if self.kind == ")" else self.free(self.list_of)
        self.skip()
        self.need(")")
        return items

    def group(self) -> Expr:
        """(a) or (a, b)"""
        items = self.free(self.list_of)
        self.need(")")
        # Brackets keep what is in them together: (a) (b) is not a call.
        return nodes.Group(items)

    def free(self, parse: Callable[[], tuple[Expr, ...]]) -> tuple[Expr, ...]:
        """Parse inside brackets, where '>' compares again."""
        kept, self.no_greater = self.no_greater, False
        result = parse()
        self.no_greater = kept
        return result
