"""A bus owner of ours enumerates the simulated device through the kernel, as mctpd would."""

import uuid

import mctp_link
from bus_owner import (
    GET_MESSAGE_TYPE_SUPPORT,
    GET_VERSION_SUPPORT,
    SET_ENDPOINT_ID,
    BusOwner,
    Refused,
)
from kernel_environment import ENDPOINT, FIRST, KernelTest, local
from mctp_socket import CONTROL, INTEGRITY_CHECKED, NVME_MI, Address, Socket

OTHER = 20


class EnumerationTests(KernelTest):
    starts_daemon = False

    def setUp(self):
        self.bus_owner = self.enterContext(BusOwner(self.system.interfaces[FIRST]))

    def test_endpoint_id_is_taken_kept_and_changed(self):
        self.assertEqual(self.bus_owner.endpoint_id(), FIRST)
        self.assertEqual(self.bus_owner.endpoint_id(FIRST), FIRST)
        self.addCleanup(self.bus_owner.assign, FIRST)
        self.assertEqual(self.bus_owner.assign(OTHER), OTHER)
        self.assertEqual(self.bus_owner.endpoint_id(OTHER), OTHER)
        # A foreign client reaches the drive where it is now.
        lines = dict(self.system.mi_mctp("identify", 0, endpoint=OTHER))
        self.assertTrue(lines["Serial number"])

    def test_an_endpoint_id_that_nobody_may_have_is_refused(self):
        for number in (0, 0xFF):
            with self.subTest(endpoint=number), self.assertRaises(Refused):
                self.bus_owner.ask(SET_ENDPOINT_ID, bytes([0, number]))
        self.assertEqual(self.bus_owner.endpoint_id(), FIRST)

    def test_message_types(self):
        self.assertEqual(self.bus_owner.message_types(FIRST), [CONTROL, NVME_MI])

    def test_uuid_is_one_and_the_same(self):
        first = self.bus_owner.uuid(FIRST)
        self.assertNotEqual(uuid.UUID(first).int, 0)
        self.assertEqual(self.bus_owner.uuid(FIRST), first)

    def test_versions(self):
        for type in (0xFF, CONTROL, NVME_MI):
            data = self.bus_owner.ask(GET_VERSION_SUPPORT, bytes([type]), endpoint=FIRST)
            self.assertEqual(len(data), 1 + 4 * data[0])
        with self.assertRaises(Refused) as caught:
            self.bus_owner.ask(GET_VERSION_SUPPORT, bytes([0x7E]), endpoint=FIRST)
        self.assertEqual(caught.exception.code, 0x80)

    def test_what_it_does_not_know_it_refuses(self):
        with self.assertRaises(Refused) as caught:
            self.bus_owner.ask(0x7F, endpoint=FIRST)
        self.assertEqual(caught.exception.code, 0x05)
        with self.assertRaises(Refused) as caught:
            self.bus_owner.ask(GET_MESSAGE_TYPE_SUPPORT, b"\x00", endpoint=FIRST)
        self.assertEqual(caught.exception.code, 0x03)


class KernelCarrierTests(KernelTest):
    """What only real sockets show of the daemon."""

    def test_uuid_on_the_bus_is_the_endpoints(self):
        with BusOwner(self.system.interfaces[FIRST]) as bus_owner:
            theirs = bus_owner.uuid(FIRST)
        ours = self.system.get(self.system.endpoint(FIRST), ENDPOINT, "UUID")
        self.assertEqual(ours, theirs)

    def test_a_request_as_bytes(self):
        # Read NVMe-MI Data Structure, subsystem information: answered on the request's tag.
        request = bytes.fromhex("08 00 00 00 00 00 00 00 00 00 00 00 00 00 00 e2 00 06 07")
        with Socket() as client:
            client.send(request, Address(FIRST, INTEGRITY_CHECKED | NVME_MI))
            payload, sender = client.receive(60)
        self.assertEqual((sender.endpoint, sender.type & 0x7F), (FIRST, NVME_MI))
        self.assertEqual(payload[:4].hex(), "88000000")
        self.assertEqual(len(payload), 3 + 4 + 32 + 4)

    def test_no_tag_is_left_behind(self):
        # The kernel has eight tags for each peer: a ninth call finds none if one is kept.
        for _ in range(20):
            self.system.call(self.system.endpoint(FIRST), ENDPOINT, "GetHealth")

    def test_the_route_that_mctpd_would_make_is_the_one_in_use(self):
        with mctp_link.RouteNetlink() as netlink:
            destinations = [route[0] for route in netlink.routes()]
        self.assertEqual(sorted(set(destinations)), [FIRST, local(FIRST)])
