"""The fault suite in its short form: every fault by itself, then a mixture with many drives and clients.

NVMEMI_FAULT_SEED is the seed, 1 unless it is set.
"""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Faults"))

# pylint: disable=wrong-import-position
import suite_test  # noqa: E402
from suite import Suite  # noqa: E402


class FaultSuiteTest(suite_test.SuiteTest):
    suite_type = Suite
    drives = 12
    clients = 4

    @classmethod
    def make_suite(cls):
        return cls.suite_type(
            f"test_fault_suite.{cls.__name__}", suite_test.SEED, cls.drives, cls.clients
        )


class SingleFaultTests(FaultSuiteTest):
    """One test for each fault, made below, and one for what they leave behind."""

    def test_z_nothing_is_left_behind(self):
        self.hold(
            self.suite.check_jobs, self.suite.check_descriptors, self.suite.check_tree,
            self.suite.check_log,
        )


def single(name):
    """The test of one fault."""

    def test(self):
        self.run_fault(name, seconds=0.3, calls=50, pause=0.05)

    return test


for fault in Suite("names", suite_test.SEED).faults:
    setattr(SingleFaultTests, "test_" + fault.replace("-", "_"), single(fault))


class MixtureTests(FaultSuiteTest):
    drives = 50
    clients = 20

    def test_everything_at_once(self):
        self.hold(
            lambda: self.suite.run(seconds=30, calls=5000),
            self.suite.check_jobs,
            self.suite.check_descriptors,
            self.suite.check_memory,
            self.suite.check_tree,
            self.suite.check_log,
        )
        self.assertGreater(len(self.suite.injected), 20)
