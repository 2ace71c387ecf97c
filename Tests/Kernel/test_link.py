"""The ground that the other tests stand on: a terminal is an MCTP interface of this kernel."""

import errno
import os
import pathlib
import pty
import select
import socket
import time
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
        self.path = os.ttyname(terminal)
        self.terminal, self.interface = mctp_link.attach(self.path)
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

    def test_interface_takes_no_larger_packets(self):
        path = pathlib.Path(f"/sys/class/net/{self.interface}/mtu")
        self.assertEqual(path.read_text(encoding="ascii"), "68\n")
        with self.assertRaises(OSError) as caught:
            path.write_text("132", encoding="ascii")
        self.assertEqual(caught.exception.errno, errno.EINVAL)

    def test_without_a_route_nothing_is_sent(self):
        mctp_link.configure(self.interface, local=8, endpoints=[])
        with Socket() as client, self.assertRaises(OSError) as caught:
            client.send(b"\x80\x02", Address(9, CONTROL))
        self.assertEqual(caught.exception.errno, errno.EHOSTUNREACH)

    def test_a_line_that_lost_its_place_finds_it_again(self):
        mctp_link.configure(self.interface, local=8, endpoints=[])

        def off_in_a_frame():
            os.write(self.device, ANSWER[:9])
            self.settle()
            with mctp_link.RouteNetlink() as netlink:
                netlink.set_up(self.interface, up=False)
                os.write(self.device, ANSWER[9:])
                self.settle()
                netlink.set_up(self.interface)

        def long_frame():
            os.write(self.device, bytes([0x7E, 1, 250]) + bytes(252) + b"\x7e")

        def wrong_version():
            os.write(self.device, b"\x7e\2\x7e")

        def nothing():
            pass

        for lose in (nothing, off_in_a_frame, long_frame, wrong_version):
            with self.subTest(lose.__name__):
                lose()
                # Were the kernel able to find it by itself, nobody would need to help it.
                self.assertEqual(self.heard(of=4), 4 if lose == nothing else 0)
                mctp_link.synchronise(self.path)
                self.assertEqual(self.heard(of=4), 4)

    def heard(self, of):
        """How many frames of several sent come through."""

        def count():
            path = f"/sys/class/net/{self.interface}/statistics/rx_packets"
            return int(pathlib.Path(path).read_text(encoding="ascii"))

        before = count()
        for _ in range(of):
            os.write(self.device, ANSWER)
        self.settle()
        return count() - before

    @staticmethod
    def settle():
        """Lets what was written to the line come to the kernel's end of it, which nothing tells."""
        time.sleep(0.2)

    def test_pulling_the_device_removes_the_interface(self):
        os.close(self.device)
        self.device = None
        # The kernel hangs the terminal up; its line discipline goes with it.
        with mctp_link.RouteNetlink() as netlink:
            self.assertNotIn(self.interface, netlink.links())
