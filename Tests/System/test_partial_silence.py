"""Drives that lose requests, have no control primitives, or fall silent."""

import contextlib

import dbus

from environment import ENDPOINT
from messages import CONTROL, HEALTH_POLL, INVALID_OPCODE, MI, VPD_READ
from partial_drives import QUICK, PartialDriveTest


class GapTests(PartialDriveTest):
    """Loses a request that comes within 1.2 ms of its last answer."""

    # Time enough for a distance that grows.
    configuration = QUICK.replace("command-timeout-ms = 1000", "command-timeout-ms = 2500")

    def test_a_growing_distance_is_found_and_remembered(self):
        rule = self.double.when(gap=lambda gap: gap < 0.0012).drop()
        self.start()
        self.wait_until_whole()
        # It is asked until enough was lost: on a busy machine some requests come late enough.
        learnt = self.system.ask_until(self.learn, "a distance that helps")
        self.assertGreaterEqual(learnt, 1200)
        self.assertGreater(rule.met, 0, "nothing was lost")
        self.system.daemon.wait_for_line("(?i)gap")
        # From now on none is lost, however soon they are sent.
        lost = rule.met
        for _ in range(5):
            for call in self.read_twice():
                self.system.finish(call)
        self.assertEqual(rule.met, lost)

    def read_twice(self):
        """Has the drive asked twice in a row."""
        read = (self.system.endpoint(9), ENDPOINT, "VPDRead", "qq", 0, 8)
        return [self.system.start_call(*read) for _ in range(2)]

    def learn(self):
        """Uses the drive, and returns the distance that was learnt."""
        for call in self.read_twice():
            # Until it is learnt, so much may be lost that there is no answer in time.
            with contextlib.suppress(dbus.DBusException):
                self.system.finish(call)
        return self.system.call(self.system.endpoint(9), ENDPOINT, "GetStatistics")["LearntGap"]

    def test_a_drive_that_loses_none_keeps_its_pace(self):
        self.double.when(kind=MI, opcode=VPD_READ).nth(1).lose_answer()
        self.start()
        self.wait_until_whole()
        self.system.call(self.system.endpoint(9), ENDPOINT, "VPDRead", "qq", 0, 8)
        statistics = self.system.call(self.system.endpoint(9), ENDPOINT, "GetStatistics")
        self.assertFalse([name for name, value in statistics.items() if "Gap" in name and value])


class NoPrimitivesTests(PartialDriveTest):
    """Answers a control primitive with a Generic Error Response: a status, and no tag."""

    configuration = QUICK.replace("health-interval-ms = 200", "health-interval-ms = 0")

    def read(self):
        return self.system.call(self.system.endpoint(9), ENDPOINT, "VPDRead", "qq", 0, 8)

    def try_to_read(self):
        """How many bytes were read."""
        with contextlib.suppress(dbus.DBusException):
            return len(self.read())
        return 0

    def test_the_slot_is_free_at_once(self):
        self.double.when(kind=CONTROL).refuse(INVALID_OPCODE)
        rule = self.double.when(kind=MI, opcode=VPD_READ).drop()
        # Time enough for the answer that is to come, on a busy machine too.
        self.configuration = self.configuration.replace(
            "command-timeout-ms = 1000", "command-timeout-ms = 4000"
        )
        self.start()
        self.wait_until_whole()
        with self.assertRaises(dbus.DBusException) as caught:
            self.read()
        self.assertNotIn("neither", caught.exception.get_dbus_message())
        self.assertEqual(
            caught.exception.get_dbus_name(), "xyz.openbmc_project.Common.Error.Timeout"
        )
        primitives = self.double.asked(kind=CONTROL)
        self.assertGreater(primitives, 0)
        self.assertLessEqual(primitives, 2)
        rule.end()
        lost = self.double.asked(opcode=VPD_READ, kind=MI)
        # Not one more primitive comes before it, nor is it sent twice.
        self.assertEqual(len(self.read()), 8)
        self.assertEqual(self.double.asked(kind=CONTROL), primitives)
        self.assertEqual(self.double.asked(opcode=VPD_READ, kind=MI), lost + 1)
        self.assertEqual(self.endpoint()["State"], "ready")

    def test_a_drive_that_refused_them_is_not_asked_for_them_again(self):
        self.double.when(kind=CONTROL).refuse(INVALID_OPCODE)
        self.start()
        self.wait_until_whole()
        for _ in range(3):
            rule = self.double.when(kind=MI, opcode=VPD_READ).times(2).drop()
            for _ in range(2):
                self.try_to_read()
            rule.end()
        self.assertLessEqual(self.double.asked(kind=CONTROL), 2)
        # The slot of the last one may rest for as long as a command may take.
        self.assertEqual(self.system.ask_until(self.try_to_read, "an answer"), 8)


class FallsSilentTests(PartialDriveTest):
    """Stops answering."""

    def test_it_is_told_after_one_missed_poll_and_its_repetition(self):
        self.simulate("SetTemperature", "n", 47)
        self.start()
        self.wait_until_whole()
        self.system.wait_for(
            lambda: self.health().get("CompositeTemperature") == 47, "the temperature"
        )
        since = len(self.system.signals)
        self.double.clear()
        rule = self.double.when(eid=9).drop()
        self.system.wait_for_property(
            self.system.endpoint(9), ENDPOINT, "State", "unavailable"
        )
        self.assertLessEqual(self.double.asked(kind=MI, opcode=HEALTH_POLL), 2)
        endpoint, health = self.endpoint(), self.health()
        self.assertNotEqual(endpoint["StateReason"], "")
        # What is known stays, with its time.
        self.assertEqual(health["CompositeTemperature"], 47)
        self.assertLess(health["Updated"], endpoint["StateSince"] + 1)
        self.assertEqual(self.below("controllers")[0]["SerialNumber"], "SIM00000001")
        self.assertEqual(sorted(self.below("namespaces")), [1])
        self.system.wait_for(
            lambda: self.states_told(since)[-1:] == ["unavailable"], "the state to be told"
        )
        [drive] = self.drives_on_bus().values()
        self.assertEqual(drive["State"], "unavailable")
        self.assertEqual(drive["SerialNumber"], "SIM00000001")
        rule.end()
        self.wait_until_whole()
        self.assertGreater(self.endpoint()["StateSince"], endpoint["StateSince"])
        self.system.wait_for(
            lambda: self.health()["Updated"] > health["Updated"], "a poll that is answered"
        )

    def test_one_lost_poll_is_nothing(self):
        self.start()
        self.wait_until_whole()
        since = len(self.system.signals)
        rule = self.double.when(kind=MI, opcode=HEALTH_POLL).times(1).drop()
        before = self.double.asked(kind=MI, opcode=HEALTH_POLL)
        self.double.wait_until_asked(before + 5, kind=MI, opcode=HEALTH_POLL)
        self.assertEqual(rule.met, 1)
        self.assertEqual(self.endpoint()["State"], "ready")
        self.assertNotIn("unavailable", self.states_told(since))

    def states_told(self, since):
        """What the endpoint's State was told to be since a signal."""
        return [
            signal.arguments[1]["State"]
            for signal in self.system.find_signals(
                since, member="PropertiesChanged", path=self.system.endpoint(9)
            )
            if "State" in signal.arguments[1]
        ]
