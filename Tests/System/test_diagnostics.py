"""The log's level at run time, floods of equal entries, and the statistics of the whole bridge."""

import re
import time

import environment
from environment import BRIDGE, DIAGNOSTICS, ENDPOINT, MANAGER, PROPERTIES, ROOT
from users import as_user

COUNTERS = {
    "MessagesSent",
    "SendFailures",
    "SendRepetitions",
    "MessagesReceived",
    "LateMessages",
    "UnmatchedMessages",
    "OversizedMessages",
    "ReceiveErrors",
    "Reconnections",
}
GAUGES = {
    "OpenCalls",
    "WaitingCalls",
    "OpenExchanges",
    "ReservedTags",
    "Timers",
    "Watches",
    "EndingEndpoints",
    "WarningsLastHour",
    "ErrorsLastHour",
}


class LogLevelTests(environment.SystemTest):
    configuration = "health-interval-ms = 0\n"

    def setUp(self):
        self.set_level("debug")

    def set_level(self, level):
        self.system.call(ROOT, PROPERTIES, "Set", "ssv", DIAGNOSTICS, "LogLevel", level)

    def failing_call(self):
        """A call whose failure is in the log at level debug."""
        with self.assertRaises(environment.dbus.DBusException):
            self.system.call(
                self.system.endpoint(9), ENDPOINT, "ReadDataStructure", "yyq", 99, 0, 0
            )

    def test_level_is_changed_and_told(self):
        since = len(self.system.signals)
        self.assertEqual(self.system.get(ROOT, DIAGNOSTICS, "LogLevel"), "debug")
        self.set_level("info")
        self.assertEqual(self.system.get(ROOT, DIAGNOSTICS, "LogLevel"), "info")
        told = [DIAGNOSTICS, {"LogLevel": "info"}, []]
        self.system.wait_for_signal(
            since, path=ROOT, member="PropertiesChanged", arguments=told
        )
        seen = len(self.system.daemon.output)
        self.failing_call()
        self.set_level("debug")
        self.failing_call()
        self.system.daemon.wait_for_line("command failed", after=seen)
        lines = [line for line in self.system.daemon.output[seen:] if "command failed" in line]
        self.assertEqual(len(lines), 1)

    def test_level_that_does_not_exist(self):
        for level in ("loud", "", "critical", "INFO"):
            with self.subTest(level=level):
                error = self.assert_bus_error(
                    "org.freedesktop.DBus.Error.InvalidArgs", self.set_level, level
                )
                self.assertIn(
                    "error, warning, notice, info, debug, trace", error.get_dbus_message()
                )
        self.assertEqual(self.system.get(ROOT, DIAGNOSTICS, "LogLevel"), "debug")

    def test_level_is_set_by_root_only(self):
        # The bus lets members of the group set properties, whichever interface's they are.
        self.assertEqual(self.system.get(ROOT, DIAGNOSTICS, "LogLevel"), "debug")
        call = ["busctl", f"--address={self.system.address}", "set-property", BRIDGE, ROOT]
        call += [DIAGNOSTICS, "LogLevel", "s", "error"]
        result = self.system.run(*as_user("nobody", call), check=False)
        self.assertIn("Access denied", result.stderr)
        self.assertEqual(self.system.get(ROOT, DIAGNOSTICS, "LogLevel"), "debug")


class FloodTests(environment.SystemTest):
    configuration = "health-interval-ms = 0\n"

    def test_flood_of_equal_entries_is_held_back_and_counted(self):
        seen = len(self.system.daemon.output)
        calls = 1000
        for _ in range(calls):
            self.system.call(ROOT, MANAGER, "Rescan")
        # The next one that is let through says what was held back.
        self.system.ask_until(
            lambda: self.system.call(ROOT, MANAGER, "Rescan") or self.told(seen),
            "the number of entries held back",
        )
        lines = [line for line in self.system.daemon.output[seen:] if line.startswith("<6>rescan")]
        self.assertLess(len(lines), calls / 2)
        self.assertGreaterEqual(len(lines), 20)

    def told(self, seen):
        return any("rescan suppressed=" in line for line in self.system.daemon.output[seen:])


class ManyFloodsTests(environment.SystemTest):
    """Entries that are not alike, from more drives than the log tells apart kinds."""

    drives = 100
    configuration = "health-interval-ms = 0\n"
    daemon_options = ("--log-level=info",)
    LEFT_OUT = "<5>entries of the log were left out left-out-before="

    def test_all_together_have_a_limit_and_what_is_left_out_is_told(self):
        def lines():
            return len(self.system.daemon.output)

        # Some time passes, so that what comes in a second counts for more than what may come at once.
        began, before, calls = time.monotonic(), lines(), 0
        while time.monotonic() < began + 5 or calls < 100:
            self.system.call(ROOT, MANAGER, "Rescan")
            calls += 1
        written = lines() - before
        allowed = 100 + 20 * (time.monotonic() - began)
        self.assertGreater(written, 20)
        self.assertLessEqual(written, allowed, f"{calls} times 100 drives were asked again")
        # When nothing is said any more, the log says what it left out.
        self.system.daemon.wait_for_line("left-out-before=", after=before)
        self.system.ask_until(self.is_told_after_a_burst, "what was left out to be told")

    def is_told_after_a_burst(self):
        """Whether the log says in a line of its own what it left out at the end of a burst of entries.

        It need not: the last entry that it wrote may have said so, with nothing left out behind it.
        """
        before = len(self.system.daemon.output)
        for _ in range(20):
            self.system.call(ROOT, MANAGER, "Rescan")
        end = time.monotonic() + 5
        while time.monotonic() < end:
            if any(self.LEFT_OUT in line for line in self.system.daemon.output[before:]):
                return True
            time.sleep(0.1)
        return False


class StatisticsTests(environment.SystemTest):
    drives = 3
    configuration = "health-interval-ms = 0\n"

    def statistics(self):
        return self.system.call(ROOT, MANAGER, "GetStatistics")

    def at_rest(self):
        """The statistics when nothing is under way."""

        def rests():
            now = self.statistics()
            return now if now["OpenExchanges"] == 0 and now["EndingEndpoints"] == 0 else None

        return self.system.ask_until(rests, "the bridge to rest")

    def test_names_and_types(self):
        types = self.system.run(
            "busctl", f"--address={self.system.address}", "call", BRIDGE, ROOT, MANAGER,
            "GetStatistics",
        ).stdout
        found = dict(re.findall(r'"(\w+)" (\w) ', types))
        self.assertEqual({name for name, kind in found.items() if kind == "t"}, COUNTERS)
        self.assertEqual({name for name, kind in found.items() if kind == "u"}, GAUGES)

    def test_messages_are_counted(self):
        before = self.at_rest()
        for _ in range(10):
            self.system.call(self.system.endpoint(10), ENDPOINT, "GetHealth")
        after = self.at_rest()
        self.assertEqual(after["MessagesSent"], before["MessagesSent"] + 10)
        self.assertEqual(after["MessagesReceived"], before["MessagesReceived"] + 10)

    def test_gauges_come_back_to_where_they_were(self):
        before = self.at_rest()
        calls = [
            self.system.start_call(self.system.endpoint(eid), ENDPOINT, "GetHealth")
            for eid in (9, 10, 11)
            for _ in range(10)
        ]
        for call in calls:
            self.system.finish(call)
        after = self.at_rest()
        for gauge in GAUGES - {"Timers"}:
            self.assertEqual(after[gauge], before[gauge], gauge)
        self.assertLessEqual(after["Timers"], before["Timers"] + 1)


if __name__ == "__main__":
    import unittest

    unittest.main()
