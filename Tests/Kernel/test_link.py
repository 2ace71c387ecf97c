"""The ground that the other tests stand on: a terminal is an MCTP interface of this kernel."""

import errno
import os
import pty
import select
import socket
import tty
import unittest

import mctp_link
from mctp_socket import CONTROL, Address, Socket

# A bus owner with endpoint id 8 asks the device at the other end for its endpoint id.
REQUEST = bytes.fromhex("7e 01 07 01 00 08 c8 00 80 02 2b c1 7e")
ANSWER = bytes.fromhex("7e 01 0b 01 08 00 c0 00 00 02 00 00 00 00 3c 98 7e")


class TerminalTests(unittest.TestCase):
    def setUp(self):
        self.device, terminal = pty.openpty()
        tty.setraw(self.device)
        self.terminal, self.interface = mctp_link.attach(os.ttyname(terminal))
        os.close(terminal)

    def tearDown(self):
        for descriptor in (self.device, self.terminal):
            if descriptor is not None:
                os.close(descriptor)

    def read_frame(self, length):
        data = b""
        while len(data) < length and select.select([self.device], [], [], 60)[0]:
            data += os.read(self.device, length - len(data))
        return data

    def test_a_control_message_is_these_bytes(self):
        mctp_link.configure(self.interface, local=8, endpoints=[])
        index = socket.if_nametoindex(self.interface)
        with Socket(extended=True) as bus_owner:
            bus_owner.send(b"\x80\x02", Address(0, CONTROL, interface=index))
            self.assertEqual(self.read_frame(len(REQUEST)).hex(" "), REQUEST.hex(" "))
            os.write(self.device, ANSWER)
            payload, sender = bus_owner.receive(60)
        self.assertEqual(payload.hex(" "), "00 02 00 00 00 00")
        self.assertEqual((sender.endpoint, sender.type, sender.interface), (0, CONTROL, index))

    def test_configuration_is_what_was_asked(self):
        mctp_link.configure(self.interface, local=8, endpoints=[9, 20], mtu=68)
        index = socket.if_nametoindex(self.interface)
        with mctp_link.RouteNetlink() as netlink:
            self.assertIn((index, 8), netlink.addresses())
            self.assertIn((9, index, 68), netlink.routes())
            netlink.delete_route(self.interface, 9)
            self.assertEqual(
                sorted(route for route in netlink.routes() if route[1] == index),
                [(8, index, None), (20, index, 68)],
            )

    def test_without_a_route_nothing_is_sent(self):
        mctp_link.configure(self.interface, local=8, endpoints=[])
        with Socket() as client, self.assertRaises(OSError) as caught:
            client.send(b"\x80\x02", Address(9, CONTROL))
        self.assertEqual(caught.exception.errno, errno.EHOSTUNREACH)

    def test_pulling_the_device_removes_the_interface(self):
        os.close(self.device)
        self.device = None
        # The kernel hangs the terminal up; its line discipline goes with it.
        with mctp_link.RouteNetlink() as netlink:
            self.assertNotIn(self.interface, netlink.links())
