"""Calls the bridge without end, until it is ended.

    flood.py ADDRESS MEMBER reply|none

With `reply` it always has 64 calls under way and reads their answers; else it wants none.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "System"))

# pylint: disable=wrong-import-position
from environment import ENDPOINT, INTROSPECTABLE, MANAGER, OBJECT_MANAGER, ROOT  # noqa: E402
from raw_client import NO_REPLY_EXPECTED, RawClient  # noqa: E402

UNDER_WAY = 64
ENDPOINT_PATH = f"{ROOT}/networks/1/endpoints/10"
MEMBERS = {
    "GetHealth": (ENDPOINT_PATH, ENDPOINT),
    "Rescan": (ROOT, MANAGER),
    "GetStatistics": (ROOT, MANAGER),
    "Introspect": (ENDPOINT_PATH, INTROSPECTABLE),
    "GetManagedObjects": (ROOT, OBJECT_MANAGER),
}


def main(address, member, answers):
    """Floods."""
    client = RawClient(address, "nobody")
    call = (*MEMBERS[member], member)
    if answers == "none":
        while True:
            client.send(client.message(*call, flags=NO_REPLY_EXPECTED))
    for _ in range(UNDER_WAY):
        client.send(client.message(*call))
    while True:
        if client.receive().reply_serial:
            client.send(client.message(*call))


if __name__ == "__main__":
    main(*sys.argv[1:])
