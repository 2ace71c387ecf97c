"""What callers can do to the bridge: leave, flood, never read, send too much, send what is malformed."""

import os
import struct
import tempfile

from environment import (
    BRIDGE, CONTROLLER, DIAGNOSTICS, ENDPOINT, MANAGER, ROOT, SIMULATOR, SystemTest,
)
from raw_client import (
    ERROR, ERROR_NAME, METHOD_RETURN, REPLY_SERIAL, SIGNAL, SIGNATURE, UNIX_FDS, RawClient,
    header_field, padded, string,
)

SIMULATION = ROOT + "/simulator"
MUTE, FINE = 9, 10

# Identify Controller without options: "yua{sv}" 1 0 {}.
IDENTIFY = struct.pack("<B3xIII", 1, 0, 0, 0)

# Calls under way that a drive takes from one caller.
COUNT = 12

# What may stay of memory of its own after something big or long, in bytes.
LEEWAY = 2 << 20


class LimitsTest(SystemTest):
    drives = 2
    configuration = "command-timeout-ms = 3000\nhealth-interval-ms = 0\n"

    def setUp(self):
        # Not what is still under way: that would never be there again.
        self.before = self.system.ask_until(self.statistics_at_rest, "the daemon to be at rest")
        self.pid = self.system.daemon.pid
        self.descriptors = self.count_descriptors()

    def tearDown(self):
        """The daemon is the same, has everything back, and serves."""
        self.assertEqual(self.system.daemon.pid, self.pid)
        self.assertIsNone(self.system.daemon.status)
        self.wait_for_rest()
        self.assertEqual(self.count_descriptors(), self.descriptors)
        self.assert_served()

    def statistics_at_rest(self):
        now = self.system.call(ROOT, MANAGER, "GetStatistics")
        return now if now["OpenExchanges"] == 0 and now["EndingEndpoints"] == 0 else None

    def raw_client(self):
        client = RawClient(self.system.address)
        self.addCleanup(client.close)
        return client

    def count_descriptors(self):
        return len(os.listdir(f"/proc/{self.system.daemon.pid}/fd"))

    def open_calls(self):
        return self.system.call(ROOT, MANAGER, "GetStatistics")["OpenCalls"]

    def queue_depth(self, eid):
        return self.system.call(self.system.endpoint(eid), ENDPOINT, "GetStatistics")["QueueDepth"]

    def answers(self, eid):
        return self.system.call(self.system.endpoint(eid), ENDPOINT, "GetStatistics")["Answers"]

    def wait_for_rest(self):
        names = ("OpenCalls", "OpenExchanges", "Watches")

        def is_at_rest():
            now = self.system.call(ROOT, MANAGER, "GetStatistics")
            return all(now[name] == self.before[name] for name in names)

        self.system.ask_until(is_at_rest, "the daemon to have nothing under way")

    def assert_served(self, eid=FINE):
        health = self.system.call(self.system.endpoint(eid), ENDPOINT, "GetHealth")
        self.assertIn("CompositeTemperature", health)

    def mute(self, eid):
        drive = f"{SIMULATION}/drives/{eid - MUTE + 1}"
        interface = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"

        def simulate(member, *arguments):
            self.system.call(drive, interface, member, *arguments, destination=SIMULATOR)

        simulate("SetFault", "sa{sv}", "mute", {})
        return lambda: simulate("ClearFaults")


class DepartureTests(LimitsTest):
    # Nothing here ends because its time is up.
    configuration = "command-timeout-ms = 600000\nhealth-interval-ms = 0\n"

    def test_what_a_caller_that_is_gone_has_asked_for_is_dropped(self):
        speak = self.mute(MUTE)
        client = self.raw_client()
        for _ in range(COUNT):
            client.send(client.message(self.system.endpoint(MUTE), ENDPOINT, "GetHealth"))
        self.system.ask_until(lambda: self.open_calls() == COUNT, "the calls to be under way")
        self.assertGreaterEqual(self.queue_depth(MUTE), COUNT - 2)
        self.assert_served()
        # What the kernel does for a program that is killed.
        client.close()
        self.system.ask_until(lambda: self.open_calls() == 0, "the calls to be dropped")
        self.assertEqual(self.queue_depth(MUTE), 0)
        speak()
        self.assert_served(MUTE)


class FloodTests(LimitsTest):
    def test_a_caller_that_floods_is_refused_and_nobody_else(self):
        speak = self.mute(MUTE)
        client = self.raw_client()
        count = 300
        serials = {
            client.send(client.message(self.system.endpoint(MUTE), ENDPOINT, "GetHealth"))
            for _ in range(count)
        }
        refused = set()
        while len(refused) < count - 64:
            answer = client.receive()
            if answer.reply_serial in serials:
                self.assertEqual(answer.kind, ERROR)
                self.assertIn(answer.error.rsplit(".", 1)[1], ("LimitsExceeded", "TooManyResources"))
                self.assertNotIn(answer.reply_serial, refused)
                refused.add(answer.reply_serial)
        self.assert_served()
        self.assertLessEqual(self.open_calls(), 64)
        speak()
        # Whatever was not refused is answered, once.
        answered = set()
        while len(answered) < count - len(refused):
            answer = client.receive()
            if answer.reply_serial in serials:
                self.assertNotIn(answer.reply_serial, answered | refused)
                answered.add(answer.reply_serial)

    def test_a_client_that_never_reads_costs_no_memory(self):
        client = self.raw_client()
        path = self.system.controller(FINE)

        def burst():
            wanted = self.answers(FINE) + COUNT
            for _ in range(COUNT):
                client.send(client.message(path, CONTROLLER, "Identify", "yua{sv}", IDENTIFY))
            self.system.ask_until(lambda: self.answers(FINE) >= wanted, "the drive's answers")

        burst()
        before = self.system.daemon.memory("RssAnon")
        # 12 MiB of answers.
        for _ in range(12 * 256 // COUNT):
            burst()
        self.assert_served()
        self.assertLess(self.system.daemon.memory("RssAnon") - before, LEEWAY)


class SizeTests(LimitsTest):
    def test_a_large_argument_is_refused_and_its_memory_given_back(self):
        before = self.system.daemon.memory("RssAnon")
        client = self.raw_client()
        for size in (1 << 16, 1 << 20, 16 << 20):
            body = struct.pack("<I", size) + bytes(size)
            answer = client.call(
                self.system.endpoint(FINE), ENDPOINT, "GetHealth", "ay", body
            )
            # The wrong type; from some size on nothing else is looked at.
            error = "InvalidArgs" if size <= 1 << 16 else "LimitsExceeded"
            self.assertEqual(answer.error, "org.freedesktop.DBus.Error." + error)
        self.assert_served()
        self.assertLess(self.system.daemon.memory("RssAnon") - before, LEEWAY)

    def test_many_small_values_are_refused(self):
        client = self.raw_client()
        count = 1 << 18
        body = struct.pack("<I", 5 * count) + (string("") + bytes(3)) * count
        body = struct.pack("<I", 8 * count - 3) + body[4:-3]
        answer = client.call(self.system.endpoint(FINE), ENDPOINT, "GetHealth", "as", body)
        self.assertEqual(answer.kind, ERROR)
        self.assertIn(answer.error.rsplit(".", 1)[1], ("InvalidArgs", "LimitsExceeded"))

    def test_variants_in_variants(self):
        client = self.raw_client()
        for depth in (1, 30, 63):
            body = b"\1v\0" * (depth - 1) + b"\1y\0" + b"\7"
            answer = client.call(self.system.endpoint(FINE), ENDPOINT, "GetHealth", "v", body)
            self.assertEqual(answer.error, "org.freedesktop.DBus.Error.InvalidArgs")

    def test_descriptors_that_nobody_asked_for_are_closed(self):
        client = self.raw_client()
        with tempfile.TemporaryFile() as file:
            for _ in range(30):
                answer = client.answer(
                    client.send(
                        client.message(
                            self.system.endpoint(FINE), ENDPOINT, "GetHealth", "hh",
                            struct.pack("<II", 0, 1), fields=[(UNIX_FDS, 2)],
                        ),
                        [file.fileno(), file.fileno()],
                    )
                )
                self.assertEqual(answer.error, "org.freedesktop.DBus.Error.InvalidArgs")
            for _ in range(30):
                # An option that there is not.
                option = string("colour") + b"\1y\0\7"
                options = struct.pack("<II", 0, len(option)) + option
                answer = client.answer(
                    client.send(
                        client.message(
                            ROOT, DIAGNOSTICS, "StartCapture", "ha{sv}", options,
                            fields=[(UNIX_FDS, 1)],
                        ),
                        [file.fileno()],
                    )
                )
                self.assertEqual(answer.kind, ERROR)
        self.system.wait_for(
            lambda: self.count_descriptors() == self.descriptors, "the descriptors to be closed"
        )


class MalformedTests(LimitsTest):
    """The bus closes a connection that sends what is not a message; whatever comes through is answered."""

    def outcome(self, data, client):
        """What comes of some bytes: the answer, or None when the bus has closed the connection."""
        try:
            return client.answer(client.send(data))
        except (ConnectionError, BrokenPipeError):
            return None

    def test_each_costs_its_sender_only(self):
        path = self.system.endpoint(FINE)
        bystander = self.raw_client()
        speak = self.mute(MUTE)
        open_call = bystander.send(
            bystander.message(self.system.endpoint(MUTE), ENDPOINT, "GetHealth")
        )
        self.system.ask_until(lambda: self.open_calls() == 1, "the call to be under way")

        def message(client, *arguments, **options):
            return client.message(path, ENDPOINT, "GetHealth", *arguments, **options)

        malformed = {
            "no message at all": lambda client: b"GET / HTTP/1.1\r\n\r\n" + bytes(64),
            "an unknown byte order": lambda client: b"x" + message(client)[1:],
            "a later protocol": lambda client: message(client)[:3] + b"\2" + message(client)[4:],
            "serial 0": lambda client: message(client)[:8] + bytes(4) + message(client)[12:],
            "an invalid path": lambda client: client.message("no/path", ENDPOINT, "GetHealth"),
            "an invalid interface": lambda client: client.message(path, "interface", "GetHealth"),
            "an invalid member": lambda client: client.message(path, ENDPOINT, "Get.Health"),
            "an unknown type": lambda client: message(client, "!", b"\0" * 8),
            "an unfinished type": lambda client: message(client, "a{s", b"\0" * 8),
            "half a body": lambda client: message(client, "t", b"\0" * 4),
            "a signature without a body": lambda client: message(client, "s"),
            "a body without a signature": lambda client: message(client, "", b"\0" * 8),
            "a string that is not UTF-8": lambda client: message(
                client, "s", struct.pack("<I", 2) + b"\xff\xfe\0"
            ),
            "a boolean of 2": lambda client: message(client, "b", struct.pack("<I", 2)),
            "descriptors that did not come": lambda client: message(
                client, "h", struct.pack("<I", 0), fields=[(UNIX_FDS, 1)]
            ),
            "an index of no descriptor": lambda client: message(client, "h", struct.pack("<I", 3)),
            "two signatures": lambda client: message(
                client, "y", b"\1", fields=[(SIGNATURE, "y")]
            ),
        }
        for name, make in malformed.items():
            with self.subTest(name):
                client = RawClient(self.system.address)
                answer = self.outcome(make(client), client)
                client.close()
                if answer is not None:
                    self.assertEqual(answer.kind, ERROR)
                self.assert_served()
                if name == "no message at all":
                    # Else the others would tell nothing.
                    self.assertIsNone(answer)
        self.assertEqual(self.open_calls(), 1)
        speak()
        self.assertIn(bystander.answer(open_call).kind, (METHOD_RETURN, ERROR))

    def test_an_unknown_header_field_is_passed_over(self):
        client = self.raw_client()
        data = client.message(self.system.endpoint(FINE), ENDPOINT, "GetHealth")
        (length,) = struct.unpack_from("<I", data, 12)
        extra = header_field(SIGNATURE, "y")
        extra = bytes([200]) + extra[1:]
        fields = padded(data[16 : 16 + length], 8) + extra
        data = data[:12] + struct.pack("<I", len(fields)) + fields
        answer = client.answer(client.send(padded(data, 8)))
        self.assertEqual(answer.kind, METHOD_RETURN)

    def test_replies_and_signals_that_nobody_asked_for(self):
        for kind in (METHOD_RETURN, ERROR, SIGNAL):
            fields = [] if kind == SIGNAL else [(REPLY_SERIAL, 1)]
            fields += [(ERROR_NAME, "a.b.C")] if kind == ERROR else []
            client = self.raw_client()
            data = client.message(ROOT, "a.b", "C", kind=kind, destination=BRIDGE, fields=fields)
            client.send(data)
            self.assert_served()
