"""What the scripts make of tests that did not run: no way of losing one leaves a run green."""

import shutil
import unittest

from scripts import CHECKOUT, ScriptTest

CASE = """
import unittest

class {name}({base}):
    def test_one(self):
        pass

    def test_two(self):
        pass
"""


class VerifyTests(ScriptTest):
    def setUp(self):
        super().setUp()
        self.folder = self.directory / "tests"
        self.folder.mkdir()
        self.results = self.directory / "results"
        self.results.touch()

    def write(self, file, text):
        (self.folder / file).write_text(text, encoding="utf-8")

    def run_python(self, *options):
        return self.run_program(
            CHECKOUT / "Tests" / "run-python", self.folder,
            "--prefix", "ring: ", "--results", self.results, *options,
        )

    def assert_verified(self, number, *names):
        result = self.run_python("--verify", *names)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual(result.stdout, f"ok ring: {number} of {number} tests have a result\n")

    def assert_missing(self, *names):
        result = self.run_python("--verify")
        self.assertEqual(result.returncode, 1, result.stdout)
        lines = [line for line in result.stdout.splitlines() if line.startswith("no result: ")]
        self.assertEqual(lines, [f"no result: ring: {name}" for name in names])
        self.assertIn("FAILED ring: ", self.results.read_text())

    def test_all_have_run(self):
        self.write("test_a.py", CASE.format(name="A", base="unittest.TestCase"))
        self.assertEqual(self.run_python().returncode, 0)
        self.assert_verified(2)

    def test_nothing_has_run(self):
        self.write("test_a.py", CASE.format(name="A", base="unittest.TestCase"))
        self.assert_missing("test_a.A.test_one", "test_a.A.test_two")

    def test_one_has_not_run(self):
        self.write("test_a.py", CASE.format(name="A", base="unittest.TestCase"))
        self.assertEqual(self.run_python("test_one").returncode, 0)
        self.assert_missing("test_a.A.test_two")

    def test_only_what_was_asked_for_is_expected(self):
        self.write("test_a.py", CASE.format(name="A", base="unittest.TestCase"))
        self.write("test_b.py", CASE.format(name="B", base="unittest.TestCase"))
        self.assertEqual(self.run_python("test_b").returncode, 0)
        self.assert_verified(2, "test_b")

    def test_results_with_another_prefix_do_not_count(self):
        self.write("test_a.py", CASE.format(name="A", base="unittest.TestCase"))
        self.results.write_text("ok other: test_a.A.test_one\nok other: test_a.A.test_two\n")
        self.assert_missing("test_a.A.test_one", "test_a.A.test_two")

    def test_several_modules_at_once(self):
        for name in "abc":
            self.write(f"test_{name}.py", CASE.format(name="A", base="unittest.TestCase"))
        result = self.run_python("--at-once", "2")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual(len(result.stdout.splitlines()), 6)
        self.assert_verified(6)

    def test_one_of_several_fails(self):
        text = CASE.format(name="A", base="unittest.TestCase")
        for name, body in (("a", text), ("b", text.replace("pass", "self.fail()", 1)), ("c", text)):
            self.write(f"test_{name}.py", body)
        self.assertEqual(self.run_python("--at-once", "2").returncode, 1)
        self.assertIn("FAILED ring: test_b.A.test_one\n", self.results.read_text())

    def test_one_of_several_processes_dies(self):
        text = CASE.format(name="A", base="unittest.TestCase")
        self.write("test_a.py", text)
        self.write("test_b.py", text.replace("pass", "__import__('os').kill(__import__('os').getpid(), 9)", 1))
        result = self.run_python("--at-once", "2")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("FAILED ring: 1 of 2 processes that ran tests\n", self.results.read_text())

    def test_file_that_discovery_does_not_find(self):
        self.write("test_a.py", CASE.format(name="A", base="unittest.TestCase"))
        self.write("a_test.py", CASE.format(name="A", base="unittest.TestCase"))
        self.assertEqual(self.run_python().returncode, 0)
        self.assert_missing("a_test.A.test_one", "a_test.A.test_two")

    def test_class_that_is_no_test_case(self):
        self.write("test_a.py", CASE.format(name="A", base=""))
        self.assertEqual(self.run_python().returncode, 1)
        self.assert_missing("test_a.A.test_one", "test_a.A.test_two")

    def test_inherited_tests(self):
        text = CASE.format(name="Part", base="")
        self.write("test_a.py", text + "class A(Part, unittest.TestCase):\n    def test_three(self): pass\n")
        self.assertEqual(self.run_python().returncode, 0)
        self.assert_verified(3)

    def test_tests_that_others_of_the_same_name_hide(self):
        text = CASE.format(name="A", base="unittest.TestCase")
        self.write("test_a.py", text + "    def test_one(self):\n        pass\n")
        self.assertEqual(self.run_python().returncode, 0)
        self.assert_missing("test_a.A.test_one (defined twice)")

    def test_tests_that_are_made_while_the_module_is_read(self):
        text = CASE.format(name="A", base="unittest.TestCase")
        self.write("test_a.py", text + "A.test_three = lambda self: None\n")
        self.assertEqual(self.run_python("test_one", "test_two").returncode, 0)
        self.assert_missing("test_a.A.test_three")

    def test_folder_without_tests(self):
        self.assertEqual(self.run_python().returncode, 1)
        self.results.write_text("")
        self.assert_missing()

    def test_why_a_test_failed_is_kept(self):
        self.write(
            "test_a.py", CASE.format(name="A", base="unittest.TestCase").replace("pass", "self.fail('as it must')", 1)
        )
        self.assertEqual(self.run_python().returncode, 1)
        [name, *lines] = self.results.with_name("results.reasons").read_text().splitlines()
        self.assertEqual(name, "-- ring: test_a.A.test_one")
        self.assertEqual(lines[-1], "AssertionError: as it must")

    def test_name_that_no_test_has(self):
        self.write("test_a.py", CASE.format(name="A", base="unittest.TestCase"))
        result = self.run_python("test_a", "test_z")
        self.assertEqual(result.returncode, 1)
        self.assertIn("FAILED ring: no test in tests is called test_z", result.stdout)


class UnitTestCountTests(ScriptTest):
    UNIT_TESTS = """
        final class FirstTests: XCTestCase {
            func testOne() throws {}
            private final class Helper: Sendable {
                func help() {}
            }
            @MainActor func testTwo() async {}
        }
        class SecondTests: FirstTests {
            func testOne() {}
        }
    """

    def check(self, *results):
        (self.directory / "Tests").mkdir(exist_ok=True)
        (self.directory / "Tests" / "A.swift").write_text(self.UNIT_TESTS)
        (self.directory / "results").write_text("".join(line + "\n" for line in results))
        return self.run_program(
            "bash", "-c", f". {CHECKOUT}/Tests/checks.sh; check_unit_tests_ran results",
            directory=self.directory,
        )

    def test_all_have_run(self):
        result = self.check(
            "ok ring 1: FirstTests.testOne", "FAILED ring 1: FirstTests.testTwo",
            "ok ring 1: SecondTests.testOne", "ok ring 1: SecondTests.testTwo",
        )
        self.assertEqual((result.returncode, result.stdout[:1]), (0, "3"), result.stdout)

    def test_one_has_not_run(self):
        result = self.check(
            "ok ring 1: FirstTests.testOne", "ok ring 1: SecondTests.testOne", "ok ring 2: FirstTests.testTwo"
        )
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, "no result: FirstTests.testTwo\n")

    def test_there_is_none(self):
        self.UNIT_TESTS = "let nothing = 0\n"
        self.assertEqual(self.check().returncode, 1)


class RingTests(ScriptTest):
    """Tests/run in a checkout whose tests are gone."""

    SWIFT = """#!/bin/bash
        [[ $1 != --version ]] || echo "Swift version 6.2"
    """

    def setUp(self):
        super().setUp()
        self.debian()
        (self.programs / "all-installed").touch()
        self.program("swift", self.SWIFT)
        self.program("nvmemid", "#!/bin/bash\n")
        self.checkout = self.directory / "checkout"
        for file in (
            "Tests/run", "Tests/run-python", "Tests/checks.sh", "Tests/budgets",
            "Tests/Kernel/kernels.sh", "dbus/packages.sh",
        ):
            (self.checkout / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / file, self.checkout / file)
        for folder in ("Tests/System", "Tests/Scripts", "Tests/Kernel/Systemd"):
            (self.checkout / folder).mkdir(parents=True)
        for file in ("run", "build-kernel"):
            path = self.checkout / "Tests" / "Kernel" / file
            path.write_text("#!/bin/bash\n")
            path.chmod(0o755)

    def run_ring(self, *options):
        """Runs Tests/run; returns the names of what failed."""
        result = self.run_program("Tests/run", *options, directory=self.checkout)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertRegex(result.stdout.splitlines()[-1], r"^\d+ passed, [1-9]\d* failed$")
        lines = result.stdout.splitlines()
        return {line.partition(" ")[2] for line in lines if line.startswith("FAILED ")}

    def test_ring_1(self):
        failed = self.run_ring("--ring", "1")
        self.assertIn("ring 1: all unit tests have a result", failed)
        self.assertIn("ring 1: 0 of 0 tests have a result", failed)

    def test_ring_2(self):
        failed = self.run_ring("--ring", "2")
        self.assertIn("ring 2: 0 of 0 tests have a result", failed)
        self.assertIn("ring 2, dbus-broker: 0 of 0 tests have a result", failed)

    def test_ring_3(self):
        failed = self.run_ring("--ring", "3", "--kernel", "6.1", "--kernel=6.12")
        self.assertEqual(
            failed,
            {
                f"ring 3, Linux {kernel}{boot}: 0 of 0 tests have a result"
                for kernel in ("6.1", "6.12")
                for boot in ("", ", systemd")
            },
        )

    def test_rings_2_and_3_beside_each_other(self):
        (self.checkout / "Tests" / "Kernel" / "run").write_text(
            "#!/bin/bash\necho 'FAILED ring 3, Linux 6.1: test_a.A.test_one' | tee -a \"${@: -1}\"\nexit 1\n"
        )
        failed = self.run_ring("--ring=2", "--ring=3", "--kernel=6.1")
        self.assertIn("ring 2: 0 of 0 tests have a result", failed)
        self.assertEqual(
            {name for name in failed if name.startswith("ring 3")},
            {
                "ring 3, Linux 6.1: test_a.A.test_one", "ring 3, Linux 6.1: 0 of 0 tests have a result",
                "ring 3, Linux 6.1, systemd: 0 of 0 tests have a result",
            },
        )

    def test_a_ring_3_that_ends_without_a_word_beside_ring_2(self):
        (self.checkout / "Tests" / "Kernel" / "run").write_text("#!/bin/bash\nexit 1\n")
        failed = self.run_ring("--ring=2", "--ring=3", "--kernel=6.1")
        self.assertIn("ring 3: Tests/Kernel ended with status 1", failed)


if __name__ == "__main__":
    unittest.main()
