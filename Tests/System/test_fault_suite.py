"""The fault suite in its short form: every fault by itself, then a mixture with many drives and clients.

NVMEMI_FAULT_SEED is the seed, 1 unless it is set.
"""

import os
import pathlib
import sys
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Faults"))

# pylint: disable=wrong-import-position
from suite import Suite, Violation  # noqa: E402

SEED = int(os.environ.get("NVMEMI_FAULT_SEED", "1"))


class SuiteTest(unittest.TestCase):
    """Tests that share one system under test."""

    drives = 12
    clients = 4

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite(f"test_fault_suite.{cls.__name__}", SEED, cls.drives, cls.clients)
        try:
            cls.suite.start()
        except BaseException:
            cls.suite.close()
            cls.suite.system.print_logs()
            raise

    @classmethod
    def tearDownClass(cls):
        complaints = cls.suite.close()
        if complaints:
            raise AssertionError("; ".join(complaints))

    def hold(self, *checks):
        """Carries the checks out; what does not hold is told with the seed, and once."""
        try:
            for check in checks:
                check()
        except Violation as violation:
            self.suite.violations = []
            self.suite.system.print_logs()
            self.fail(f"seed {SEED}: {violation}")


class SingleFaultTests(SuiteTest):
    """One test for each fault, made below, and one for what they leave behind."""

    def test_z_nothing_is_left_behind(self):
        self.assertGreater(self.suite.calls, 1000)
        self.hold(self.suite.check_descriptors, self.suite.check_tree, self.suite.check_log)


def single(name):
    """The test of one fault."""

    def test(self):
        before = self.suite.injected[name]
        self.hold(lambda: self.suite.run(seconds=1.0, faults=[name], pause=0.05))
        self.assertGreater(self.suite.injected[name], before, "the fault did not happen")

    return test


for fault in Suite("names", SEED).faults:
    setattr(SingleFaultTests, "test_" + fault.replace("-", "_"), single(fault))


class MixtureTests(SuiteTest):
    drives = 50
    clients = 20

    def test_everything_at_once(self):
        self.hold(
            lambda: self.suite.run(seconds=30),
            self.suite.check_descriptors,
            self.suite.check_memory,
            self.suite.check_tree,
            self.suite.check_log,
        )
        self.assertGreater(self.suite.calls, 5000)
        self.assertGreater(len(self.suite.injected), 20)
