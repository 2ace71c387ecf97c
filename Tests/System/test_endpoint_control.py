"""EndpointControl1: reset and shutdown, VPD, the endpoint's buffer, enclosure services, control primitives."""

import dbus

from environment import CONTROLLER_CONTROL, ENDPOINT, ENDPOINT_CONTROL
from members import COMMON, INVALID, NOT_ALLOWED, SERIALS, UNSUPPORTED, MemberTest


class ControlTest(MemberTest):
    eid = 10

    def control(self, member, signature, *arguments, **named):
        return self.call(self.path, ENDPOINT_CONTROL, member, signature, *arguments, **named)


class PowerTests(ControlTest):
    # A drive that resets loses its endpoint ID, and mctpd has to give it another.
    configuration = ControlTest.configuration + "recover-after-ms = 50\nfirst-recover-ms = 50\n"

    def test_reset(self):
        resets = self.simulate(self.eid, "GetStatistics")["Resets"]
        # The drive does not answer: what remains of the time limit is waited for.
        self.control("Reset", "a{sv}", serial_number=self.serial, timeout_ms=300)
        self.assertEqual(self.simulate(self.eid, "GetStatistics")["Resets"], resets + 1)
        self.system.wait_for_endpoints(len(SERIALS))
        self.logged(action="Reset", outcome="done", serial_number=self.serial)

    def test_what_the_drive_refuses_is_refused(self):
        reset = (self.system.endpoint(11), ENDPOINT_CONTROL, "Reset", "a{sv}")
        self.assert_bus_error(UNSUPPORTED, self.call, *reset, serial_number=SERIALS[11])
        self.assertEqual(self.system.get(self.system.endpoint(11), ENDPOINT, "State"), "ready")

    def test_what_the_drive_does_not_list_is_not_sent(self):
        shutdown = (self.system.endpoint(9), ENDPOINT_CONTROL, "Shutdown", "sa{sv}", "normal")
        named = {"serial_number": SERIALS[9]}
        self.refused(UNSUPPORTED, ["Shutdown", "list of optional commands", "force"], *shutdown, **named)
        self.assert_bus_error(UNSUPPORTED, self.call, *shutdown, force=True, **named)
        self.assertEqual(self.requests("mi 0c", 9), 1)

    def test_shutdown(self):
        for kind in ("normal", "abrupt"):
            before = self.requests("mi 0c")
            self.control("Shutdown", "sa{sv}", kind, serial_number=self.serial)
            self.assertEqual(self.requests("mi 0c"), before + 1)
        self.logged(action="Shutdown", kind="abrupt", outcome="done")
        self.control("Reset", "a{sv}", serial_number=self.serial, timeout_ms=300)
        self.system.wait_for_endpoints(len(SERIALS))

    def test_the_wrong_drive_is_not_stopped(self):
        reset = (self.path, ENDPOINT_CONTROL, "Reset", "a{sv}")
        shutdown = (self.path, ENDPOINT_CONTROL, "Shutdown", "sa{sv}", "normal")
        for call in (reset, shutdown):
            self.refused(INVALID, ["serial-number"], *call)
            self.refused(NOT_ALLOWED, [self.serial, SERIALS[9]], *call, serial_number=SERIALS[9])
        self.refused(
            INVALID, ["normal or abrupt"], *shutdown[:4], "slow", serial_number=self.serial
        )
        self.logged(action="Reset", outcome=".*not 'MEMBER-U2'")

    def test_controller_reset(self):
        reset = (CONTROLLER_CONTROL, "Reset", "a{sv}")
        # It would reset the other controller as well.
        self.refused(
            NOT_ALLOWED, ["1 more", "EndpointControl1"],
            self.controller, *reset, serial_number=self.serial,
        )
        self.refused(INVALID, ["serial-number"], self.system.controller(9), *reset)
        resets = self.simulate(9, "GetStatistics")["Resets"]
        self.call(
            self.system.controller(9), *reset, serial_number=SERIALS[9], timeout_ms=300
        )
        self.assertEqual(self.simulate(9, "GetStatistics")["Resets"], resets + 1)
        self.system.wait_for_endpoints(len(SERIALS))


class DataTests(ControlTest):
    def test_vpd_write(self):
        before = self.call(self.path, ENDPOINT, "VPDRead", "qq", 0, 64)
        data = bytes(index ^ 0x5A for index in range(16))
        self.control("VPDWrite", "qay", 48, dbus.ByteArray(data))
        self.assertEqual(self.call(self.path, ENDPOINT, "VPDRead", "qq", 0, 64), before[:48] + data)
        self.control("VPDWrite", "qay", 48, dbus.ByteArray(before[48:]))
        self.logged(action="VPDWrite", offset=48, outcome="done", serial_number=self.serial)

    def test_vpd_write_that_cannot_be(self):
        self.refused(
            INVALID, ["4096", "4097"],
            self.path, ENDPOINT_CONTROL, "VPDWrite", "qay", 0, dbus.ByteArray(bytes(4097)),
        )
        # This one lists no commands at all: it is asked, and refuses.
        self.assert_bus_error(
            UNSUPPORTED, self.call,
            self.system.endpoint(11), ENDPOINT_CONTROL, "VPDWrite", "qay", 0, dbus.ByteArray(b"a"),
        )
        self.assertEqual(self.requests("mi 06", 11), 1)
        error = self.assert_bus_error(
            COMMON + "InvalidArgument", self.control, "VPDWrite", "qay", 65535, dbus.ByteArray(b"ab")
        )
        self.assertIn("Invalid Parameter", error.get_dbus_message())

    def test_management_endpoint_buffer(self):
        size = 4096
        data = bytes(index % 253 for index in range(size))
        self.control("ManagementEndpointBufferWrite", "uaya{sv}", 0, dbus.ByteArray(data))
        read = ("ManagementEndpointBufferRead", "uua{sv}")
        self.assertEqual(self.control(*read, 0, size), data)
        self.assertEqual(self.control(*read, 4000, 96), data[4000:])
        self.assertEqual(self.control(*read, 0, 0), b"")
        self.logged(action="ManagementEndpointBufferWrite", bytes=size, outcome="done")
        # Beyond the end the drive refuses, in whichever piece.
        self.assert_bus_error(COMMON + "InvalidArgument", self.control, *read, 0, size + 1)

    def test_buffer_calls_that_cannot_be(self):
        read = (self.path, ENDPOINT_CONTROL, "ManagementEndpointBufferRead", "uua{sv}")
        self.refused(INVALID, ["65536"], *read, 0, 65537)
        self.refused(INVALID, ["2^32"], *read, 0xFFFFFFFF, 8)
        self.refused(INVALID, ["'lsp'", "timeout-ms"], *read, 0, 8, lsp=1)
        # The drive at 9 has none.
        read = (self.system.endpoint(9), *read[1:])
        self.refused(UNSUPPORTED, ["list of optional commands", "force"], *read, 0, 8)
        self.assert_bus_error(UNSUPPORTED, self.call, *read, 0, 8, force=True)


class EnclosureTests(ControlTest):
    """The simulated drives are no enclosures: the bridge says so, and the drive when it is asked all the same."""

    def test_enclosure_services(self):
        receive = (self.path, ENDPOINT_CONTROL, "SESReceive", "yqa{sv}", 1, 4096)
        send = (self.path, ENDPOINT_CONTROL, "SESSend", "aya{sv}", dbus.ByteArray(b"\2\0\0\4abcd"))
        for call, name in ((receive, "mi 08"), (send, "mi 09")):
            self.refused(UNSUPPORTED, ["storage devices", "force"], *call)
            self.assert_bus_error(UNSUPPORTED, self.call, *call, force=True)
            self.assertEqual(self.requests(name), 1)
        self.refused(INVALID, ["4096", "4097"], *receive[:5], 4097)
        self.logged(action="SESSend", outcome=".*Invalid Command Opcode")


class PrimitiveTests(ControlTest):
    def send(self, name, **named):
        return self.control("SendControlPrimitive", "sa{sv}", name, **named)

    def test_answers_in_words(self):
        state = self.send("GetState")
        self.assertEqual(state["SlotState"], "Idle")
        self.assertIsInstance(state["Errors"], list)
        self.assertIs(state["Paused"], False)
        self.assertEqual(
            state["Response"], self.control("ControlPrimitive", "sq", "GetState", 0)
        )
        self.assertEqual(self.send("GetState", slot=1)["SlotState"], "Idle")
        self.assertEqual(self.send("Abort")["Outcome"], "CompleteOrNothing")
        self.assertIs(self.send("Replay")["ResponseReplayed"], False)
        self.assertIs(self.send("Pause")["Slot0Paused"], False)
        self.assertEqual(set(self.send("Resume")), {"Response"})
        self.assertIs(self.send("GetState", parameter=1)["Paused"], False)

    def test_wrong_arguments_are_not_sent(self):
        call = (self.path, ENDPOINT_CONTROL, "SendControlPrimitive", "sa{sv}")
        self.refused(INVALID, ["GetState"], *call, "Stop")
        self.refused(INVALID, ["slot", "0 to 1"], *call, "Abort", slot=2)
        self.refused(INVALID, ["'tag'", "parameter"], *call, "Abort", tag=1)
