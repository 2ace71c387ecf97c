"""Security1: what goes to a security protocol and what comes from it."""

import dbus

from environment import SECURITY
from members import COMMON, INVALID, NOT_ALLOWED, UNSUPPORTED, MemberTest

# The protocol of simulated drives that gives back what it was sent last.
STORING = 0xF0


class SecurityTests(MemberTest):
    def send(self, data, protocol=STORING, specific=0, **named):
        self.call(
            self.controller, SECURITY, "Send", "yqaya{sv}", protocol, specific,
            dbus.ByteArray(data), **named,
        )

    def receive(self, length, protocol=STORING, specific=0, **named):
        return self.call(
            self.controller, SECURITY, "Receive", "yqua{sv}", protocol, specific, length, **named
        )

    def test_list_of_protocols(self):
        data = self.receive(512, protocol=0)
        count = int.from_bytes(data[6:8], "big")
        self.assertIn(STORING, data[8 : 8 + count])

    def test_any_length(self):
        for length in (1, 3, 4, 511, 4093, 4096):
            with self.subTest(length=length):
                data = bytes((length + index) % 251 + 1 for index in range(length))
                self.send(data)
                self.assertEqual(self.receive(length), data)
        self.assertEqual(len(self.receive(0)), 0)
        self.logged(action="SecuritySend", outcome="done", serial_number=self.serial)

    def test_wrong_arguments_are_not_sent(self):
        send = (self.controller, SECURITY, "Send", "yqaya{sv}", STORING, 0)
        receive = (self.controller, SECURITY, "Receive", "yqua{sv}", STORING, 0)
        self.refused(INVALID, ["4096", "4097"], *send, dbus.ByteArray(bytes(4097)))
        self.refused(INVALID, ["4096", "4097"], *receive, 4097)
        self.refused(INVALID, ["'lsp'", "nssf"], *receive, 8, lsp=1)
        self.refused(NOT_ALLOWED, ["OTHER"], *send, dbus.ByteArray(b"abcd"), serial_number="OTHER")
        self.refused(NOT_ALLOWED, ["OTHER"], *receive, 4, serial_number="OTHER")

    def test_what_the_drive_refuses_is_told(self):
        error = self.assert_bus_error(
            COMMON + "InvalidArgument", self.receive, 512, protocol=0x77
        )
        self.assertIn("Invalid Field", error.get_dbus_message())

    def test_a_drive_without_security_is_not_asked(self):
        controller = self.system.controller(11)
        send = (controller, SECURITY, "Send", "yqaya{sv}", 0, 0, dbus.ByteArray(b"abcd"))
        self.refused(UNSUPPORTED, ["Security Send", "force"], *send)
        self.assert_bus_error(UNSUPPORTED, self.call, *send, force=True)
        self.assertEqual(self.requests("admin 81", 11), 1)
        self.refused(
            UNSUPPORTED, ["Security Receive"], controller, SECURITY, "Receive", "yqua{sv}", 0, 0, 8
        )
