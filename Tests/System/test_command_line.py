"""nvmemi, the command line, against the daemon: what it prints, what it exits with."""

import json
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

import environment
from environment import BRIDGE, CONTROLLER, ENDPOINT
from users import as_user

SUCCESS, FAILED, USAGE, NO_DAEMON, NO_ENDPOINT, NOT_PERMITTED, TIMED_OUT, ATTENTION = range(8)


class CommandLineTests(environment.SystemTest):
    drives = 2

    def nvmemi(self, *arguments, status=SUCCESS, **options):
        """Runs nvmemi and checks its exit status; returns what it printed."""
        result = self.system.nvmemi(*arguments, check=False, **options)
        self.assertEqual(result.returncode, status, result.stderr)
        if status in (SUCCESS, ATTENTION):
            self.assertEqual(result.stderr, "")
            return result.stdout
        self.assertEqual(result.stdout, "")
        return result.stderr

    def json(self, *arguments, **options):
        return json.loads(self.nvmemi("--json", *arguments, **options))

    def test_list(self):
        lines = self.nvmemi("list").splitlines()
        self.assertRegex(lines[0], r"^ENDPOINT +STATE +HEALTH +MODEL +SERIAL +FIRMWARE +CAPACITY +TEMP ")
        self.assertRegex(lines[1], r"^1:9 +ready ")
        self.assertRegex(lines[2], r"^1:10 +ready ")
        self.assertRegex(lines[-1], r"^2 drives: ")
        self.assertNotIn("\x1b", "".join(lines))

    def test_list_as_json_agrees_with_the_bus(self):
        drives = self.json("list")
        self.assertEqual([drive["address"] for drive in drives], ["1:9", "1:10"])
        drive = drives[0]
        self.assertEqual(drive["path"], self.system.endpoint(9))
        controller = self.first_controller(9)
        self.assertEqual(drive["model"], self.system.get(controller, CONTROLLER, "ModelNumber"))
        self.assertEqual(drive["serial"], self.system.get(controller, CONTROLLER, "SerialNumber"))
        self.system.ask_until(
            lambda: isinstance(self.json("list", "--quick")[0]["temperature"], int), "a temperature"
        )

    def first_controller(self, eid):
        below = self.system.endpoint(eid) + "/controllers/"
        return min(
            (path for path in self.system.objects() if path.startswith(below)),
            key=environment.numerically,
        )

    def test_every_way_to_name_an_endpoint(self):
        serial = self.json("list")[1]["serial"]
        path = self.system.endpoint(10)
        for name in ("10", "0xa", "1:10", "net 1 eid 10", path, path + "/controllers/0", serial):
            with self.subTest(name=name):
                self.assertEqual(self.json("show", name)["path"], path)

    def test_name_of_nothing(self):
        for name in ("11", "2:9", "nonsense", "/xyz/openbmc_project/nvme_mi"):
            with self.subTest(name=name):
                self.assertIn("no endpoint", self.nvmemi("show", name, status=NO_ENDPOINT))
        self.assertIn("has no controller 77", self.nvmemi("smart", "9/77", status=NO_ENDPOINT))

    def test_show(self):
        text = self.nvmemi("show", "9")
        self.assertIn("Endpoint 1:9", text)
        self.assertIn("Port 0", text)
        self.assertRegex(text, r"Model number +\S")
        details = self.json("show", "9")
        self.assertEqual(
            set(details), {"address", "path", "properties", "ports", "controllers", "namespaces"}
        )
        self.assertEqual(details["properties"]["EID"], 9)
        self.assertEqual(details["ports"][0]["number"], 0)

    def test_health(self):
        self.assertRegex(self.nvmemi("health", "9"), r"Composite temperature +\d+ °C")
        answers = self.json("health")
        self.assertEqual([answer["address"] for answer in answers], ["1:9", "1:10"])
        self.assertIn("CompositeTemperature", answers[0]["health"])
        self.system.ask_until(
            lambda: all(row["level"] == "fine" for row in self.json("health")), "fine drives"
        )
        self.assertEqual(self.nvmemi("health", "--check"), "2 drives: 2 fine\n")

    def test_settings(self):
        self.assertEqual(self.nvmemi("config", "get", "9", "SMBusFrequency"), "400 kHz\n")
        set_to = self.nvmemi("config", "set", "9", "SMBusFrequency", "100kHz", "--port", "1")
        self.assertEqual(set_to, "100 kHz\n")
        self.assertEqual(
            self.json("config", "get", "9", "SMBusFrequency", "--port", "1"),
            {"name": "SMBusFrequency", "port": 1, "value": 100_000},
        )
        self.nvmemi("config", "set", "9", "SMBusFrequency", "400000")
        unit = ("MCTPTransmissionUnit", "--port=1")
        self.assertEqual(self.nvmemi("config", "get", "9", *unit), "250 B\n")
        self.assertEqual(self.nvmemi("config", "set", "10", unit[0], "128", unit[1]), "128 B\n")

    def test_settings_that_are_refused(self):
        refused = self.nvmemi("config", "set", "9", "SMBusFrequency", "2MHz", status=FAILED)
        self.assertIn("SMBusFrequency", refused)
        self.assertIn("Nonsense", self.nvmemi("config", "get", "9", "Nonsense", "--port=1", status=FAILED))
        which = self.nvmemi("config", "get", "9", "MCTPTransmissionUnit", status=USAGE)
        self.assertIn("--port", which)

    def test_identify(self):
        self.assertRegex(self.nvmemi("identify", "9"), r"Model number +\S")
        identity = self.json("identify", "9")
        self.assertEqual(identity["ModelNumber"], self.json("list")[0]["model"])
        dump = self.nvmemi("identify", "9", "--hex").splitlines()
        self.assertRegex(dump[0], r"^00000000  (\w\w ){8} (\w\w ){7}\w\w  \|.{16}\|$")
        self.assertEqual(dump[-1], "00001000")
        data = self.json("identify", "9", "--cns=1", "--hex")["data"]
        self.assertEqual(len(data), 2 * 4096)

    def test_bytes_go_to_a_file(self):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "identity")
            self.assertEqual(self.nvmemi("identify", "9", "--output", file), "")
            self.assertEqual(
                file.read_bytes(),
                self.system.call(
                    self.first_controller(9), CONTROLLER, "Identify", "yua{sv}", 1, 0, {}
                ),
            )
            self.assertEqual(self.nvmemi("log", "9", "smart", "--output", file), "")
            self.assertEqual(file.stat().st_size, 512)
            missing = pathlib.Path(directory, "missing", "file")
            complaint = self.nvmemi("identify", "9", "--output", missing, status=FAILED)
            self.assertIn("No such file", complaint)

    def test_logs(self):
        self.assertRegex(self.nvmemi("smart", "9"), r"Power on hours +[\d]+ h")
        self.assertEqual(self.json("log", "9", "smart"), self.json("smart", "9"))
        self.assertIsInstance(self.json("log", "9", "error"), list)
        self.assertIsInstance(self.json("log", "9", "firmware"), dict)
        self.assertEqual(len(self.json("log", "9", "0x02", "--length", "512")["data"]), 1024)

    def test_statistics(self):
        self.assertRegex(self.nvmemi("statistics", "9"), r"Commands +\d+")
        self.assertGreater(self.json("statistics", "9")["Commands"], 0)

    def test_capture(self):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "capture.pcapng")
            summary = self.nvmemi("capture", file, "--seconds=0.01", "--endpoint=10")
            self.assertRegex(summary, r"Captured messages +\d+\nDropped messages +0\n")
            self.assertEqual(file.read_bytes()[:4], b"\x0a\x0d\x0d\x0a")

    def test_capture_to_standard_output_ends_when_interrupted(self):
        capture = subprocess.Popen(
            [environment.PROGRAMS / "nvmemi", f"--bus={self.system.address}", "capture", "-"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        # The header of the file says that it has begun.
        start = capture.stdout.read(4)
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        capture.send_signal(signal.SIGINT)
        rest, complaints = capture.communicate(timeout=environment.PATIENCE)
        self.assertEqual((capture.returncode, complaints), (SUCCESS, b""))
        self.assertEqual(start, b"\x0a\x0d\x0d\x0a")
        # A block of a packet at least.
        self.assertIn(b"\x00\xfa\x01\x09\x00\xc8\x84", rest)

    def test_capture_that_is_refused(self):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "capture.pcapng")
            refused = self.nvmemi("capture", file, "--max-bytes=10", status=FAILED)
            self.assertIn("max-bytes", refused)
            missing = pathlib.Path(directory, "missing", "file")
            self.assertIn("No such file", self.nvmemi("capture", missing, status=FAILED))

    def test_output_is_cut_to_the_terminal_only(self):
        # A pipe has no width, whatever the environment says.
        wide = self.nvmemi("list", environment={"COLUMNS": "40"})
        self.assertIn(self.json("list")[0]["model"], wide)

    def test_completion_knows_the_endpoints(self):
        bus = f"--bus={self.system.address}"
        line = ["nvmemi", bus, "show", ""]
        result = self.system.run(
            environment.PROGRAMS / "nvmemi", "---completion", "show", "--",
            "positional@0", "3", "0", *line,
        )
        self.assertEqual(result.stdout.split(), ["9", "10"])

    def test_reader_that_stops_reading(self):
        command = f"'{environment.PROGRAMS}/nvmemi' --bus='{self.system.address}' show 9 | head -n 1"
        result = self.system.run("bash", "-c", command)
        self.assertEqual(result.stdout, "Endpoint 1:9\n")
        self.assertEqual(result.stderr, "")

    def test_full_disk(self):
        command = f"'{environment.PROGRAMS}/nvmemi' --bus='{self.system.address}' list >/dev/full"
        result = self.system.run("bash", "-c", command, check=False)
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("No space left", result.stderr)


class RightsTests(environment.SystemTest):
    policy = True

    def test_anyone_may_look_but_not_change(self):
        # Where everybody can read it, unlike the checkout.
        program = shutil.copy(environment.PROGRAMS / "nvmemi", self.system.directory)

        def nvmemi(*arguments):
            command = [program, f"--bus={self.system.address}", *arguments]
            return self.system.run(*as_user("nobody", command), check=False)

        self.assertEqual(nvmemi("list").returncode, SUCCESS)
        result = nvmemi("config", "set", "9", "SMBusFrequency", "400kHz")
        self.assertEqual(result.returncode, NOT_PERMITTED, result.stderr)
        self.assertIn("nvme-admin", result.stderr)
        result = nvmemi("capture", "/dev/null")
        self.assertEqual(result.returncode, NOT_PERMITTED, result.stderr)
        self.assertIn("root only", result.stderr)


class AbsenceTests(environment.SystemTest):
    starts_daemon = False

    def test_no_daemon(self):
        result = self.system.nvmemi("list", check=False)
        self.assertEqual(result.returncode, NO_DAEMON)
        self.assertIn("nvmemid", result.stderr)

    def test_no_bus(self):
        program = environment.PROGRAMS / "nvmemi"
        for address in ("unix:path=/nonexistent", "nonsense"):
            with self.subTest(address=address):
                result = self.system.run(program, f"--bus={address}", "list", check=False)
                self.assertEqual(result.returncode, NO_DAEMON, result.stderr)
                self.assertIn("bus", result.stderr)

    def test_daemon_that_does_not_answer(self):
        # A program with the daemon's name that reads nothing.
        self.system.bus.request_name(BRIDGE)
        self.addCleanup(self.system.bus.release_name, BRIDGE)
        result = self.system.nvmemi("--timeout=0.2", "list", check=False)
        self.assertEqual(result.returncode, TIMED_OUT, result.stderr)

    def test_version_is_the_daemon_s(self):
        def version(name):
            return self.system.run(environment.PROGRAMS / name, "--version").stdout.split()[-1]

        self.assertEqual(version("nvmemi"), version("nvmemid"))

    def test_help_documents_every_exit_status(self):
        text = self.system.run(environment.PROGRAMS / "nvmemi", "--help").stdout
        documented = [int(number) for number in re.findall(r"^  (\d)  \w", text, re.MULTILINE)]
        self.assertEqual(documented, list(range(10)))


if __name__ == "__main__":
    unittest.main()
