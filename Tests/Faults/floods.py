"""Faults of callers in numbers: floods of calls, replies that nobody reads, and a bus that stands still."""

import functools
import os
import pathlib
import signal
import subprocess
import sys
import threading

from flood import MEMBERS

PROGRAM = pathlib.Path(__file__).resolve().parent / "flood.py"
# Another user than that of the clients whose calls are judged.
USER = "nobody"
# How many connections do not read, for how many seconds: more than a bus keeps of the bridge's replies.
UNREAD = {"GetHealth": (1, 0.5), "GetManagedObjects": (4, 4.0)}


class Floods:
    """Each does something now and returns what undoes it, and after how many seconds; None: not now."""

    # One at a time.
    flood = None
    is_bus_stopped = False

    def start_flood(self, member, *options, seconds=0.6):
        if self.flood:
            return None
        [drive] = self.of_kind("flooded")
        self.flood = process = subprocess.Popen(
            [
                sys.executable, str(PROGRAM), self.system.address, drive.path, member,
                f"--user={USER}", *options,
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        # Its start may take longer than it lasts.
        process.stdout.readline()

        def end():
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
            self.flood = None

        return end, seconds

    def never_read(self, member="GetHealth"):
        connections, seconds = UNREAD[member]
        return self.start_flood(
            member, "--silent", f"--connections={connections}", seconds=seconds
        )

    def stop_bus(self):
        """The bus reads and sends nothing for a while; a signal that it must not miss wakes it."""
        if self.is_bus_stopped:
            return None
        process = self.system.bus_process
        seconds = self.random.uniform(1, 3)

        def resume():
            os.kill(process.pid, signal.SIGCONT)

        def end():
            timer.join()
            self.is_bus_stopped = False

        # Not by the loop that ends other faults: it calls on the bus itself.
        timer = threading.Timer(seconds, resume)
        self.is_bus_stopped = True
        os.kill(process.pid, signal.SIGSTOP)
        timer.start()
        # Not again at once, so that calls are served between.
        return end, 2 * seconds

    @property
    def floods(self):
        faults = {
            "objects-never-read": functools.partial(self.never_read, "GetManagedObjects"),
            "bus-stopped": self.stop_bus,
        }
        for member in MEMBERS:
            start = functools.partial(self.start_flood, member)
            faults[f"flood-{member}"] = start
            faults[f"flood-{member}-no-reply"] = functools.partial(start, "--no-reply")
        return faults
