"""Transmission unit and SMBus frequency are raised when a drive is found, as far as both sides can."""

import dbus

from environment import (
    ENDPOINT, ENDPOINT_CONTROL, MANAGER, MCTPD, ROOT, SIMULATOR, SystemTest,
)

SIMULATION = ROOT + "/simulator"
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
QUICK = "command-timeout-ms = 600\nfirst-retry-ms = 50\nlast-retry-ms = 200\nhealth-interval-ms = 0\n"


class TuningTest(SystemTest):
    configuration = QUICK

    def properties(self, eid=9):
        return self.system.get_all(self.system.endpoint(eid), ENDPOINT)

    def drives_own(self, name, port=1):
        """What the drive itself says."""
        return self.system.call(self.system.endpoint(9), ENDPOINT, "ConfigGet", "sy", name, port)

    def simulate(self, member, signature="", *arguments):
        return self.system.call(
            SIMULATION + "/drives/1", SIMULATED_DRIVE, member, signature, *arguments,
            destination=SIMULATOR,
        )

    def wait_for_unit(self, unit):
        self.system.wait_for_property(
            self.system.endpoint(9), ENDPOINT, "TransmissionUnit", unit
        )


class RaisedTests(TuningTest):
    def test_both_are_raised_and_the_drive_agrees(self):
        properties = self.properties()
        self.assertEqual(properties["TransmissionUnit"], 250)
        self.assertEqual(properties["SMBusFrequency"], 400_000)
        self.assertIn("raised to 250", properties["Tuning"])
        self.assertIn("raised to 400000", properties["Tuning"])
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 250)
        self.assertEqual(self.drives_own("SMBusFrequency"), 400_000)

    def test_raised_again_after_the_drive_was_away(self):
        self.simulate("Reset")
        self.simulate("Disconnect")
        self.system.wait_for_property(self.system.endpoint(9), ENDPOINT, "State", "unavailable")
        self.simulate("Reconnect")
        self.system.wait_for_endpoints(1)
        self.wait_for_unit(250)
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 250)

    def test_what_a_caller_sets_is_shown(self):
        path = self.system.endpoint(9)
        self.system.call(
            path, ENDPOINT_CONTROL, "ConfigSet", "syv", "SMBusFrequency", 1, dbus.UInt32(100_000)
        )
        self.assertEqual(self.properties()["SMBusFrequency"], 100_000)
        self.system.call(
            path, ENDPOINT_CONTROL, "ConfigSet", "syv", "SMBusFrequency", 1, dbus.UInt32(400_000)
        )


class SwitchedOffTests(TuningTest):
    configuration = QUICK + "transmission-unit = 64\nsmbus-frequency = 100000\n"

    def test_nothing_is_touched(self):
        properties = self.properties()
        self.assertEqual(properties["TransmissionUnit"], 64)
        self.assertEqual(properties["SMBusFrequency"], 100_000)
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 64)
        self.assertEqual(self.drives_own("SMBusFrequency"), 100_000)


class LimitedTests(TuningTest):
    configuration = QUICK + "[drives]\nmodel = Simulated*\ntransmission-unit = 128\n"

    def test_settings_of_some_drives_hold_from_the_next_look_on(self):
        # Who it is was not known at the first.
        self.system.call(ROOT, "xyz.openbmc_project.NVMeMI.Manager1", "Rescan")
        self.wait_for_unit(128)
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 128)


class UntunedTest(TuningTest):
    """The test starts the daemon, on a drive that nobody has touched."""

    starts_daemon = False


class ServiceTests(TuningTest):
    def mctpd(self, member, signature="", *arguments):
        return self.system.call(
            SIMULATION, SIMULATOR + "1", member, signature, *arguments, destination=SIMULATOR
        )

    def test_a_look_while_mctpd_is_away_changes_nothing(self):
        for start in (("StartMctpd",), ("StartMctpdEmpty", "u", 200)):
            self.mctpd("StopMctpd")
            self.system.wait_for(lambda: not self.system.owned(MCTPD), "mctpd to be gone")
            self.system.call(ROOT, MANAGER, "Rescan")
            self.system.wait_for(
                lambda: "mctpd is back" in self.properties()["Tuning"], "the look"
            )
            self.assertEqual(self.properties()["TransmissionUnit"], 250)
            self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 250)
            self.mctpd(*start)
            self.system.wait_for(
                lambda: self.properties()["Tuning"].endswith("transmission unit raised to 250"),
                "the route to be set by the new mctpd",
            )
            calls = self.mctpd("GetMctpdCalls", "uy", 1, 9)
            self.assertEqual(calls["MTU"], 254)

    def test_an_mctpd_that_refuses_is_asked_again_when_it_has_been_started_anew(self):
        self.mctpd("SetMctpdRefusals", "as", ["SetMTU"])
        self.mctpd("StopMctpd")
        self.mctpd("StartMctpd")
        self.wait_for_unit(64)
        self.assertIn("SetMTU is refused", self.properties()["Tuning"])
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 64)
        self.mctpd("SetMctpdRefusals", "as", dbus.Array([], signature="s"))
        self.mctpd("StopMctpd")
        self.mctpd("StartMctpd")
        self.wait_for_unit(250)
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 250)


class RefusalTests(UntunedTest):
    def test_drive_that_refuses_keeps_what_it_had(self):
        # Configuration Set is opcode 03h.
        self.simulate("SetFault", "sa{sv}", "status", {"category": "mi", "opcode": dbus.Byte(3)})
        self.system.start_daemon(configuration=QUICK)
        self.system.wait_for_endpoints(1)
        properties = self.properties()
        self.assertEqual(properties["TransmissionUnit"], 64)
        self.assertEqual(properties["SMBusFrequency"], 100_000)
        self.assertIn("refuses", properties["Tuning"])
        self.simulate("ClearFaults")
        self.assertEqual(self.system.stop_daemon(), 0)


class PutBackTests(UntunedTest):
    def test_drive_that_does_not_answer_at_length_is_put_back(self):
        # Identify (Admin 06h): the trial goes wrong, and so does its repetition; then all is well.
        self.simulate(
            "SetFault", "sa{sv}", "wrong-mic",
            {"category": "admin", "opcode": dbus.Byte(6), "count": dbus.UInt32(2)},
        )
        self.system.start_daemon(configuration=QUICK)
        self.system.wait_for_endpoints(1)
        properties = self.properties()
        self.assertIn("put back", properties["Tuning"])
        self.assertEqual(properties["TransmissionUnit"], 64)
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 64)
        # It is not tried again while the way is the same.
        self.system.call(ROOT, "xyz.openbmc_project.NVMeMI.Manager1", "Rescan")
        self.system.daemon.wait_for_line("asking again what it is")
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 64)
        self.assertEqual(self.system.stop_daemon(), 0)
