"""ControllerControl1: features are set."""

import contextlib

import dbus

from environment import CONTROLLER_CONTROL
from members import COMMON, INVALID, NOT_ALLOWED, UNSUPPORTED, MemberTest

TEMPERATURE_THRESHOLD, TIMESTAMP, WRITE_PROTECTION = 0x04, 0x0E, 0x84


class SetFeatureTests(MemberTest):
    def set(self, fid, value, data=b"", **named):
        return self.call(
            self.controller, CONTROLLER_CONTROL, "SetFeature", "yuaya{sv}", fid, value,
            dbus.ByteArray(data), **named,
        )

    def raw(self, fid, length=0, select=0):
        """The feature as Get Features has it."""
        answer = self.call(
            self.controller, "xyz.openbmc_project.NVMeMI.Passthru1", "AdminCommand", "yaya{sv}",
            0x0A, dbus.ByteArray(b""), cdw10=fid | select << 8, length=length,
        )
        self.assertEqual(answer["NVMeStatus"], 0, answer)
        return answer

    def test_a_value(self):
        self.set(TEMPERATURE_THRESHOLD, 0x0160)
        self.assertEqual(self.raw(TEMPERATURE_THRESHOLD)["Result"] & 0xFFFF, 0x0160)
        self.logged(action="SetFeature", feature="Temperature Threshold", outcome="done",
                    serial_number=self.serial)

    def test_data(self):
        when = 1_700_000_000_000
        self.set(TIMESTAMP, 0, when.to_bytes(6, "little") + bytes(2))
        data = self.raw(TIMESTAMP, 8)["Data"]
        # It goes on from what was set, by the drive's clock.
        difference = int.from_bytes(data[:6], "little") - when
        self.assertTrue(0 <= difference < 600_000, difference)
        self.assertEqual(data[6] >> 1 & 7, 1, "set by Set Features")

    def test_a_serial_number_is_compared_when_it_is_given(self):
        setting = (self.controller, CONTROLLER_CONTROL, "SetFeature", "yuaya{sv}", TEMPERATURE_THRESHOLD, 0x150)
        none = dbus.ByteArray(b"")
        self.refused(NOT_ALLOWED, [self.serial, "'OTHER'"], *setting, none, serial_number="OTHER")
        self.set(TEMPERATURE_THRESHOLD, 0x0150, serial_number=self.serial)
        values = dbus.Dictionary({"Temperature": dbus.UInt16(70, variant_level=1)}, signature="sv")
        named = (self.controller, CONTROLLER_CONTROL, "SetFeatureNamed", "sa{sv}a{sv}", "TemperatureThreshold", values)
        self.refused(NOT_ALLOWED, [self.serial, "'OTHER'"], *named, serial_number="OTHER")
        self.call(*named, serial_number=self.serial)

    def test_what_cannot_be_undone_needs_the_serial_number(self):
        none = dbus.ByteArray(b"")
        for state in (2, 3):
            setting = (self.controller, CONTROLLER_CONTROL, "SetFeature", "yuaya{sv}", WRITE_PROTECTION, state, none)
            self.refused(INVALID, ["SetFeature", "serial-number"], *setting, nsid=1)
            self.refused(NOT_ALLOWED, ["'OTHER'"], *setting, nsid=1, serial_number="OTHER")
        for state in ("WriteProtectUntilPowerCycle", "PermanentWriteProtect"):
            values = dbus.Dictionary({"State": dbus.String(state, variant_level=1)}, signature="sv")
            self.refused(
                INVALID, ["SetFeature", "serial-number"], self.controller, CONTROLLER_CONTROL, "SetFeatureNamed",
                "sa{sv}a{sv}", "NamespaceWriteProtectionConfig", values, nsid=1,
            )
        # What can be undone, and what is meant, is sent.
        before = self.requests("admin 09")
        for state, named in ((0, {}), (1, {}), (0, {}), (2, {"serial_number": self.serial})):
            # Whether a drive has it is the drive's to say.
            with contextlib.suppress(dbus.DBusException):
                self.set(WRITE_PROTECTION, state, nsid=1, **named)
        self.assertEqual(self.requests("admin 09"), before + 4)

    def test_wrong_arguments_are_not_sent(self):
        call = (self.controller, CONTROLLER_CONTROL, "SetFeature", "yuaya{sv}", 4, 0)
        self.refused(INVALID, ["multiple of 4"], *call, dbus.ByteArray(b"abc"))
        self.refused(INVALID, ["4096"], *call, dbus.ByteArray(bytes(4100)))
        self.refused(INVALID, ["'cdw14'", "cdw13"], *call, dbus.ByteArray(b""), cdw14=1)
        self.refused(INVALID, ["uuid-index", "127"], *call, dbus.ByteArray(b""), uuid_index=128)

    def test_what_the_drive_refuses_is_told(self):
        error = self.assert_bus_error(COMMON + "InvalidArgument", self.set, 0xFE, 1)
        self.assertIn("Invalid Field", error.get_dbus_message())
        self.logged(action="SetFeature", outcome=".*Invalid Field")

    def test_a_drive_without_set_features_is_not_asked(self):
        call = (self.system.controller(11), CONTROLLER_CONTROL, "SetFeature", "yuaya{sv}", 4, 0x150)
        none = dbus.ByteArray(b"")
        before = self.requests("admin 09", 11)
        self.refused(UNSUPPORTED, ["Set Features", "force"], *call, none)
        self.assert_bus_error(UNSUPPORTED, self.call, *call, none, force=True)
        self.assertEqual(self.requests("admin 09", 11), before + 1)
