"""What must hold when load and faults have ended."""

import re
import time

from environment import BRIDGE, MANAGER, ROOT

from outside import COUNTED, Violation

# Bytes by which the memory of its own may differ between warm-up and end.
MEMORY_LEEWAY = 1 << 20


class Checks:
    """Each raises a Violation when something does not hold."""

    def check_descriptors(self):
        """Of nothing that can be counted may there be more than there was at rest before."""
        before = self.samples["start"]
        first = self.sample()
        least = {name: first[name] for name in COUNTED}

        def leaks():
            now = self.sample()
            # Health is polled now and then, tags rest for a while, and not all rest at the same moment.
            least.update({name: min(least[name], now[name]) for name in COUNTED})
            self.samples["end"] = now | least
            return {name: (before[name], least[name]) for name in COUNTED if least[name] > before[name]}

        try:
            self.wait_until(lambda: not leaks(), "everything to be given back")
        except Violation as violation:
            raise Violation(f"{violation}: {leaks()} (before, now)") from None

    def check_memory(self):
        """Nor may the memory have grown since all had happened for a while."""
        warm, end = self.samples["warm"]["RssAnon"], self.samples["end"]["RssAnon"]
        if end > warm + MEMORY_LEEWAY:
            raise Violation(f"RssAnon: {warm} warm, {end} in the end")

    # What differs between a daemon that has seen much and a new one.
    #
    # A raised transmission unit that did not work is put back and not raised again.
    volatile = {
        "Tuning", "TransmissionUnit", "SMBusFrequency", "Updated", "Changed", "StateSince",
        "CompositeControllerStatus", "SMARTWarnings", "HealthSince", "Jobs",
    }

    def tree(self):
        return {
            path: {
                interface: {
                    name: value for name, value in values.items() if name not in self.volatile
                }
                for interface, values in interfaces.items()
            }
            for path, interfaces in self.system.objects().items()
            # Those that have ended are of that daemon.
            if not path.startswith(f"{ROOT}/jobs/")
        }

    def are_all_polled(self):
        """Whether the health of every drive has been told."""
        health = BRIDGE + ".Health1"
        return all(
            interfaces[health]["Updated"]
            for interfaces in self.system.objects().values()
            if health in interfaces
        )

    def check_tree(self):
        """A new daemon must publish the same."""
        # A drive that was swapped without a sign is known from the next look on.
        self.call(BRIDGE, ROOT, MANAGER, "Rescan", "", ())
        time.sleep(2)
        self.wait_until(lambda: self.ready_paths(len(self.drives)), "the drives after a rescan")
        # What a controller can do is read when the drive is ready already.
        self.system.settle()
        old = self.tree()
        self.system.stop_daemon()
        self.system.start_daemon(configuration=self.configuration)
        self.wait_until(lambda: self.ready_paths(len(self.drives)), "a new daemon's drives")
        self.wait_until(self.are_all_polled, "a new daemon's first polls")
        self.system.settle()
        new = self.tree()
        for path in sorted(old.keys() | new.keys()):
            if old.get(path) != new.get(path):
                raise Violation(f"{path}: {old.get(path)} is {new.get(path)} in a new daemon")

    def check_log(self):
        """Nothing in the log that the bridge must not do."""
        for line in self.system.daemon.output:
            if re.search(r"not published|Fatal|<[0-3]>", line):
                raise Violation(f"the log says: {line}")
