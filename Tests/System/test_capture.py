"""Capture of MCTP traffic: what tshark makes of it, and files that do not do what they should."""

import fcntl
import json
import os
import pathlib
import socket
import tempfile
import termios
import unittest

import dbus

import environment
from environment import BRIDGE, CONTROLLER, DIAGNOSTICS, ENDPOINT, ROOT, SIMULATOR

UNAVAILABLE = "xyz.openbmc_project.Common.Error.Unavailable"
INVALID_ARGUMENTS = "org.freedesktop.DBus.Error.InvalidArgs"
FAILED = "org.freedesktop.DBus.Error.Failed"

# Bytes of the header of Linux cooked captures, before the MCTP packet.
COOKED_HEADER = 16
# What tshark calls the NVMe-MI message types in the names of fields.
LAYERS = {1: "mi", 2: "admin"}


def integrity_check(message):
    """The Message Integrity Check of a message: CRC-32C, bit by bit, little-endian."""
    value = 0xFFFFFFFF
    for byte in message:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return (value ^ 0xFFFFFFFF).to_bytes(4, "little")


def fields(tree):
    """All fields of a packet as tshark's JSON has them: name to its values, however deep."""
    found = {}
    for name, value in tree.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                for inner, values in fields(item).items():
                    found.setdefault(inner, []).extend(values)
            else:
                found.setdefault(name, []).append(item)
    return found


class CaptureTest(environment.SystemTest):
    drives = 2
    # Only what the tests ask for is sent.
    configuration = "health-interval-ms = 0\n"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(dir=self.system.directory))
        self.seen = len(self.system.daemon.output)

    def tearDown(self):
        self.stop()

    def start(self, file, options=None, bus=None):
        """Starts a capture to an open file; its descriptor stays the caller's."""
        arguments = (dbus.types.UnixFd(file), dbus.Dictionary(options or {}, signature="sv"))
        self.system.call(ROOT, DIAGNOSTICS, "StartCapture", "ha{sv}", *arguments, bus=bus)

    def stop(self):
        self.system.call(ROOT, DIAGNOSTICS, "StopCapture")

    def property(self, name):
        return self.system.get(ROOT, DIAGNOSTICS, name)

    def wait_until_ended(self):
        self.system.ask_until(lambda: not self.property("Capturing"), "the capture to end")

    def wait_for_reason(self, reason):
        self.system.daemon.wait_for_line(f"capture ended .*{reason}", after=self.seen)

    def poll_health(self, eid=9, times=1):
        for _ in range(times):
            self.system.call(self.system.endpoint(eid), ENDPOINT, "GetHealth")

    def identify(self, eid=9):
        return self.system.call(
            self.system.controller(eid), CONTROLLER, "Identify", "yua{sv}", 1, 0, {}
        )

    def tshark(self, path, *options):
        """What tshark prints of a file, with the protocols above Linux cooked capture or without."""
        return self.system.run("tshark", "-n", "-r", path, *options).stdout

    def packets(self, path):
        """The packets of a file: the fields that tshark finds, and the MCTP packet as bytes.

        A tshark that knows MCTP and NVMe-MI, which that of Debian 12 does not, must agree to each.
        """
        text = self.tshark(path, "-T", "json", "-x", "--no-duplicate-keys")
        found = []
        for packet in json.loads(text):
            layers = packet["_source"]["layers"]
            known = fields(layers)
            known["mctp"] = bytes.fromhex(layers["frame_raw"][0])[COOKED_HEADER:]
            found.append(known)
        self.assertFalse([packet for packet in found if {"_ws.malformed", "_ws.expert"} & packet.keys()])
        if self.knows_mctp():
            self.check_dissection(path, found)
        return found

    def knows_mctp(self):
        """Whether this tshark decodes MCTP and NVMe-MI."""
        lines = self.system.run("tshark", "-G", "protocols").stdout.splitlines()
        return "nvme-mi" in (line.split("\t")[2] for line in lines)

    def check_dissection(self, path, packets):
        """Compares what tshark decodes with the bytes: every field of the headers, opcode or status."""
        for packet in packets:
            self.assertEqual(packet["frame.protocols"], ["sll:mctp:nvme-mi"])
            data = packet["mctp"]
            kind = data[5] >> 3 & 0xF
            expected = {
                "mctp.version": data[0] & 0xF,
                "mctp.dst": data[1],
                "mctp.src": data[2],
                "mctp.flags.som": 1,
                "mctp.flags.eom": 1,
                "mctp.seq": 0,
                "mctp.tag.to": data[3] >> 3 & 1,
                "mctp.tag.value": data[3] & 7,
                "mctp.msg.type": 4,
                "mctp.msg.ic": 1,
                "nvme-mi.csi": data[5] & 1,
                "nvme-mi.type": kind,
                "nvme-mi.ror": data[5] >> 7,
                f"nvme-mi.{LAYERS[kind]}.{'status' if data[5] >> 7 else 'opcode'}": data[8],
                # As tshark shows it: the bytes in their order.
                "nvme-mi.mic": int.from_bytes(data[-4:], "big"),
            }
            found = {name: [int(text, 0) for text in packet.get(name, [])] for name in expected}
            self.assertEqual(found, {name: [value] for name, value in expected.items()})
        checks = [line for line in self.tshark(path, "-V").splitlines() if "Integrity Check:" in line]
        self.assertEqual(len(checks), len(packets))
        for line in checks:
            self.assertIn("[correct]", line)


class DecodingTests(CaptureTest):
    def test_health_poll_and_identify(self):
        path = self.directory / "capture.pcapng"
        with open(path, "wb") as file:
            self.start(file.fileno())
        self.assertTrue(self.property("Capturing"))
        self.poll_health()
        identity = self.identify(10)
        self.assertEqual(self.property("CapturedMessages"), 4)
        self.stop()
        self.assertFalse(self.property("Capturing"))
        self.assertEqual(self.property("DroppedMessages"), 0)

        packets = self.packets(path)
        self.assertEqual([packet["sll.pkttype"] for packet in packets], [["4"], ["0"]] * 2)
        for packet in packets:
            self.assertEqual(packet["sll.hatype"], ["290"])
            self.assertEqual(int(packet["sll.ltype"][0], 0), 0xFA)
            message = packet["mctp"][4:]
            self.assertEqual(integrity_check(message[:-4]), message[-4:])
        # Header version, destination, source; first and last packet, owner of the tag and tag 0.
        headers = [packet["mctp"][:4].hex(" ") for packet in packets]
        self.assertEqual(headers, ["01 09 00 c8", "01 00 09 c0", "01 0a 00 c8", "01 00 0a c0"])
        # Integrity check and message type 4; then NVMe-MI command, or NVMe Admin command, and response.
        kinds = [packet["mctp"][4:6].hex(" ") for packet in packets]
        self.assertEqual(kinds, ["84 08", "84 88", "84 10", "84 90"])
        # NVM Subsystem Health Status Poll and Identify.
        self.assertEqual(packets[0]["mctp"][8], 0x01)
        self.assertEqual(packets[2]["mctp"][8], 0x06)
        self.assertEqual(packets[3]["mctp"][-4 - len(identity) : -4], identity)
        times = [float(packet["frame.time_epoch"][0]) for packet in packets]
        self.assertEqual(times, sorted(times))
        self.assertLessEqual(times[-1], path.stat().st_mtime + 1)
        self.assertGreater(times[0], path.stat().st_mtime - environment.PATIENCE)

    def test_file_says_where_it_comes_from(self):
        path = self.directory / "capture.pcapng"
        with open(path, "wb") as file:
            self.start(file.fileno())
        self.poll_health()
        self.stop()
        text = self.system.run("capinfos", "-M", path).stdout
        self.assertRegex(text, r"File type: .*pcapng")
        self.assertRegex(text, rf"Capture hardware: +{os.uname().machine}")
        self.assertRegex(text, rf"Capture oper-sys: +Linux {os.uname().release}")
        self.assertRegex(text, r"Capture application: +nvmemid \d+\.\d+\.\d+")
        self.assertRegex(text, r"Name = mctp")
        self.assertRegex(text, r"Description = demux @")
        self.assertRegex(text, r"Encapsulation = Linux cooked-mode capture v1")

    def test_only_one_endpoint(self):
        path = self.directory / "capture.pcapng"
        with open(path, "wb") as file:
            self.start(file.fileno(), {"endpoint": dbus.ObjectPath(self.system.endpoint(10))})
        self.poll_health(9)
        self.poll_health(10)
        self.stop()
        ends = [packet["mctp"][1:3] for packet in self.packets(path)]
        self.assertEqual(ends, [bytes([10, 0]), bytes([0, 10])])

    def test_answers_that_nobody_waits_for_are_captured_too(self):
        path = self.directory / "capture.pcapng"
        with open(path, "wb") as file:
            self.start(file.fileno())
        late = self.system.call(ROOT, environment.MANAGER, "GetStatistics")["LateMessages"]
        self.system.call(
            f"{ROOT}/simulator/drives/1", f"{BRIDGE}.SimulatedDrive1", "SetFault", "sa{sv}",
            "twice", {"count": dbus.UInt32(1), "delay-ms": dbus.UInt32(20)},
            destination=SIMULATOR,
        )
        self.poll_health()
        self.system.ask_until(
            lambda: self.system.call(ROOT, environment.MANAGER, "GetStatistics")["LateMessages"]
            > late,
            "the second answer",
        )
        self.stop()
        kinds = [packet["mctp"][5] for packet in self.packets(path)]
        self.assertEqual(kinds, [0x08, 0x88, 0x88])

    def test_second_capture_is_refused(self):
        with open(self.directory / "first", "wb") as file:
            self.start(file.fileno())
            error = self.assert_bus_error(UNAVAILABLE, self.start, file.fileno())
            self.assertIn("StopCapture", error.get_dbus_message())
            self.assertIn(self.system.bus.get_unique_name(), error.get_dbus_message())
            self.stop()
            self.stop()
            self.start(file.fileno())

    def test_options_that_are_refused(self):
        with open(self.directory / "file", "wb") as file:
            for options, words in (
                ({"max-bytes": dbus.UInt64(1023)}, "1024 to 1073741824"),
                ({"max-bytes": "large"}, "max-bytes"),
                ({"duration-ms": dbus.UInt32(0)}, "1 to 86400000"),
                ({"endpoint": dbus.ObjectPath(ROOT)}, "path of an endpoint"),
                ({"endpoint": dbus.ObjectPath(self.system.controller(9))}, "path of an endpoint"),
                ({"colour": "red"}, "max-bytes, endpoint, duration-ms"),
            ):
                with self.subTest(options=options):
                    error = self.assert_bus_error(
                        INVALID_ARGUMENTS, self.start, file.fileno(), options
                    )
                    self.assertIn(words, error.get_dbus_message())
        self.assertFalse(self.property("Capturing"))


class EndTests(CaptureTest):
    def test_size_limit(self):
        path = self.directory / "capture.pcapng"
        with open(path, "wb") as file:
            self.start(file.fileno(), {"max-bytes": dbus.UInt64(2000)})
        self.poll_health(times=20)
        self.wait_until_ended()
        self.wait_for_reason("maximum size")
        self.assertLessEqual(path.stat().st_size, 2000)
        packets = self.packets(path)
        self.assertGreater(len(packets), 4)
        self.assertEqual(len(packets), self.property("CapturedMessages"))

    def test_duration(self):
        path = self.directory / "capture.pcapng"
        with open(path, "wb") as file:
            self.start(file.fileno(), {"duration-ms": dbus.UInt32(1)})
        self.wait_until_ended()
        self.wait_for_reason("time is over")
        self.assertEqual(self.packets(path), [])

    def test_client_that_leaves(self):
        since = len(self.system.signals)
        path = self.directory / "capture.pcapng"
        client = self.system.connect()
        with open(path, "wb") as file:
            self.start(file.fileno(), bus=client)
        self.poll_health()
        self.assertTrue(self.property("Capturing"))
        client.close()
        self.wait_until_ended()
        self.wait_for_reason("left the bus")
        self.assertEqual(len(self.packets(path)), 2)

        def changes():
            return [
                change.arguments[1]["Capturing"]
                for change in self.system.find_signals(since, member="PropertiesChanged")
                if change.arguments[0] == DIAGNOSTICS
            ]

        self.system.wait_for(lambda: len(changes()) == 2, "both changes of Capturing")
        self.assertEqual(changes(), [True, False])

    def test_pipe_that_is_never_read(self):
        reading, writing = os.pipe()
        flags = fcntl.fcntl(writing, fcntl.F_GETFL)
        self.start(writing)
        # 4 KiB each: more than the pipe and the buffer hold together.
        for _ in range(120):
            self.identify()
        captured = self.property("CapturedMessages")
        self.assertGreater(self.property("DroppedMessages"), 0)
        self.assertTrue(self.property("Capturing"))
        # What belongs to the caller is as it was.
        self.assertEqual(fcntl.fcntl(writing, fcntl.F_GETFL), flags)
        # The daemon gives up what the pipe does not take, and says so in the end.
        self.stop()
        self.assertLess(self.property("CapturedMessages"), captured)
        self.assertEqual(
            self.property("CapturedMessages") + self.property("DroppedMessages"), 240
        )
        os.close(writing)
        os.close(reading)

    def test_pipe_that_is_read_late_has_whole_records(self):
        path = self.directory / "capture.pcapng"
        reading, writing = os.pipe()
        self.start(writing)
        os.close(writing)
        for _ in range(120):
            self.identify()
        dropped = self.property("DroppedMessages")
        self.assertGreater(dropped, 0)
        stopping = self.system.start_call(ROOT, DIAGNOSTICS, "StopCapture")
        with os.fdopen(reading, "rb") as pipe:
            path.write_bytes(pipe.read())
        self.system.finish(stopping)
        self.assertEqual(self.property("DroppedMessages"), dropped)
        packets = self.packets(path)
        self.assertEqual(len(packets), 240 - dropped)
        self.assertEqual(len(packets), self.property("CapturedMessages"))

    def test_pipe_that_nobody_can_read_any_more(self):
        reading, writing = os.pipe()
        self.start(writing)
        os.close(writing)
        self.poll_health()
        os.close(reading)
        self.poll_health()
        self.wait_until_ended()
        self.wait_for_reason("EPIPE")

    def test_full_pipe_whose_reader_leaves(self):
        reading, writing = os.pipe()
        self.start(writing)
        os.close(writing)
        for _ in range(30):
            self.identify()
        self.assertEqual(self.property("CapturedMessages"), 60)
        os.close(reading)
        # Without any further message.
        self.wait_until_ended()
        self.wait_for_reason("EPIPE")
        # The pipe held 64 KiB, in answers of more than 4 KiB; what waited is not in it.
        self.assertLessEqual(self.property("CapturedMessages"), 32)
        self.assertEqual(self.property("CapturedMessages") + self.property("DroppedMessages"), 60)

    def test_file_that_has_no_room_ends_with_a_whole_record(self):
        path = self.directory / "capture.pcapng"
        descriptor = os.memfd_create("capture", os.MFD_ALLOW_SEALING)
        with open(descriptor, "wb"):
            # It cannot grow, like a file on a device that is full.
            os.truncate(descriptor, 8192)
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW)
            self.start(descriptor)
            self.identify()
            self.assertEqual(self.property("CapturedMessages"), 2)
            self.identify()
            self.wait_until_ended()
            self.wait_for_reason("EPERM")
            size = os.stat(descriptor).st_size
            # Whoever opened it goes on behind the last record.
            self.assertEqual(os.lseek(descriptor, 0, os.SEEK_CUR), size)
            path.write_bytes(os.pread(descriptor, size, 0))
        self.assertEqual(len(self.packets(path)), 3)
        self.assertEqual(self.property("CapturedMessages"), 3)
        self.assertEqual(self.property("DroppedMessages"), 1)
        self.system.daemon.wait_for_line(f"capture ended .*bytes={size}", after=self.seen)

    def test_socket(self):
        path = self.directory / "capture.pcapng"
        ours, theirs = socket.socketpair()
        self.start(theirs.fileno())
        theirs.close()
        self.poll_health()
        self.stop()
        with ours, ours.makefile("rb") as stream:
            path.write_bytes(stream.read())
        self.assertEqual(len(self.packets(path)), 2)

    def test_files_that_are_refused(self):
        with open("/dev/full", "wb") as full:
            error = self.assert_bus_error(FAILED, self.start, full.fileno())
            self.assertIn("ENOSPC", error.get_dbus_message())
        with open(__file__, "rb") as file:
            error = self.assert_bus_error(INVALID_ARGUMENTS, self.start, file.fileno())
            self.assertIn("not open for writing", error.get_dbus_message())
        leader, terminal = os.openpty()
        error = self.assert_bus_error(INVALID_ARGUMENTS, self.start, terminal)
        self.assertIn("terminal", error.get_dbus_message())
        os.close(leader)
        os.close(terminal)
        self.assertFalse(self.property("Capturing"))

    def test_no_descriptor_stays_open(self):
        def descriptors():
            return len(os.listdir(f"/proc/{self.system.daemon.pid}/fd"))

        before = descriptors()
        for _ in range(20):
            with open(self.directory / "file", "wb") as file:
                self.start(file.fileno())
            self.poll_health()
            self.stop()
        self.assertEqual(descriptors(), before)


class StoppingTests(environment.SystemTest):
    configuration = "health-interval-ms = 0\n"

    def test_daemon_that_is_told_to_end_leaves_a_whole_file(self):
        path = self.system.directory / "capture.pcapng"
        with open(path, "wb") as file:
            arguments = (dbus.types.UnixFd(file.fileno()), dbus.Dictionary({}, signature="sv"))
            self.system.call(ROOT, DIAGNOSTICS, "StartCapture", "ha{sv}", *arguments)
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        daemon = self.system.daemon
        self.assertEqual(self.system.stop_daemon(), 0)
        daemon.wait_for_line("capture ended .*stopping")
        result = self.system.run("tshark", "-n", "-r", path)
        self.assertEqual(len(result.stdout.splitlines()), 2)


if __name__ == "__main__":
    unittest.main()
