"""Transmission unit and SMBus frequency are raised when a drive is found, as far as both sides can."""

import signal

import dbus

from environment import (
    ENDPOINT, ENDPOINT_CONTROL, MANAGER, MCTPD, ROOT, SIMULATOR, SystemTest,
)

SIMULATION = ROOT + "/simulator"
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
QUICK = (
    "command-timeout-ms = 600\nfirst-retry-ms = 50\nlast-retry-ms = 200\nhealth-interval-ms = 0\n"
    "recover-after-ms = 0\n"
)


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

    def mctpd(self, member, signature="", *arguments):
        """What the simulator, standing in for mctpd, is told or asked."""
        return self.system.call(
            SIMULATION, SIMULATOR + "1", member, signature, *arguments, destination=SIMULATOR
        )

    def set(self, name, value):
        self.system.call(
            self.system.endpoint(9), ENDPOINT_CONTROL, "ConfigSet", "syv", name, 1, value
        )

    def route(self):
        """The MTU of the route, without the header; negative while mctpd has not found the drive."""
        return self.mctpd("GetMctpdCalls", "uy", 1, 9).get("MTU", 0) - 4

    def look_again(self):
        """Has every endpoint asked what it is, and waits until it was."""
        seen = len(self.system.daemon.output)
        self.system.call(ROOT, MANAGER, "Rescan")
        self.system.daemon.wait_for_line("asking again what it is", after=seen)
        self.system.wait_for(
            lambda: self.system.call(ROOT, MANAGER, "GetStatistics")["OpenExchanges"] == 0,
            "the end of the look",
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
        self.assertIn("raised to 250 bytes", properties["Tuning"])
        self.assertIn("raised to 400000 Hz", properties["Tuning"])
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

    def test_what_a_caller_sets_is_shown_and_stays(self):
        self.addCleanup(self.set, "SMBusFrequency", dbus.UInt32(400_000))
        self.set("SMBusFrequency", dbus.UInt32(100_000))
        self.assertEqual(self.properties()["SMBusFrequency"], 100_000)
        self.look_again()
        self.assertEqual(self.properties()["SMBusFrequency"], 100_000)
        self.assertEqual(self.drives_own("SMBusFrequency"), 100_000)

    def test_the_route_follows_the_transmission_unit_that_a_caller_sets(self):
        for unit in (128, 64, 200, 250):
            self.set("MCTPTransmissionUnit", dbus.UInt16(unit))
            self.assertEqual((self.properties()["TransmissionUnit"], self.route()), (unit, unit))
            self.look_again()
            self.assertEqual(self.drives_own("MCTPTransmissionUnit"), unit)
            self.assertEqual((self.properties()["TransmissionUnit"], self.route()), (unit, unit))


class RefusedRouteTests(TuningTest):
    def test_a_unit_is_not_lowered_where_the_route_cannot_be(self):
        self.mctpd("SetMctpdRefusals", "as", ["SetMTU"])
        # The first time mctpd refuses, the second time it is not even asked.
        for _ in range(2):
            with self.assertRaises(dbus.DBusException):
                self.set("MCTPTransmissionUnit", dbus.UInt16(64))
            self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 250)
        self.mctpd("SetMctpdRefusals", "as", dbus.Array([], signature="s"))


class SwitchedOffTests(TuningTest):
    configuration = QUICK + "transmission-unit = 64\nsmbus-frequency = 100000\n"

    def test_nothing_is_touched(self):
        properties = self.properties()
        self.assertEqual(properties["TransmissionUnit"], 64)
        self.assertEqual(properties["SMBusFrequency"], 100_000)
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 64)
        self.assertEqual(self.drives_own("SMBusFrequency"), 100_000)


class ProtectedTests(TuningTest):
    """Drives that must not be touched are told by what they are."""

    configuration = (
        QUICK + "[drives]\nmodel = Simulated*\ntransmission-unit = 64\nsmbus-frequency = 100000\n"
    )

    def test_settings_of_some_drives_hold_from_the_first_look_on(self):
        self.assertEqual(self.properties()["Tuning"], "nothing to raise")
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 64)
        self.assertEqual(self.drives_own("SMBusFrequency"), 100_000)
        self.assertEqual(self.route(), 64)


class ChangedSettingsTests(TuningTest):
    def test_what_was_raised_is_lowered_when_less_is_allowed(self):
        file = self.system.logs / "nvmemid.conf"
        for unit, frequency in ((64, 100_000), (128, 400_000)):
            file.write_text(
                f"{QUICK}transmission-unit = {unit}\nsmbus-frequency = {frequency}\n", "utf-8"
            )
            self.system.daemon.send_signal(signal.SIGHUP)
            self.wait_for_unit(unit)
            self.assertEqual(self.drives_own("MCTPTransmissionUnit"), unit)
            self.assertEqual(self.drives_own("SMBusFrequency"), frequency)
            self.assertEqual(self.route(), unit)


class UntunedTest(TuningTest):
    """The test starts the daemon, on a drive that nobody has touched."""

    starts_daemon = False


class ServiceTests(TuningTest):
    def test_a_look_while_mctpd_is_away_changes_nothing(self):
        for start in (("StartMctpd",), ("StartMctpdEmpty", "u", 200)):
            self.mctpd("StopMctpd")
            self.system.wait_for(lambda: not self.system.owned(MCTPD), "mctpd to be gone")
            self.system.call(ROOT, MANAGER, "Rescan")
            self.system.daemon.wait_for_line("asking again what it is")
            self.assertEqual(self.properties()["TransmissionUnit"], 250)
            self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 250)
            self.mctpd(*start)
            self.system.ask_until(lambda: self.route() == 250, "the new mctpd to set the route")

    def test_an_mctpd_that_returns_causes_no_signals(self):
        self.system.ask_until(lambda: self.route() == 250, "the route")
        since = len(self.system.signals)
        self.mctpd("StopMctpd")
        self.system.wait_for(lambda: not self.system.owned(MCTPD), "mctpd to be gone")
        self.mctpd("StartMctpd")
        self.system.ask_until(lambda: self.route() == 250, "the new mctpd to set the route")
        self.look_again()
        # The manager alone tells that mctpd went and came.
        self.assertEqual(
            [
                (told.path, told.member, told.arguments)
                for told in self.system.find_signals(since)
                if told.path.startswith(ROOT + "/") and not told.path.startswith(SIMULATION)
            ],
            [],
        )

    def test_an_mctpd_that_refuses_is_asked_again_when_it_has_been_started_anew(self):
        self.mctpd("SetMctpdRefusals", "as", ["SetMTU"])
        self.mctpd("StopMctpd")
        self.mctpd("StartMctpd")
        self.wait_for_unit(64)
        self.assertIn("SetMTU() not permitted", self.properties()["Tuning"])
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 64)
        self.assertEqual(self.route(), 64)
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
        # Identify (Admin 06h): the controller says what it is; then the trial goes wrong, and so does
        # its repetition; then all is well.
        self.simulate(
            "SetFault", "sa{sv}", "wrong-mic",
            {
                "category": "admin", "opcode": dbus.Byte(6), "skip": dbus.UInt32(1),
                "count": dbus.UInt32(2),
            },
        )
        self.system.start_daemon(configuration=QUICK)
        self.system.wait_for_endpoints(1)
        properties = self.properties()
        self.assertIn("put back", properties["Tuning"])
        self.assertEqual(properties["TransmissionUnit"], 64)
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 64)
        self.assertEqual(self.route(), 64)
        # It is not tried again by itself, but on demand.
        self.look_again()
        self.assertEqual(self.drives_own("MCTPTransmissionUnit"), 64)
        self.system.call(self.system.endpoint(9), ENDPOINT_CONTROL, "Recover")
        self.wait_for_unit(250)
        self.assertEqual(self.system.stop_daemon(), 0)


class DeafLineTests(UntunedTest):
    """A line that cannot do the frequency that both drive and configuration can."""

    drives = """
        [drive]
        model = u2
        [port 1]
        heard-frequency = 100kHz
        """
    expected_endpoints = 1

    def test_a_frequency_at_which_the_drive_is_not_heard_is_put_back(self):
        self.system.start_daemon(configuration=QUICK)
        self.system.wait_for_endpoints(1)
        properties = self.properties()
        self.assertIn("SMBus frequency of 400000 Hz did not work", properties["Tuning"])
        self.assertIn("transmission unit raised to 250", properties["Tuning"])
        self.assertEqual(self.drives_own("SMBusFrequency"), 100_000)
        # A drive that was away is not made deaf again.
        self.simulate("Disconnect")
        self.system.wait_for_property(self.system.endpoint(9), ENDPOINT, "State", "unavailable")
        self.simulate("Reconnect")
        self.system.wait_for_endpoints(1)
        self.assertEqual(self.drives_own("SMBusFrequency"), 100_000)
        before = self.system.call(self.system.endpoint(9), ENDPOINT, "GetStatistics")["Timeouts"]
        self.look_again()
        self.assertEqual(self.properties()["State"], "ready")
        self.assertEqual(self.system.stop_daemon(), 0)
        self.assertGreater(before, 0)
