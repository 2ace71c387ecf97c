"""Log pages of drives that read them in a way of their own: the same bytes by every way, and no event lost."""

import itertools
import struct

import dbus

from environment import CONTROLLER
from messages import INVALID_PARAMETER, NVME_INVALID_FIELD
from partial_drives import PartialDriveTest

ALL = 0xFFFFFFFF
ERRORS, SMART, FIRMWARE = 1, 2, 3
ENTRIES = 128
# Places in Identify Controller.
LOG_PAGE_ATTRIBUTES, ERROR_LOG_ENTRIES = 261, 262
ERROR_LOG = b"".join(struct.pack("<Q", 1000 - index) + bytes(56) for index in range(ENTRIES))


def options(**values):
    wrap = {"length": dbus.UInt32, "offset": dbus.UInt64, "retain-events": dbus.Boolean}
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return dbus.Dictionary({name: wrap[name](value) for name, value in named.items()}, signature="sv")


class LogTest(PartialDriveTest):
    def ask(self, member, *arguments, eid=9):
        return self.system.call(self.system.controller(eid), CONTROLLER, member, *arguments)

    def page(self, log, eid=9, **values):
        return self.ask("GetLogPage", "yua{sv}", log, ALL, options(**values), eid=eid)


class NoOffsetTests(LogTest):
    """Has no Log Page Offset (LPA bit 2 is 0) and 8 KiB of error log."""

    def setUp(self):
        super().setUp()
        self.double.when(cns=1).patch(LOG_PAGE_ATTRIBUTES, bytes([0x0A, ENTRIES - 1]))

    @staticmethod
    def answer_from_the_start(request):
        """The log as long as NUMD says, whatever its offset; a slice of it, whatever is asked for."""
        length = (request.number(46, 2) | request.number(48, 2) << 16) + 1
        return request.answer(ERROR_LOG[:4 * length])

    def entries(self, count=0):
        return [entry["ErrorCount"] for entry in self.ask("GetErrorLog", "u", count)]

    def assert_no_offset_was_sent(self):
        self.assertEqual(self.double.asked(log_offset=lambda offset: offset > 0), 0)

    def test_it_is_read_in_one_command_with_data_offsets(self):
        self.double.when(log=ERRORS).reply(self.answer_from_the_start)
        self.start()
        self.wait_until_whole()
        self.assertEqual(self.entries(), [1000 - index for index in range(ENTRIES)])
        self.assertEqual(self.entries(100), [1000 - index for index in range(100)])
        self.assertEqual(self.page(ERRORS, length=len(ERROR_LOG)), ERROR_LOG)
        self.assert_no_offset_was_sent()

    def test_as_much_as_one_command_gives_where_it_refuses_data_offsets(self):
        self.double.when(log=ERRORS, offset=lambda offset: offset > 0).refuse(
            INVALID_PARAMETER, b"\0\x1c\0"
        )
        self.double.when(log=ERRORS).reply(self.answer_from_the_start)
        self.start()
        self.wait_until_whole()
        self.assertEqual(self.entries(), [1000 - index for index in range(64)])
        self.system.daemon.wait_for_line(r"(?i)log page.*4096|4096.*log page|Log Page Offset")
        self.assert_no_offset_was_sent()

    def test_a_callers_offset_is_refused(self):
        self.double.when(log=ERRORS).reply(self.answer_from_the_start)
        self.start()
        self.wait_until_whole()
        with self.assertRaises(dbus.DBusException) as caught:
            self.page(ERRORS, offset=4096, length=64)
        self.assertRegex(caught.exception.get_dbus_name(), "UnsupportedRequest|NotSupported|InvalidArg")
        self.assertIn("offset", caught.exception.get_dbus_message())
        self.assert_no_offset_was_sent()

    def test_other_pages_are_read_as_ever(self):
        self.start()
        self.wait_until_whole()
        self.assertEqual(len(self.page(SMART)), 512)
        self.assertIn("CompositeTemperature", self.ask("GetSmartLog"))


class RetainTests(LogTest):
    """Retain Asynchronous Event is set only for pages with an event and from NVMe 1.3 on."""

    drives = "[drive]\nnvme-version = 1.2.1\n[drive]\nnvme-version = 1.4.0\n"
    expected_endpoints = 2
    OLD, NEW = 9, 10

    def setUp(self):
        super().setUp()
        self.page_bytes = bytes(range(256)) * 2

    def begin(self):
        self.start()
        for eid in (self.OLD, self.NEW):
            self.wait_until_whole(eid)

    def test_an_old_drive_never_sees_the_bit(self):
        self.begin()
        self.ask("GetSmartLog")
        self.ask("GetErrorLog", "u", 0)
        self.ask("GetFirmwareLog")
        for log, retain in itertools.product((ERRORS, SMART, FIRMWARE), (True, False)):
            self.page(log, retain_events=retain)
            self.page(log)
        self.assertGreater(self.double.asked(eid=self.OLD, log=SMART), 3)
        self.assertEqual(self.double.asked(eid=self.OLD, retain=True), 0)

    def test_a_page_without_an_event_is_read_without_the_bit(self):
        self.double.when(log={0x00, 0x05, 0x06, 0x12, 0xC5}).answer(bytes(4096))
        self.begin()
        # The bridge itself reads what a controller can do, once.
        self.system.settle()
        for log in (0x00, 0x05, 0x06, 0x12, 0xC5):
            before = self.double.asked(eid=self.NEW, log=log)
            self.page(log, eid=self.NEW, length=512)
            self.page(log, eid=self.NEW, length=512, retain_events=True)
            self.assertEqual(self.double.asked(eid=self.NEW, log=log, retain=True), 0, hex(log))
            self.assertEqual(self.double.asked(eid=self.NEW, log=log), before + 2)

    def test_a_page_with_an_event_keeps_it(self):
        self.begin()
        self.page(SMART, eid=self.NEW)
        self.ask("GetSmartLog", eid=self.NEW)
        self.assertEqual(self.double.asked(eid=self.NEW, log=SMART), 2)
        self.assertEqual(self.double.asked(eid=self.NEW, log=SMART, retain=False), 0)
        self.page(SMART, eid=self.NEW, retain_events=False)
        self.assertEqual(self.double.asked(eid=self.NEW, log=SMART, retain=False), 1)

    def test_the_same_bytes_by_every_way_of_reading(self):
        smart = bytes([0]) + struct.pack("<H", 310) + bytes([90, 10, 7]) + bytes(506)
        for misbehave in (
            lambda rule: rule.answer(bytes(512)),
            lambda rule: rule.refuse_nvme(NVME_INVALID_FIELD),
        ):
            misbehave(self.double.when(eid=self.OLD, log=SMART, retain=True))
            self.double.when(eid=self.OLD, log=SMART).answer(smart)
            self.begin()
            self.assertEqual(self.page(SMART), smart)
            self.assertEqual(self.page(SMART, retain_events=True), smart)
            self.assertEqual(self.page(SMART, retain_events=False), smart)
            decoded = self.ask("GetSmartLog")
            self.assertEqual((decoded["CompositeTemperature"], decoded["PercentageUsed"]), (37, 7))
            self.stop_daemon()
            self.double.clear()
