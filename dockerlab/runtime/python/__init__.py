"""Python inside containers: a small interpreter for the scripts of tutorials, over the container's own files and time.

It walks the syntax tree (docs.python.org, "The Python Language Reference") and waits where a script waits, so that a
loop with `time.sleep(1)` prints on the lab's clock, and one without an end is stopped. A script reaches nothing of the
machine that the lab runs on: values are plain ones, attributes are those on a list, modules are our own.

    interpreter   a script from its source to its exit code
    statements, exceptions, expressions, calls, protocols, iteration   what each kind of syntax does
    builtins, files, output   what a script finds without an import
    trampoline    how evaluators call each other without nesting, and pass waits to the kernel
    scopes, objects, values   names; functions, classes and instances; what plain values may do
    tracebacks    uncaught exceptions in CPython's words
    library       the modules that scripts import
"""

from dockerlab.runtime.python.interpreter import run_source

__all__ = ["run_source"]
