"""Firmware1: the slots, an image in parts, and committing it."""

import os

import dbus

from environment import FIRMWARE
from members import COMMON, INVALID, NOT_ALLOWED, UNSUPPORTED, MemberTest


def image(revision, size=12288):
    """An image as simulated drives take it."""
    return b"SIMULATED-FIRMWARE " + (revision.encode() + b"\n").ljust(size - 19, b"\xa5")


class FirmwareTests(MemberTest):
    def slots(self):
        return {slot["Slot"]: slot for slot in self.system.get(self.controller, FIRMWARE, "Slots")}

    def download(self, data, offset=0):
        self.call(self.controller, FIRMWARE, "Download", "uay", offset, dbus.ByteArray(data))

    def commit(self, slot, action, **named):
        return self.call(self.controller, FIRMWARE, "Commit", "yya{sv}", slot, action, **named)

    def wait_for_slots(self, condition):
        self.system.wait_for(lambda: condition(self.slots()), "the slots to change")

    def test_slots_are_the_log_s(self):
        slots = self.slots()
        log = self.call(self.controller, "xyz.openbmc_project.NVMeMI.Controller1", "GetFirmwareLog")
        self.assertTrue(slots)
        for number, slot in slots.items():
            self.assertEqual(slot["Revision"], log.get(f"FirmwareRevisionSlot{number}", ""))
            self.assertEqual(slot["Active"], number == log["ActiveSlot"])
            self.assertFalse(slot["ReadOnly"])

    def test_an_image_in_parts_is_committed_for_the_next_reset(self):
        revision = "9.9.9"
        before = self.requests("admin 11")
        data = image(revision)
        self.download(data[:8192])
        self.download(data[8192:], 8192)
        self.assertEqual(self.requests("admin 11"), before + 3)
        # Committed, and a reset is needed: no failure.
        result = self.commit(2, 1)
        self.assertEqual(result["ResetNeeded"], "Subsystem")
        self.assertFalse(result["OverlappingUpdate"])
        self.wait_for_slots(lambda slots: slots[2]["ActiveAfterReset"])
        self.assertTrue(self.slots()[2]["Revision"])
        self.logged(action="FirmwareDownload", outcome="done", serial_number=self.serial)
        self.logged(
            action="FirmwareCommit", outcome="done", serial_number=self.serial, uid=os.getuid()
        )

    def test_a_commit_that_needs_no_reset(self):
        self.download(image("8.8.8", 4096))
        self.assertEqual(self.commit(3 if 3 in self.slots() else 2, 0)["ResetNeeded"], "None")

    def test_what_fails_is_a_failure(self):
        error = self.assert_bus_error(COMMON + "InvalidArgument", self.commit, 1, 0)
        self.assertIn("Invalid Firmware Image", error.get_dbus_message())
        self.logged(action="FirmwareCommit", outcome=".*Invalid Firmware Image")

    def test_wrong_arguments_are_not_sent(self):
        call = (self.controller, FIRMWARE, "Commit", "yya{sv}")
        self.refused(INVALID, ["slot is 8", "0 to 7"], *call, 8, 0)
        self.refused(INVALID, ["action is 4", "3 (ActivateNow)"], *call, 1, 4)
        self.refused(INVALID, ["slot is 7", "slots"], *call, 7, 2)
        self.refused(INVALID, ["'speed'", "boot-partition"], *call, 1, 0, speed=1)
        self.refused(INVALID, ["boot-partition", "0 to 1"], *call, 1, 6, boot_partition=2)
        download = (self.controller, FIRMWARE, "Download", "uay")
        for offset, data in ((0, b""), (0, b"abc"), (2, b"abcd"), (0xFFFFFFFC, b"abcdefgh")):
            self.refused(INVALID, ["multiple of 4"], *download, offset, dbus.ByteArray(data))
        # What the controller says of where parts begin.
        for offset in (4, 4092, 8196):
            self.refused(INVALID, [f"offset is {offset}", "4096"], *download, offset, dbus.ByteArray(b"abcd"))

    def test_a_wrong_serial_number_is_not_sent(self):
        self.refused(
            NOT_ALLOWED, [self.serial, "OTHER"],
            self.controller, FIRMWARE, "Commit", "yya{sv}", 1, 0, serial_number="OTHER",
        )

    def test_a_drive_without_firmware_commands_is_not_asked(self):
        controller = self.system.controller(11)
        self.assertEqual(self.system.get(controller, FIRMWARE, "Slots"), [])
        self.assertEqual(self.requests("admin 10", 11), 0)
        commit = (controller, FIRMWARE, "Commit", "yya{sv}", 1, 2)
        error = self.refused(UNSUPPORTED, ["Firmware Commit", "force"], *commit)
        self.assertIn("Identify Controller", error.get_dbus_message())
        self.refused(
            UNSUPPORTED, [], controller, FIRMWARE, "Download", "uay", 0, dbus.ByteArray(b"abcd")
        )
        # Who insists is answered by the drive.
        self.assert_bus_error(UNSUPPORTED, self.call, *commit, force=True)
        self.assertEqual(self.requests("admin 10", 11), 1)
