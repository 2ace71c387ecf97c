"""Connections that call as fast as the bus takes it, as one user; ends when its standard input does.

    flood.py ADDRESS PATH MEMBER [--connections N] [--calls N] [--no-reply] [--silent] [--user NAME]

PATH is that of an endpoint, for GetHealth. With --silent the replies are never read.
"""

import argparse
import os
import pathlib
import select
import struct
import sys
import time

# Last, so that modules of other folders come before namesakes.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "System"))

# pylint: disable=wrong-import-position
from environment import BRIDGE, ENDPOINT, INTROSPECTABLE, MANAGER, OBJECT_MANAGER, ROOT  # noqa: E402
from raw_client import NO_REPLY_EXPECTED, RawClient  # noqa: E402

# What is called, and where: None is the endpoint.
MEMBERS = {
    "GetHealth": (None, ENDPOINT),
    "Rescan": (ROOT, MANAGER),
    "GetStatistics": (ROOT, MANAGER),
    "Introspect": (ROOT, INTROSPECTABLE),
    "GetManagedObjects": (ROOT, OBJECT_MANAGER),
}
# Calls that are put together at once; a bus refuses more than 128 that are not yet answered.
BATCH = 50
# Seconds between those whose replies are not read, which tell when there is room for more.
PAUSE = 0.05
SERIAL_OFFSET = 8


class Flood:
    """One connection."""

    def __init__(self, options):
        self.client = RawClient(options.address, options.user)
        self.client.socket.setblocking(False)
        path, interface = MEMBERS[options.member]
        self.template = self.client.message(
            path or options.path, interface, options.member, destination=BRIDGE,
            flags=NO_REPLY_EXPECTED if options.no_reply else 0,
        )
        self.serial = 1
        self.left = options.calls
        self.waiting = b""
        self.pause = PAUSE if options.silent else 0
        self.next_batch = 0

    def fileno(self):
        return self.client.socket.fileno()

    @property
    def wants_to_send(self):
        return self.waiting or (self.left > 0 and time.monotonic() >= self.next_batch)

    def send(self):
        """Sends what the bus takes."""
        if not self.waiting:
            self.next_batch = time.monotonic() + self.pause
            self.waiting = b"".join(self.next() for _ in range(min(BATCH, self.left)))
        self.waiting = self.waiting[self.client.socket.send(self.waiting):]

    def next(self):
        # Which may return to 1: the first ones are answered, or forgotten, by then.
        self.serial = self.serial % 0xFFFF_FFFF + 1
        self.left -= 1
        message = bytearray(self.template)
        struct.pack_into("<I", message, SERIAL_OFFSET, self.serial)
        return bytes(message)

    def read(self):
        """Throws away what has come; whether the connection is still there."""
        return bool(self.client.socket.recv(1 << 18))


def run(options):
    floods = [Flood(options) for _ in range(options.connections)]
    print("ready", flush=True)
    while True:
        reading = [] if options.silent else floods
        writing = [flood for flood in floods if flood.wants_to_send]
        timeout = PAUSE if options.silent else None
        readable, writable, _ = select.select([sys.stdin, *reading], writing, [], timeout)
        if sys.stdin in readable:
            return
        for flood in set(readable) | set(writable):
            try:
                if flood in writable:
                    flood.send()
                if flood in readable and not flood.read():
                    floods.remove(flood)
            except BlockingIOError:
                pass
            except OSError:
                # The bus has thrown it out.
                floods.remove(flood)


def main():
    parser = argparse.ArgumentParser(prog="flood.py", description=__doc__.split("\n\n")[0])
    parser.add_argument("address")
    parser.add_argument("path")
    parser.add_argument("member", choices=MEMBERS)
    parser.add_argument("--connections", type=int, default=10)
    parser.add_argument("--calls", type=int, default=1 << 40, help="of each connection")
    parser.add_argument("--no-reply", action="store_true")
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--user")
    # As the clients whose calls are judged.
    os.nice(5)
    run(parser.parse_args())


if __name__ == "__main__":
    main()
