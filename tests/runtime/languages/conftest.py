"""The same small machines as for the programs: see tests/runtime/programs/conftest.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_PATH = Path(__file__).parent.parent / "programs" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("programs_conftest", _PATH)
assert _SPEC
assert _SPEC.loader
_MODULE = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = _MODULE
_SPEC.loader.exec_module(_MODULE)

box = _MODULE.box
busybox = _MODULE.busybox
