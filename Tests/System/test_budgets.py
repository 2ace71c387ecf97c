"""What the daemon costs while it runs: the numbers of Tests/budgets."""

from environment import CHECKOUT, ENDPOINT, SystemTest


def budget(name):
    """A number of Tests/budgets."""
    for line in (CHECKOUT / "Tests" / "budgets").read_text(encoding="utf-8").splitlines():
        if line.startswith(name + " "):
            return int(line.split()[1])
    raise AssertionError(f"Tests/budgets has no {name}")


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
