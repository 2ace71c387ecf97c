"""Firmware1.Update: a job that replaces a drive's firmware, and Job1 as clients see it."""

import os
import re
import signal
import struct
import zlib

import dbus

from environment import BRIDGE, ENDPOINT, FIRMWARE, MANAGER, ROOT
from members import COMMON, INVALID, NOT_ALLOWED, UNSUPPORTED, MemberTest, options
from test_firmware import image
from users import as_user

JOB = BRIDGE + ".Job1"
DRIVE = BRIDGE + ".Drive1"
PROGRESS = "xyz.openbmc_project.Common.Progress"
PIECE = 4096
DOWNLOAD = "admin 11"


def memory_file(data):
    """A descriptor as bmcweb hands it over: a memfd that was written and not rewound."""
    descriptor = os.memfd_create("image")
    os.write(descriptor, data)
    return descriptor


def package(component, model="Simulated NVMe Drive", vendor=None, revision=1):
    """A PLDM package with one component for drives of a model."""
    identifiers = {
        1: "f018878ccb7d49439800a02f059aca02",
        4: "7b291c996db64208801b02026e463c78",
    }
    descriptors = [(0x0106, model.encode().ljust(40))]
    if vendor is not None:
        descriptors.append((0x0000, struct.pack("<H", vendor)))
    record = struct.pack("<BIBBH", len(descriptors), 0, 1, 3, 0)
    record += b"\0\0\0\0" if revision == 4 else b""
    record += b"\x01set" + b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in descriptors)
    checks = 8 if revision == 4 else 4

    def header(size):
        text = bytes.fromhex(identifiers[revision]) + struct.pack("<BH", revision, size) + bytes(13)
        text += struct.pack("<HBB", 8, 1, 5) + b"PKG-7" + struct.pack("<BH", 1, len(record) + 2) + record
        text += b"\0" if revision >= 2 else b""
        text += struct.pack("<HHHIHHIIBB", 1, 10, 1, 0, 0, 0, size, len(component), 1, 5) + b"6.6.6"
        return text + (b"\0\0\0\0" if revision >= 3 else b"")

    text = header(len(header(0)) + checks)
    text += struct.pack("<I", zlib.crc32(text))
    return text + (struct.pack("<I", zlib.crc32(component)) if revision == 4 else b"") + component


class UpdateTest(MemberTest):
    # A drive that was reset has no endpoint ID, and mctpd is soon asked to give it one.
    configuration = (
        MemberTest.configuration
        + "command-timeout-ms = 1000\nrecover-after-ms = 0\nfirst-recover-ms = 200\nlast-retry-ms = 500\n"
    )

    def tearDown(self):
        self.simulate(self.eid, "ClearFaults")
        for job in self.system.get(ROOT, MANAGER, "Jobs") if self.system.daemon else []:
            if self.system.get(job, JOB, "Cancelable"):
                self.system.call(job, JOB, "Cancel")
                self.ended(job)
        super().tearDown()

    def fault(self, name, **named):
        values = {key.replace("_", "-"): dbus.String(str(value)) for key, value in named.items()}
        self.simulate(
            self.eid, "SetFault", "sa{sv}", name, dbus.Dictionary(values, signature="sv")
        )

    def start(self, data, eid=None, **named):
        """Starts an update; returns the job's path."""
        eid = eid or self.eid
        descriptor = data if isinstance(data, int) else memory_file(data)
        try:
            return self.system.call(
                self.system.controller(eid), FIRMWARE, "Update", "ha{sv}",
                dbus.types.UnixFd(descriptor), options({"serial_number": self.serial, **named}),
            )
        finally:
            os.close(descriptor)

    def refused_update(self, name, words, data, **named):
        descriptor = data if isinstance(data, int) else memory_file(data)
        try:
            self.refused(
                name, words, self.controller, FIRMWARE, "Update", "ha{sv}",
                dbus.types.UnixFd(descriptor), **{"serial_number": self.serial, **named},
            )
        finally:
            os.close(descriptor)

    def ended(self, job):
        """Waits for the end of a job; returns its properties."""
        self.system.wait_for(
            lambda: self.system.get(job, JOB, "State") in ("done", "failed", "cancelled"),
            f"the end of {job}",
        )
        return self.system.get_all(job, JOB)

    def done(self, job):
        properties = self.ended(job)
        self.assertEqual(properties["State"], "done", properties)
        return properties["Result"]

    @property
    def drive(self):
        return self.system.get(self.path, BRIDGE + ".Endpoint1", "Drive")


class UpdateTests(UpdateTest):
    def test_new_firmware_runs_and_everybody_can_see_how_far_it_is(self):
        since = len(self.system.signals)
        line = len(self.system.daemon.output)
        job = self.start(image("5.0.0", 64 * PIECE), slot=2, reset="subsystem")
        # Nothing has changed before the answer.
        self.assertEqual(self.system.get(job, JOB, "State"), "waiting")
        self.assertIn(job, self.system.get(ROOT, MANAGER, "Jobs"))
        self.assertIn(job, self.system.get(self.drive, DRIVE, "Jobs"))
        self.assertTrue(self.system.find_signals(since, member="InterfacesAdded", path=ROOT))

        result = self.done(job)
        self.assertEqual(result["NewRevision"], "5.0.0")
        self.assertEqual(result["Slot"], 2)
        self.assertEqual(result["ResetNeeded"], "Subsystem")
        self.assertTrue(result["Activated"])
        properties = self.system.get_all(job, JOB)
        self.assertEqual(properties["Operation"], "FirmwareUpdate")
        self.assertEqual(properties["Drive"], self.drive)
        self.assertEqual(properties["Objects"], [self.controller])
        self.assertEqual(properties["StartedByUID"], os.getuid())
        self.assertEqual((properties["ErrorName"], properties["ErrorMessage"]), ("", ""))
        self.assertFalse(properties["Cancelable"])
        standard = self.system.get_all(job, PROGRESS)
        self.assertEqual(standard["Status"], PROGRESS + ".OperationStatus.Completed")
        self.assertGreaterEqual(standard["CompletedTime"], standard["StartTime"])

        completed = self.system.wait_for_signal(since, path=job, member="Completed")
        self.assertEqual(completed.arguments, [True, ""])
        told = [
            signal.arguments[1]
            for signal in self.system.find_signals(since, path=job, member="PropertiesChanged")
            if signal.arguments[0] == JOB
        ]
        values = [change["Progress"] for change in told if "Progress" in change]
        self.assertEqual(values, sorted(values))
        self.assertLessEqual({round(percent / 64 * 0.9, 9) for percent in range(1, 65)},
                             {round(value, 9) for value in values})
        self.assertEqual(values[-1], 1)
        self.system.wait_for_property(self.drive, DRIVE, "FirmwareRevision", "5.0.0")
        # Who did what, and how it ended.
        for event in ("job started", "job ended.*outcome=done"):
            self.system.daemon.wait_for_line(
                rf"{event}(?=.*serial-number={self.serial})|(?=.*serial-number={self.serial}).*{event}",
                line,
            )

    def test_a_condition_is_no_failure(self):
        result = self.done(self.start(image("5.1.0 reset=conventional", 4 * PIECE), slot=3))
        self.assertEqual(result["ResetNeeded"], "Conventional")
        self.assertFalse(result["Activated"])
        self.assertEqual(result["SlotRevision"], "5.1.0")

    def test_refusals_are_told_apart(self):
        for words, name, text in (
            ("broken", COMMON + "InvalidArgument", "Invalid Firmware Image"),
            ("model=Other", COMMON + "InvalidArgument", "Invalid Firmware Image"),
            ("prohibited", NOT_ALLOWED, "Activation Prohibited"),
            ("fails-at=8192", "xyz.openbmc_project.Common.Device.Error.WriteFailure", "Internal Error"),
        ):
            with self.subTest(words):
                since = len(self.system.signals)
                job = self.start(image(f"5.2.0 {words}", 4 * PIECE), slot=2)
                properties = self.ended(job)
                self.assertEqual(properties["State"], "failed")
                self.assertEqual(properties["ErrorName"], name)
                self.assertIn(text, properties["ErrorMessage"])
                completed = self.system.wait_for_signal(since, path=job, member="Completed")
                self.assertFalse(completed.arguments[0])
                self.assertEqual(
                    self.system.get(job, PROGRESS, "Status"), PROGRESS + ".OperationStatus.Failed"
                )

    def test_what_does_not_run_is_a_failure(self):
        properties = self.ended(
            self.start(image("5.3.0 stale", 4 * PIECE), slot=3, reset="controller")
        )
        self.assertEqual(properties["State"], "failed")
        self.assertIn("is not what runs", properties["ErrorMessage"])

    def test_what_can_be_known_before_is_refused_before(self):
        good = image("5.4.0", 4 * PIECE)
        self.refused_update(NOT_ALLOWED, ["OTHER", self.serial], good, serial_number="OTHER")
        for data, words in (
            (b"", ["empty"]),
            (good[:-4], ["multiple of 4096"]),
        ):
            self.refused_update(INVALID, words, data)
        self.refused_update(INVALID, ["'speed'"], good, speed=1)
        self.refused_update(INVALID, ["action", "ActivateNow"], good, action=2)
        self.refused_update(INVALID, ["'reset'", "subsystem"], good, reset="host")
        self.refused_update(INVALID, ["slots"], good, slot=7)
        self.refused_update(INVALID, ["'component'"], good, component=1)
        read, write = os.pipe()
        self.refused_update(INVALID, ["regular file"], read)
        self.refused_update(INVALID, ["for reading"], write)
        # Nobody says how long a file may take that is none of a disk or memory.
        made_up = os.open("/proc/version", os.O_RDONLY)
        self.refused_update(INVALID, ["proc", "memfd"], made_up)
        huge = os.memfd_create("huge")
        os.truncate(huge, (128 << 20) + PIECE)
        self.refused_update(INVALID, ["firmware-image-mib"], huge)
        # Nobody is asked for the drive by mistake.
        descriptor = memory_file(good)
        self.refused(
            INVALID, ["serial-number"], self.controller, FIRMWARE, "Update", "ha{sv}",
            dbus.types.UnixFd(descriptor),
        )
        os.close(descriptor)
        self.logged(action="FirmwareUpdate", outcome=".*serial-number")

    def test_a_package_is_looked_into(self):
        model = self.system.get(self.drive, DRIVE, "ModelNumber")
        for revision in (1, 4):
            result = self.done(
                self.start(package(image("6.6.6", 2 * PIECE), model, revision=revision), slot=2)
            )
            self.assertEqual(result["SlotRevision"], "6.6.6")
            self.assertEqual((result["PackageVersion"], result["ComponentVersion"]), ("PKG-7", "6.6.6"))
        good = package(image("6.6.7", 2 * PIECE), model, revision=4)
        self.refused_update(NOT_ALLOWED, [model, "'Other'"], package(image("6", PIECE), "Other"))
        self.refused_update(
            NOT_ALLOWED, ["PCI vendor 0x1"], package(image("6", PIECE), model, vendor=1)
        )
        self.refused_update(INVALID, ["payload checksum"], good[:-1] + b"!")
        self.refused_update(INVALID, ["header checksum"], good[:60] + b"!" + good[61:])
        self.refused_update(INVALID, ["component offset"], good[:-PIECE])

    def test_a_lost_answer_costs_one_piece(self):
        before = self.requests(DOWNLOAD)
        self.fault("lost", category="admin", opcode=0x11, skip=5, count=1)
        self.done(self.start(image("7.0.0", 16 * PIECE), slot=2))
        self.assertEqual(self.requests(DOWNLOAD) - before, 17)

    def test_a_lost_power_costs_the_pieces_from_before(self):
        self.fault("slow", category="admin", opcode=0x11, delay_ms=10)
        before = self.requests(DOWNLOAD)
        job = self.start(image("7.1.0", 32 * PIECE), slot=2)
        self.system.wait_for(lambda: self.requests(DOWNLOAD) > before + 8, "the middle")
        self.simulate(self.eid, "Reset")
        self.assertEqual(self.done(job)["SlotRevision"], "7.1.0")

    def test_one_job_changes_a_drive_at_a_time_and_can_be_cancelled(self):
        self.fault("slow", category="admin", opcode=0x11, delay_ms=50)
        since = len(self.system.signals)
        job = self.start(image("7.2.0", 1024 * PIECE), slot=2)
        number = re.search(r"\d+$", job).group()
        self.system.wait_for_property(job, JOB, "State", "running")
        for call in (
            ("Update", "ha{sv}", dbus.types.UnixFd(memory_file(image("1", PIECE)))),
            ("Commit", "yya{sv}", 2, 1),
        ):
            arguments = (*call[2:], options({"serial_number": self.serial}))
            error = self.assert_bus_error(
                NOT_ALLOWED, self.system.call, self.controller, FIRMWARE, *call[:2], *arguments
            )
            self.assertIn(f"job {number} (FirmwareUpdate)", error.get_dbus_message())
        # Other drives are not concerned.
        self.done(self.start(image("7.3.0", PIECE), eid=10, serial_number="MEMBER-DUAL", slot=3))
        # Not by somebody else.
        cancel = ["busctl", f"--address={self.system.address}", "call", BRIDGE, job, JOB, "Cancel"]
        refusal = self.system.run(*as_user("nobody", cancel), check=False).stderr
        self.assertIn("denied", refusal)
        self.assertEqual(self.system.get(job, JOB, "State"), "running")
        self.system.call(job, JOB, "Cancel")
        properties = self.ended(job)
        self.assertEqual(properties["State"], "cancelled")
        self.assertIn("cancelled by user", properties["ErrorMessage"])
        self.assertFalse(self.system.wait_for_signal(since, path=job, member="Completed").arguments[0])
        self.assert_bus_error(NOT_ALLOWED, self.system.call, job, JOB, "Cancel")

    def test_another_address_in_the_middle(self):
        self.fault("slow", category="admin", opcode=0x11, delay_ms=10)
        before = self.requests(DOWNLOAD)
        job = self.start(image("7.4.0", 64 * PIECE), slot=2)
        self.system.wait_for(lambda: self.requests(DOWNLOAD) > before + 8, "the middle")
        drive = self.drive
        self.simulate(self.eid, "ChangeEID", "yy", 1, 77)
        try:
            self.assertEqual(self.done(job)["SlotRevision"], "7.4.0")
            self.assertEqual(self.system.get(job, JOB, "Drive"), drive)
            self.assertEqual(self.system.get(job, JOB, "Objects"), [self.system.controller(77)])
        finally:
            self.simulate(self.eid, "ChangeEID", "yy", 1, self.eid)
            self.system.wait_for_property(self.path, BRIDGE + ".Endpoint1", "State", "ready")

    def test_a_drive_that_cannot(self):
        descriptor = memory_file(image("1", PIECE))
        self.refused(
            UNSUPPORTED, ["Firmware Image Download"], self.system.controller(11), FIRMWARE, "Update",
            "ha{sv}", dbus.types.UnixFd(descriptor), serial_number="MEMBER-M2",
        )
        self.refused(
            NOT_ALLOWED, ["resets 1 more"], self.system.controller(10), FIRMWARE, "Update",
            "ha{sv}", dbus.types.UnixFd(descriptor), serial_number="MEMBER-DUAL", reset="controller",
        )
        os.close(descriptor)


class KilledDaemonTests(UpdateTest):
    def test_a_half_sent_image_does_no_harm(self):
        before = self.system.get(self.controller, BRIDGE + ".Controller1", "FirmwareRevision")
        self.fault("slow", category="admin", opcode=0x11, delay_ms=50)
        job = self.start(image("7.7.7", 1024 * PIECE), slot=2)
        self.system.ask_until(lambda: self.system.get(job, JOB, "Progress") > 0.02, "some of it to be sent")
        self.system.stop_daemon(signal.SIGKILL)
        self.simulate(self.eid, "ClearFaults")
        self.system.start_daemon(configuration=self.configuration)
        self.system.wait_for_endpoints(self.expected_endpoints)
        self.system.wait_for_property(self.path, ENDPOINT, "State", "ready")
        self.assertEqual(self.system.get(ROOT, MANAGER, "Jobs"), [])
        self.assertEqual(
            self.system.get(self.controller, BRIDGE + ".Controller1", "FirmwareRevision"), before
        )
        # The next one is whole, and shown where it is when its job has ended.
        result = self.done(self.start(image("7.7.8", 4 * PIECE), slot=2))
        self.assertEqual(result["SlotRevision"], "7.7.8")
        slots = self.system.get(self.controller, FIRMWARE, "Slots")
        self.assertEqual([slot["Revision"] for slot in slots if slot["Slot"] == 2], ["7.7.8"])


class StoppedDaemonTests(UpdateTest):
    """A daemon of its own, as it is told to end."""

    def test_the_job_ends_and_says_why(self):
        self.fault("slow", category="admin", opcode=0x11, delay_ms=50)
        since = len(self.system.signals)
        job = self.start(image("8.0.0", 1024 * PIECE), slot=2)
        self.system.wait_for_property(job, JOB, "State", "running")
        daemon = self.system.daemon
        self.assertEqual(self.system.stop_daemon(), 0)
        completed = self.system.wait_for_signal(since, path=job, member="Completed")
        self.assertEqual(completed.arguments[0], False)
        self.assertIn("shutting down", completed.arguments[1])
        self.assertTrue(
            any("job ended" in line and "failed" in line for line in daemon.output)
        )
