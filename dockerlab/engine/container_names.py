"""Names for containers that were given none: an adjective, an underscore, and a surname from science.

Docker's own generator works the same way; the words here are dockerlab's. A name is also checked here, as
moby's `daemon/names` does.
"""

from __future__ import annotations

import re
from collections.abc import Container

from dockerlab.errors import InvalidParameterError
from dockerlab.world import Chance

ALLOWED = "[a-zA-Z0-9][a-zA-Z0-9_.-]"
_NAME = re.compile(rf"/?{ALLOWED}+")

ADJECTIVES = tuple(
    """able agile amber ample arctic balmy bold bonny breezy bright brisk calm candid careful cheerful civil clever
    cosy crisp curious daring dapper deft earnest easy eager fair famous fearless fluent fond frank fresh gentle
    glad golden graceful grand handy happy hardy honest humble jolly keen kind lively loyal lucid lucky mellow
    merry mighty modest neat nimble noble patient placid polite proud quick quiet ready regal robust rosy serene
    sharp shiny silent sincere smart snug sober solid spry steady stoic sunny swift tender thrifty tidy trusty
    upbeat vivid warm wise witty worthy zesty""".split()
)
SURNAMES = tuple(
    """abel ampere anning banach bassi bell bernoulli blackwell bohr boole born bose brahe brown cantor carson
    cauchy chandra church codd cori curie darwin dijkstra dirac easley einstein erdos euclid euler faraday fermi
    feynman fibonacci floyd fourier franklin galois gauss germain gibbs godel goodall hamilton hawking hertz hilbert
    hodgkin hopper hubble huygens hypatia jacobi johnson joliot kepler knuth kovalevskaya lagrange lamarr laplace
    leavitt leibniz lovelace mayer maxwell mcclintock meitner mendel mirzakhani moore naur newton noether ohm
    pascal pasteur pauli payne planck poincare ramanujan ride rubin sagan shannon somerville tesla turing volta
    wiles wilson wirth wu yonath yalow""".split()
)


def check_name(name: str, shown: str | None = None) -> str:
    """The name without its leading slash; `shown` is how the error quotes it."""
    if not _NAME.fullmatch(name):
        text = name if shown is None else shown
        raise InvalidParameterError(f"Invalid container name ({text}), only {ALLOWED} are allowed")
    return name.removeprefix("/")


def generate_name(chance: Chance, taken: Container[str]) -> str:
    """A name that is not taken; after many tries a digit is added, as moby does."""
    draw = chance.random()
    for attempt in range(1000):
        name = f"{draw.choice(ADJECTIVES)}_{draw.choice(SURNAMES)}"
        if attempt >= 5:
            name += str(draw.randrange(10) if attempt < 50 else draw.randrange(10_000))
        if name not in taken:
            return name
    return chance.hex(12)
