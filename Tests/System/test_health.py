"""Health is polled, told when it changes, and left alone by whoever wants the drive for itself."""

import dbus

from environment import (
    ENDPOINT,
    ENDPOINT_CONTROL,
    PROPERTIES,
    ROOT,
    SIMULATOR,
    SystemTest,
    BRIDGE,
)

HEALTH = BRIDGE + ".Health1"
DRIVE = ROOT + "/simulator/drives/1"
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
STANDARD = "org.freedesktop.DBus.Error."


class HealthTest(SystemTest):
    configuration = "health-interval-ms = 50\n"

    def setUp(self):
        self.path = self.system.endpoint(9)

    def simulate(self, member, signature="", *arguments):
        return self.system.call(
            DRIVE, SIMULATED_DRIVE, member, signature, *arguments, destination=SIMULATOR
        )

    def health(self, name):
        return self.system.get(self.path, HEALTH, name)

    def polls(self):
        """How many health polls the drive has seen."""
        statistics = self.system.call(
            DRIVE, SIMULATED_DRIVE, "GetStatistics", destination=SIMULATOR
        )
        return statistics["Requests"].get("mi 01", 0)

    def wait_for_polls(self, more=2):
        before = self.polls()
        self.system.wait_for(lambda: self.polls() >= before + more, "health polls")

    def set_interval(self, milliseconds, bus=None):
        self.system.call(
            self.path, PROPERTIES, "Set", "ssv", HEALTH, "PollInterval",
            dbus.UInt32(milliseconds, variant_level=1), bus=bus,
        )


class PollTests(HealthTest):
    def test_change_is_told_with_its_time_and_sameness_is_not(self):
        self.wait_for_polls()
        since = len(self.system.signals)
        updated, changed = self.health("Updated"), self.health("Changed")
        self.wait_for_polls(3)
        told = self.system.find_signals(since, member="PropertiesChanged", path=self.path)
        self.assertFalse(told, "nothing has changed")
        self.assertGreater(self.health("Updated"), updated)
        self.assertEqual(self.health("Changed"), changed)

        self.simulate("SetTemperature", "n", 71)
        signal = self.system.wait_for(
            lambda: next(
                (
                    seen
                    for seen in self.system.find_signals(
                        since, member="PropertiesChanged", path=self.path
                    )
                    if "CompositeTemperature" in seen.arguments[1]
                ),
                None,
            ),
            "the new temperature",
        )
        interface, values, _ = signal.arguments
        self.assertEqual(interface, HEALTH)
        self.assertEqual(values["CompositeTemperature"], 71)
        self.assertGreater(values["Changed"], changed)
        self.assertNotIn("Updated", values)
        self.assertNotIn("PercentageDriveLifeUsed", values)

    def test_polls_leave_the_change_flags_to_others(self):
        self.simulate("SetPercentageUsed", "y", 77)
        self.system.wait_for_property(self.path, HEALTH, "PercentageDriveLifeUsed", 77)
        self.wait_for_polls()
        flags = self.system.call(
            self.path, ENDPOINT, "ConfigGet", "sy", "HealthStatusChange", 0
        )
        self.assertIn("PercentageUsed", flags)

    def test_interval_of_zero_polls_never_and_another_polls_again(self):
        self.set_interval(0)
        # Whatever was under way has ended when the drive has answered this.
        self.system.call(self.path, ENDPOINT, "GetHealth")
        before = self.polls()
        for _ in range(50):
            self.system.call(self.path, ENDPOINT, "ReadDataStructure", "yyq", 0, 0, 0)
        self.assertEqual(self.polls(), before)
        self.set_interval(50)
        self.wait_for_polls()

    def test_interval_out_of_range(self):
        error = self.assert_bus_error(STANDARD + "InvalidArgs", self.set_interval, 86_400_001)
        self.assertIn("86400000", error.get_dbus_message())

    def test_pause_ends_when_its_client_leaves_the_bus(self):
        client = self.system.connect()
        self.system.call(self.path, ENDPOINT_CONTROL, "PauseHealthPolling", bus=client)
        self.assertIs(self.health("PollingPaused"), True)
        self.assert_bus_error(
            STANDARD + "InvalidArgs", self.system.call,
            self.path, ENDPOINT_CONTROL, "ResumeHealthPolling",
        )
        self.system.call(self.path, ENDPOINT, "GetHealth")
        before = self.polls()
        self.system.call(self.path, ENDPOINT, "ReadDataStructure", "yyq", 0, 0, 0)
        self.assertEqual(self.polls(), before)
        client.close()
        self.system.connections.remove(client)
        self.system.wait_for_property(self.path, HEALTH, "PollingPaused", False)
        self.wait_for_polls()

    def test_pauses_of_two_clients_end_with_the_second(self):
        client = self.system.connect()
        for bus in (client, None):
            self.system.call(self.path, ENDPOINT_CONTROL, "PauseHealthPolling", bus=bus)
        self.system.call(self.path, ENDPOINT_CONTROL, "ResumeHealthPolling", bus=client)
        self.assertIs(self.health("PollingPaused"), True)
        self.system.call(self.path, ENDPOINT_CONTROL, "ResumeHealthPolling")
        self.assertIs(self.health("PollingPaused"), False)
        self.wait_for_polls()

    def test_reset_behind_our_back_is_seen_by_a_poll(self):
        line = len(self.system.daemon.lines)
        self.simulate("SetControllerEnabled", "qb", 0, False)
        self.system.daemon.wait_for_line("changed .*flags=.*Ready", after=line)
        self.system.daemon.wait_for_line("asking again what it is", after=line)
        self.simulate("SetControllerEnabled", "qb", 0, True)
        self.system.wait_for_endpoints(1)


class SilentDriveTests(HealthTest):
    configuration = (
        "health-interval-ms = 50\ncommand-timeout-ms = 200\nfirst-retry-ms = 50\n"
        "last-retry-ms = 200\nfirst-recover-ms = 0\n"
    )

    def test_polls_find_a_dead_drive_that_nobody_calls_and_values_stay(self):
        self.simulate("SetTemperature", "n", 55)
        self.system.wait_for_property(self.path, HEALTH, "CompositeTemperature", 55)
        self.simulate("SetFault", "sa{sv}", "mute", {})
        self.system.wait_for_property(self.path, ENDPOINT, "State", "unavailable")
        self.assertEqual(self.health("CompositeTemperature"), 55)
        self.simulate("ClearFaults")
        self.system.wait_for_endpoints(1)
        self.wait_for_polls()
