"""Controller1: log pages by name, in pieces, into somebody's file; what a controller is known to have."""

import contextlib
import os
import socket
import threading
import time

import dbus

from environment import CONTROLLER, CONTROLLER_CONTROL, ENDPOINT, MANAGER, PASSTHRU, PATIENCE, ROOT
from members import COMMON, DRIVES, INVALID, STANDARD, UNSUPPORTED, MemberTest, options

ALL = 0xFFFFFFFF
FIRMWARE_SLOTS, ASYMMETRIC_ACCESS, EFFECTS = 0x03, 0x0C, 0x05
TELEMETRY, CONTROLLER_TELEMETRY, PERSISTENT_EVENTS = 0x07, 0x08, 0x0D


class LogTest(MemberTest):
    def log(self, name, **named):
        return self.call(self.controller, CONTROLLER, "GetLog", "sa{sv}", name, **named)

    def page(self, lid, **named):
        return self.call(self.controller, CONTROLLER, "GetLogPage", "yua{sv}", lid, ALL, **named)


class DecodedTests(LogTest):
    def test_logs_are_what_the_special_methods_say(self):
        for name, member in (
            ("FirmwareSlotInformation", "GetFirmwareLog"),
            ("SanitizeStatus", "GetSanitizeStatus"),
        ):
            with self.subTest(name=name):
                log = self.log(name)
                raw = log.pop("RawData")
                self.assertEqual(log, self.call(self.controller, CONTROLLER, member))
                self.assertEqual(len(raw), 512)
        self.assertEqual(
            self.log("FirmwareSlotInformation")["RawData"], self.page(FIRMWARE_SLOTS)
        )

    def test_every_decoded_log_that_the_controller_has_is_decoded(self):
        names = self.refused(INVALID, [], self.controller, CONTROLLER, "GetLog", "sa{sv}", "Nonsense")
        names = names.get_dbus_message().split("they are ")[1].split(", ")
        self.assertIn("SMARTHealthInformation", names)
        supported = {
            "".join(filter(str.isalnum, name)).lower()
            for _, name in self.system.get(self.controller, CONTROLLER, "SupportedLogs")
        }
        decoded = 0
        for name in names:
            if name.lower() not in supported:
                continue
            with self.subTest(name=name):
                try:
                    log = self.log(name)
                except dbus.DBusException as error:
                    # Of those that are about one of several it has to be said which.
                    self.assertIn("say with the option", error.get_dbus_message())
                    continue
                self.assertGreater(len(log), 1)
                self.assertGreater(len(log["RawData"]), 0)
                decoded += 1
        self.assertGreaterEqual(decoded, 4)

    def test_spelling_does_not_matter(self):
        self.assertEqual(self.log("sanitize status"), self.log("SanitizeStatus"))

    def test_self_test_log(self):
        self.assertEqual(self.call(self.controller, CONTROLLER, "GetSelfTestLog"), [])
        call = (self.controller, PASSTHRU, "AdminCommand", "yaya{sv}", 0x14, dbus.ByteArray(b""))
        self.assertEqual(self.call(*call, cdw10=1)["NVMeStatus"], 0)
        self.assertEqual(self.call(*call, cdw10=0xF)["NVMeStatus"], 0)
        results = self.call(self.controller, CONTROLLER, "GetSelfTestLog")
        self.assertEqual(len(results), 1)
        self.assertEqual(results[0]["Operation"], "Short")
        self.assertEqual(self.log("DeviceSelfTest")["Results"], results)

    def test_wrong_arguments_are_not_sent(self):
        call = (self.controller, CONTROLLER, "GetLog", "sa{sv}", "SanitizeStatus")
        self.refused(INVALID, ["'offset'", "lsp"], *call, offset=4)
        self.refused(INVALID, ["lsp", "127"], *call, lsp=128)


class KnownTests(LogTest):
    def test_what_a_controller_has_is_told(self):
        logs = dict(self.system.get(self.controller, CONTROLLER, "SupportedLogs"))
        self.assertEqual(logs[0x02], "SMART / Health Information")
        self.assertIn(0x03, logs)
        commands = self.system.get(self.controller, CONTROLLER, "SupportedCommands")
        for name in ("Get Log Page", "Identify", "Get Features", "Firmware Commit", "Sanitize"):
            self.assertIn(name, commands)
        self.assertNotIn("Lockdown", commands)
        old = self.system.controller(11)
        commands = self.system.get(old, CONTROLLER, "SupportedCommands")
        self.assertIn("Get Log Page", commands)
        for name in ("Firmware Commit", "Sanitize", "Set Features"):
            self.assertNotIn(name, commands)

    def test_the_lists_are_read_once(self):
        before = self.requests("admin 02")
        for _ in range(3):
            self.system.get_all(self.controller, CONTROLLER)
        self.assertEqual(self.requests("admin 02"), before)

    def test_what_a_controller_does_not_have_is_not_asked_for(self):
        controller = self.system.controller(11)
        self.refused(
            UNSUPPORTED, ["Asymmetric Namespace Access", "force"],
            controller, CONTROLLER, "GetLogPage", "yua{sv}", ASYMMETRIC_ACCESS, ALL, length=512,
        )
        self.refused(
            UNSUPPORTED, ["Sanitize Status"],
            controller, CONTROLLER, "GetLog", "sa{sv}", "SanitizeStatus",
        )
        for member in ("GetSanitizeStatus", "GetSelfTestLog"):
            error = self.refused(UNSUPPORTED, ["does not have log page"], controller, CONTROLLER, member)
            self.assertNotIn("force", error.get_dbus_message(), "which it does not take")
        # A list of domains came with NVMe 2.0.
        identify = (controller, CONTROLLER, "Identify", "yua{sv}", 0x18, 0)
        self.refused(UNSUPPORTED, ["Identify", "force"], *identify)
        before = self.requests("admin 06", 11)
        # What it answers who insists is the drive's.
        with contextlib.suppress(dbus.DBusException):
            self.call(*identify, force=True)
        self.assertEqual(self.requests("admin 06", 11), before + 1)


class StreamTest(LogTest):
    def stream(self, file, lid=EFFECTS, **named):
        call = self.start(file, lid, **named)
        return self.system.finish(call)

    def start(self, file, lid=EFFECTS, bus=None, **named):
        return self.system.start_call(
            self.controller, CONTROLLER, "ReadLogTo", "yuha{sv}", lid, ALL,
            dbus.types.UnixFd(file), options(named), bus=bus,
        )

    def temporary(self):
        path = self.system.directory / "page"
        file = open(path, "w+b")
        self.addCleanup(file.close)
        return file

    @staticmethod
    def read_all(descriptor):
        data = b""
        while piece := os.read(descriptor, 65536):
            data += piece
        return data


class StreamTests(StreamTest):
    # The largest page of the simulated drive takes one message; a part of it takes several with a small unit.
    def test_into_a_file_and_going_on(self):
        whole = self.page(EFFECTS, length=4096)
        file = self.temporary()
        self.assertEqual(self.stream(file, length=1024), 1024)
        self.assertEqual(self.stream(file, offset=1024), 3072)
        file.seek(0)
        self.assertEqual(file.read(), whole)

    def test_into_a_pipe_and_a_socket(self):
        whole = self.page(EFFECTS, length=4096)
        for pair in (os.pipe(), tuple(end.detach() for end in reversed(socket.socketpair()))):
            read, write = pair
            received = []
            reader = threading.Thread(target=lambda: received.append(self.read_all(read)))
            reader.start()
            count = self.stream(write)
            os.close(write)
            reader.join(PATIENCE)
            os.close(read)
            self.assertEqual(count, len(whole))
            self.assertEqual(received, [whole])

    def test_a_reader_that_never_reads(self):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)
        # Leaves less room than one piece takes.
        os.set_blocking(write, False)
        filled = 0
        while True:
            try:
                filled += os.write(write, bytes(4096))
            except BlockingIOError:
                break
        os.set_blocking(write, True)
        call = self.start(write, timeout_ms=700)
        # Nobody else waits.
        self.assertTrue(self.call(self.path, ENDPOINT, "GetHealth"))
        self.assertFalse(call.done)
        error = self.assert_bus_error(COMMON + "Timeout", self.system.finish, call)
        self.assertIn("the time limit of the call is over; 0 bytes were written", error.get_dbus_message())
        self.assertEqual(int(error.args[1]["written"]), 0)
        self.assertEqual(len(os.read(read, filled + 1)), filled)

    def test_another_writer_that_takes_the_room(self):
        # A named pipe has no writes that do not wait, as pipes had none before Linux 6.4.
        path = self.system.directory / "pipe"
        os.mkfifo(path)
        read = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(read, True)
        ours, theirs = (os.open(path, os.O_WRONLY) for _ in range(2))
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)

        def keep_full():
            with contextlib.suppress(BrokenPipeError):
                while True:
                    os.write(ours, bytes(4096))
                    time.sleep(0.0002)

        writer = threading.Thread(target=keep_full)
        writer.start()
        try:
            for _ in range(10):
                calls = [self.start(theirs, timeout_ms=60_000) for _ in range(4)]
                self.assertTrue(self.call(self.path, ENDPOINT, "GetHealth"))
                # Room for one now and then, which both want.
                for _ in range(50):
                    os.read(read, 4096)
                self.assertTrue(self.call(self.path, ENDPOINT, "GetHealth"))
                while not all(call.done for call in calls):
                    os.read(read, 4096)
                    self.call(ROOT, MANAGER, "GetStatistics")
        finally:
            os.close(read)
            writer.join(PATIENCE)
        self.assertFalse(writer.is_alive())
        for call in calls:
            self.assertEqual(self.system.finish(call), 4096)

    def test_what_may_wait_as_it_likes_is_refused(self):
        leader, terminal = os.openpty()
        self.addCleanup(os.close, leader)
        for file in (os.eventfd(0), terminal):
            self.addCleanup(os.close, file)
            error = self.assert_bus_error(INVALID, self.stream, file)
            self.assertIn("file, pipe or socket", error.get_dbus_message())

    def test_a_reader_that_goes(self):
        read, write = os.pipe()
        os.close(read)
        self.addCleanup(os.close, write)
        error = self.assert_bus_error(STANDARD + "Failed", self.stream, write)
        self.assertIn("0 bytes were written", error.get_dbus_message())

    def test_how_much_was_written_before_it_went_wrong(self):
        file = self.temporary()
        self.simulate(
            self.eid, "SetFault", "sa{sv}", "nvme-status",
            {
                "category": dbus.String("admin", variant_level=1),
                "skip": dbus.UInt32(1, variant_level=1),
                "nvme-status": dbus.UInt16(0x06, variant_level=1),
            },
        )
        try:
            error = self.assert_bus_error(
                "xyz.openbmc_project.Common.Device.Error.ReadFailure",
                self.stream, file, length=8192,
            )
        finally:
            self.simulate(self.eid, "ClearFaults")
        self.assertIn("4096 bytes were written", error.get_dbus_message())
        self.assertEqual(int(error.args[1]["written"]), 4096)
        file.seek(0)
        self.assertEqual(file.read(), self.page(EFFECTS, length=4096))

    def test_a_caller_that_leaves(self):
        bus = self.system.connect()
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        os.set_blocking(write, False)
        try:
            while True:
                os.write(write, bytes(4096))
        except BlockingIOError:
            pass
        self.start(write, bus=bus)

        def open_calls():
            return self.call(ROOT, MANAGER, "GetStatistics")["OpenCalls"]

        self.system.ask_until(lambda: open_calls() == 1, "the call to be open")
        os.close(write)
        bus.close()
        self.system.ask_until(lambda: open_calls() == 0, "the call to end")

    def test_wrong_arguments_are_not_sent(self):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)
        call = (self.controller, CONTROLLER, "ReadLogTo", "yuha{sv}")

        def refused(words, lid=EFFECTS, file=write, **named):
            self.refused(INVALID, words, *call, lid, ALL, dbus.types.UnixFd(file), **named)

        refused(["not open for writing"], file=read)
        refused(["multiple of 4"], offset=2, length=4)
        refused(["has 4096 bytes"], offset=4096)
        refused(["does not tell its length", "'length'"], lid=0xC5, force=True)
        refused(["'select'", "offset"], select="all")
        refused(["timeout-ms", "86400000"], timeout_ms=86_400_001)


class ChangingTests(StreamTest):
    """Pages of the drive with telemetry and persistent events, which change while they are read."""

    eid = 10
    drives = DRIVES.replace("model = dual-port", "model = complete")

    def passthru(self, **named):
        answer = self.call(
            self.controller, PASSTHRU, "AdminCommand", "yaya{sv}", 0x02, dbus.ByteArray(b""), nsid=ALL, **named
        )
        self.assertEqual(answer["NVMeStatus"], 0, answer)
        return answer["Data"]

    def changed(self, call, size):
        """The call ends with what is told of a page that changed; all of it was written."""
        error = self.assert_bus_error(COMMON + "Unavailable", self.system.finish, call)
        self.assertIn(f"changed while it was read; {size} bytes were written", error.get_dbus_message())
        self.assertEqual(int(error.args[1]["written"]), size)

    @staticmethod
    def telemetry(changes, begin, end):
        """What the simulated drive has from one byte to another behind the header, after so many changes."""
        return bytes((place // 512 + place + changes) % 256 for place in range(begin, end))

    def test_telemetry_that_is_made_anew(self):
        self.addCleanup(self.simulate, self.eid, "ChangeTelemetryWhileRead", "u", 0)
        for lid in (TELEMETRY, CONTROLLER_TELEMETRY):
            with self.subTest(lid=lid):
                self.simulate(self.eid, "ChangeTelemetryWhileRead", "u", 1)
                file = self.temporary()
                self.changed(self.start(file, lid, length=8192), 8192)
                file.seek(0)
                first = file.read()
                file.seek(0)
                self.assertEqual(self.stream(file, lid, length=8192), 8192)
                file.seek(0)
                second = file.read()
                changes = (second[512] - 1) % 256
                self.assertEqual(second[512:], self.telemetry(changes, 512, 8192))
                # The caller had been told of a page of two times.
                self.assertEqual(first[512:4096], self.telemetry(changes - 1, 512, 4096))
                # Who goes on within the page is told as well.
                self.simulate(self.eid, "ChangeTelemetryWhileRead", "u", 1)
                self.changed(self.start(file, lid, offset=4096, length=4096), 4096)

    def test_persistent_events_whose_context_is_made_anew(self):
        self.passthru(cdw10=0x7F010D, length=512)
        self.addCleanup(self.passthru, cdw10=0x7F020D, length=512)
        # As long as nobody takes what was read, the stream waits in the middle.
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        theirs.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                theirs.send(bytes(4096))
        asked = self.requests("admin 02")
        call = self.start(theirs.fileno(), PERSISTENT_EVENTS)
        # Its length, its generation and a piece.
        self.system.ask_until(lambda: self.requests("admin 02") >= asked + 3, "the page to be read")
        self.system.settle()
        self.passthru(cdw10=0x7F020D, length=512)
        size = int.from_bytes(self.passthru(cdw10=0x7F010D, length=512)[8:16], "little")
        reader = threading.Thread(target=self.read_all, args=(ours.fileno(),))
        reader.start()
        try:
            error = self.assert_bus_error(COMMON + "Unavailable", self.system.finish, call)
        finally:
            theirs.close()
            reader.join(PATIENCE)
        self.assertIn("changed while it was read", error.get_dbus_message())
        # A page that stays as it is comes whole.
        file = self.temporary()
        self.assertEqual(self.stream(file, PERSISTENT_EVENTS), size)


class FeatureTests(LogTest):
    def get(self, fid, **named):
        return self.call(self.controller, CONTROLLER, "GetFeature", "ya{sv}", fid, **named)

    def named(self, name, **named):
        return self.call(self.controller, CONTROLLER, "GetFeatureNamed", "sa{sv}", name, **named)

    def set_named(self, name, values, **named):
        values = {key: dbus.UInt16(value, variant_level=1) for key, value in values.items()}
        return self.call(
            self.controller, CONTROLLER_CONTROL, "SetFeatureNamed", "sa{sv}a{sv}", name,
            dbus.Dictionary(values, signature="sv"), **named,
        )

    def test_as_it_is(self):
        self.call(
            self.controller, CONTROLLER_CONTROL, "SetFeature", "yuaya{sv}", 0x04, 0x0155,
            dbus.ByteArray(b""),
        )
        self.assertEqual(self.get(0x04), (0x0155, b""))
        self.assertNotEqual(self.get(0x04, select="default"), (0x0155, b""))
        capabilities, _ = self.get(0x04, select="capabilities")
        self.assertTrue(capabilities & 4, "it can be changed")
        # Known features have the length of their data.
        _, timestamp = self.get(0x0E)
        self.assertEqual(len(timestamp), 8)

    def test_by_name(self):
        feature = self.named("TemperatureThreshold")
        value, _ = self.get(0x04)
        self.assertEqual(feature["RawValue"], value)
        self.assertEqual(feature["Temperature"], (value & 0xFFFF) - 273)
        under = self.named("Temperature Threshold", Threshold="UnderTemperature")
        self.assertEqual(under["RawValue"], self.get(0x04, cdw11=1 << 20)[0])
        # Shown is what was asked for, which a drive need not repeat.
        self.assertEqual((feature["Threshold"], feature["Sensor"]), ("OverTemperature", 0))
        self.assertEqual((under["Threshold"], under["Sensor"]), ("UnderTemperature", 0))
        sensor = self.named("TemperatureThreshold", Sensor=1)
        self.assertEqual((sensor["Threshold"], sensor["Sensor"]), ("OverTemperature", 1))
        self.assertTrue(self.named("Timestamp")["RawData"])
        self.assertIn("Changeable", self.named("PowerManagement", select="capabilities"))

    def test_set_by_name(self):
        self.set_named("TemperatureThreshold", {"Temperature": 70})
        self.assertEqual(self.named("TemperatureThreshold")["Temperature"], 70)
        self.set_named(
            "HostControlledThermalManagement",
            {"ThermalManagementTemperature1": 60, "ThermalManagementTemperature2": 65},
        )
        # What is not given stays.
        self.set_named("HostControlledThermalManagement", {"ThermalManagementTemperature2": 66})
        feature = self.named("HostControlledThermalManagement")
        self.assertEqual(feature["ThermalManagementTemperature1"], 60)
        self.assertEqual(feature["ThermalManagementTemperature2"], 66)
        self.logged(action="SetFeature", feature="HostControlledThermalManagement", outcome="done")

    def test_wrong_arguments_are_not_sent(self):
        get = (self.controller, CONTROLLER, "GetFeature", "ya{sv}", 4)
        self.refused(INVALID, ["'now'", "current, default"], *get, select="now")
        self.refused(INVALID, ["'sel'", "select"], *get, sel=1)
        self.refused(INVALID, ["length", "4096"], *get, length=8192)
        named = (self.controller, CONTROLLER, "GetFeatureNamed", "sa{sv}")
        self.refused(INVALID, ["'Warmth'", "TemperatureThreshold"], *named, "Warmth")
        self.refused(INVALID, ["'Sensors'", "Sensor"], *named, "TemperatureThreshold", Sensors=1)
        setting = (self.controller, CONTROLLER_CONTROL, "SetFeatureNamed", "sa{sv}a{sv}")
        none = dbus.Dictionary({}, signature="sv")
        self.refused(INVALID, ["no value"], *setting, "TemperatureThreshold", none)
        self.assert_bus_error(INVALID, self.set_named, "TemperatureThreshold", {"Warmth": 1})
        self.assert_bus_error(INVALID, self.set_named, "PowerManagement", {"PowerState": 32})
