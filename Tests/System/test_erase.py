"""Erase1, self-tests and captures: jobs from their start to their end, what is refused, and what was begun elsewhere."""

import contextlib
import json
import os
import re
import signal
import tempfile

import dbus

from environment import (
    BRIDGE,
    CONTROLLER,
    CONTROLLER_CONTROL,
    ENDPOINT_CONTROL,
    MANAGER,
    NAMESPACE_MANAGEMENT,
    PASSTHRU,
    ROOT,
)
from members import INVALID, NOT_ALLOWED, SERIALS, STANDARD, TYPES, UNSUPPORTED, MemberTest

ERASE = BRIDGE + ".Erase1"
JOB = BRIDGE + ".Job1"
DRIVE = BRIDGE + ".Drive1"
ALL = 0xFFFFFFFF
NOBODY = 0xFFFFFFFF
SANITIZE, SANITIZE_NAMESPACE, FORMAT = "admin 84", "admin 8c", "admin 80"
SELF_TEST = "admin 14"

DRIVES = f"""
[drive]
model = u2
serial-number = {SERIALS[9]}
sanitize-time-ms = 600
self-test-time-ms = 500
format-time-ms = 1500
sanitize-abilities = block-erase, overwrite, no-deallocate-inhibited

[drive]
model = complete
serial-number = {SERIALS[10]}
sanitize-time-ms = 600
self-test-time-ms = 500
extended-self-test-time-ms = 60000
format-time-ms = 500
format-in-background = yes
reset-time-ms = 100

[drive]
model = m2
serial-number = {SERIALS[11]}
"""

# Options are a{sv}: the type of each that the other tests do not know.
TYPES.update({
    "area": dbus.Byte, "acknowledge": dbus.Boolean, "block-size": dbus.UInt64,
    "invert-pattern": dbus.Boolean, "media-verification": dbus.Boolean,
    "metadata-size": dbus.UInt16, "no-deallocate": dbus.Boolean, "passes": dbus.Byte,
    "protection-first": dbus.Boolean, "unrestricted-exit": dbus.Boolean,
})


class EraseTest(MemberTest):
    drives = DRIVES

    def sanitize(self, action, eid=None, **named):
        eid = eid or self.eid
        named.setdefault("serial_number", SERIALS[eid])
        return self.call(self.system.controller(eid), ERASE, "Sanitize", "sa{sv}", action, **named)

    def format(self, nsid, eid=None, **named):
        eid = eid or self.eid
        named.setdefault("serial_number", SERIALS[eid])
        return self.call(self.system.controller(eid), ERASE, "Format", "ua{sv}", nsid, **named)

    def self_test(self, kind, eid=None, **named):
        controller = self.system.controller(eid or self.eid)
        return self.call(controller, CONTROLLER_CONTROL, "SelfTest", "sa{sv}", kind, **named)

    def lose_power(self):
        """The drive loses its power for a moment, and with it its endpoint ID, which mctpd gives it again."""
        self.simulate(self.eid, "Reset")
        self.call(self.path, ENDPOINT_CONTROL, "Recover")

    def ended(self, job, state="done"):
        """Waits until a job has ended, and returns its properties."""
        def over():
            return self.system.get(job, JOB, "State") in ("done", "failed", "cancelled")

        self.system.ask_until(over, f"{job} to end")
        properties = self.system.get_all(job, JOB)
        self.assertEqual(properties["State"], state, properties)
        return properties


class SanitizeTests(EraseTest):
    eid = 10

    def test_a_sanitize_from_its_start_to_its_end(self):
        since = len(self.system.signals)
        before = self.requests(SANITIZE)
        job = self.sanitize("overwrite", passes=3, pattern=0xA5A5A5A5, invert_pattern=True)
        # The reply comes before anything is sent.
        self.assertEqual(self.requests(SANITIZE), before)
        self.assertEqual(self.system.get(job, JOB, "Cancelable"), True)
        self.system.wait_for_property(job, JOB, "State", "running")
        self.assertEqual(self.system.get(job, JOB, "Cancelable"), False)
        error = self.assert_bus_error(NOT_ALLOWED, self.system.call, job, JOB, "Cancel")
        self.assertIn("cannot be cancelled", error.get_dbus_message())
        properties = self.ended(job)
        self.assertEqual(properties["Operation"], "Sanitize")
        self.assertEqual(properties["Progress"], 1)
        self.assertEqual(properties["StartedByUID"], os.getuid())
        result = properties["Result"]
        self.assertEqual(result["SerialNumber"], self.serial)
        self.assertEqual(result["ModelNumber"], "Simulated Complete Drive")
        self.assertEqual((result["Method"], result["Action"]), ("Sanitize", "Overwrite"))
        self.assertEqual(
            result["Parameters"],
            {
                "Passes": 3, "Pattern": 0xA5A5A5A5, "InvertPattern": True,
                "UnrestrictedExit": False, "NoDeallocate": False, "MediaVerification": False,
            },
        )
        self.assertEqual(result["Status"], "Completed")
        # Overwrite, three passes, inverted.
        self.assertEqual(result["CommandDword10"], 0x133)
        self.assertEqual(result["SanitizeStatus"], 0x100 | 3 << 3 | 1)
        self.assertEqual(result["OverwritePasses"], 3)
        self.assertTrue(result["BegunHere"])
        self.assertLessEqual(result["Started"], result["Ended"])
        # A client that has followed it has seen how far it was.
        steps = self.system.find_signals(since, path=job, member="PropertiesChanged")
        progress = [signal.arguments[1].get("Progress") for signal in steps]
        self.assertTrue(any(value and 0 < value < 1 for value in progress), progress)
        self.system.wait_for_signal(since, path=job, interface=JOB, member="Completed")
        self.assertEqual(self.requests(SANITIZE), before + 1)
        self.system.daemon.wait_for_line(
            rf"job ended(?=.*operation=Sanitize)(?=.*serial-number=\"?{self.serial})(?=.*outcome=done)"
        )

    def test_a_sanitize_that_fails_and_what_leaves_it(self):
        self.simulate(self.eid, "FailNextSanitize")
        properties = self.ended(self.sanitize("BlockErase", unrestricted_exit=True), "failed")
        self.assertIn("ExitFailureMode", properties["ErrorMessage"])
        self.assertEqual(properties["Result"]["Status"], "Failed")
        properties = self.ended(self.sanitize("exit-failure-mode"))
        self.assertEqual(properties["Result"]["Action"], "ExitFailureMode")
        self.assertEqual(self.ended(self.sanitize("crypto-erase"))["Result"]["Status"], "Completed")

    def test_a_single_namespace(self):
        self.assertIn("SanitizeNamespace", self.system.get(self.controller, ERASE, "Capabilities"))
        before = self.requests(SANITIZE), self.requests(SANITIZE_NAMESPACE)
        job = self.sanitize("CryptoErase", nsid=1, unrestricted_exit=True)
        self.assertIn(f"{self.path}/namespaces/1", self.system.get(job, JOB, "Objects"))
        result = self.ended(job)["Result"]
        self.assertEqual((result["Namespaces"], result["Status"]), ([1], "Completed"))
        self.assertEqual(result["CommandDword10"], 0xC)
        self.assertTrue(result["NamespaceDataErased"])
        self.assertNotIn("GlobalDataErased", result)
        self.assertEqual(result["Parameters"], {"UnrestrictedExit": True, "MediaVerification": False})
        self.assertEqual(
            (self.requests(SANITIZE), self.requests(SANITIZE_NAMESPACE)), (before[0], before[1] + 1)
        )
        # One that there is not.
        properties = self.ended(self.sanitize("CryptoErase", nsid=77), "failed")
        self.assertIn("Invalid Namespace", properties["ErrorMessage"])

    def test_a_failure_of_a_namespace_is_left_by_itself(self):
        self.simulate(self.eid, "FailNextSanitize")
        self.ended(self.sanitize("CryptoErase", nsid=1, unrestricted_exit=True), "failed")
        self.assertEqual(
            self.ended(self.sanitize("ExitFailureMode", nsid=1))["Result"]["Action"], "ExitFailureMode"
        )

    def test_it_goes_on_over_a_loss_of_power(self):
        job = self.sanitize("CryptoErase")
        self.system.wait_for_property(job, JOB, "Step", "the drive sanitizes: CryptoErase")
        self.lose_power()
        self.assertEqual(self.ended(job)["Result"]["Status"], "Completed")


class ElsewhereTest(EraseTest):
    """Somebody else has begun something that takes long."""

    drives = re.sub(r"(sanitize|format|self-test)-time-ms = .*", r"\1-time-ms = 600000", DRIVES).replace(
        "sanitize-abilities", "format-in-background = yes\nsanitize-abilities"
    )

    def begin(self, eid, opcode, **named):
        """By a raw command, as another program would; found with the next look at the drive."""
        answer = self.call(
            self.system.controller(eid), PASSTHRU, "AdminCommand", "yaya{sv}", opcode,
            dbus.ByteArray(b""), serial_number=SERIALS[eid], **named,
        )
        self.assertEqual(answer["NVMeStatus"], 0)
        self.system.call(ROOT, MANAGER, "Rescan")

    def found(self, eid, operation):
        """Waits for a job that nobody here began, and that is under way."""
        drive = f"{ROOT}/drives/{SERIALS[eid].replace('-', '_')}"

        def job():
            for path in self.system.get(drive, DRIVE, "Jobs"):
                properties = self.system.get_all(path, JOB)
                if properties["Operation"] == operation and properties["State"] == "running":
                    self.assertEqual(properties["StartedByUID"], NOBODY)
                    return path
            return None

        self.system.ask_until(job, f"{operation} to be found")
        return job()


class ElsewhereTests(ElsewhereTest):
    def test_each_is_found_and_again_after_a_restart(self):
        self.begin(9, 0x80, cdw10=1, nsid=1)
        self.begin(10, 0x84, cdw10=2)
        for _ in range(2):
            job = self.found(9, "Format")
            self.assertEqual(self.system.get(job, JOB, "Result")["Namespaces"], [1])
            job = self.found(10, "Sanitize")
            result = self.system.get(job, JOB, "Result")
            self.assertEqual((result["Action"], result["BegunHere"]), ("BlockErase", False))
            # The drive tells ten minutes.
            self.system.ask_until(
                lambda: self.system.get(job, JOB, "ExpectedEndTime") > 0, "an end to be expected"
            )
            self.system.stop_daemon()
            self.system.start_daemon(configuration=self.configuration)
            self.system.wait_for_endpoints(self.expected_endpoints)


class NamespaceElsewhereTests(ElsewhereTest):
    def test_a_namespace_that_somebody_else_sanitizes_is_found(self):
        self.begin(10, 0x8C, cdw10=4, nsid=2)
        for _ in range(2):
            job = self.found(10, "Sanitize")
            result = self.system.get(job, JOB, "Result")
            self.assertEqual((result["Namespaces"], result["BegunHere"]), ([2], False))
            self.system.stop_daemon()
            self.system.start_daemon(configuration=self.configuration)
            self.system.wait_for_endpoints(self.expected_endpoints)


class KilledDaemonTests(ElsewhereTest):
    """The daemon is killed while drives format and sanitize."""

    def test_a_killed_daemon_loses_no_job_of_the_drive_s(self):
        started = {
            (9, "Format"): self.format(1, eid=9),
            (10, "Sanitize"): self.sanitize("CryptoErase", eid=10),
        }
        for job in started.values():
            self.system.ask_until(lambda job=job: self.system.get(job, JOB, "ProgressValid"), f"{job} to begin")
        requests = self.requests(FORMAT, eid=9), self.requests(SANITIZE, eid=10)
        self.system.stop_daemon(signal.SIGKILL)
        self.system.start_daemon(configuration=self.configuration)
        self.system.wait_for_endpoints(self.expected_endpoints)
        for eid, operation in started:
            job = self.found(eid, operation)
            self.assertFalse(self.system.get(job, JOB, "Result")["BegunHere"])
        # They are followed, and not begun once more.
        self.assertEqual((self.requests(FORMAT, eid=9), self.requests(SANITIZE, eid=10)), requests)


class KilledSelfTestTests(ElsewhereTest):
    def test_a_killed_daemon_finds_its_self_test_again(self):
        job = self.self_test("Short", eid=10)
        self.system.wait_for_property(job, JOB, "Step", "the drive tests itself: Short")
        requests = self.requests(SELF_TEST, eid=10)
        self.system.stop_daemon(signal.SIGKILL)
        self.system.start_daemon(configuration=self.configuration)
        self.system.wait_for_endpoints(self.expected_endpoints)
        job = self.found(10, "SelfTest")
        self.assertEqual(self.system.get(job, JOB, "Result")["SelfTest"], "Short")
        self.assertEqual(self.requests(SELF_TEST, eid=10), requests)
        # It is root's to end, though nobody here has begun it.
        self.system.call(job, JOB, "Cancel")
        self.ended(job, "cancelled")


class WrongDriveTests(EraseTest):
    """The wrong drive is never destroyed."""

    def test_the_serial_number_must_be_the_drive_s(self):
        for eid in (9, 10):
            controller = self.system.controller(eid)
            for call in (
                (controller, ERASE, "Sanitize", "sa{sv}", "BlockErase"),
                (controller, ERASE, "Format", "ua{sv}", 1),
                (controller, ERASE, "Format", "ua{sv}", ALL),
            ):
                with self.subTest(call=call[2:]):
                    self.refused(INVALID, [call[2], "serial-number"], *call)
                    for wrong in ("", SERIALS[19 - eid], SERIALS[eid].lower(), SERIALS[eid] + " "):
                        self.refused(NOT_ALLOWED, [SERIALS[eid]], *call, serial_number=wrong)
        self.assertEqual(self.system.get(ROOT, MANAGER, "Jobs"), [])


class SwappedDriveTests(EraseTest):
    """Another drive is behind the address, and nobody has noticed."""

    def test_the_drive_is_asked_again(self):
        path = f"{ROOT}/simulator/drives/1"
        controller = self.system.controller(9)
        swap = {"model": "u2", "serial-number": "NEWCOMER"}
        self.system.call(
            f"{ROOT}/simulator", f"{BRIDGE}.Simulator1", "Swap", "oa{sv}b", dbus.ObjectPath(path),
            dbus.Dictionary(
                {key: dbus.String(value, variant_level=1) for key, value in swap.items()},
                signature="sv",
            ),
            True,
            destination=BRIDGE + ".Simulator",
        )
        for call in (
            (controller, ERASE, "Sanitize", "sa{sv}", "BlockErase"),
            (controller, ERASE, "Format", "ua{sv}", 1),
        ):
            error = self.system.ask_until(lambda call=call: self.refusal(*call), "a refusal")
            self.assertEqual(error.get_dbus_name(), NOT_ALLOWED)
            self.assertIn("NEWCOMER", error.get_dbus_message())

    def refusal(self, *call):
        """What an order for the former drive is refused with; None while the new one, once noticed, is read."""
        with self.assertRaises(dbus.DBusException) as raised:
            self.call(*call, serial_number=SERIALS[9])
        is_being_read = raised.exception.get_dbus_name() == STANDARD + "UnknownObject"
        return None if is_being_read else raised.exception


class RefusalTests(EraseTest):
    def test_wrong_arguments_are_not_sent(self):
        sanitize = (self.controller, ERASE, "Sanitize", "sa{sv}")
        named = {"serial_number": self.serial}
        self.refused(INVALID, ["'shred'", "BlockErase, Overwrite"], *sanitize, "shred", **named)
        self.refused(INVALID, ["passes", "1 to 16"], *sanitize, "Overwrite", passes=17, **named)
        self.refused(INVALID, ["Overwrite"], *sanitize, "BlockErase", passes=2, **named)
        self.refused(INVALID, ["Overwrite"], *sanitize, "BlockErase", pattern=1, **named)
        self.refused(INVALID, ["CryptoErase only"], *sanitize, "BlockErase", nsid=1, **named)
        self.refused(INVALID, ["passes"], *sanitize, "CryptoErase", nsid=1, passes=2, **named)
        self.refused(INVALID, ["no namespace"], *sanitize, "CryptoErase", nsid=ALL, **named)
        self.refused(INVALID, ["nsid"], *sanitize, "CryptoErase", nsid=0, **named)
        erase = (self.controller, ERASE, "Format", "ua{sv}")
        self.refused(INVALID, ["nsid is 0"], *erase, 0, **named)
        self.refused(INVALID, ["'zap'", "UserData"], *erase, 1, secure_erase="zap", **named)
        self.refused(INVALID, ["block-size"], *erase, 1, format=1, block_size=512, **named)
        self.refused(INVALID, ["block-size"], *erase, 1, metadata_size=8, **named)
        test = (self.controller, CONTROLLER_CONTROL, "SelfTest", "sa{sv}")
        self.refused(INVALID, ["'long'", "Extended"], *test, "long")
        self.refused(INVALID, ["no self-test"], *test, "None")
        self.refused(INVALID, ["VendorSpecific"], *test, "Short", parameter=1)

    def test_what_the_drive_says_it_does_not_have_is_not_sent(self):
        named = {"serial_number": self.serial}
        sanitize = (self.controller, ERASE, "Sanitize", "sa{sv}")
        self.refused(
            UNSUPPORTED, ["CryptoErase", "BlockErase, Overwrite", "force"],
            *sanitize, "CryptoErase", **named,
        )
        self.refused(
            UNSUPPORTED, ["Sanitize Namespace", "force"],
            *sanitize, "CryptoErase", nsid=1, **named,
        )
        self.refused(
            UNSUPPORTED, ["NoDeallocateInhibited"], *sanitize, "BlockErase", no_deallocate=True, **named
        )
        self.assertEqual(
            self.system.get(self.controller, ERASE, "Capabilities"),
            ["BlockErase", "Overwrite", "NoDeallocateInhibited", "Format", "FormatCryptoErase"],
        )
        old = self.system.controller(11)
        self.assertEqual(self.system.get(old, ERASE, "Capabilities"), [])
        named = {"serial_number": SERIALS[11]}
        self.refused(UNSUPPORTED, ["Sanitize"], old, ERASE, "Sanitize", "sa{sv}", "BlockErase", **named)
        self.refused(UNSUPPORTED, ["Format"], old, ERASE, "Format", "ua{sv}", 1, **named)
        self.refused(UNSUPPORTED, ["Self-test"], old, CONTROLLER_CONTROL, "SelfTest", "sa{sv}", "Short")
        self.refused(
            UNSUPPORTED, ["HostInitiatedRefresh"],
            self.controller, CONTROLLER_CONTROL, "SelfTest", "sa{sv}", "HostInitiatedRefresh",
        )

    def test_formats_that_a_namespace_does_not_have(self):
        for named, words in (
            ({"format": 9}, ["no LBA format 9", "0 (512 bytes)"]),
            ({"block_size": 520}, ["520", "1 (4096 bytes)"]),
            ({"protection": 1}, ["protection"]),
        ):
            error = self.assert_bus_error(INVALID, self.format, 1, **named)
            for word in words:
                self.assertIn(word, error.get_dbus_message())
        self.assertEqual(self.requests(FORMAT), 0)


class FormatTests(EraseTest):
    def check(self, eid, **named):
        properties = self.ended(self.format(1, eid=eid, **named))
        result = properties["Result"]
        self.assertEqual((result["Method"], result["SerialNumber"]), ("Format", SERIALS[eid]))
        self.assertEqual(result["Namespaces"], [1])
        self.assertEqual(result["NVMeStatus"], 0)
        (after,) = result["NamespacesAfter"]
        self.assertEqual(after["BlocksInUse"], 0)
        return result, after

    def test_a_format_that_is_answered_when_it_is_done(self):
        since = len(self.system.signals)
        result, after = self.check(9, block_size=4096, secure_erase="user-data")
        self.assertEqual((after["Format"], after["BlockSize"]), (1, 4096))
        self.assertEqual(result["Action"], "UserData")
        namespace = f"{self.system.endpoint(9)}/namespaces/1"
        self.system.wait_for_property(namespace, BRIDGE + ".Namespace1", "BlockSize", 4096)
        # It has told how far it was while its command was in progress.
        changes = self.system.find_signals(since, member="PropertiesChanged")
        progress = [
            signal.arguments[1]["Progress"] for signal in changes
            if signal.arguments[0] == JOB and "Progress" in signal.arguments[1]
        ]
        self.assertTrue(any(0 < value < 1 for value in progress), progress)

    def test_a_format_that_goes_on_behind_its_answer(self):
        _, after = self.check(10, format=1, protection=1)
        self.assertEqual((after["MetadataSize"], after["Protection"]), (8, 1))

    def test_one_job_changes_a_drive_at_a_time(self):
        job = self.format(1, eid=9)
        for call in (
            lambda: self.sanitize("BlockErase", eid=9),
            lambda: self.format(1, eid=9),
            lambda: self.self_test("Short", eid=9),
        ):
            error = self.assert_bus_error(NOT_ALLOWED, call)
            self.assertIn("Format", error.get_dbus_message())
        self.ended(job)

    def test_nothing_else_comes_in_the_way_of_a_job(self):
        path, controller, serial = self.system.endpoint(9), self.system.controller(9), SERIALS[9]
        job = self.format(1, eid=9)
        for interface, member, signature, arguments, named in (
            (ENDPOINT_CONTROL, "Reset", "a{sv}", (), {"serial_number": serial}),
            (ENDPOINT_CONTROL, "Shutdown", "sa{sv}", ("normal",), {"serial_number": serial}),
            (NAMESPACE_MANAGEMENT, "Create", "a{sv}", (), {"size": 8}),
            (NAMESPACE_MANAGEMENT, "Delete", "ua{sv}", (1,), {"serial_number": serial}),
            (NAMESPACE_MANAGEMENT, "Attach", "uaq", (1, [0]), {}),
            (NAMESPACE_MANAGEMENT, "Detach", "uaq", (1, [0]), {}),
        ):
            with self.subTest(member=member):
                target = path if interface == ENDPOINT_CONTROL else controller
                error = self.assert_bus_error(
                    NOT_ALLOWED, self.call, target, interface, member, signature, *arguments, **named
                )
                self.assertIn(f"job {job.rsplit('/')[-1]} (Format)", error.get_dbus_message())
        # Raw commands that do more than read are told apart from those that only read.
        empty = dbus.ByteArray(b"")
        for member, signature, *arguments in (
            ("AdminCommand", "yaya{sv}", 0x11, empty), ("AdminCommand", "yaya{sv}", 0xC0, empty),
            ("ManagementCommand", "yuuaya{sv}", 0x07, 0, 0, empty),
        ):
            with self.subTest(member=member, opcode=arguments[0]):
                error = self.assert_bus_error(
                    NOT_ALLOWED, self.call, controller if member[0] == "A" else path, PASSTHRU,
                    member, signature, *arguments, serial_number=serial,
                )
                self.assertIn("'force'", error.get_dbus_message())
        error = self.assert_bus_error(
            NOT_ALLOWED, self.call, controller, BRIDGE + ".Security1", "Send", "yqaya{sv}",
            0xEF, 0, dbus.ByteArray(bytes(512)),
        )
        self.assertIn("Format", error.get_dbus_message())
        answer = self.call(
            path, PASSTHRU, "ManagementCommand", "yuuaya{sv}", 0x01, 0, 0, empty
        )
        self.assertIn("Success", answer["StatusName"])
        answer = self.call(
            controller, PASSTHRU, "AdminCommand", "yaya{sv}", 0xC0, empty, force=True
        )
        self.assertIn("StatusName", answer)
        self.ended(job)


class FormatAllTests(EraseTest):
    """A drive that formats all namespaces, whichever is named."""

    expected_endpoints = 1
    drives = f"""
[drive]
model = complete
serial-number = {SERIALS[9]}
format-time-ms = 300
format-all-namespaces = yes
remove = namespaces
[namespace 1]
size = 1GB
[namespace 2]
size = 1GB
controllers = none
"""

    def test_a_namespace_that_is_not_attached_counts(self):
        error = self.assert_bus_error(UNSUPPORTED, self.format, 1)
        self.assertIn("formats all 2 namespaces", error.get_dbus_message())
        self.assertEqual(self.requests(FORMAT), 0)
        for nsid, named in ((ALL, {}), (1, {"force": True})):
            with self.subTest(nsid=nsid):
                result = self.ended(self.format(nsid, format=0, **named))["Result"]
                self.assertEqual(result["Namespaces"], [1, 2])


class SelfTestTests(EraseTest):
    eid = 10

    def test_one_that_passes(self):
        properties = self.ended(self.self_test("short", nsid=1))
        result = properties["Result"]
        self.assertEqual((result["Outcome"], result["Operation"]), ("Completed", "Short"))
        self.assertEqual(result["NamespaceID"], 1)
        history = self.system.call(self.controller, CONTROLLER, "GetSelfTestLog")
        self.assertEqual(history[0]["Outcome"], "Completed")

    def test_one_that_finds_something(self):
        self.simulate(self.eid, "FailNextSelfTest", "yut", 2, 1, 0x123456789A)
        properties = self.ended(self.self_test("Short"), "failed")
        for word in ("segment 2", "namespace 1", str(0x123456789A), "Unrecovered Read Error"):
            self.assertIn(word, properties["ErrorMessage"])
        result = properties["Result"]
        self.assertEqual((result["Segment"], result["FailingBlock"]), (2, 0x123456789A))

    def test_one_that_is_cancelled(self):
        job = self.self_test("Extended")
        self.system.wait_for_property(job, JOB, "Step", "the drive tests itself: Extended")
        # Minutes are what the drive tells.
        self.assertGreater(self.system.get(job, JOB, "ExpectedEndTime"), 0)
        error = self.assert_bus_error(NOT_ALLOWED, self.self_test, "Short")
        self.assertIn("cancel it", error.get_dbus_message())
        self.system.call(job, JOB, "Cancel")
        properties = self.ended(job, "cancelled")
        self.assertEqual(properties["Result"]["Outcome"], "AbortedByCommand")
        # And by the method that knows no job.
        job = self.self_test("Extended")
        self.system.wait_for_property(job, JOB, "Step", "the drive tests itself: Extended")
        self.assertEqual(self.self_test("Abort"), job)
        self.ended(job, "cancelled")
        self.assert_bus_error(NOT_ALLOWED, self.self_test, "Abort")

    def test_one_that_loses_power(self):
        job = self.self_test("Short")
        self.system.wait_for_property(job, JOB, "State", "running")
        self.system.wait_for_property(job, JOB, "Step", "the drive tests itself: Short")
        self.lose_power()
        properties = self.ended(job, "failed")
        self.assertIn("AbortedByControllerReset", properties["ErrorMessage"])

    def test_one_begun_elsewhere_is_found(self):
        known = set(self.system.get(ROOT, MANAGER, "Jobs"))
        self.call(
            self.controller, PASSTHRU, "AdminCommand", "yaya{sv}", 0x14, dbus.ByteArray(b""), cdw10=2
        )
        self.system.call(ROOT, MANAGER, "Rescan")

        def found():
            return sorted(set(self.system.get(ROOT, MANAGER, "Jobs")) - known)

        self.system.ask_until(found, "the self-test to be found")
        (job,) = found()
        self.assertEqual(self.system.get(job, JOB, "StartedByUID"), NOBODY)
        self.system.call(job, JOB, "Cancel")
        self.ended(job, "cancelled")


class CaptureTest(EraseTest):
    eid = 10

    @contextlib.contextmanager
    def file(self):
        with tempfile.TemporaryFile() as file:
            yield file

    def capture(self, file, eid=None, **named):
        controller = self.system.controller(eid or self.eid)
        return self.call(
            controller, CONTROLLER_CONTROL, "CaptureTelemetry", "ha{sv}",
            dbus.types.UnixFd(file.fileno()), **named,
        )

    @staticmethod
    def data(blocks, changes=0):
        """What the simulated drive has behind the header."""
        return bytes((place // 512 + place + changes) % 256 for place in range(512, 512 * (1 + blocks)))


class CaptureTests(CaptureTest):
    def test_each_log_and_area(self):
        for named, blocks in (
            ({}, 160), ({"area": 1}, 8), ({"area": 3}, 128),
            ({"log": "ControllerTelemetry", "area": 2}, 32),
        ):
            with self.subTest(**named), self.file() as file:
                result = self.ended(self.capture(file, **named))["Result"]
                file.seek(0)
                content = file.read()
                self.assertEqual(result["Bytes"], len(content))
                self.assertEqual(len(content), 512 * (1 + blocks))
                self.assertEqual(content[0], 8 if "log" in named else 7)
                self.assertEqual(content[512:], self.data(blocks))

    def test_persistent_events(self):
        for _ in range(2):
            with self.file() as file:
                result = self.ended(self.capture(file, log="PersistentEvents"))["Result"]
                file.seek(0)
                content = file.read()
                self.assertEqual(result["Bytes"], len(content))
                self.assertEqual(content[0], 0x0D)
                self.assertEqual(int.from_bytes(content[8:16], "little"), len(content))

    def test_one_that_changes_is_read_again(self):
        self.simulate(self.eid, "ChangeTelemetryWhileRead", "u", 2)
        with self.file() as file:
            result = self.ended(self.capture(file, area=1))["Result"]
            file.seek(0)
            content = file.read()
            self.assertGreater(result["Repetitions"], 0)
            self.assertEqual(len(content), 512 * 9)
            self.assertEqual(content[381], result["GenerationNumber"])
            # All of it is of one time.
            changes = (content[512] - 1) % 256
            self.assertEqual(content[512:], self.data(8, changes))

    def test_one_that_never_stays_the_same_and_one_for_a_pipe(self):
        self.addCleanup(self.simulate, self.eid, "ChangeTelemetryWhileRead", "u", 0)
        self.simulate(self.eid, "ChangeTelemetryWhileRead", "u", 1000)
        with self.file() as file:
            properties = self.ended(self.capture(file, area=1), "failed")
            self.assertRegex(properties["ErrorMessage"], "changed while it was read.*generation")
        self.simulate(self.eid, "ChangeTelemetryWhileRead", "u", 1)
        reader, writer = os.pipe()
        with open(reader, "rb"), open(writer, "wb") as file:
            self.ended(self.capture(file, area=1), "failed")

    def test_what_is_refused(self):
        with self.file() as file:
            handle = dbus.types.UnixFd(file.fileno())
            capture = (self.controller, CONTROLLER_CONTROL, "CaptureTelemetry", "ha{sv}", handle)
            self.refused(INVALID, ["'all'", "HostTelemetry"], *capture, log="all")
            self.refused(INVALID, ["area", "1 to 4"], *capture, area=5)
            self.refused(INVALID, ["acknowledge"], *capture, acknowledge=True)
            old = (self.system.controller(11), *capture[1:])
            self.refused(UNSUPPORTED, ["Telemetry"], *old)


class KilledCaptureTests(CaptureTest):
    def test_what_a_killed_daemon_has_not_captured_is_captured_anew(self):
        with self.file() as file:
            self.simulate(self.eid, "SetFault", "sa{sv}", "slow", {"delay-ms": dbus.UInt32(100)})
            job = self.capture(file)
            self.system.ask_until(lambda: self.system.get(job, JOB, "Progress") > 0.05, "a beginning")
            self.system.stop_daemon(signal.SIGKILL)
            self.simulate(self.eid, "ClearFaults")
            part = os.fstat(file.fileno()).st_size
            self.assertLess(part, 512 * 161)
            self.system.start_daemon(configuration=self.configuration)
            self.system.wait_for_endpoints(self.expected_endpoints)
            self.system.settle()
            self.assertEqual(self.system.get(ROOT, MANAGER, "Jobs"), [])
            # Nobody writes to it any more, and nothing of the drive is held by what was not finished.
            self.assertEqual(os.fstat(file.fileno()).st_size, part)
            file.seek(0)
            file.truncate()
            self.ended(self.capture(file))
            file.seek(0)
            self.assertEqual(file.read()[512:], self.data(160))


class CommandTests(EraseTest):
    eid = 9

    def nvmemi(self, *arguments, check=True):
        return self.system.nvmemi(*arguments, check=check)

    def test_erase_writes_a_certificate(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "record")
            wrong = self.nvmemi("erase", "9", "--yes", "--serial-number", "OTHER", check=False)
            self.assertEqual(wrong.returncode, 1)
            self.assertIn(SERIALS[9], wrong.stderr)
            careless = self.nvmemi("erase", "9", "--yes", check=False)
            self.assertEqual(careless.returncode, 2)
            # Nobody is there to type the serial number.
            self.assertEqual(self.nvmemi("erase", "9", check=False).returncode, 2)
            self.assertEqual(self.requests(SANITIZE), 0)
            self.nvmemi(
                "erase", "9", "--yes", "--serial-number", SERIALS[9], "--certificate", path,
                "--operator", "A. Person",
            )
            with open(path + ".json", encoding="utf-8") as file:
                record = json.load(file)
            self.assertEqual(record["MediaInformation"]["SerialNumber"], SERIALS[9])
            details = record["SanitizationDetails"]
            self.assertEqual(
                (details["MethodType"], details["Action"], details["Outcome"]),
                ("Purge", "BlockErase", "Completed"),
            )
            self.assertRegex(details["Ended"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertEqual(record["DriveReport"]["SanitizeStatus"], 0x101)
            self.assertEqual(record["PersonPerformingSanitization"]["Name"], "A. Person")
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for word in ("CERTIFICATE", SERIALS[9], "A. Person", "Purge"):
                self.assertIn(word, text)
            # A record is never written over.
            again = self.nvmemi(
                "erase", "9", "--yes", "--serial-number", SERIALS[9], "--certificate", path,
                check=False,
            )
            self.assertEqual(again.returncode, 1)
            self.assertEqual(self.requests(SANITIZE), 1)

    def test_a_certificate_that_was_not_written_can_be_had_later(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "record")
            erase = ("erase", "10", "--method", "crypto", "--yes", "--serial-number", SERIALS[10])
            self.simulate(10, "FailNextSanitize")
            failed = self.nvmemi(*erase, "--unrestricted-exit", "--certificate", path, check=False)
            self.assertEqual(failed.returncode, 1)
            self.assertIn("No certificate was written", failed.stderr)
            # Nothing is left that would look like one, or be in the way of the next.
            self.assertEqual(os.listdir(directory), [])
            self.nvmemi(
                "erase", "10", "--method", "exit-failure-mode", "--yes", "--serial-number", SERIALS[10]
            )
            job = self.nvmemi(*erase, "--namespace", "1", "--background").stdout.strip()
            self.nvmemi("jobs", "watch", job, "--certificate", path)
            with open(path, encoding="utf-8") as file:
                self.assertIn("OF NAMESPACE 1 ONLY", file.readline())
            with open(path + ".json", encoding="utf-8") as file:
                record = json.load(file)
            self.assertEqual(record["SanitizationDetails"]["Scope"], "Namespace 1 only")
            self.assertEqual(record["DriveReport"]["NamespaceDataErased"], True)
            self.assertEqual(self.nvmemi("jobs", "watch", "999", check=False).returncode, 4)

    def test_format_self_test_and_telemetry(self):
        answer = json.loads(
            self.nvmemi(
                "format", "9", "1", "--block-size", "4096", "--yes", "--serial-number", SERIALS[9],
                "--json",
            ).stdout
        )
        self.assertEqual(answer["NamespacesAfter"][0]["BlockSize"], 4096)
        answer = json.loads(self.nvmemi("self-test", "10", "--json").stdout)
        self.assertEqual(answer["Outcome"], "Completed")
        self.simulate(10, "FailNextSelfTest", "yut", 2, 1, 77)
        failed = self.nvmemi("self-test", "10", check=False)
        self.assertEqual(failed.returncode, 1)
        self.assertIn("logical block 77", failed.stderr)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "telemetry")
            answer = json.loads(self.nvmemi("telemetry", "10", path, "--area", "1", "--json").stdout)
            self.assertEqual(os.path.getsize(path), answer["Bytes"])
        job = self.nvmemi("self-test", "10", "extended", "--background").stdout.strip()
        self.assertTrue(re.fullmatch(ROOT + r"/jobs/\d+", job), job)
        self.nvmemi("self-test", "10", "abort")
        self.ended(job, "cancelled")
