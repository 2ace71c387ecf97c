"""What an operator looks at: how the drives are, why, who did what, and what the command line makes of it."""

import json
import pathlib
import re
import subprocess
import tarfile
import tempfile
import unittest

import environment
from environment import BRIDGE, DRIVE, ENDPOINT_CONTROL, HEALTH, MANAGER, ROOT, SIMULATOR

SIMULATED_DRIVE = BRIDGE + ".SimulatedDrive1"
SUCCESS, FAILED, USAGE, NO_DAEMON, NO_DRIVE, ATTENTION, NO_DRIVES, NO_MCTPD = 0, 1, 2, 3, 4, 7, 8, 9

SICK_DRIVES = """
[drive]
model = u2
serial-number = FINE

[drive]
model = u2
serial-number = HOT
temperature = 81

[drive]
model = u2
serial-number = WORN
percentage-used = 97
critical-warning = 0x08

[drive]
model = u2
serial-number = SPARE
available-spare = 3
"""


class OperatorTest(environment.SystemTest):
    configuration = "health-interval-ms = 500\nfirst-retry-ms = 50\n"

    def nvmemi(self, *arguments, status=SUCCESS, **options):
        result = self.system.nvmemi(*arguments, check=False, **options)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def json(self, *arguments, **options):
        return json.loads(self.nvmemi("--json", *arguments, **options))

    def simulate(self, number, member, signature="", *arguments):
        return self.system.call(
            f"{ROOT}/simulator/drives/{number}", SIMULATED_DRIVE, member, signature, *arguments,
            destination=SIMULATOR,
        )

    def drive(self, name):
        return f"{ROOT}/drives/{name}"

    def wait_for_health(self, name, health):
        self.system.wait_for_property(self.drive(name), DRIVE, "Health", health)


class SickDriveTests(OperatorTest):
    drives = SICK_DRIVES
    expected_endpoints = 4

    def setUp(self):
        for name, health in {
            "FINE": "fine", "HOT": "critical", "WORN": "critical", "SPARE": "warning",
        }.items():
            self.wait_for_health(name, health)

    def test_bus_says_how_and_why(self):
        def reasons(name):
            return self.system.get(self.drive(name), DRIVE, "HealthReasons")

        self.assertEqual(reasons("FINE"), [])
        self.assertEqual(reasons("HOT"), ["Has reached its critical temperature of 80 °C"])
        self.assertEqual(reasons("WORN"), ["Can only be read", "Has used 97 % of its life"])
        self.assertEqual(reasons("SPARE"), ["Has less spare than its threshold"])
        self.system.wait_for_property(self.system.endpoint(12), HEALTH, "AvailableSpare", 3)
        values = self.system.get_all(self.drive("HOT"), DRIVE)
        self.assertEqual((values["WarningTemperature"], values["CriticalTemperature"]), (70, 80))
        self.assertGreater(values["Capacity"], 0)
        self.assertGreater(values["HealthSince"], 0)

    def test_list_shows_a_line_a_drive(self):
        lines = self.nvmemi("list").splitlines()
        self.assertEqual(lines[-1], "4 drives: 1 fine, 1 warning, 2 critical")
        self.assertRegex(lines[2], r"^1:10 +ready +critical .* HOT .* 81 °C")
        rows = {row["serial"]: row for row in self.json("list")}
        self.assertEqual(rows["WORN"]["wear"], 97)
        self.assertEqual(rows["WORN"]["reasons"][0], "Can only be read")
        self.assertEqual(
            self.nvmemi("list", "--columns", "serial,health").splitlines()[1].split(),
            ["FINE", "fine"],
        )

    def test_no_drive_is_asked(self):
        # Polls would come between.
        for eid in range(9, 13):
            self.system.call(self.system.endpoint(eid), ENDPOINT_CONTROL, "PauseHealthPolling")
        self.system.settle()
        before = [self.simulate(number, "GetStatistics")["Requests"] for number in range(1, 5)]
        self.nvmemi("list")
        self.nvmemi("health")
        self.nvmemi("health", "--check", status=ATTENTION)
        after = [self.simulate(number, "GetStatistics")["Requests"] for number in range(1, 5)]
        for eid in range(9, 13):
            self.system.call(self.system.endpoint(eid), ENDPOINT_CONTROL, "ResumeHealthPolling")
        self.assertEqual(before, after)

    def test_plain_ascii_where_the_locale_has_no_more(self):
        for command in ("list", "health", "status"):
            self.nvmemi(command, environment={"LC_ALL": "C"}).encode("ascii")

    def test_check_names_drive_and_reason(self):
        text = self.nvmemi("health", "--check", status=ATTENTION)
        self.assertIn("critical: 1:10 HOT: Has reached its critical temperature of 80 °C", text)
        self.assertNotIn("FINE", text)
        self.assertIn("1:9 FINE", self.nvmemi("health", "9", "--check", "--max-wear=0", status=ATTENTION))
        self.nvmemi("health", "FINE", "--check")

    def test_formats_for_machines(self):
        line = self.nvmemi("health", "--format=nagios", status=2)
        self.assertRegex(line, r"^NVME CRITICAL - 4 drives: .*HOT.* \| 'FINE temperature'=\d+;70;80 ")
        self.assertTrue(self.nvmemi("health", "9", "--format=nagios").startswith("NVME OK"))
        metrics = self.nvmemi("health", "--format=prometheus")
        self.assertIn('nvme_drive_temperature_celsius{drive="HOT",serial="HOT"} 81\n', metrics)
        self.assertIn('nvme_drives{health="critical"} 2\n', metrics)
        for line in metrics.splitlines():
            self.assertRegex(line, r"^# (HELP|TYPE) nvme_\w+ .+$|^nvme_\w+(\{.*\})? -?[\d.e+]+$")

    def test_log_tells_what_happened_and_who_did_it(self):
        daemon = self.system.daemon
        daemon.wait_for_line(
            r'health critical .*drive=HOT .*reason="Has reached its critical .*serial-number=HOT'
        )
        self.nvmemi("config", "set", "9", "SMBusFrequency", "100kHz", "--port", "1")
        line = daemon.wait_for_line(r'changed by a caller action=ConfigSet .*value="100000').string
        for pattern in (r" user=\w", r" uid=\d", r" process=nvmemi", r" drive=FINE", r" outcome=done"):
            self.assertRegex(line, pattern)
        self.system.bus.get_object(BRIDGE, self.system.endpoint(9)).Set(
            HEALTH, "PollInterval", environment.dbus.UInt32(150), dbus_interface=environment.PROPERTIES
        )
        daemon.wait_for_line(r"changed by a caller action=PollInterval .*milliseconds=150")
        history = self.nvmemi("history", "--file", self.system.logs / "nvmemid.log", "FINE")
        self.assertRegex(history, r"1:9  FINE  ConfigSet \(.*\) by \w+ \(nvmemi\): done")
        self.assertNotIn("HOT", history)
        self.assertEqual(history.count("The lines of the log have no times.\n"), 1)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            log = (self.system.logs / "nvmemid.log").read_text(encoding="utf-8")
            file.writelines(f"2026-11-28T03:14:15+0000 bmc nvmemid[7]: {line}\n" for line in log.splitlines())
            file.flush()
            history = self.nvmemi("history", "--file", file.name, "FINE", environment={"TZ": "UTC"})
        self.assertRegex(history, r"(?m)^2026-11-28 03:14:15  1:9  FINE  ConfigSet ")
        self.assertNotIn("no times", history)


class ChangeTest(OperatorTest):
    drives = "[drive]\nmodel = u2\nserial-number = ONE\n"
    expected_endpoints = 1

    def watch(self, *arguments):
        """Begins to watch; returns when it does."""
        process = subprocess.Popen(
            [
                environment.PROGRAMS / "nvmemi", f"--bus={self.system.address}", "watch", *arguments,
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**environment.os.environ, "LC_ALL": "C.UTF-8"},
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process


class ChangeTests(ChangeTest):
    def test_watch_tells_changes_once_each(self):
        self.wait_for_health("ONE", "fine")
        self.simulate(1, "SetTemperature", "n", 40)
        self.system.wait_for_property(self.system.endpoint(9), HEALTH, "CompositeTemperature", 40)
        watch = self.watch("--count=1", "--only=temperature")
        self.assertEqual(watch.stderr.readline(), "Following 1 drive: 1 fine; Ctrl-C ends it.\n")
        self.simulate(1, "SetTemperature", "n", 44)
        output, _ = watch.communicate(timeout=environment.PATIENCE)
        self.assertEqual(watch.returncode, SUCCESS)
        self.assertRegex(
            output, r"^\d{4}-\d\d-\d\d [\d:]{8}  1:9  ONE  temperature 44 °C \(was 40 °C\)\n$"
        )

    def test_watch_runs_a_command(self):
        self.wait_for_health("ONE", "fine")
        watch = self.watch("--count=1", "--only=health", "--exec", 'echo "$NVMEMI_SERIAL $NVMEMI_HEALTH"')
        watch.stderr.readline()
        self.simulate(1, "SetCriticalWarning", "y", 0x08)
        output, _ = watch.communicate(timeout=environment.PATIENCE)
        self.assertIn("ONE critical\n", output)
        self.simulate(1, "SetCriticalWarning", "y", 0)
        self.wait_for_health("ONE", "fine")

    def test_watch_that_is_ended_ends_its_command(self):
        self.wait_for_health("ONE", "fine")
        watch = self.watch("--only=health", "--exec", "echo $$; exec sleep 3600")
        watch.stderr.readline()
        self.simulate(1, "SetCriticalWarning", "y", 0x08)
        self.assertIn("critical", watch.stdout.readline())
        command = int(watch.stdout.readline())
        watch.terminate()
        watch.communicate(timeout=environment.PATIENCE)
        with self.assertRaises(ProcessLookupError):
            environment.os.kill(command, 0)
        self.simulate(1, "SetCriticalWarning", "y", 0)
        self.wait_for_health("ONE", "fine")

    def test_drive_is_heated_and_pulled_by_hand(self):
        self.wait_for_health("ONE", "fine")

        def control(*arguments, check=True):
            return self.system.run(
                environment.PROGRAMS / "nvmemi-sim", "control", *arguments, f"--bus={self.system.address}",
                check=check,
            )

        control("heat", "ONE", "75")
        self.wait_for_health("ONE", "warning")
        self.assertIn("75 C", control("list").stdout)
        control("heat", "1", "35")
        self.wait_for_health("ONE", "fine")
        self.assertIn("there is no drive", control("heat", "TWO", "35", check=False).stderr)
        self.assertIn("from -60 to 127", control("heat", "ONE", "300", check=False).stderr)
        control("plug", "m2")
        self.system.wait_for_endpoints(2)
        control("pull", "10")
        self.system.wait_for_endpoints(1)

    def test_simulator_says_what_is_wrong_as_nvmemi_does(self):
        for arguments, status, words in (
            (("plug", "nosuch"), FAILED, ("there is no model 'nosuch'; there are u2, ",)),
            (("heat", "TWO", "35"), NO_DRIVE, ("there is no drive “TWO”; there are ", " (ONE)")),
            (("heat", "ONE", "300"), USAGE, ("heat: “300”", "from -60 to 127")),
            (("heat", "ONE"), USAGE, ("heat DRIVE CELSIUS",)),
            (("freeze", "ONE"), USAGE, ("freeze", "heat")),
            (("list", "--bus=unix:path=/nowhere"), NO_DAEMON, ("cannot reach the bus",)),
        ):
            with self.subTest(arguments):
                result = self.system.run(
                    environment.PROGRAMS / "nvmemi-sim", "control", *arguments, check=False,
                    environment={"NVMEMI_BUS": self.system.address},
                )
                self.assertEqual(result.returncode, status, result.stderr)
                self.assertTrue(result.stderr.startswith("nvmemi-sim: "), result.stderr)
                for word in words:
                    self.assertIn(word, result.stderr)

    def test_versions_are_the_same(self):
        versions = [
            self.system.run(environment.PROGRAMS / name, "--version").stdout.splitlines()[0].split()
            for name in ("nvmemi", "nvmemid", "nvmemi-sim")
        ]
        self.assertEqual([name for name, _ in versions], ["nvmemi", "nvmemid", "nvmemi-sim"])
        self.assertEqual(len({version for _, version in versions}), 1, versions)

    def test_drive_that_does_not_answer(self):
        self.simulate(1, "SetFault", "sa{sv}", "mute", {})
        self.wait_for_health("ONE", "unavailable")
        reason = self.system.get(self.drive("ONE"), DRIVE, "StateReason")
        self.assertRegex(reason, r"^Does not answer\. It is tried again")
        text = self.nvmemi("health")
        self.assertIn("unavailable  1:9", text)
        self.assertIn("Does not answer. It is tried again", text)
        self.simulate(1, "ClearFaults")
        self.wait_for_health("ONE", "fine")
        self.system.daemon.wait_for_line(r"health unavailable .*was=fine")
        self.system.daemon.wait_for_line(r"health fine .*was=")


class ReplugTests(ChangeTest):
    def test_drive_that_is_plugged_in_again_goes_once_and_comes_once(self):
        self.wait_for_health("ONE", "fine")
        watch = self.watch("--only=appeared,vanished,state")
        watch.stderr.readline()
        [path] = self.system.get_drives(ROOT + "/simulator", SIMULATOR)
        self.system.call(ROOT + "/simulator", SIMULATOR + "1", "Pull", "o", path, destination=SIMULATOR)
        lines = [watch.stdout.readline()]
        self.system.call(
            ROOT + "/simulator", SIMULATOR + "1", "Plug", "a{sv}",
            environment.dbus.Dictionary({"model": "u2", "serial-number": "ONE"}, signature="sv"),
            destination=SIMULATOR,
        )
        while not re.search("(appeared,|state) ready", lines[-1]):
            lines.append(watch.stdout.readline())
            self.assertTrue(lines[-1], lines)
        watch.terminate()
        lines += watch.communicate(timeout=environment.PATIENCE)[0].splitlines()
        for word in ("has gone", "appeared"):
            self.assertEqual(len([line for line in lines if word in line]), 1, lines)


class ReportTests(OperatorTest):
    drives = "[drive]\nmodel = u2\nserial-number = TICKET01\n"
    expected_endpoints = 1

    def report(self, *options):
        """Writes a report; returns the archive's files by name."""
        with tempfile.TemporaryDirectory() as directory:
            file = f"{directory}/report.tar.gz"
            log = self.system.logs / "nvmemid.log"
            self.nvmemi("report", "--output", file, "--file", log, *options)
            with tarfile.open(file) as archive:
                return {
                    member.name.removeprefix("nvmemi-report/"): archive.extractfile(member).read()
                    for member in archive.getmembers() if member.isfile()
                }

    def test_everything_of_a_drive_is_in_it(self):
        self.wait_for_health("TICKET01", "fine")
        files = self.report()
        for name in (
            "report.html", "summary.txt", "status.json", "log.txt", "TICKET01/drive.json",
            "TICKET01/endpoint-1-9-health.json", "TICKET01/endpoint-1-9-vpd.bin",
            "TICKET01/endpoint-1-9-configuration.json", "TICKET01/endpoint-1-9-statistics.json",
            "TICKET01/controller-0-identify.bin", "TICKET01/controller-0-log-02.json",
            "TICKET01/controller-0-log-02.bin",
        ):
            self.assertTrue(name in files, f"{name} is not among {sorted(files)}")
        self.assertEqual(len(files["TICKET01/controller-0-identify.bin"]), 4096)
        smart = json.loads(files["TICKET01/controller-0-log-02.json"])
        self.assertIn("PowerOnHours", smart)
        page = files["report.html"].decode()
        self.assertIn("TICKET01", page)
        self.assertNotRegex(page, r"(src|href)=|url\(|@import")

    def test_nothing_is_written_over(self):
        self.wait_for_health("TICKET01", "fine")
        with tempfile.TemporaryDirectory() as directory:
            there = pathlib.Path(directory, "there")
            there.write_text("precious", encoding="utf-8")
            link = pathlib.Path(directory, "link")
            link.symlink_to(pathlib.Path(directory, "elsewhere"))
            for file in (there, link):
                self.assertIn("nothing is written over", self.nvmemi("report", "--output", file, status=1))
            self.assertEqual(there.read_text(encoding="utf-8"), "precious")
            self.assertEqual(sorted(file.name for file in pathlib.Path(directory).iterdir()), ["link", "there"])

    def test_archive_is_its_owners(self):
        self.wait_for_health("TICKET01", "fine")
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "a:b.tar.gz")
            self.nvmemi("report", "--output", file, "--file", "/dev/null")
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)

    def test_report_that_is_interrupted_leaves_nothing(self):
        self.wait_for_health("TICKET01", "fine")
        self.simulate(1, "SetFault", "sa{sv}", "mute", {})
        with tempfile.TemporaryDirectory() as directory:
            process = subprocess.Popen(
                [
                    environment.PROGRAMS / "nvmemi", f"--bus={self.system.address}", "report",
                    f"--output={directory}/report.tar.gz", "--file=/dev/null",
                ],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                env={**environment.os.environ, "TMPDIR": directory},
            )
            self.addCleanup(process.stdout.close)

            def has_begun():
                # A call sets the pace.
                self.system.get(ROOT, MANAGER, "Version")
                return list(pathlib.Path(directory).glob("nvmemi-*/*/TICKET01"))

            self.system.ask_until(has_begun, "the report to begin")
            process.terminate()
            output, _ = process.communicate(timeout=environment.PATIENCE)
            self.assertEqual(process.returncode, 1, output)
            self.assertIn("interrupted", output)
            self.assertEqual(list(pathlib.Path(directory).iterdir()), [])
        self.simulate(1, "ClearFaults")
        self.wait_for_health("TICKET01", "fine")

    def test_redacted_report_names_no_drive(self):
        self.wait_for_health("TICKET01", "fine")
        nqn = self.system.get(self.drive("TICKET01"), DRIVE, "SubsystemNQN").encode()
        files = self.report("--redact")
        # The drive is named for its serial number.
        self.assertTrue("SERIAL-1/drive.json" in files, sorted(files))
        for name, content in files.items():
            for secret in (b"TICKET01", b"TICKET01".hex().encode(), nqn):
                self.assertFalse(secret in content, f"{name} has {secret}")


class UnpolledTests(OperatorTest):
    drives = "[drive]\nmodel = u2\nserial-number = QUIET\n"
    expected_endpoints = 1
    configuration = "health-interval-ms = 100\n"

    def test_a_drive_that_is_not_polled_is_not_fine(self):
        self.wait_for_health("QUIET", "fine")
        self.nvmemi("poll", "9", "--interval", "0")
        self.system.ask_until(
            lambda: self.system.nvmemi("health", "--check", check=False).returncode == ATTENTION, "attention"
        )
        self.assertIn("Was last polled", self.nvmemi("health", "--check", status=ATTENTION))


    def test_a_drive_that_has_vanished_is_missed_where_it_is_expected(self):
        self.wait_for_health("QUIET", "fine")
        self.nvmemi("health", "--check", "--expect=1")
        self.nvmemi("health", "--format=nagios", "--expect=1")
        text = self.nvmemi("health", "--check", "--expect=2", status=ATTENTION)
        self.assertIn("missing: 1 of 2 expected drives are there", text)
        self.assertIn(" - 1 of 2 expected drives are there", self.nvmemi("health", "--format=nagios", "--expect=2", status=2))
        self.assertIn("--check and --format nagios", self.nvmemi("health", "--expect=2", status=2))


class WordsTests(OperatorTest):
    drives = "[drive]\nmodel = u2\nserial-number = ONLY\n"
    expected_endpoints = 1

    def test_what_is_not_there_is_named_with_what_is(self):
        for command, words in (
            ("config get 9 Foo", ("no setting “Foo”", "SMBusFrequency")),
            ("feature get 9 Foo", ("no feature “Foo”", "nvmemi feature --help")),
            ("log 9 Foo", ("no log “Foo”", "nvmemi log --help")),
            ("frobnicate", ("no command “frobnicate”", "health, status")),
            ("format 9 77", ("1:9 has no namespace 77", "It has: 1")),
            ("report --output=-", ("a report is a file",)),
            ("list --foo", ("`nvmemi list` has no option “--foo”.\n", "It has: ", "--columns")),
            ("health --chek", ("Did you mean --check?",)),
            ("firmware update 9 x --activate never --reset controller", ("--activate never",)),
            ("format 9 1 --secure-erase foo", ("'none', 'user-data' or 'cryptographic'",)),
        ):
            with self.subTest(command):
                text = self.nvmemi(*command.split(), status=2)
                for word in words:
                    self.assertIn(word, text)

    def test_errors_name_options_of_the_command_line(self):
        for command, words in (
            ("log 9 EnduranceGroupInformation", "is about one of several; say with --lsi which"),
            ("log 9 0xc5 --hex", "; --force has it asked all the same"),
            ("log 9 smart --hex --offset 4000", "--offset is 4000; "),
            ("telemetry 9 /no/such/folder/file", "No such file"),
            ("self-test 9 refresh", "; --force has it asked all the same"),
            ("config set 9 SMBusFrequency 5 --port 1", "SMBusFrequency cannot be 5; it takes"),
        ):
            with self.subTest(command):
                text = self.nvmemi(*command.split(), status=FAILED)
                self.assertIn(words, text)
                self.assertNotRegex(text, r"option '| \([a-z]{1,2}\)")

    def test_format_asks_where_the_list_of_namespaces_does_not_come(self):
        """Which namespaces there are is not known then: the question is, whether it is meant."""
        self.assertIn("1:9 has no namespace 77", self.nvmemi("format", "9", "77", status=USAGE))
        self.simulate(
            1, "SetFault", "sa{sv}", "nvme-status",
            environment.dbus.Dictionary(
                {"category": "admin", "opcode": "0x06", "nvme-status": "2"}, signature="sv"
            ),
        )
        text = self.nvmemi("format", "9", "77", status=USAGE)
        self.simulate(1, "ClearFaults")
        self.assertIn("This formats namespace 77, with all data, of ", text)
        self.assertIn("Nobody can be asked", text)

    def test_self_test_that_an_erasing_ends_is_told_of_before(self):
        def question(*arguments):
            return self.nvmemi(*arguments, status=USAGE)

        for command in (("erase", "9"), ("format", "9", "1")):
            self.assertNotIn("self-test", question(*command))
        self.nvmemi("self-test", "9", "extended", "--background")
        self.system.ask_until(
            lambda: self.json("log", "9", "self-test")["CurrentOperation"] != "None", "the self-test"
        )
        for command in (("erase", "9"), ("format", "9", "1")):
            self.assertRegex(
                question(*command),
                r"\(endpoint 1:9\)\. The drive is running a self-test \(Extended, \d+ % done\), which this ends\.",
            )
        text = self.nvmemi("erase", "9", "--method=crypto", "--yes", "--serial-number=ONLY")
        self.assertRegex(text, r"(?m)^Capacity +[\d.]+ [GT]B$")
        self.assertRegex(text, r"(?m)^Ended +20\d\d-\d\d-\d\d [\d:]{8} \(\d+ s ago\)$")
        self.assertEqual(self.json("log", "9", "self-test")["CurrentOperation"], "None")

    def test_telemetry_goes_through_a_pipe(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "pipe"
            environment.os.mkfifo(path)
            # Opened for both ends, the pipe waits for nobody; its room is enough for the first data area.
            reader = environment.os.open(path, environment.os.O_RDWR | environment.os.O_NONBLOCK)
            self.addCleanup(environment.os.close, reader)
            result = json.loads(self.system.nvmemi("--json", "telemetry", "9", path, "--area", "1").stdout)
            written = environment.os.read(reader, 1 << 20)
        self.assertEqual(len(written), result["Bytes"])
        # The log's own number.
        self.assertEqual(written[0], 7)

    def test_telemetry_writes_over_nothing(self):
        with tempfile.NamedTemporaryFile() as there:
            self.assertIn("nothing is written over", self.nvmemi("telemetry", "9", there.name, status=1))

    def test_telemetry_that_does_not_begin_leaves_no_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "telemetry"
            self.system.nvmemi("telemetry", "9", path, "--area", "200", check=False)
            self.assertFalse(path.exists())


class NoDriveTests(OperatorTest):
    drives = "[drive]\nmodel = u2\nserial-number = PULLED\n"
    expected_endpoints = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        [path] = cls.system.get_drives(ROOT + "/simulator", SIMULATOR)
        cls.system.call(ROOT + "/simulator", SIMULATOR + "1", "Pull", "o", path, destination=SIMULATOR)
        cls.system.ask_until(lambda: not cls.system.get(ROOT, MANAGER, "Endpoints"), "no drives")

    def test_no_drives_are_fine_only_where_somebody_knows_that_there_are_none(self):
        self.nvmemi("health", "--check", "--no-drives-ok")
        self.nvmemi("health", "--format=nagios", "--no-drives-ok")
        self.assertIn("0 of 1 expected", self.nvmemi("health", "--format=nagios", "--expect=1", status=2))
        self.system.simulator.stop()
        self.system.simulator = None
        self.system.ask_until(lambda: not self.system.get(ROOT, MANAGER, "MctpdPresent"), "mctpd to be gone")
        self.nvmemi("health", "--check", "--no-drives-ok", status=NO_MCTPD)
        self.assertIn("mctpd", self.nvmemi("health", "--format=nagios", "--no-drives-ok", status=3))
        self.system.start_simulator()

    def test_a_journal_that_knows_nothing_is_no_quiet_night(self):
        text = self.nvmemi("history", "--unit=no-such-unit-of-ours", status=1)
        self.assertIn("The journal has nothing of the unit no-such-unit-of-ours", text)
        self.assertIn("--file", text)


class AbsenceTests(OperatorTest):
    drives = ""
    starts_daemon = False

    def test_nothing_to_look_at(self):
        self.nvmemi("health", "--check", status=NO_DAEMON)
        line = self.nvmemi("health", "--format=nagios", status=3)
        self.assertIn("NVME UNKNOWN", line)


class StatusTests(OperatorTest):
    def wait_for_bridge(self, name, value):
        # The root is not among its own objects.
        self.system.ask_until(
            lambda: self.system.get(ROOT, MANAGER, name) == value, f"{name} to be {value}"
        )

    def test_status(self):
        self.wait_for_health("SIM00000001", "fine")
        text = self.nvmemi("status")
        self.assertRegex(text, r"(?m)^Daemon +nvmemid \d.*, runs since ")
        self.assertRegex(text, r"(?m)^mctpd +on the bus, since ")
        self.assertRegex(text, r"(?m)^Drives +1 drive: 1 fine$")
        status = self.json("status")
        self.assertEqual(status["mctpd"]["present"], True)
        self.assertEqual(status["carrier"]["connected"], True)
        self.assertEqual(status["drives"]["fine"], 1)
        self.assertEqual((status["errorsLastHour"], status["warningsLastHour"]), (0, 0))

    def test_what_it_stands_on_goes_and_comes(self):
        self.assertTrue(self.system.get(ROOT, MANAGER, "MctpdPresent"))
        self.system.simulator.stop()
        self.system.simulator = None
        self.wait_for_bridge("MctpdPresent", False)
        self.wait_for_bridge("CarrierConnected", False)
        result = self.system.run(
            environment.PROGRAMS / "nvmemi-sim", "control", "list", f"--bus={self.system.address}", check=False
        )
        self.assertEqual(result.returncode, NO_DAEMON)
        self.assertIn("nvmemi-sim: no simulator is on the bus: ", result.stderr)
        self.system.daemon.wait_for_line("mctpd left the bus")
        self.system.daemon.wait_for_line("the MCTP carrier has gone")
        self.assertRegex(self.nvmemi("status", status=NO_MCTPD), r"(?m)^mctpd +not on the bus")
        self.system.start_simulator()
        self.wait_for_bridge("MctpdPresent", True)
        self.wait_for_bridge("CarrierConnected", True)
        self.system.daemon.wait_for_line("the MCTP carrier is back")


if __name__ == "__main__":
    unittest.main()
