"""The test double passes everything on, does to single messages what its rules say, and counts."""

import itertools
import os
import socket
import struct
import unittest

from double import PATIENCE, Double
from messages import (
    ABORT, ADMIN, CONTROL, DO_NOT_RETRY, GET_LOG_PAGE, HEALTH_POLL, IDENTIFY, INVALID_OPCODE, MI,
    MORE_PROCESSING, NVME_MEDIA_NOT_READY, READ_DATA_STRUCTURE, Answer, Request, checked,
    integrity_check,
)

numbers = itertools.count(1)


def mi(opcode, dword0=0, slot=0):
    return bytes([0x84, 0x08 | slot, 0, 0, opcode, 0, 0, 0]) + struct.pack("<II", dword0, 0)


def admin(opcode, dword10=0, offset=0, length=0, controller=0, namespace=0, log_offset=0):
    head = bytes([0x84, 0x10, 0, 0, opcode, 3]) + struct.pack("<HI", controller, namespace)
    head += bytes(16) + struct.pack("<II", offset, length) + bytes(8)
    return head + struct.pack("<IIQ", dword10, 0, log_offset) + bytes(8)


def primitive(opcode, tag, slot=0):
    return bytes([0x84, slot, 0, 0, opcode, tag, 0, 0])


class DoubleTest(unittest.TestCase):
    """The test is the daemon, `self.daemon`, and the drives, `self.drives`."""

    def setUp(self):
        name = f"nvmemi-double-test-{os.getpid()}-{next(numbers)}"
        server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        server.bind("\0" + name)
        server.listen()
        self.double = Double(name + "-double", name)
        self.daemon = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.daemon.settimeout(PATIENCE)
        self.daemon.connect("\0" + name + "-double")
        self.drives, _ = server.accept()
        self.drives.settimeout(PATIENCE)
        server.close()
        self.daemon.send(b"\x84")
        self.assertEqual(self.drives.recv(100), b"\x84")

    def tearDown(self):
        self.daemon.close()
        self.drives.close()
        self.double.close()

    def ask(self, message, eid=9):
        self.daemon.send(bytes([eid]) + checked(message))

    def asked(self):
        """The next request that a drive gets, with a good integrity check."""
        packet = self.drives.recv(100_000)
        self.assertEqual(integrity_check(packet[1:-4]), packet[-4:])
        return Request(packet[0], packet[1:-4])

    def answer(self, message, eid=9):
        self.drives.send(bytes([eid]) + checked(message))

    def told(self):
        """The next answer that the daemon gets, with a good integrity check."""
        packet = self.daemon.recv(100_000)
        self.assertEqual(integrity_check(packet[1:-4]), packet[-4:])
        return Answer(packet[0], packet[1:-4])

    def exchange(self, message, data=b"", eid=9):
        """A request that the drive gets and answers; what the daemon gets."""
        self.ask(message, eid)
        self.answer(self.asked().answer(data), eid)
        return self.told()

    def assert_silence(self, at):
        """Nothing comes there but what is sent now."""
        self.ask(mi(0x7F), 200)
        while True:
            request = self.asked()
            if request.eid == 200:
                break
            self.assertIsNot(at, self.drives, request)
        self.answer(request.answer(b"silence"), 200)
        answer = self.told()
        self.assertEqual((answer.eid, answer.data[8:]), (200, b"silence"))


class PathTests(DoubleTest):
    def test_everything_is_passed_on_as_it_is(self):
        packets = [b"\x09" + bytes(4), b"\x09\x84", b"\x09" + checked(mi(1))[:-1] + b"!", b"\x08\x01abc"]
        for packet in packets:
            self.daemon.send(packet)
            self.assertEqual(self.drives.recv(100), packet)
            self.drives.send(packet)
            self.assertEqual(self.daemon.recv(100), packet)

    def test_many_large_messages_arrive_in_their_order(self):
        count = 600
        for number in range(count):
            self.answer(mi(1)[:8] + struct.pack("<I", number) + bytes(4000))
            if number >= 50:
                self.assertEqual(self.told().number(8, 4), number - 50)
        for number in range(count - 50, count):
            self.assertEqual(self.told().number(8, 4), number)

    def test_each_side_notices_that_the_other_has_gone(self):
        self.drives.close()
        self.assertEqual(self.daemon.recv(10), b"")

    def test_a_drive_can_speak_unasked(self):
        self.double.send(9, b"\x84\x28\0\0event")
        self.assertEqual(self.told().data, b"\x84\x28\0\0event")


class WhichTests(DoubleTest):
    def refused(self, message, eid=9):
        """Whether a request is refused by a rule; else the drive answers it."""
        self.ask(message, eid)
        self.drives.settimeout(0.001)
        try:
            while True:
                answer = None
                self.daemon.settimeout(0.001)
                try:
                    answer = self.told()
                except TimeoutError:
                    pass
                if answer:
                    return answer.status == INVALID_OPCODE
                try:
                    self.answer(self.asked().answer(b""), eid)
                except TimeoutError:
                    pass
        finally:
            self.daemon.settimeout(PATIENCE)
            self.drives.settimeout(PATIENCE)

    def test_by_every_field(self):
        read = mi(READ_DATA_STRUCTURE, 1 << 24 | 2 << 16 | 3)
        identify = admin(IDENTIFY, 2, length=4096, controller=1, namespace=7)
        log = admin(GET_LOG_PAGE, 0x8002, offset=4, length=64, log_offset=512)
        for message, where in (
            (read, {"kind": MI}), (read, {"opcode": 0}), (read, {"dtyp": 1}), (read, {"port": 2}),
            (read, {"controller": 3}), (read, {"eid": 9}), (read, {"slot": 0}),
            (mi(4, 1 << 24 | 3), {"configuration": 3, "port": 1}),
            (identify, {"cns": 2}), (identify, {"controller": 1, "namespace": 7, "kind": ADMIN}),
            (identify, {"cns": {2, 3}}), (identify, {"cns": lambda value: value > 1}),
            (log, {"log": 2}), (log, {"retain": True}), (log, {"log_offset": 512, "offset": 4}),
            (log, {"length": range(60, 70)}), (primitive(ABORT, 5), {"tag": 5}),
            (primitive(ABORT, 5), {"kind": CONTROL}), (admin(0x0A, 4), {"feature": 4}),
        ):
            rule = self.double.when(**where).refuse(INVALID_OPCODE)
            self.assertTrue(self.refused(message), where)
            self.assertEqual(rule.met, 1)
            rule.end()
            [name] = list(where)[:1]
            if name != "eid":
                other = self.double.when(**{**where, name: 77}).refuse(INVALID_OPCODE)
                self.assertFalse(self.refused(message), where)
                other.end()
        self.assertEqual(self.double.asked(eid=9, kind=CONTROL), 4)

    def test_by_number(self):
        self.double.when(kind=MI).nth(2).refuse(INVALID_OPCODE)
        self.assertEqual([self.refused(mi(1)) for _ in range(4)], [False, True, False, False])
        self.double.clear()
        self.double.when(kind=MI).times(2, after=1).refuse(INVALID_OPCODE)
        self.assertEqual([self.refused(mi(1)) for _ in range(4)], [False, True, True, False])

    def test_by_time(self):
        self.double.when(kind=MI).during(0, 0.2).refuse(INVALID_OPCODE)
        answers = []
        while not answers or answers[-1]:
            answers.append(self.refused(mi(1)))
        self.assertGreater(len(answers), 1)
        self.assertFalse(self.refused(mi(1)))
        self.double.clear()
        self.double.when(kind=MI).during(100, 200).refuse(INVALID_OPCODE)
        self.assertFalse(self.refused(mi(1)))

    def test_by_the_time_since_the_last_answer(self):
        rule = self.double.when(kind=MI, gap=lambda gap: gap < 100).refuse(INVALID_OPCODE)
        self.assertFalse(self.refused(mi(1)), "it has not answered yet")
        self.assertTrue(self.refused(mi(1)))
        self.assertFalse(self.refused(mi(1), eid=10), "another drive has not")
        self.assertEqual(rule.met, 1)

    def test_the_oldest_rule_comes_first(self):
        first = self.double.when(kind=MI).pass_on()
        second = self.double.when(kind=MI).refuse(INVALID_OPCODE)
        self.assertFalse(self.refused(mi(1)))
        first.end()
        self.assertTrue(self.refused(mi(1)))
        self.assertEqual((first.met, second.met), (1, 1))

    def test_an_unknown_field_is_a_mistake(self):
        with self.assertRaises(TypeError):
            self.double.when(identify=1)

    def test_what_was_asked_is_counted_whatever_befell_it(self):
        self.double.when(cns=1).drop()
        self.ask(admin(IDENTIFY, 1))
        self.ask(admin(IDENTIFY, 1), 10)
        self.exchange(admin(IDENTIFY, 2))
        self.double.wait_until_asked(2, cns=1)
        self.assertEqual(self.double.asked(cns=1), 2)
        self.assertEqual(self.double.asked(eid=9), 2)
        self.assertEqual(self.double.asked(cns=3), 0)
        self.assertEqual([request.cns for request in self.double.history(eid=9)], [1, 2])


class WhatTests(DoubleTest):
    def test_drop(self):
        self.double.when(opcode=HEALTH_POLL).drop()
        self.ask(mi(HEALTH_POLL))
        self.assert_silence(at=self.drives)

    def test_delay(self):
        self.double.when(opcode=HEALTH_POLL).delay(0.1)
        self.ask(mi(HEALTH_POLL))
        self.ask(mi(2, slot=1))
        self.assertEqual([self.asked().opcode, self.asked().opcode], [2, HEALTH_POLL])

    def test_lost_answer(self):
        self.double.when(opcode=HEALTH_POLL).lose_answer()
        self.ask(mi(HEALTH_POLL))
        self.answer(self.asked().answer(b"12345678"))
        self.assert_silence(at=self.daemon)

    def test_refusals(self):
        self.double.when(kind=MI).refuse(4, b"\0\x0b\0")
        self.ask(mi(0))
        self.assertEqual(self.told().data, bytes.fromhex("84 88 00 00 04 00 0b 00"))
        self.double.when(kind=ADMIN).refuse_nvme(NVME_MEDIA_NOT_READY | DO_NOT_RETRY)
        self.ask(admin(IDENTIFY, 1))
        self.assertEqual(
            self.told().data, bytes.fromhex("84 90 00 00 00 00 00 00") + bytes(8) + b"\0\0\x48\x80"
        )

    def test_a_primitive_is_refused_without_a_tag(self):
        self.double.when(kind=CONTROL).refuse(INVALID_OPCODE)
        self.ask(primitive(ABORT, 7, slot=1))
        self.assertEqual(self.told().data, bytes.fromhex("84 81 00 00 03 00 00 00"))

    def test_answers_of_its_own(self):
        self.double.when(dtyp=2).answer(struct.pack("<HHH", 2, 0, 1))
        self.ask(mi(READ_DATA_STRUCTURE, 2 << 24))
        self.assertEqual(self.told().data, bytes.fromhex("84 88 00 00 00 06 00 00 02 00 00 00 01 00"))
        self.double.when(cns=1).answer(bytes(range(200)))
        self.ask(admin(IDENTIFY, 1, offset=16, length=8))
        self.assertEqual(self.told().data[20:], bytes(range(16, 24)))

    def test_a_changed_request(self):
        self.double.when(cns={2, 3}).ask(lambda request: request.but(44, b"\1"))
        self.ask(admin(IDENTIFY, 3))
        self.assertEqual(self.asked().cns, 1)
        self.answer(Request(9, admin(IDENTIFY, 3)).answer(b""))
        self.assertEqual(self.told().kind, ADMIN)

    def test_a_changed_answer(self):
        self.double.when(opcode=HEALTH_POLL).change(lambda request, answer: answer.data + b"more")
        self.assertEqual(self.exchange(mi(HEALTH_POLL), b"12345678").data[8:], b"12345678more")
        self.assertEqual(self.exchange(mi(2), b"1").data[8:], b"1")

    def test_a_patch_is_at_its_place_in_every_slice(self):
        self.double.when(cns=1).patch(100, b"ABCD")
        self.double.when(log=1).patch(100, b"ABCD")
        whole = bytes(100) + b"ABCD" + bytes(24)
        for start, end in ((0, 128), (96, 128), (102, 128), (0, 102), (0, 100), (104, 128), (100, 104)):
            part = bytes(end - start)
            slices = (
                admin(IDENTIFY, 1, offset=start, length=end - start),
                admin(GET_LOG_PAGE, 1, offset=start, length=end - start),
                admin(GET_LOG_PAGE, 1, log_offset=start, length=end - start),
            )
            for message in slices:
                self.ask(message)
                self.asked()
                self.answer(bytes.fromhex("84 90 00 00") + bytes(16) + part)
                self.assertEqual(self.told().data[20:], whole[start:end], (start, end))

    def test_the_real_answer_is_changed_after_one_that_asks_for_time(self):
        self.double.when(kind=ADMIN).change(
            lambda request, answer: answer.data + b"!" if answer.is_final else answer.data
        )
        self.ask(admin(IDENTIFY, 1))
        request = self.asked()
        self.answer(request.refusal(MORE_PROCESSING, b"\0\1\0"))
        self.answer(request.answer(b""))
        self.assertEqual(len(self.told().data), 8)
        self.assertEqual(self.told().data[20:], b"!")

    def test_slots_and_tags_are_told_apart(self):
        self.double.when(kind=MI, slot=1).lose_answer()
        self.double.when(kind=CONTROL, tag=3).lose_answer()
        for message in (mi(1), mi(1, slot=1), primitive(3, 3), primitive(3, 4)):
            self.ask(message)
            self.asked()
        for message in ("84 89 00 00 00 00 00 00", "84 80 00 00 00 03 00 00", "84 80 00 00 00 04 00 00"):
            self.answer(bytes.fromhex(message))
        self.assertEqual(self.told().data, bytes.fromhex("84 80 00 00 00 04 00 00"))
        self.answer(bytes.fromhex("84 88 00 00 00 00 00 00"))
        self.assertEqual(self.told().data[1], 0x88)


class FailureTests(DoubleTest):
    def tearDown(self):
        with self.assertRaises(AssertionError) as caught:
            super().tearDown()
        self.assertIn("ZeroDivisionError", str(caught.exception))

    def test_a_rule_that_fails_is_told(self):
        self.double.when(kind=MI).ask(lambda request: 1 // 0)
        self.ask(mi(1))
        self.assertEqual(self.drives.recv(10), b"")


if __name__ == "__main__":
    unittest.main()
