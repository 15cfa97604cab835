"""A whole simulated host, `Lab`: engine, registries, files, and a shell in which `docker` is a program.

`lab` is the machine and its undo, `host` its files, `outside` how they and the clock are changed without its shell,
`terminal` one more shell on it, `services` the programs that only it has, `network` what it reaches, `journal` what
was done, as a tree of moments.
"""

from dockerlab.lab.lab import Lab, Printed, Result

__all__ = ["Lab", "Printed", "Result"]
