"""Message tags on real sockets: late and second answers reach nobody, and a capture shows the tags."""

import dbus
from kernel_environment import (
    DIAGNOSTICS,
    ENDPOINT,
    FIRST,
    MANAGER,
    ROOT,
    SIMULATOR,
    KernelTest,
)

DRIVE = "xyz.openbmc_project.NVMeMI.SimulatedDrive1"


class TagTest(KernelTest):
    configuration = "health-interval-ms = 0\ncommand-timeout-ms = 5000\n"

    def drive(self, member, signature="", *arguments):
        path = f"{ROOT}/simulator/drives/1"
        self.system.call(path, DRIVE, member, signature, *arguments, destination=SIMULATOR)

    def fault(self, name, **options):
        variants = {key.replace("_", "-"): dbus.UInt32(value) for key, value in options.items()}
        self.drive("SetFault", "sa{sv}", name, variants)

    def tearDown(self):
        self.drive("ClearFaults")

    def read(self, kind):
        """A data structure: 0 of the subsystem, 1 of port 0; each answer is of another length."""
        return self.system.call(
            self.system.endpoint(FIRST), ENDPOINT, "ReadDataStructure", "yyq", kind, 0, 0
        )

    def statistics(self):
        return self.system.call(ROOT, MANAGER, "GetStatistics")

    def wait_for_late(self, count):
        self.system.ask_until(
            lambda: self.statistics()["LateMessages"] >= count, f"{count} late messages"
        )


class LateAnswerTests(TagTest):
    def test_every_answer_comes_twice(self):
        expected = [self.read(kind) for kind in (0, 1)]
        self.assertNotEqual(*expected)
        late = self.statistics()["LateMessages"]
        for delay in (1, 20, 100):
            self.fault("twice", delay_ms=delay)
            for _ in range(20):
                self.assertEqual([self.read(kind) for kind in (0, 1)], expected)
        self.wait_for_late(late + 120)
        self.assertEqual(self.statistics()["UnmatchedMessages"], 0)

    def test_answer_after_the_time_out(self):
        expected = [self.read(kind) for kind in (0, 1)]
        late = self.statistics()["LateMessages"]
        self.fault("late", delay_ms=8000, count=1)
        first = self.read(0)
        self.assertEqual(first, expected[0])
        # The command was repeated; meanwhile and afterwards every answer is the right one.
        while self.statistics()["LateMessages"] == late:
            self.assertEqual([self.read(kind) for kind in (0, 1)], expected)
        self.assertEqual([self.read(kind) for kind in (0, 1)], expected)

    def test_tags_are_given_back(self):
        for kind in (0, 1) * 5:
            self.read(kind)
        self.assertLessEqual(self.statistics()["ReservedTags"], 4)
        self.assertGreater(self.statistics()["ReservedTags"], 0)
        self.system.ask_until(
            lambda: self.statistics()["ReservedTags"] == 0, "an idle endpoint to have no tags"
        )


class CaptureTests(TagTest):
    def test_capture_shows_the_tags_in_rotation(self):
        path = self.system.logs / "capture.pcapng"
        with open(path, "wb") as file:
            self.system.call(
                ROOT, DIAGNOSTICS, "StartCapture", "ha{sv}",
                dbus.types.UnixFd(file.fileno()), dbus.Dictionary({}, signature="sv"),
            )
        for _ in range(6):
            self.read(0)
        self.system.call(ROOT, DIAGNOSTICS, "StopCapture")
        headers = []
        data = path.read_bytes()
        place = 0
        names = b""
        while place < len(data):
            kind, length = (int.from_bytes(data[place + at : place + at + 4], "little") for at in (0, 4))
            block = data[place : place + length]
            if kind == 1:
                names += block
            if kind == 6:
                # Behind the fields of the block and the header of Linux cooked captures.
                headers.append(block[28 + 16 : 28 + 20])
            place += length
        self.assertIn(b"mctp net 1", names)
        self.assertIn(b"AF_MCTP", names)
        self.assertEqual(len(headers), 12)
        tags = []
        for request, answer in zip(headers[::2], headers[1::2]):
            self.assertEqual((request[1], answer[2]), (FIRST, FIRST))
            # The sender of a request owns its tag; the answer has the same number.
            self.assertEqual(request[3] & 0xF8, 0xC8)
            self.assertEqual(answer[3] & 0xF8, 0xC0)
            self.assertEqual(request[3] & 7, answer[3] & 7)
            tags.append(request[3] & 7)
        self.assertEqual(len(set(tags)), 4)
        self.assertEqual(tags[:2], tags[4:])


if __name__ == "__main__":
    import unittest

    unittest.main()
