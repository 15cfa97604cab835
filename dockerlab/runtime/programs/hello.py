"""hello: the only program of the image hello-world."""

from __future__ import annotations

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

GREETING = """
Hello from a simulated container!
If you can read this, every part of your lab plays together.

Four things had to happen for these lines to get here:
 1. You asked the Docker client, and the client asked the Docker daemon.
 2. The daemon had no image called "hello-world", so it fetched one from the hub.
 3. The daemon made a container of that image and started its only program,
    which wrote this text.
 4. The daemon handed the text to the client, and the client to your screen.

In dockerlab all four are simulated: no network was used, and no container runs.

Next, try a container with a shell in it:
 $ docker run -it ubuntu bash

"""


@program("hello", raw=True)
def hello(proc: Process, arguments: Arguments) -> int:
    """Greet."""
    proc.out(GREETING)
    return 0
