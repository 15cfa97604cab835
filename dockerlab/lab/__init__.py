"""A whole simulated host, `Lab`: engine, registries, files, and a shell in which `docker` is a program.

`lab` is the machine and its undo, `host` its files, `services` the programs that only it has, `network` what it
reaches, `journal` what was done to it.
"""

from dockerlab.lab.lab import Lab, Printed, Result

__all__ = ["Lab", "Printed", "Result"]
