"""The clients of the fault suite see what is wrong: a bridge that lies, and a bus that hides nothing."""

import json
import pathlib
import sys
import types
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Faults"))

# pylint: disable=wrong-import-position
import dbus  # noqa: E402
import dbus.lowlevel  # noqa: E402
from client import QUESTIONS  # noqa: E402
from environment import BRIDGE, ROOT, System  # noqa: E402
from suite import Suite  # noqa: E402
from load import Load  # noqa: E402
from outside import COUNTED, Violation  # noqa: E402

PATH = ROOT + "/networks/1/endpoints/9"
SEVENS = bytes([7] * 64)
STANDARD = "org.freedesktop.DBus.Error."
UNAVAILABLE = "xyz.openbmc_project.Common.Error.Unavailable"


class Bridge:
    """Stands in for the bridge: answers calls as it is told to."""

    def __init__(self, connection, answer):
        self.connection = connection
        self.answer = answer
        connection.add_message_filter(self.handle)
        connection.request_name(BRIDGE)

    def handle(self, _connection, message):
        if not isinstance(message, dbus.lowlevel.MethodCallMessage):
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        for reply in self.answer(message):
            self.connection.send_message(reply)
        return dbus.lowlevel.HANDLER_RESULT_HANDLED


def right(message, data=SEVENS):
    """One reply as a drive of this test gives it: every byte is 7, every text is "7"."""
    reply = dbus.lowlevel.MethodReturnMessage(message)
    if message.get_member() in ("GetHealth", "GetIdentity", "GetSmartLog"):
        values = dbus.Dictionary(signature="sv")
        values.update({"CompositeTemperature": dbus.Int16(7), "SerialNumber": "7"})
        reply.append(values, signature="a{sv}")
    else:
        reply.append(dbus.ByteArray(data), signature="ay")
    return reply


def good(message):
    """The right reply, or the right error for a wrong call."""
    wrong = {
        ("ConfigGet", "ss"): "InvalidArgs", ("ConfigGet", "sy"): "InvalidArgs",
        ("ReadDataStructure", "s"): "InvalidArgs", ("VPDRead", ""): "InvalidArgs",
        ("GetHealth", "aay"): "InvalidArgs", ("GetWealth", ""): "UnknownMethod",
        ("Get", "ss"): "UnknownProperty", ("Set", "ssv"): "PropertyReadOnly",
        ("GetAll", "s"): "UnknownInterface",
    }
    error = wrong.get((message.get_member(), message.get_signature()))
    if message.get_interface() == "a.b":
        error = "UnknownInterface"
    if message.get_path().endswith(("/77", "/nonsense")):
        error = "UnknownObject"
    if error is None:
        return right(message)
    return dbus.lowlevel.ErrorMessage(message, STANDARD + error, "no")


def instead(member, other):
    """Good replies but for those to one member, which another function makes."""

    def answer(message):
        reply = good(message)
        is_meant = message.get_member() == member
        if is_meant and isinstance(reply, dbus.lowlevel.MethodReturnMessage):
            reply = other(message)
        return [reply]

    return answer


class JudgeTests(unittest.TestCase):
    """One client of the suite against a bridge that is wrong in one way."""

    def complaints(self, answer, kind="healthy"):
        """What the client says of a bridge, as soon as it says anything or has made many calls."""
        with System(self.id()) as system:
            system.passes_every_reply = True
            system.start_bus()
            truth = {
                question.name: "7" if question.key else question.essence(SEVENS)
                for question in QUESTIONS
            }
            plan = system.logs / "plan.json"
            plan.write_text(
                json.dumps(
                    {
                        "address": system.address,
                        "window": 4,
                        "drives": [{"path": PATH, "kind": kind, "truths": [truth]}],
                    }
                ),
                encoding="utf-8",
            )
            Bridge(system.connect(), answer)
            load = Load(plan, 1)
            try:
                system.wait_for(
                    lambda: load.last["violations"] or load.last["calls"] > 500, "a judgement"
                )
            finally:
                load.kill()
            return load.last["violations"]

    def test_a_good_bridge_is_not_blamed(self):
        self.assertEqual(self.complaints(lambda message: [good(message)]), [])

    def test_a_second_reply(self):
        found = self.complaints(lambda message: [good(message), good(message)])
        self.assertIn("a reply that nobody waits for", found[0])

    def test_a_second_reply_that_is_an_error(self):
        found = self.complaints(
            lambda message: [
                good(message), dbus.lowlevel.ErrorMessage(message, UNAVAILABLE, "late")
            ]
        )
        self.assertIn("a reply that nobody waits for", found[0])

    def test_the_reply_of_another_drive(self):
        answer = instead("Identify", lambda message: right(message, bytes([8] * 64)))
        for kind in ("healthy", "faulty"):
            self.assertIn("is not", self.complaints(answer, kind)[0])

    def test_a_reply_that_is_cut(self):
        answer = instead("VPDRead", lambda message: right(message, SEVENS[:60]))
        self.assertIn("is not", self.complaints(answer)[0])
        self.assertEqual(self.complaints(answer, "faulty"), [])

    def test_errors(self):
        def failing(name):
            return instead(
                "GetHealth", lambda message: dbus.lowlevel.ErrorMessage(message, name, "no")
            )

        self.assertIn(UNAVAILABLE, self.complaints(failing(UNAVAILABLE))[0])
        self.assertEqual(self.complaints(failing(UNAVAILABLE), "faulty"), [])
        for name in (STANDARD + "NoReply", STANDARD + "Failed"):
            self.assertIn(name, self.complaints(failing(name), "faulty")[0])

    def test_wrong_calls_that_succeed(self):
        found = self.complaints(lambda message: [right(message)])
        self.assertIn("wrong arguments", found[0])


class RestTests(unittest.TestCase):
    """What a run is compared with in the end."""

    def suite(self, *timers):
        """A suite that sees so many timers, one number after another, and the last one for good."""
        tested = Suite("rest", 1)
        tested.rest = 1
        numbers = list(timers)

        def sample():
            number = numbers.pop(0) if len(numbers) > 1 else numbers[0]
            return dict.fromkeys(COUNTED, 1) | {"Timers": number}

        tested.sample = sample
        tested.system = types.SimpleNamespace(daemon=types.SimpleNamespace(status=None))
        tested.samples["start"] = dict.fromkeys(COUNTED, 1) | {"Timers": 12}
        return tested

    def test_timer_of_the_start_is_not_counted(self):
        self.assertEqual(self.suite(13, 13, 12).at_rest()["Timers"], 12)

    def test_what_is_under_way_is_not_counted(self):
        self.assertEqual(self.suite(14, 13, 12, 14, 12, 13).at_rest()["Timers"], 12)

    def test_what_comes_back_has_been_given_back(self):
        self.suite(14, 13, 13, 12, 13).check_descriptors()

    def test_what_does_not_come_back_is_told(self):
        tested = self.suite(14, 13)
        tested.patience = 1
        with self.assertRaisesRegex(Violation, r"'Timers': \(12, 13\)"):
            tested.check_descriptors()
