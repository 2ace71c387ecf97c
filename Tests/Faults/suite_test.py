"""Tests that share one system under the fault suite."""

import os
import unittest

from suite import Violation

SEED = int(os.environ.get("NVMEMI_FAULT_SEED", "1"))


class SuiteTest(unittest.TestCase):
    """The class says by `make_suite()` what is tested; its tests run faults and check what must hold."""

    @classmethod
    def make_suite(cls):
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        cls.suite = cls.make_suite()
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
            self.explain()
            self.fail(f"seed {SEED}: {violation}")

    def explain(self):
        """Says more, where there is more to say, of something that does not hold."""

    def run_fault(self, name, **options):
        """Runs one fault, which must happen, and a request must meet it if it is one of a drive's."""
        suite = self.suite
        before, told, befallen = suite.injected[name], suite.misbehaviours, suite.faults_befallen()

        def was_met():
            return suite.misbehaviours == told or suite.faults_befallen() > befallen

        # Chance may have it that it cannot be at first, or is for commands which nobody sends meanwhile.
        self.hold(
            lambda: suite.run(
                faults=[name], until=lambda: suite.injected[name] > before and was_met(), **options
            )
        )
        self.assertGreater(suite.injected[name], before, "the fault did not happen")
        self.assertTrue(was_met(), "no request met the fault")
