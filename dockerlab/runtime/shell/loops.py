"""Loops (POSIX.1-2024 XCU 2.9.4): each round gives others their turn; `break`, `continue` and Ctrl-C leave them."""

from __future__ import annotations

from dockerlab.runtime.process import Turn
from dockerlab.runtime.shell.errors import BreakLoop, ContinueLoop
from dockerlab.runtime.shell.expansion import expand_arithmetic, expand_words
from dockerlab.runtime.shell.state import Shell, Steps
from dockerlab.runtime.shell.syntax import ArithmeticFor, For, Node, While
from dockerlab.runtime.shell.trace import trace


class _Loop:
    """Counts the loops a shell is in, and takes the `break`s and `continue`s that are meant for this one."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.broken = False

    def run(self, body: Node) -> Steps:
        """Run the body once; `broken` says that the loop ends."""
        self._shell.loops += 1
        try:
            yield Turn()
            self._shell.check_interrupt()
            return (yield from self._shell.interpreter.execute(self._shell, body))
        except BreakLoop as jump:
            further = jump.count > 1 and self._shell.loops > 1
            if further:
                raise type(jump)(jump.count - 1) from None
            self.broken = not isinstance(jump, ContinueLoop)
            return 0
        finally:
            self._shell.loops -= 1


def run_while(shell: Shell, node: While, tail: bool) -> Steps:
    """`while` and `until`."""
    loop, status = _Loop(shell), 0
    while not loop.broken:
        answer = yield from _guarded_condition(shell, node.condition, loop)
        if loop.broken or (answer == 0) == node.until:
            break
        status = yield from loop.run(node.body)
    return status


def _guarded_condition(shell: Shell, condition: Node, loop: _Loop) -> Steps:
    """A loop's condition: a `break` in it ends the loop too."""
    shell.unchecked += 1
    try:
        return (yield from loop.run(condition))
    finally:
        shell.unchecked -= 1


def run_for(shell: Shell, node: For, tail: bool) -> Steps:
    """`for name in words`."""
    shell.line = node.line
    words = list(shell.parameters) if node.words is None else (yield from expand_words(shell, node.words))
    loop, status = _Loop(shell), 0
    for word in words:
        trace(shell, f"for {node.name} in {' '.join(words)}", only="bash")
        shell.variables.set(node.name, word)
        status = yield from loop.run(node.body)
        if loop.broken:
            break
    return status


def run_counting(shell: Shell, node: ArithmeticFor, tail: bool) -> Steps:
    """bash's `for ((…))`."""
    loop, status = _Loop(shell), 0
    yield from expand_arithmetic(shell, node.start)
    while not loop.broken:
        if node.test.parts and not (yield from expand_arithmetic(shell, node.test)):
            break
        status = yield from loop.run(node.body)
        if not loop.broken:
            yield from expand_arithmetic(shell, node.step)
    return status
