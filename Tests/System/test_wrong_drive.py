"""Another drive behind the same endpoint ID since somebody looked: what destroys or stops is not sent to it."""

import itertools

import dbus

from environment import CONTROLLER_CONTROL, ENDPOINT_CONTROL, NAMESPACE_MANAGEMENT, PASSTHRU, ROOT, SIMULATOR
from members import NOT_ALLOWED, SIMULATED_DRIVE, MemberTest

NONE = dbus.ByteArray(b"")
WRITE_PROTECTION = 0x84


class SwappedTests(MemberTest):
    eid = 10
    numbers = itertools.count(1)

    def setUp(self):
        # Nobody has looked since: health is not polled, and mctpd does not notice.
        self.known = str(self.system.get(self.controller, "xyz.openbmc_project.NVMeMI.Controller1", "SerialNumber"))
        self.new = f"SWAPPED{next(self.numbers)}"
        drives = self.system.get_drives(ROOT + "/simulator", SIMULATOR)
        drive = next(path for path, places in drives.items() if (1, self.eid) in places)
        self.drive = self.system.call(
            ROOT + "/simulator", SIMULATOR + "1", "Swap", "oa{sv}b", drive,
            {"model": "dual-port", "serial-number": self.new, "reset-time-ms": 100}, True,
            destination=SIMULATOR,
        )

    def sent(self):
        statistics = self.system.call(self.drive, SIMULATED_DRIVE, "GetStatistics", destination=SIMULATOR)
        return statistics["Requests"]

    def not_sent(self, request, *call, **named):
        """The call is refused for the drive that is there now, which gets no such request, and is looked at."""
        error = self.assert_bus_error(NOT_ALLOWED, self.call, *call, serial_number=self.known, **named)
        for word in (self.new, self.known):
            self.assertIn(f"'{word}'", error.get_dbus_message())
        sent = self.sent()
        self.assertIn("admin 06", sent)
        self.assertNotIn(request, sent)
        self.system.wait_for_property(
            self.controller, "xyz.openbmc_project.NVMeMI.Controller1", "SerialNumber", self.new
        )

    def admin(self, opcode, **named):
        self.not_sent(
            f"admin {opcode:02x}", self.controller, PASSTHRU, "AdminCommand", "yaya{sv}", opcode, NONE, **named
        )

    def manage(self, opcode):
        self.not_sent(
            f"mi {opcode:02x}", self.path, PASSTHRU, "ManagementCommand", "yuuaya{sv}", opcode, 0, 0, NONE
        )

    def test_raw_format(self):
        self.admin(0x80, nsid=1)

    def test_raw_sanitize(self):
        self.admin(0x84, cdw10=2)

    def test_raw_sanitize_namespace(self):
        self.admin(0x8C, nsid=1)

    def test_raw_delete(self):
        self.admin(0x0D, nsid=1, cdw10=1)

    def test_raw_write_protection(self):
        self.admin(0x09, nsid=1, cdw10=WRITE_PROTECTION, cdw11=3)

    def test_raw_reset(self):
        self.manage(0x07)

    def test_raw_shutdown(self):
        self.manage(0x0C)

    def test_raw_pcie_write(self):
        self.not_sent(
            "pcie 03", self.controller, PASSTHRU, "PCIeCommand", "ytaya{sv}", 3, 0x14,
            dbus.ByteArray(bytes(4)),
        )

    def test_delete(self):
        self.not_sent("admin 0d", self.controller, NAMESPACE_MANAGEMENT, "Delete", "ua{sv}", 1)

    def test_reset(self):
        self.not_sent("mi 07", self.path, ENDPOINT_CONTROL, "Reset", "a{sv}")

    def test_shutdown(self):
        self.not_sent("mi 0c", self.path, ENDPOINT_CONTROL, "Shutdown", "sa{sv}", "normal")

    def test_write_protection(self):
        self.not_sent(
            "admin 09", self.controller, CONTROLLER_CONTROL, "SetFeature", "yuaya{sv}", WRITE_PROTECTION, 2,
            NONE, nsid=1,
        )

    def test_write_protection_by_name(self):
        self.not_sent(
            "admin 09", self.controller, CONTROLLER_CONTROL, "SetFeatureNamed", "sa{sv}a{sv}",
            "NamespaceWriteProtectionConfig",
            dbus.Dictionary({"State": dbus.String("PermanentWriteProtect", variant_level=1)}, signature="sv"),
            nsid=1,
        )


class SilentControllerTests(MemberTest):
    eid = 10

    def test_a_drive_that_answers_no_admin_command_is_reset_and_not_erased(self):
        self.simulate(self.eid, "SetFault", "sa{sv}", "mute", {"category": dbus.String("admin", variant_level=1)})
        before = self.counts(self.eid)
        self.call(
            self.path, ENDPOINT_CONTROL, "Reset", "a{sv}", serial_number=self.serial, timeout_ms=600
        )
        self.assertEqual(self.requests("mi 07"), before.get("mi 07", 0) + 1)
