"""Drives that come and go, an mctpd that restarts, a daemon that is told to end."""

import os
import signal
import subprocess
import time

import dbus

from environment import (
    BRIDGE,
    ENDPOINT,
    MCTPD,
    OBJECT_MANAGER,
    PROGRAMS,
    ROOT,
    SIMULATOR,
    Process,
    SystemTest,
)

SIMULATION = ROOT + "/simulator"
SIMULATOR_INTERFACE = SIMULATOR + "1"
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
STANDARD = "org.freedesktop.DBus.Error."
COMMON = "xyz.openbmc_project.Common.Error."


class Simulation(SystemTest):
    configuration = "command-timeout-ms = 600\nfirst-retry-ms = 50\nlast-retry-ms = 200\n"

    def simulate(self, member, signature="", *arguments, path=SIMULATION):
        interface = SIMULATOR_INTERFACE if path == SIMULATION else SIMULATED_DRIVE
        return self.system.call(
            path, interface, member, signature, *arguments, destination=SIMULATOR
        )


class PlugTests(Simulation):
    drives = 2

    def test_plugged_drive_appears_and_pulled_one_disappears(self):
        since = len(self.system.signals)
        drive = self.simulate("Plug", "a{sv}", {"model": "u2"})
        added = self.system.wait_for_signal(
            since, member="InterfacesAdded", path=ROOT, sender=str(self.owner())
        )
        path, interfaces = added.arguments
        self.assertEqual(interfaces[ENDPOINT]["State"], "initializing")
        self.system.wait_for_property(path, ENDPOINT, "State", "ready")
        self.system.call(path, ENDPOINT, "GetHealth")

        since = len(self.system.signals)
        self.simulate("Pull", "o", drive)
        self.system.wait_for(
            lambda: any(
                path == removed.arguments[0] and ENDPOINT in removed.arguments[1]
                for removed in self.system.find_signals(since, member="InterfacesRemoved", path=ROOT)
            ),
            "the endpoint's InterfacesRemoved",
        )
        self.assertFalse(
            [other for other in self.system.objects() if other.startswith(path)],
            "nothing may be left below the endpoint",
        )
        self.assert_bus_error(
            STANDARD + "UnknownObject", self.system.call, path, ENDPOINT, "GetHealth"
        )

    def owner(self):
        return self.system.bus.get_name_owner(BRIDGE)

    def test_drive_pulled_in_mid_command_answers_its_callers(self):
        drive = self.simulate("Plug", "a{sv}", {"model": "u2"})
        path = self.system.wait_for_endpoints(3)[-1]
        self.simulate("SetFault", "sa{sv}", "mute", {}, path=drive)
        calls = [self.system.start_call(path, ENDPOINT, "GetHealth") for _ in range(5)]
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        self.simulate("Pull", "o", drive)
        self.system.wait_for(lambda: all(call.done for call in calls), "every call's answer")
        for call in calls:
            self.assertIsNotNone(call.error)

    def test_drive_that_does_not_answer_is_published_with_its_state(self):
        drive = self.simulate("Plug", "a{sv}", {"model": "u2", "faults": dbus.Array(["mute"], signature="s")})
        [path] = self.system.wait_for_endpoints(1, state="unavailable")
        self.assertIn("timed out", self.system.get(path, ENDPOINT, "StateDetail"))
        self.assertIn("Does not answer", self.system.get(path, ENDPOINT, "StateReason"))
        self.simulate("ClearFaults", path=drive)
        self.system.wait_for_property(path, ENDPOINT, "State", "ready")
        self.assertEqual(self.system.get(path, ENDPOINT, "StateReason"), "")
        self.simulate("Pull", "o", drive)
        self.system.wait_for_endpoints(2)

    def test_drive_that_answers_wrongly_is_published_as_failed(self):
        drive = self.simulate("Plug", "a{sv}", {"model": "u2", "faults": dbus.Array(["status,status=2"], signature="s")})
        [path] = self.system.wait_for_endpoints(1, state="failed")
        self.simulate("ClearFaults", path=drive)
        self.system.wait_for_property(path, ENDPOINT, "State", "ready")
        self.simulate("Pull", "o", drive)
        self.system.wait_for_endpoints(2)

    def test_degraded_connectivity_fails_calls_at_once_and_ends(self):
        path = self.system.endpoint(9)
        self.simulate("Disconnect", path=SIMULATION + "/drives/1")
        self.system.wait_for_property(path, ENDPOINT, "State", "unavailable")
        caught = self.assert_bus_error(
            COMMON + "Unavailable", self.system.call, path, ENDPOINT, "GetHealth"
        )
        self.assertIn("Degraded", caught.get_dbus_message())
        self.simulate("Reconnect", path=SIMULATION + "/drives/1")
        self.system.wait_for_endpoints(2)


class MctpdRestartTests(Simulation):
    drives = 2
    configuration = Simulation.configuration + "mctpd-grace-ms = 300\n"

    def endpoint_paths(self):
        return [path for path, found in self.system.objects().items() if ENDPOINT in found]

    def test_restarted_mctpd_changes_nothing(self):
        before = sorted(self.endpoint_paths())
        # What was told before is seen before the answer to this.
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        since = len(self.system.signals)
        self.simulate("StopMctpd")
        self.system.wait_for(lambda: not self.system.owned(MCTPD), "mctpd to be gone")
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        self.simulate("StartMctpd")
        self.system.wait_for_name(MCTPD)
        self.system.wait_for_endpoints(2)
        self.assertEqual(sorted(self.endpoint_paths()), before)
        own = str(self.system.bus.get_name_owner(BRIDGE))
        self.assertFalse(self.system.find_signals(since, member="InterfacesAdded", sender=own))
        self.assertFalse(self.system.find_signals(since, member="InterfacesRemoved", sender=own))

    def test_daemon_that_stood_still_does_not_take_that_for_mctpd_s_absence(self):
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        since = len(self.system.signals)
        self.simulate("StopMctpd")
        self.system.wait_for(lambda: not self.system.owned(MCTPD), "mctpd to be gone")
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        self.system.daemon.send_signal(signal.SIGSTOP)
        try:
            self.simulate("StartMctpd")
            self.system.wait_for_name(MCTPD)
            # Longer than the grace, and than what the daemon takes for mere lateness.
            time.sleep(1.5)
        finally:
            self.system.daemon.send_signal(signal.SIGCONT)
        self.system.wait_for_endpoints(2)
        own = str(self.system.bus.get_name_owner(BRIDGE))
        time.sleep(0.6)
        self.assertFalse(self.system.find_signals(since, member="InterfacesRemoved", sender=own))

    def test_mctpd_that_stays_away_takes_its_endpoints_with_it(self):
        self.simulate("StopMctpd")
        self.system.wait_for(lambda: not self.endpoint_paths(), "the endpoints to be gone")
        self.simulate("StartMctpd")
        self.assertEqual(len(self.system.wait_for_endpoints(2)), 2)


class StartTests(Simulation):
    starts_daemon = False

    def test_daemon_waits_for_mctpd(self):
        self.simulate("StopMctpd")
        self.system.start_daemon(configuration=self.configuration)
        self.assertEqual(self.system.objects(), {})
        self.simulate("StartMctpd")
        self.system.wait_for_endpoints(1)
        self.assertEqual(self.system.stop_daemon(), 0)

    def test_second_daemon_says_so_and_exits(self):
        self.system.start_daemon(configuration=self.configuration)
        second = Process(
            "nvmemid",
            [PROGRAMS / "nvmemid", *self.system.daemon_options()],
            self.system.logs / "second.log",
        )
        self.assertEqual(second.wait(), 1)
        self.assertIn(BRIDGE, "\n".join(second.output))
        self.system.wait_for_endpoints(1)
        self.assertEqual(self.system.stop_daemon(), 0)

    def test_open_calls_are_answered_before_the_end(self):
        self.system.start_daemon(configuration=self.configuration)
        self.system.wait_for_endpoints(1)
        self.simulate(
            "SetFault", "sa{sv}", "slow", {"delay-ms": dbus.UInt32(300)},
            path=SIMULATION + "/drives/1",
        )
        calls = [
            self.system.start_call(self.system.endpoint(9), ENDPOINT, "GetHealth")
            for _ in range(2)
        ]
        self.system.get(ROOT, BRIDGE + ".Manager1", "Version")
        daemon, self.system.daemon = self.system.daemon, None
        daemon.send_signal(signal.SIGTERM)
        self.system.wait_for(lambda: all(call.done for call in calls), "every call's answer")
        self.assertEqual([call.error for call in calls][0], None)
        self.assertEqual(daemon.wait(), 0)
        self.simulate("ClearFaults", path=SIMULATION + "/drives/1")

    def test_second_request_to_end_does_not_wait_for_open_calls(self):
        self.system.start_daemon(
            configuration="command-timeout-ms = 600000\nshutdown-grace-ms = 60000\n"
        )
        self.system.wait_for_endpoints(1)
        self.simulate("SetFault", "sa{sv}", "mute", {}, path=SIMULATION + "/drives/1")
        call = self.system.start_call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        self.system.get(ROOT, BRIDGE + ".Manager1", "Version")
        daemon, self.system.daemon = self.system.daemon, None
        daemon.send_signal(signal.SIGTERM)
        daemon.wait_for_line("told to end signal")
        self.system.call(ROOT, "org.freedesktop.DBus.Peer", "Ping")
        self.assertFalse(call.done, "the call must still be open")
        daemon.send_signal(signal.SIGINT)
        # Half of the grace is more than enough for what takes no time.
        self.assertEqual(daemon.process.wait(30), 0)
        self.system.wait_for(lambda: call.done, "the call's answer")
        self.assertEqual(call.error.get_dbus_name(), STANDARD + "NoReply")
        self.simulate("ClearFaults", path=SIMULATION + "/drives/1")

    def test_hang_up_reads_the_configuration_again(self):
        self.system.start_daemon(configuration="command-timeout-ms = 250\n")
        self.system.wait_for_endpoints(1)
        file = self.system.logs / "nvmemid.conf"
        file.write_text("command-timeout-ms = nonsense\n", encoding="utf-8")
        self.system.daemon.send_signal(signal.SIGHUP)
        self.system.daemon.wait_for_line("configuration left as it was.*line 1")
        file.write_text("command-timeout-ms = 123\n", encoding="utf-8")
        self.system.daemon.send_signal(signal.SIGHUP)
        self.system.daemon.wait_for_line("configuration read again")
        self.simulate("SetFault", "sa{sv}", "mute", {}, path=SIMULATION + "/drives/1")
        caught = self.assert_bus_error(
            COMMON + "Timeout", self.system.call, self.system.endpoint(9), ENDPOINT, "GetHealth"
        )
        self.assertIn("123 ms", caught.get_dbus_message())
        self.simulate("ClearFaults", path=SIMULATION + "/drives/1")
        self.assertEqual(self.system.stop_daemon(), 0)

    def test_hang_up_changes_the_log_level(self):
        self.system.start_daemon("--log-level=error", configuration="# nothing\n")
        self.system.wait_for_endpoints(1)
        self.assertEqual(self.system.stop_daemon(), 0)
        options = self.system.daemon_options
        self.system.daemon_options = lambda: [o for o in options() if "log-level" not in o]
        try:
            self.system.start_daemon(configuration="log-level = error\n")
            self.system.wait_for_endpoints(1)
            self.assertFalse([line for line in self.system.daemon.output if "ready" in line])
            file = self.system.logs / "nvmemid.conf"
            file.write_text("log-level = debug\n", encoding="utf-8")
            self.system.daemon.send_signal(signal.SIGHUP)
            self.system.daemon.wait_for_line("configuration read again")
            self.system.call(ROOT, BRIDGE + ".Manager1", "Rescan")
            self.system.daemon.wait_for_line("asking again what it is.*endpoint=")
        finally:
            self.system.daemon_options = options
            self.assertEqual(self.system.stop_daemon(), 0)

    def test_log_that_nobody_reads_does_not_stop_the_daemon(self):
        read, write = os.pipe()
        daemon = subprocess.Popen(
            [PROGRAMS / "nvmemid", *self.system.daemon_options()], stderr=write
        )
        os.close(write)
        try:
            self.system.wait_for_name(BRIDGE)
            self.system.wait_for_endpoints(1)
            # Each leaves an entry; a pipe holds 64 KiB.
            for _ in range(1500):
                self.assert_bus_error(
                    COMMON + "InvalidArgument", self.system.call, self.system.endpoint(9),
                    ENDPOINT, "ReadDataStructure", "yyq", 9, 0, 0,
                )
            daemon.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.wait(60), 0)
        finally:
            daemon.kill()
            daemon.wait()
            os.close(read)

    def test_wrong_calls_and_configurations_say_what_is_wrong(self):
        for arguments, words in (
            (["--transport=pigeon"], "pigeon"),
            (["--nonsense"], "--nonsense"),
            (["--bus"], "--bus"),
            (["--config=/nonexistent"], "/nonexistent"),
        ):
            result = self.system.run(PROGRAMS / "nvmemid", *arguments, check=False)
            self.assertEqual(result.returncode, 2, arguments)
            self.assertIn(words, result.stderr)


class LostBusTests(Simulation):
    def test_lost_bus_ends_the_daemon_with_a_failure(self):
        daemon, self.system.daemon = self.system.daemon, None
        simulator, self.system.simulator = self.system.simulator, None
        self.system.bus_process.stop()
        self.assertEqual(daemon.wait(), 1)
        self.assertIn("connection to the bus was lost", "\n".join(daemon.output))
        simulator.stop()


class PlacesTest(Simulation):
    """Drives that change places, told from drives that do not; each test has a system of its own."""

    drives = 2
    starts_daemon = False
    configuration = (
        Simulation.configuration
        + "mctpd-grace-ms = 60000\nrecover-after-ms = 0\nfirst-recover-ms = 100\nlast-recover-ms = 400\n"
        + "health-interval-ms = 100\n"
    )

    def setUp(self):
        self.system.start_daemon(configuration=self.configuration)
        self.system.wait_for_endpoints(self.drives)
        self.own = str(self.system.bus.get_name_owner(BRIDGE))
        # What was told before is seen before the answer to this.
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        self.since = len(self.system.signals)

    def tearDown(self):
        self.assertEqual(self.system.stop_daemon(), 0)

    def told(self, member):
        """Paths of objects that the bridge has told to have come or gone."""
        return [
            signal.arguments[0]
            for signal in self.system.find_signals(self.since, member=member, sender=self.own)
        ]

    def drive_at(self, eid):
        """The simulator's object of the drive at an endpoint identifier."""
        drives = self.system.get_drives(SIMULATION, SIMULATOR)
        return next(path for path, endpoints in drives.items() if (1, eid) in endpoints)

    def serial_number(self, eid):
        return self.system.get(
            self.system.controller(eid), BRIDGE + ".Controller1", "SerialNumber"
        )


class SwapTests(PlacesTest):
    def swap(self, eid, serial_number, **values):
        values = {"model": "u2", "serial-number": serial_number, **values}
        self.simulate("Swap", "oa{sv}b", self.drive_at(eid), values, True)

    def assert_noticed(self, eid, serial_number):
        path = self.system.endpoint(eid)
        self.system.call(ROOT, BRIDGE + ".Manager1", "Rescan")
        self.system.wait_for(
            lambda: self.system.objects().get(self.system.controller(eid), {})
            .get(BRIDGE + ".Controller1", {}).get("SerialNumber") == serial_number,
            "the other drive",
        )
        for member in ("InterfacesRemoved", "InterfacesAdded"):
            self.system.wait_for(lambda: path in self.told(member), f"{member} of {path}")
        self.assertNotIn(self.system.endpoint(10), self.told("InterfacesRemoved"))
        statistics = self.system.call(path, ENDPOINT, "GetStatistics")
        self.assertEqual(statistics["Timeouts"], 0, "the other drive's own")

    def test_other_drive_at_the_same_endpoint_is_another_object(self):
        self.swap(9, "OTHER1")
        self.assert_noticed(9, "OTHER1")

    def test_drive_without_a_uuid_is_told_by_its_serial_number(self):
        self.swap(9, "OTHER2", uuid="00000000-0000-0000-0000-000000000000")
        self.assert_noticed(9, "OTHER2")


class SilentSwapTests(PlacesTest):
    def test_other_drive_that_came_while_mctpd_was_away_is_told_by_its_uuid(self):
        path, serial_number = self.system.endpoint(9), self.serial_number(9)
        uuid = self.system.get(path, ENDPOINT, "UUID")
        self.simulate("StopMctpd")
        self.system.wait_for(lambda: not self.system.owned(MCTPD), "mctpd to be gone")
        # Even the same serial number does not make it the same.
        values = {"model": "u2", "serial-number": serial_number, "uuid": str(uuid)[:-4] + "beef"}
        self.simulate("Swap", "oa{sv}b", self.drive_at(9), values, True)
        self.simulate("StartMctpd")
        self.system.wait_for(lambda: path in self.told("InterfacesAdded"), "the other drive")
        self.system.wait_for_endpoints(2)
        self.assertTrue(self.system.get(path, ENDPOINT, "UUID").endswith("beef"))
        self.assertNotIn(self.system.endpoint(10), self.told("InterfacesRemoved"))


class HostTests(PlacesTest):
    """What the host does to the drives, which the BMC's power does not care for."""

    def described(self):
        """Everything that is published of drives, without what counts or is measured."""
        return {
            path: {
                interface: properties
                for interface, properties in interfaces.items()
                if interface.endswith((".Controller1", ".Namespace1", ".Port1"))
            }
            for path, interfaces in self.system.objects().items()
        }

    def test_a_power_cycle_of_the_host_leaves_every_object(self):
        before = self.described()
        drives = [self.drive_at(eid) for eid in (9, 10)]
        for drive in drives:
            self.simulate("Disconnect", path=drive)
        for eid in (9, 10):
            path = self.system.endpoint(eid)
            self.system.wait_for_property(path, ENDPOINT, "State", "unavailable")
            self.assert_bus_error(
                COMMON + "Unavailable", self.system.call, path, ENDPOINT, "GetHealth"
            )
        self.assertEqual(self.described(), before)
        for drive in drives:
            self.simulate("Reset", path=drive)
            self.simulate("Reconnect", path=drive)
        self.system.wait_for_endpoints(2)
        self.assertEqual(self.described(), before)
        self.assertEqual(self.told("InterfacesRemoved"), [])
        for eid in (9, 10):
            self.system.call(self.system.endpoint(eid), ENDPOINT, "GetHealth")
            self.system.wait_for_property(
                self.system.endpoint(eid), ENDPOINT, "TransmissionUnit", 250
            )

    def test_what_the_host_writes_changes_a_number_and_no_object(self):
        def description(used):
            return (
                "[drive]\nmodel = u2\nserial-number = SAME\n"
                "uuid = 11111111-2222-3333-4444-555555555555\n"
                f"[namespace 1]\nutilization = {used}\n"
            )

        def swap(used):
            values = {"description": description(used)}
            self.simulate("Swap", "oa{sv}b", self.drive_at(9), values, True)
            self.system.call(ROOT, BRIDGE + ".Manager1", "Rescan")

        path, name = self.system.endpoint(9) + "/namespaces/1", BRIDGE + ".Namespace1"
        swap(10)
        self.system.wait_for_property(
            self.system.controller(9), BRIDGE + ".Controller1", "SerialNumber", "SAME"
        )
        self.system.wait_for_endpoints(2)
        before = self.system.get_all(path, name)
        self.since = len(self.system.signals)
        swap(70)
        told = self.system.wait_for_signal(self.since, member="PropertiesChanged", path=path)
        self.assertEqual(set(told.arguments[1]), {"Utilization"})
        after = self.system.get_all(path, name)
        self.assertGreater(after.pop("Utilization"), before.pop("Utilization"))
        self.assertEqual(after, before)
        self.assertEqual(self.told("InterfacesRemoved"), [])

    def test_a_controller_that_the_host_switches_off_keeps_its_identity(self):
        before = self.described()
        drive = self.drive_at(9)
        seen = len(self.system.daemon.output)
        self.simulate("SetControllerEnabled", "qb", 0, False, path=drive)
        # A poll sees the flag, and the drive is asked again what it is.
        self.system.daemon.wait_for_line("asking again what it is", after=seen)
        self.simulate("SetControllerEnabled", "qb", 0, True, path=drive)
        self.system.wait_for_endpoints(2)
        self.assertEqual(self.described(), before)
        self.assertEqual(self.told("InterfacesRemoved"), [])


class EndpointIdentifierTests(PlacesTest):
    def test_drive_that_gets_another_identifier_moves(self):
        serial_number = self.serial_number(9)
        self.simulate("ChangeEID", "yy", 1, 77, path=self.drive_at(9))
        self.system.wait_for_property(self.system.endpoint(77), ENDPOINT, "State", "ready")
        self.assertEqual(self.serial_number(77), serial_number)
        self.assertNotIn(self.system.endpoint(9), self.system.objects())
        self.assertNotIn(self.system.endpoint(10), self.told("InterfacesRemoved"))


class SilentMoveTests(PlacesTest):
    def test_drive_that_moved_while_mctpd_was_away_is_not_kept_where_it_was(self):
        old = 9
        drive = self.drive_at(old)
        self.simulate("StopMctpd")
        self.system.wait_for(lambda: not self.system.owned(MCTPD), "mctpd to be gone")
        self.simulate("ChangeEID", "yy", 1, old + 100, path=drive)
        self.simulate("StartMctpd")
        new = self.system.endpoint(old + 100)
        self.system.wait_for_property(new, ENDPOINT, "State", "ready")
        self.assertNotIn(self.system.endpoint(old), self.system.objects())


class EmptyReturnTests(PlacesTest):
    def test_mctpd_that_finds_everything_again_changes_nothing(self):
        before = sorted(self.system.objects())
        self.simulate("StopMctpd")
        self.system.wait_for(lambda: not self.system.owned(MCTPD), "mctpd to be gone")
        self.simulate("StartMctpdEmpty", "u", 100)
        self.system.wait_for(
            lambda: all(
                f"/au/com/codeconstruct/mctp1/networks/1/endpoints/{eid}"
                in self.system.objects("/au/com/codeconstruct/mctp1", MCTPD)
                for eid in (9, 10)
            ),
            "mctpd to have found everything",
        )
        self.system.wait_for_endpoints(2)
        self.assertEqual(sorted(self.system.objects()), before)
        self.assertEqual(self.told("InterfacesRemoved"), [])
        self.assertEqual(self.told("InterfacesAdded"), [])


class RecoveryTests(PlacesTest):
    def recoveries(self, eid=9):
        return self.simulate("GetMctpdCalls", "uy", 1, eid)["Recover"]

    def test_drive_that_was_reset_behind_our_back_is_recovered(self):
        # Its endpoint identifier is lost: nobody but mctpd can help.
        before = self.recoveries()
        self.simulate("Reset", path=self.drive_at(9))
        self.system.wait_for_property(self.system.endpoint(9), ENDPOINT, "State", "unavailable")
        self.system.wait_for_endpoints(2)
        self.assertGreater(self.recoveries(), before)
        self.assertEqual(self.told("InterfacesRemoved"), [])
        self.assertEqual(
            self.system.get(self.system.endpoint(9), ENDPOINT, "TransmissionUnit"), 250,
            "raised again",
        )

    def test_refusal_is_told_once_and_the_rest_goes_on(self):
        self.simulate("SetMctpdRefusals", "as", ["Recover"])
        line = len(self.system.daemon.lines)
        drive = self.drive_at(9)
        self.simulate("SetFault", "sa{sv}", "mute", {}, path=drive)
        self.system.wait_for_property(self.system.endpoint(9), ENDPOINT, "State", "unavailable")
        before = self.recoveries()
        self.system.wait_for(lambda: self.recoveries() > before + 1, "mctpd to be asked again")
        told = [
            text for text in self.system.daemon.output[line:] if "neither recover endpoints" in text
        ]
        self.assertEqual(len(told), 1, told)
        self.system.call(self.system.endpoint(10), ENDPOINT, "GetHealth")
        self.simulate("SetMctpdRefusals", "as", dbus.Array([], signature="s"))
        self.simulate("ClearFaults", path=drive)
        self.system.wait_for_endpoints(2)


class SubsystemTests(PlacesTest):
    drives = 0

    def setUp(self):
        """Started by the test."""

    def test_endpoints_of_one_subsystem_know_each_other(self):
        self.simulate("Plug", "a{sv}", {"model": "u2"})
        for _ in range(2):
            values = {"subsystem-nqn": "nqn.2014-08.org.example:a", "serial-number": "BOTH"}
            self.simulate("Plug", "a{sv}", {"model": "u2", **values})
        self.system.start_daemon(configuration=self.configuration)
        alone, first, second = self.system.wait_for_endpoints(3)
        self.assertEqual(self.system.get(alone, ENDPOINT, "SubsystemEndpoints"), [])
        self.system.wait_for_property(first, ENDPOINT, "SubsystemEndpoints", [second])
        self.system.wait_for_property(second, ENDPOINT, "SubsystemEndpoints", [first])
        eid = int(second.rsplit("/", 1)[1])
        since = len(self.system.signals)
        self.simulate("Pull", "o", self.drive_at(eid))
        changed = self.system.wait_for_signal(since, member="PropertiesChanged", path=first)
        self.assertEqual(changed.arguments[1]["SubsystemEndpoints"], [])


class DegradedTests(Simulation):
    configuration = "command-timeout-ms = 30000\n"

    def test_open_calls_fail_at_once(self):
        path, drive = self.system.endpoint(9), SIMULATION + "/drives/1"
        self.simulate("SetFault", "sa{sv}", "mute", {}, path=drive)
        calls = [self.system.start_call(path, ENDPOINT, "GetHealth") for _ in range(3)]
        self.system.call(path, ENDPOINT, "GetStatistics")
        self.simulate("Disconnect", path=drive)
        self.system.wait_for(lambda: all(call.done for call in calls), "every call's answer")
        for call in calls:
            self.assertEqual(call.error.get_dbus_name(), COMMON + "Unavailable")
            self.assertIn("Degraded", call.error.get_dbus_message())
        self.simulate("ClearFaults", path=drive)
        self.simulate("Reconnect", path=drive)
        self.system.wait_for_endpoints(1)
