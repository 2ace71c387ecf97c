"""Drives that misbehave: the call fails with that said, the next call works, others are served."""

import dbus

from environment import CONTROLLER, ENDPOINT, MANAGER, ROOT, SIMULATOR, SystemTest

COMMON = "xyz.openbmc_project.Common.Error."
DEVICE = "xyz.openbmc_project.Common.Device.Error."
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
DRIVES = ROOT + "/simulator/drives"


class FaultTest(SystemTest):
    """Two drives; the first misbehaves."""

    drives = 2
    configuration = "command-timeout-ms = 600\nfirst-retry-ms = 50\nlast-retry-ms = 200\n"

    def fault(self, name, **options):
        """Switches a fault of the first drive on; underscores in option names are hyphens."""
        variants = {
            key.replace("_", "-"): dbus.UInt32(value) if isinstance(value, int) else value
            for key, value in options.items()
        }
        self.system.call(
            DRIVES + "/1", SIMULATED_DRIVE, "SetFault", "sa{sv}", name, variants,
            destination=SIMULATOR,
        )

    def tearDown(self):
        self.system.call(
            DRIVES + "/1", SIMULATED_DRIVE, "ClearFaults", destination=SIMULATOR
        )
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        self.system.wait_for_endpoints(2)

    def health(self, eid=9):
        return self.system.call(self.system.endpoint(eid), ENDPOINT, "GetHealth")

    def identify(self):
        return self.system.call(
            self.system.controller(9), CONTROLLER, "Identify", "yua{sv}", 1, 0, {}
        )

    def statistics(self):
        return self.system.call(self.system.endpoint(9), ENDPOINT, "GetStatistics")

    def fails(self, error, *words, call=None):
        """The call fails as it should; the next one works."""
        caught = self.assert_bus_error(error, call or self.health)
        for word in words:
            self.assertIn(word, caught.get_dbus_message())
        self.system.call(
            DRIVES + "/1", SIMULATED_DRIVE, "ClearFaults", destination=SIMULATOR
        )
        self.health()
        return caught


class WrongAnswerTests(FaultTest):
    def test_damaged_answer_is_repeated_once(self):
        before = self.statistics()
        self.fault("wrong-mic", count=1)
        self.health()
        after = self.statistics()
        self.assertEqual(after["Repetitions"], before["Repetitions"] + 1)
        self.assertEqual(after["IntegrityErrors"], before["IntegrityErrors"] + 1)

    def test_damaged_answers_fail(self):
        self.fault("wrong-mic")
        self.fails(DEVICE + "ReadFailure", "integrity check")

    def test_lost_answer_is_repeated_once(self):
        before = self.statistics()
        self.fault("lost", count=1, category="mi")
        self.health()
        after = self.statistics()
        self.assertEqual(after["LostAnswers"], before["LostAnswers"] + 1)
        self.assertEqual(after["Timeouts"], before["Timeouts"])

    def test_wrong_slot(self):
        self.fault("wrong-slot", category="mi")
        self.fails(DEVICE + "ReadFailure", "slot 1", "slot 0")

    def test_wrong_category(self):
        self.fault("wrong-category", category="mi")
        self.fails(DEVICE + "ReadFailure", "expected")

    def test_too_short(self):
        self.fault("short", bytes=4, category="mi")
        self.fails(DEVICE + "ReadFailure", "expected")

    def test_truncated(self):
        self.fault("truncated", bytes=6, category="mi")
        self.fails(DEVICE + "ReadFailure", "too short")

    def test_too_long_for_any_message(self):
        self.fault("oversize", bytes=4224, category="mi")
        self.fails(DEVICE + "ReadFailure", "too long")

    def test_too_long_for_its_command(self):
        self.fault("oversize", bytes=3, category="mi")
        self.fails(DEVICE + "ReadFailure", "expected 8 bytes", "11")

    def test_management_error(self):
        self.fault("status", status=2)
        caught = self.fails(DEVICE + "ReadFailure", "Internal Error", "02h")
        self.assertEqual(caught.args[1]["mi-status"], 2)
        self.assertEqual(caught.args[1]["layer"], "NVMe-MI")

    def test_nvme_error(self):
        self.fault("nvme-status", nvme_status=0x4006, category="admin")
        caught = self.fails(DEVICE + "ReadFailure", "06h", call=self.identify)
        self.assertEqual(caught.args[1]["nvme-status"], 0x4006)
        self.assertEqual(bool(caught.args[1]["dnr"]), True)
        self.assertEqual(caught.args[1]["layer"], "NVMe")

    def test_answer_twice_is_taken_once(self):
        self.fault("twice", delay_ms=0)
        temperatures = [self.health()["CompositeTemperature"] for _ in range(20)]
        self.assertEqual(len(set(temperatures)), 1)


class SlowDriveTests(FaultTest):
    def test_mute_drive_fails_at_its_deadline_and_others_are_served(self):
        self.fault("mute")
        call = self.system.start_call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        for _ in range(20):
            self.health(10)
        self.assertFalse(call.done, "the mute drive's call must still be open")
        self.fails(COMMON + "Timeout", "600 ms", call=lambda: self.system.finish(call))

    def test_slow_drive_within_the_limit_answers(self):
        before = self.statistics()
        self.fault("slow", delay_ms=400)
        self.health()
        self.assertEqual(self.statistics()["Repetitions"], before["Repetitions"])

    def test_more_processing_required_is_followed(self):
        before = self.statistics()
        self.fault("more-processing", time_ms=400, delay_ms=300)
        self.assertEqual(len(self.identify()), 4096)
        self.assertEqual(
            self.statistics()["MoreProcessing"], before["MoreProcessing"] + 1
        )

    def test_more_processing_for_ever_ends_at_the_limit(self):
        self.fault("more-processing-forever", time_ms=100, delay_ms=100, category="admin")
        self.fails(COMMON + "Timeout", "More Processing Required", "600 ms", call=self.identify)

    def test_more_processing_again_and_again_ends(self):
        self.fault("more-processing-forever", time_ms=100, delay_ms=5, category="admin")
        before = self.statistics()["MoreProcessing"]
        self.fails(COMMON + "Timeout", "More Processing Required", "600 ms", call=self.identify)
        self.assertGreater(self.statistics()["MoreProcessing"], before + 16)

    def test_a_health_poll_does_not_wait_for_a_long_command(self):
        self.fault("slow", delay_ms=500, category="admin", count=1)
        long = self.system.start_call(
            self.system.controller(9), CONTROLLER, "Identify", "yua{sv}", 1, 0,
            dbus.Dictionary({}, signature="sv"),
        )
        self.system.ask_until(
            lambda: self.system.call(ROOT, MANAGER, "GetStatistics")["OpenExchanges"], "it"
        )
        self.health()
        self.assertFalse(long.done, "answered beside it")
        self.assertEqual(self.statistics()["SecondSlot"], "works")
        self.assertEqual(len(self.system.finish(long)), 4096)

    def test_late_answer_is_not_taken_for_another_commands(self):
        # Longer than the limit: the command is aborted in the drive before the next one.
        self.fault("slow", delay_ms=900, count=1, category="admin")
        self.assert_bus_error(COMMON + "Timeout", self.identify)
        before = self.statistics()
        for _ in range(10):
            self.assertIn("CompositeTemperature", self.health())
            self.assertEqual(len(self.identify()), 4096)
        self.assertEqual(self.statistics()["Recoveries"], before["Recoveries"] + 1)

    def test_callers_own_time_limit(self):
        self.fault("mute")
        caught = self.assert_bus_error(
            COMMON + "Timeout", self.system.call,
            self.system.controller(9), CONTROLLER, "Identify", "yua{sv}", 1, 0,
            {"timeout-ms": dbus.UInt32(120)},
        )
        self.assertIn("120 ms", caught.get_dbus_message())

    def test_too_many_commands_are_refused(self):
        self.fault("mute")
        calls = [
            self.system.start_call(self.system.endpoint(9), ENDPOINT, "GetHealth")
            for _ in range(40)
        ]  # more than queue-limit-per-client
        self.system.wait_for(lambda: all(call.done for call in calls), "every call's answer")
        names = {call.error.get_dbus_name() for call in calls}
        self.assertEqual(names, {COMMON + "Timeout", COMMON + "TooManyResources"})


class BusyDriveTests(FaultTest):
    def test_a_busy_drive_is_neither_silent_nor_failed(self):
        self.fault("slow", delay_ms=60_000, category="admin")
        since, seen = len(self.system.signals), len(self.system.daemon.output)
        self.system.call(ROOT, MANAGER, "Rescan")
        for _ in range(3):
            self.system.daemon.wait_for_line('left out .*eid 9".*identity of', after=seen)
            seen = len(self.system.daemon.output)
        self.health()
        states = [
            signal.arguments[1]["State"]
            for signal in self.system.find_signals(
                since, member="PropertiesChanged", path=self.system.endpoint(9)
            )
            if "State" in signal.arguments[1]
        ]
        self.assertEqual(states, [])
