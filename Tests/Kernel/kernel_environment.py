"""The system of Tests/System on real MCTP sockets, and foreign NVMe-MI clients beside it."""

import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "System"))

# pylint: disable=wrong-import-position
from environment import System, SystemTest  # noqa: E402
