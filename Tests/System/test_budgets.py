"""What the daemon costs while it runs: the numbers of Tests/budgets."""

import time

import dbus

from environment import BRIDGE, CHECKOUT, ENDPOINT, ROOT, SIMULATOR, SystemTest

SIMULATION = ROOT + "/simulator"


def budget(name):
    """A number of Tests/budgets."""
    for line in (CHECKOUT / "Tests" / "budgets").read_text(encoding="utf-8").splitlines():
        if line.startswith(name + " "):
            return int(line.split()[1])
    raise AssertionError(f"Tests/budgets has no {name}")


class MemoryPerDriveTests(SystemTest):
    drives = 32
    starts_daemon = False

    def memory_with(self, drives):
        """What the daemon has of its own when so many drives are known and polled."""
        for _ in range(self.drives - drives):
            path = sorted(self.system.get_drives(SIMULATION, SIMULATOR))[-1]
            self.system.call(
                SIMULATION, SIMULATOR + "1", "Pull", "o", path, destination=SIMULATOR
            )
        self.system.start_daemon()
        # Nobody asks for everything meanwhile, what takes room among that of the drives as they are found.
        def endpoints():
            try:
                found = self.system.get(ROOT, BRIDGE + ".Manager1", "Endpoints")
            except dbus.DBusException:
                return None
            return found if len(found) == drives else None

        for path in self.system.wait_for(endpoints, f"{drives} endpoints"):
            self.system.wait_for(
                lambda path=path: self.system.get(path, BRIDGE + ".Health1", "Updated") > 0,
                "the first poll",
            )
        # It is at rest when it has given back what the first looks took.
        least = [self.system.daemon.memory("RssAnon") for _ in range(140) if time.sleep(0.05) is None]
        memory = min(least)
        self.assertEqual(self.system.stop_daemon(), 0)
        return memory

    def test_memory_of_a_drive(self):
        # The holes among what the drives take are others with each start.
        many = min(self.memory_with(self.drives) for _ in range(3))
        one = self.memory_with(1)
        self.assertLessEqual(
            (many - one) / (self.drives - 1),
            budget("anonymous-memory-per-drive"),
            f"{many} bytes with {self.drives} drives, {one} with one",
        )


class BudgetTests(SystemTest):
    def test_1_memory_at_rest(self):
        # Named to come first: at rest means that nobody has asked anything yet.
        self.assertLessEqual(
            self.system.daemon.memory("RssAnon"), budget("anonymous-memory-at-rest")
        )

    def test_2_one_thread_also_after_calls(self):
        self.assertEqual(self.system.daemon.status_field("Threads"), budget("threads"))
        for _ in range(1000):
            self.system.get(self.system.endpoint(9), ENDPOINT, "State")
        for _ in range(100):
            self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        self.assertEqual(self.system.daemon.status_field("Threads"), budget("threads"))
