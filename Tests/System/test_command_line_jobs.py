"""nvmemi's firmware and jobs: what a person sees of an update, and of what takes longer than a call."""

import json
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import tempfile

import environment
from environment import PATIENCE, PROGRAMS, ROOT
from members import SIMULATED_DRIVE
from test_command_line import FAILED, NO_ENDPOINT, SUCCESS, USAGE
from test_command_line_families import SERIAL, FamilyTest
from test_firmware import image

PIECE = 4096


class FirmwareFamilyTest(FamilyTest):
    # A drive that was reset has no endpoint ID, and mctpd is soon asked to give it one.
    configuration = (
        "health-interval-ms = 0\nfirst-retry-ms = 50\nlast-retry-ms = 500\ncommand-timeout-ms = 1000\n"
        "recover-after-ms = 0\nfirst-recover-ms = 200\n"
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.directory.cleanup)

    def image(self, words, pieces=4):
        file = pathlib.Path(self.directory.name, "image.bin")
        file.write_bytes(image(words, pieces * PIECE))
        return file

    def update(self, words, *arguments, pieces=4):
        return self.json(
            "firmware", "update", "9", str(self.image(words, pieces)), "--yes", "--serial-number", SERIAL, *arguments
        )

    def fault(self, name, **named):
        values = {key.replace("_", "-"): str(value) for key, value in named.items()}
        self.system.call(
            f"{ROOT}/simulator/drives/1", SIMULATED_DRIVE, "SetFault", "sa{sv}", name,
            environment.dbus.Dictionary(values, signature="sv"),
            destination=environment.SIMULATOR,
        )

    def wait_until(self, condition, what):
        self.system.ask_until(condition, what)


class FirmwareFamilyTests(FirmwareFamilyTest):
    def test_slots_are_shown(self):
        slots = self.json("firmware", "show", "9")
        self.assertEqual([slot["Slot"] for slot in slots], list(range(1, len(slots) + 1)))
        running = next(slot for slot in slots if slot["Active"])
        self.assertRegex(self.nvmemi("firmware", "show", "9"), rf"{running['Revision']} +runs")

    def test_an_update_is_followed_to_its_end(self):
        result = self.update("4.0.0", "--slot", "2", "--reset", "subsystem", "--revision", "4.0.0")
        self.assertEqual((result["NewRevision"], result["Activated"]), ("4.0.0", True))
        self.wait_until(
            lambda: any(slot["Active"] and slot["Revision"] == "4.0.0" for slot in self.json("firmware", "show", "9")),
            "the slots to follow",
        )
        # Somewhere else than on a terminal each step is a line.
        shown = self.system.nvmemi(
            "firmware", "update", "9", str(self.image("4.1.0")), "--slot", "3", "--yes", "--serial-number", SERIAL,
        )
        self.assertIn("FirmwareUpdate: transferring the image", shown.stderr)
        self.assertIn("4.1.0", shown.stdout)
        result = self.json("firmware", "commit", "9", "3", "--yes", "--serial-number", SERIAL)
        self.assertEqual(result["ResetNeeded"], "Subsystem")

    def test_an_image_may_come_from_a_pipe(self):
        line = (
            f"cat {self.image('4.5.0')} | {PROGRAMS}/nvmemi firmware update 9 /dev/stdin --slot 2 --yes "
            f"--serial-number {SERIAL} --json --bus '{self.system.address}'"
        )
        result = json.loads(self.system.run("bash", "-c", line).stdout)
        self.assertEqual(result["SlotRevision"], "4.5.0")

    def test_what_fails_says_why(self):
        refused = self.nvmemi(
            "firmware", "update", "9", str(self.image("4.2.0 broken")), "--slot", "2", "--yes",
            "--serial-number", SERIAL, status=FAILED,
        )
        self.assertIn("Invalid Firmware Image", refused)
        self.nvmemi("firmware", "update", "9", "/no/such/file", "--yes", "--serial-number", SERIAL, status=FAILED)

    def test_nothing_is_done_to_another_drive_than_is_meant(self):
        file = str(self.image("4.3.0"))
        refused = self.nvmemi(
            "firmware", "update", "9", file, "--yes", "--serial-number", "OTHER", status=FAILED
        )
        self.assertIn("Nothing was done", refused)
        self.nvmemi("firmware", "update", "9", file, "--yes", status=USAGE)
        self.nvmemi("firmware", "update", "9", file, status=USAGE)
        status, shown = self.answer("yes\n", "firmware", "update", "9", file)
        self.assertEqual(status, FAILED, shown)
        self.assertIn(SERIAL, shown)
        status, shown = self.answer(f"{SERIAL[-4:]}\n", "firmware", "update", "9", file, "--slot", "2")
        self.assertEqual(status, SUCCESS, shown)
        # A bar on a terminal.
        self.assertRegex(shown, r"\[#*-*\]|4\.3\.0")


class AllLikeTests(FirmwareFamilyTest):
    """One image for all drives of a kind: three of them, one with other firmware, and one of another model."""

    expected_endpoints = 5
    serials = [f"FLEET000{number}" for number in range(1, 6)]
    drives = "".join(
        f"[drive]\nmodel = complete\nserial-number = {serial}\nreset-time-ms = 100\n{more}\n"
        for serial, more in zip(
            serials, ("", "", "firmware = 9.9.8, 9.9.9", "model-number = Other Drive", ""), strict=True
        )
    )

    def roll_out(self, words, *arguments, status=SUCCESS):
        """What came of each drive, by its serial number, and what was told meanwhile."""
        shown = self.system.nvmemi(
            "--json", "firmware", "update", "9", str(self.image(words)), "--all-like", "--slot", "2", "--yes",
            "--serial-number", self.serials[0], *arguments, check=False,
        )
        self.assertEqual(shown.returncode, status, shown.stderr)
        return {drive["serialNumber"]: drive for drive in json.loads(shown.stdout)}, shown.stderr

    def counts(self, number):
        """Commits that a drive was asked for."""
        statistics = self.system.call(
            f"{ROOT}/simulator/drives/{number}", SIMULATED_DRIVE, "GetStatistics",
            destination=environment.SIMULATOR,
        )
        return statistics["Requests"].get("admin 10", 0)

    def test_one_image_for_all_that_are_alike(self):
        # The first that fails is the last.
        drives, _ = self.roll_out("5.0.0 broken", status=FAILED)
        states = [drives[self.serials[index]]["state"] for index in (0, 1, 4)]
        self.assertEqual(states, ["failed", "not begun", "not begun"])
        self.assertIn("Invalid Firmware Image", drives[self.serials[0]]["message"])
        self.assertEqual([self.counts(number) for number in (2, 5)], [0, 0])
        drives, _ = self.roll_out("5.0.0 broken", "--keep-going", status=FAILED)
        self.assertEqual({drive["state"] for drive in drives.values()}, {"failed"})
        # All of them, one after the other.
        drives, told = self.roll_out("5.0.0")
        self.assertEqual(sorted(drives), [self.serials[index] for index in (0, 1, 4)])
        for drive in drives.values():
            self.assertEqual((drive["state"], drive["result"]["SlotRevision"]), ("done", "5.0.0"))
        steps = re.findall(r"  (begun|done)$", told, re.MULTILINE)
        self.assertEqual(steps, ["begun", "done"] * 3)
        self.assertEqual([self.counts(number) for number in (3, 4)], [0, 0])
        # All at once, and a table for people.
        shown = self.system.nvmemi(
            "firmware", "update", "9", str(self.image("5.1.0")), "--all-like", "--at-a-time", "3", "--slot", "2",
            "--yes", "--serial-number", self.serials[0],
        )
        steps = re.findall(r"  (begun|done)$", shown.stderr, re.MULTILINE)
        self.assertEqual(steps, ["begun"] * 3 + ["done"] * 3)
        self.assertEqual(len(re.findall(r"FLEET.* done .*needs a reset", shown.stdout)), 3, shown.stdout)

    def test_what_does_not_go_together_is_refused(self):
        file = str(self.image("5.2.0"))
        meant = ("--yes", "--serial-number", self.serials[0])
        for wrong in (
            ("9", file, "--at-a-time", "2"), ("9", file, "--keep-going"),
            ("9", file, "--all-like", "--background"), ("9/0", file, "--all-like"),
            ("9", file, "--all-like", "--at-a-time", "0"),
        ):
            with self.subTest(wrong=wrong):
                self.nvmemi("firmware", "update", *wrong, *meant, status=USAGE)


class JobFamilyTests(FirmwareFamilyTest):
    def interrupted(self, text, *arguments):
        """Runs nvmemi at a terminal, interrupts it when it shows a bar, and answers its question with a text."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [PROGRAMS / "nvmemi", f"--bus={self.system.address}", *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs,
        )
        os.close(theirs)
        shown = ""

        def read_until(pattern):
            nonlocal shown
            while not (pattern and re.search(pattern, shown)):
                self.assertTrue(select.select([ours], [], [], PATIENCE)[0], f"{pattern} is not in {shown!r}")
                try:
                    piece = os.read(ours, 4096)
                except OSError:
                    piece = b""
                if not piece:
                    return
                shown += piece.decode(errors="replace")

        read_until(r"\d %")
        process.send_signal(signal.SIGINT)
        read_until("Cancel")
        os.write(ours, text.encode())
        read_until(None)
        os.close(ours)
        return process.wait(PATIENCE), shown

    def test_a_job_is_listed_watched_and_cancelled(self):
        self.assertIn("no jobs", self.nvmemi("jobs"))
        self.fault("slow", category="admin", opcode=0x11, delay_ms=50)
        path = self.update("4.4.0", "--background", pieces=1024)["job"]
        number = re.search(r"\d+$", path).group()
        self.wait_until(lambda: self.json("jobs")[0]["State"] == "running", "the job to run")
        listed = self.json("jobs", "list")[0]
        self.assertEqual((str(listed["number"]), listed["path"]), (number, path))
        self.assertRegex(self.nvmemi("jobs"), rf"{number} +FirmwareUpdate +{SERIAL} +running")
        self.nvmemi("jobs", "cancel", number)
        refused = self.nvmemi("jobs", "watch", number, status=FAILED)
        self.assertIn("was cancelled", refused)
        self.nvmemi("jobs", "cancel", number, status=FAILED)
        self.nvmemi("jobs", "watch", "999", status=NO_ENDPOINT)
        self.nvmemi("jobs", "watch", "nonsense", status=USAGE)

    def test_ctrl_c_asks_what_is_meant(self):
        self.fault("slow", category="admin", opcode=0x11, delay_ms=50)
        path = self.update("4.5.0", "--background", pieces=1024)["job"]
        number = re.search(r"\d+$", path).group()
        self.wait_until(lambda: self.json("jobs")[-1]["State"] == "running", "the job to run")
        # What a terminal makes of Ctrl-C, and then the answer: to cancel.
        status, shown = self.interrupted("c\n", "jobs", "watch", number)
        self.assertEqual(status, FAILED, shown)
        self.assertIn("was cancelled", shown)
        self.assertEqual(self.json("jobs")[-1]["State"], "cancelled")
