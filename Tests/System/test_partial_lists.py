"""Drives whose lists and identifiers are wrong: what is right of them is used, and nothing else suffers."""

import struct

import dbus

from environment import BRIDGE
from messages import ADMIN, DO_NOT_RETRY, MI, NVME_INVALID_FIELD
from partial_drives import FIRST_EID, PartialDriveTest

EUI64, NGUID, UUID = 1, 2, 3
ONE_TO_EIGHT = bytes(range(1, 9))
SIXTEEN = bytes(range(0x10, 0x20))


def descriptor(kind, value, length=None):
    """A namespace identification descriptor, with a length of its own or another."""
    return bytes([kind, len(value) if length is None else length, 0, 0]) + value


def whole(descriptors):
    """The list as Identify brings it."""
    return descriptors + bytes(4096 - len(descriptors))


class ListToDestroyTests(PartialDriveTest):
    """Drives whose lists of namespaces are not to be believed; the first formats all of them at once."""

    drives = (
        "[drive]\nmodel = complete\nserial-number = ENDLESS\nformat-all-namespaces = yes\n"
        "[drive]\nmodel = complete\nserial-number = SINGLE\n"
    )
    expected_endpoints = 2

    def start_ready(self):
        self.start()
        for eid in (FIRST_EID, FIRST_EID + 1):
            self.system.wait_for_property(
                self.system.endpoint(eid), BRIDGE + ".Endpoint1", "State", "ready"
            )

    def format(self, namespace=0xFFFF_FFFF, serial_number="ENDLESS", eid=FIRST_EID, **further):
        options = {"serial-number": serial_number, **further}
        return self.system.call(
            self.system.controller(eid), BRIDGE + ".Erase1", "Format", "ua{sv}", namespace,
            dbus.Dictionary(options, signature="sv"),
        )

    def test_one_that_is_cut_short_does_not_tell_all(self):
        # As it looks then there is one namespace, and to format it would be to format no other.
        self.start_ready()
        for cns in (0x02, 0x10):
            for data, word in (
                (struct.pack("<II", 1, 1), "identifier 1 at byte 4: expected more than 1, got 1"),
                (struct.pack("<I", 1), "got 4 bytes"),
            ):
                for namespace in (1, 0xFFFF_FFFF):
                    with self.subTest(cns=cns, data=data, namespace=namespace):
                        whole_data = whole(data) if len(data) > 4 else data
                        rule = self.double.when(cns=cns).reply(
                            lambda request, data=whole_data: request.answer(data)
                        )
                        with self.assertRaises(dbus.DBusException) as caught:
                            self.format(namespace, format=dbus.Byte(0))
                        self.assertIn(word, str(caught.exception))
                        self.assertTrue(rule.met)
                        rule.end()
        self.assertEqual(self.double.history(kind=ADMIN, opcode=0x80), [])

    def test_it_is_asked_for_when_it_is_not_known(self):
        rule = self.double.when(cns=0x02).refuse_nvme(NVME_INVALID_FIELD | DO_NOT_RETRY)
        self.start_ready()
        rule.end()
        # No format is said: it would be that of the namespaces, of which there are two kinds.
        for eid, serial_number in ((FIRST_EID, "ENDLESS"), (FIRST_EID + 1, "SINGLE")):
            with self.assertRaises(dbus.DBusException) as caught:
                self.format(serial_number=serial_number, eid=eid)
            self.assertIn("the namespaces have different formats", str(caught.exception))

    def test_it_is_not_read_for_ever(self):
        def ascending(request):
            begin = request.namespace + 1
            return struct.pack("<1024I", *range(begin, begin + 1024))

        self.start_ready()
        for name, data in (
            ("the same again", lambda _: struct.pack("<1024I", *range(1, 1025))), ("ever more", ascending),
        ):
            with self.subTest(name):
                self.double.when(cns=0x10).reply(lambda request, data=data: request.answer(data(request)))
                error = self.assert_bus_error(
                    "xyz.openbmc_project.Common.Error.InternalFailure", self.format, format=dbus.Byte(0)
                )
                self.assertIn("more than 1024 namespaces, or the same again", error.get_dbus_message())
                lists = {request.namespace for request in self.double.history(cns=0x10)}
                self.assertLessEqual(lists, {0, 1024, 2048})
                self.double.clear()


class ListTest(PartialDriveTest):
    """One drive for each of the class's cases; each gets the answer of its case."""

    cases = {}

    def start_with(self, rule_for):
        """Starts the daemon and yields each case with its endpoint, when that is polled and ready."""
        eids = {name: FIRST_EID + index for index, name in enumerate(self.cases)}
        for name, eid in eids.items():
            rule_for(eid, *self.cases[name])
        self.start()
        for name, eid in eids.items():
            with self.subTest(name):
                self.system.wait_for(
                    lambda eid=eid: self.endpoint(eid).get("State") not in (None, "initializing"),
                    f"a state of endpoint {eid}",
                )
                self.assertEqual(self.endpoint(eid)["State"], "ready", self.endpoint(eid))
                self.wait_for_health(eid)
                self.judge(eid, *self.cases[name])

    def judge(self, eid, *case):
        raise NotImplementedError


class NamespaceDescriptorTests(ListTest):
    """Has a wrong namespace identification descriptor list. Identify Namespace tells no identifier."""

    GOOD = descriptor(EUI64, ONE_TO_EIGHT)
    # Descriptors of an unknown type, up to the last four bytes.
    FILLING = b"".join(descriptor(0x7F, bytes(200)) for _ in range(20))
    # Bytes of the answer; EUI64, NGUID and UUID that are published.
    cases = {
        "length 0": (whole(GOOD + bytes([3, 0, 0, 0])), "0102030405060708", "", ""),
        "length 0 at once": (whole(bytes([1, 0, 0, 0]) + GOOD), "", "", ""),
        "UUID of 8 bytes": (
            whole(GOOD + descriptor(UUID, ONE_TO_EIGHT)), "0102030405060708", "", "",
        ),
        "NGUID of 8 bytes": (whole(descriptor(NGUID, ONE_TO_EIGHT)), "", "", ""),
        "EUI64 of 16 bytes": (whole(descriptor(EUI64, SIXTEEN)), "", "", ""),
        "past the end": (GOOD + FILLING + bytes([3, 16, 0, 0]), "0102030405060708", "", ""),
        "unknown type before": (
            whole(descriptor(0x7F, bytes(5)) + GOOD + descriptor(UUID, SIXTEEN)),
            "0102030405060708", "", SIXTEEN.hex(),
        ),
        "zeros": (
            whole(b"".join(descriptor(kind, bytes(size)) for kind, size in ((1, 8), (2, 16), (3, 16)))),
            "", "", "",
        ),
    }
    drives = len(cases)

    def test_what_stands_before_it_is_used(self):
        self.double.when(cns=0).patch(104, bytes(24))
        self.start_with(lambda eid, answer, *_: self.double.when(eid=eid, cns=3).answer(answer))

    def judge(self, eid, _answer, eui64, nguid, uuid):
        namespace = self.below("namespaces", eid)[1]
        found = [namespace[name].replace("-", "").lower() for name in ("EUI64", "NGUID", "UUID")]
        self.assertEqual(found, [eui64, nguid, uuid])
        self.assertEqual(namespace["Size"], 960_197_124_096)


class ControllerListTests(ListTest):
    """Has a wrong controller list."""

    # Numbers that the answer consists of, the count first; controllers that are published.
    cases = {
        "count larger than what was sent": ([5, 0, 1], [0, 1]),
        "count larger than a list can hold": ([0x8000, 0, 1], [0, 1]),
        "greatest count": ([0xFFFF, 0], [0]),
        "unsorted": ([2, 1, 0], [1]),
        "repeated": ([3, 0, 0, 1], [0]),
        "again from the start": ([4, 0, 1, 0, 1], [0, 1]),
        "1, 0, 1": ([3, 1, 0, 1], [1]),
        "count less than what was sent": ([1, 0, 1], [0]),
    }
    drives = "[drive]\nmodel = dual-port\n" * len(cases)
    expected_endpoints = len(cases)

    def test_entries_that_are_there_are_used(self):
        self.start_with(
            lambda eid, entries, _: self.double.when(eid=eid, kind=MI, dtyp=2).answer(
                struct.pack(f"<{len(entries)}H", *entries)
            )
        )

    def judge(self, eid, _entries, controllers):
        found = self.below("controllers", eid)
        self.assertEqual(sorted(found), controllers)
        for controller in found.values():
            self.assertEqual(controller["ModelNumber"], "Simulated Dual-Port Enterprise Drive")


class NamespaceListTests(ListTest):
    """Has an active namespace list that does not ascend."""

    # What controller 0 tells; namespaces that are published.
    cases = {
        "falls": ([1, 2, 1, 4], [1, 2]),
        "stays": ([1, 1, 1, 1], [1]),
        "falls at once": ([4, 2, 1], [4]),
        "the same for ever": ([2] * 1024, [2]),
        "in order": ([1, 2, 4], [1, 2, 4]),
    }
    drives = "[drive]\nmodel = dual-port\n" * len(cases)
    expected_endpoints = len(cases)

    def test_it_ends_at_the_first_number_that_is_not_greater(self):
        self.double.when(cns=2, controller=1).answer(bytes(4096))
        self.start_with(
            lambda eid, entries, _: self.double.when(eid=eid, cns=2, controller=0).answer(
                struct.pack(f"<{len(entries)}I", *entries) + bytes(4096 - 4 * len(entries))
            )
        )

    def judge(self, eid, _entries, namespaces):
        self.assertEqual(sorted(self.below("namespaces", eid)), namespaces)
        for number in namespaces:
            self.assertEqual(self.double.asked(eid=eid, cns=0, namespace=number, controller=0), 1)


class ZeroIdentifierTests(PartialDriveTest):
    """Has all zeros as NGUID, EUI64 and UUID."""

    def test_zeros_are_no_identifiers(self):
        self.double.when(cns=0).patch(104, bytes(24))
        self.double.when(cns=3).answer(
            whole(descriptor(EUI64, bytes(8)) + descriptor(NGUID, bytes(16)) + descriptor(UUID, bytes(16)))
        )
        self.start()
        self.wait_until_whole()
        namespace = self.below("namespaces")[1]
        self.assertEqual([namespace[name] for name in ("EUI64", "NGUID", "UUID")], ["", "", ""])

    def test_zeros_in_the_structure_give_way_to_descriptors(self):
        self.double.when(cns=0).patch(104, bytes(24))
        self.double.when(cns=3).answer(whole(descriptor(NGUID, SIXTEEN) + descriptor(EUI64, bytes(8))))
        self.start()
        self.wait_until_whole()
        namespace = self.below("namespaces")[1]
        self.assertEqual(namespace["NGUID"].lower(), SIXTEEN.hex())
        self.assertEqual(namespace["EUI64"], "")
