"""The demonstrations: nvmemi demo, and dbus/demo on top of it."""

import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import unittest

import environment

NVMEMI = environment.PROGRAMS / "nvmemi"


def run(*arguments):
    """Runs a command to its end; returns the CompletedProcess."""
    return subprocess.run(
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=environment.PATIENCE * 10,
        check=False,
    )


class DemoTests(unittest.TestCase):
    def assert_nothing_left(self, output):
        directory = re.search(r"--config-file=(\S+)/bus\.conf", output).group(1)
        self.assertFalse(pathlib.Path(directory).exists(), directory)
        processes = run("ps", "-eo", "args").stdout
        self.assertNotIn(directory, processes)

    @staticmethod
    def directories():
        """The folders of demonstrations that there are."""
        return set(pathlib.Path(tempfile.gettempdir()).glob("nvmemi-demo-*"))

    def test_command_runs_on_the_bus(self):
        result = run(NVMEMI, "demo", "--drives=2", "--", "nvmemi", "list", "--quick")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(result.stdout.splitlines()), 5)
        self.assertEqual(result.stdout.count(" ready "), 2)
        self.assert_nothing_left(result.stderr)

    def test_command_that_fails(self):
        result = run(NVMEMI, "demo", "--drives=1", "--", "bash", "-c", "exit 42")
        self.assertEqual(result.returncode, 42)
        self.assertIn("--- nvmemid", result.stderr)
        self.assert_nothing_left(result.stderr)

    def test_command_that_is_not_there(self):
        result = run(NVMEMI, "demo", "--drives=1", "--", "no-such-program")
        self.assertEqual(result.returncode, 1)
        self.assertIn("no-such-program", result.stderr)
        self.assert_nothing_left(result.stderr)

    def test_interrupt_ends_it(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                demo = environment.Process(
                    "nvmemi demo", [NVMEMI, "demo", "--drives=1"], self.log("interrupt")
                )
                demo.wait_for_line("^Ready")
                self.assertEqual(demo.stop(number), 0)
                self.assert_nothing_left("\n".join(demo.output))

    def test_program_that_ends_by_itself(self):
        demo = environment.Process(
            "nvmemi demo", [NVMEMI, "demo", "--drives=1"], self.log("program-ends")
        )
        demo.wait_for_line("^Ready")
        children = run("ps", "--ppid", demo.pid, "-o", "pid=,comm=").stdout.splitlines()
        daemon = next(line.split()[0] for line in children if line.split()[1] == "nvmemid")
        os.kill(int(daemon), signal.SIGKILL)
        self.assertEqual(demo.wait(), 1)
        self.assertIn("nvmemid has ended by itself", "\n".join(demo.output))
        self.assert_nothing_left("\n".join(demo.output))

    def test_drives_are_alive(self):
        demo = environment.Process("nvmemi demo", [NVMEMI, "demo"], self.log("alive"))
        self.addCleanup(demo.stop)
        demo.wait_for_line("^Ready")
        address = re.search(r"unix:path=[^\s,]+", "\n".join(demo.output)).group()
        watch = subprocess.Popen(
            [NVMEMI, f"--bus={address}", "watch", "--json", "--only=health,appeared,vanished"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )
        self.addCleanup(watch.stdout.close)
        self.addCleanup(watch.terminate)
        # Ends the watch, and with it the loop, when nothing more comes.
        limit = threading.Timer(environment.PATIENCE * 10, watch.kill)
        limit.start()
        self.addCleanup(limit.cancel)
        seen = set()
        wanted = {("SIM00000002", "critical"), ("SIM00000004", "vanished"), ("SIM00000004", "appeared")}
        for line in watch.stdout:
            change = json.loads(line)
            kind = change["health"] if change["change"] == "health" else change["change"]
            seen.add((change["serial"], kind))
            if wanted <= seen:
                break
        self.assertLessEqual(wanted, seen)

    def test_script_makes_its_calls(self):
        before = self.directories()
        result = run(environment.CHECKOUT / "dbus" / "demo", "--once")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        calls = re.findall(r"^\$ (busctl|nvmemi) (.*)$", result.stdout, re.MULTILINE)
        self.assertEqual(len(calls), 7, calls)
        self.assertIn("v u 400000", result.stdout)
        self.assertIn("v q 128", result.stdout)
        self.assertRegex(result.stdout, r"ay 4096 \d+ ")
        # It does not say where its own things are: what is left is told by what there was before.
        self.assertEqual(self.directories(), before)

    def test_script_ends_with_the_first_call_that_fails(self):
        # The script's own calls, on a bus whose only drive has no two-wire port to ask about.
        script = (environment.CHECKOUT / "dbus" / "demo").read_text(encoding="utf-8")
        broken = script.replace("SMBusFrequency 1", "SMBusFrequency 0")
        self.assertNotEqual(script, broken)
        result = run(NVMEMI, "demo", "--", "bash", "-c", broken, "demo", "--calls", "--once")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("This call failed: busctl call", result.stderr)
        self.assertIn("--- nvmemid", result.stderr)
        self.assertNotIn("MCTPTransmissionUnit", result.stdout)

    def log(self, name):
        environment.LOGS.mkdir(parents=True, exist_ok=True)
        return environment.LOGS / f"test_demo.{name}.log"


if __name__ == "__main__":
    unittest.main()
