"""A client of the bridge that calls without end and judges every reply; one process of the fault suite.

    client.py PLAN SEED

PLAN is a JSON file of what there is and what it must answer (see suite.py). At once, every second, and at
the end, a line of JSON with the counts so far goes to the standard output. SIGTERM ends it when the calls
under way are answered.
"""

import base64
import collections
import json
import os
import random
import signal
import sys
import time

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

BRIDGE = "xyz.openbmc_project.NVMeMI"
ENDPOINT = BRIDGE + ".Endpoint1"
CONTROLLER = BRIDGE + ".Controller1"
PROPERTIES = "org.freedesktop.DBus.Properties"
STANDARD = "org.freedesktop.DBus.Error."
COMMON = "xyz.openbmc_project.Common.Error."
DEVICE = "xyz.openbmc_project.Common.Device.Error."

# How long a call may stay unanswered before it counts as forgotten, in seconds.
PATIENCE = 60

# What a drive's misbehaviour may look like to a caller.
TROUBLE = {
    COMMON + name
    for name in (
        "Timeout", "Unavailable", "TooManyResources", "InvalidArgument", "UnsupportedRequest",
        "NotAllowed",
    )
} | {DEVICE + "ReadFailure", DEVICE + "WriteFailure"}
# What it may look like when the drive has gone, too.
ABSENCE = {STANDARD + name for name in ("UnknownObject", "UnknownMethod", "UnknownInterface")}
# What callers of a drive are told that another caller floods.
FLOOD = {STANDARD + "LimitsExceeded", COMMON + "TooManyResources"}


def octets(value):
    return bytes(value)


def fits(reply, truth):
    """Whether bytes are those of the drive, as far as both go: a drive may cut its answer."""
    length = min(len(reply), len(truth))
    return length > 0 and reply[:length] == truth[:length]


class Question:
    """One thing to ask a drive, and how its answer is judged."""

    def __init__(self, name, on, interface, member, signature="", arguments=(), key=None, skip=0):
        self.name = name
        self.on = on
        self.interface = interface
        self.member = member
        self.signature = signature
        self.arguments = arguments
        # What of the answer is compared; None compares the bytes, but for so many at the beginning.
        self.key = key
        self.skip = skip

    def essence(self, reply):
        if self.key:
            return str(reply[self.key])
        return base64.b64encode(octets(reply)[self.skip:]).decode()

    def agrees(self, reply, truth, is_exact):
        if self.key or is_exact:
            return self.essence(reply) == truth
        data = octets(reply)
        # Of one that is cut before what is compared, nothing can be said.
        return 0 < len(data) <= self.skip or fits(data[self.skip:], base64.b64decode(truth))


def no_options():
    return dbus.Dictionary({}, signature="sv")


QUESTIONS = [
    Question("health", "endpoint", ENDPOINT, "GetHealth", key="CompositeTemperature"),
    Question("subsystem", "endpoint", ENDPOINT, "ReadDataStructure", "yyq", (0, 0, 0)),
    Question("controllers", "endpoint", ENDPOINT, "ReadDataStructure", "yyq", (2, 0, 0)),
    Question("port", "endpoint", ENDPOINT, "ReadDataStructure", "yyq", (1, 1, 0)),
    Question("vpd", "endpoint", ENDPOINT, "VPDRead", "qq", (0, 64)),
    Question("identity", "controller", CONTROLLER, "GetIdentity", key="SerialNumber"),
    Question(
        "identify", "controller", CONTROLLER, "Identify", "yua{sv}", (1, 0, no_options())
    ),
    Question(
        "namespaces", "controller", CONTROLLER, "Identify", "yua{sv}", (2, 0, no_options())
    ),
    Question("smart", "controller", CONTROLLER, "GetSmartLog", key="CompositeTemperature"),
    # Which slot is active is what updates make it.
    Question(
        "firmware", "controller", CONTROLLER, "GetLogPage", "yua{sv}", (3, 0xFFFFFFFF, no_options()), skip=1
    ),
]

# Calls that no drive hears of: expected errors, path below the endpoint, interface, member, arguments.
WRONG_CALLS = [
    ({STANDARD + error for error in errors.split()}, *call)
    for errors, *call in (
        ("InvalidArgs", "", ENDPOINT, "ConfigGet", "ss", ("x", "y")),
        ("InvalidArgs", "", ENDPOINT, "ConfigGet", "sy", ("Nonsense", 1)),
        ("InvalidArgs", "", ENDPOINT, "ReadDataStructure", "s", ("0",)),
        ("InvalidArgs", "", ENDPOINT, "VPDRead", "", ()),
        ("InvalidArgs", "", ENDPOINT, "GetHealth", "aay", ([bytes(20000)] * 3,)),
        ("UnknownMethod", "", ENDPOINT, "GetWealth", "", ()),
        ("UnknownInterface", "", "a.b", "GetHealth", "", ()),
        ("UnknownObject", "/controllers/77", CONTROLLER, "GetIdentity", "", ()),
        ("UnknownObject", "/nonsense", ENDPOINT, "GetHealth", "", ()),
        ("UnknownProperty", "", PROPERTIES, "Get", "ss", (ENDPOINT, "Nonsense")),
        ("PropertyReadOnly", "", PROPERTIES, "Set", "ssv", (ENDPOINT, "State", "ready")),
        ("UnknownInterface", "", PROPERTIES, "GetAll", "s", ("a.b",)),
    )
]


class Client:
    def __init__(self, plan, seed):
        self.plan = plan
        self.random = random.Random(seed)
        dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
        self.bus = dbus.bus.BusConnection(plan["address"])
        self.bus.set_exit_on_disconnect(False)
        self.bus.add_message_filter(self.unexpected)
        self.loop = GLib.MainLoop()
        self.flying = 0
        self.calls = 0
        self.replies = collections.Counter()
        self.latencies = collections.Counter()
        self.violations = []
        self.ending = False

    def unexpected(self, _connection, message):
        """libdbus has handed over the replies that were waited for before this sees them."""
        if isinstance(message, (dbus.lowlevel.MethodReturnMessage, dbus.lowlevel.ErrorMessage)):
            self.violate(f"a reply that nobody waits for: {message}")
        if message.get_member() == "Disconnected":
            self.violate("the bus has closed the connection")
            self.loop.quit()
        return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED

    def violate(self, text):
        if len(self.violations) < 20:
            self.violations.append(text)

    def fill(self):
        while not self.ending and self.flying < self.plan["window"]:
            self.call()

    def call(self):
        drive = self.random.choice(self.plan["drives"])
        question = self.random.choice(QUESTIONS)
        if self.random.random() < 0.02:
            return self.call_wrongly(drive)
        arguments = question.arguments
        if question.signature.endswith("a{sv}") and self.random.random() < 0.3:
            limit = dbus.UInt32(self.random.randint(50, 3000), variant_level=1)
            arguments = (*arguments[:-1], dbus.Dictionary({"timeout-ms": limit}, signature="sv"))
            is_hurried = True
        else:
            is_hurried = False
        path = drive["path"] + ("/controllers/0" if question.on == "controller" else "")
        self.send(
            path, question.interface, question.member, question.signature, arguments,
            lambda reply, began: self.judge(drive, question, reply, began),
            lambda error: self.judge_error(drive, question.name, error, is_hurried),
        )

    def call_wrongly(self, drive):
        def answered(_reply, _began):
            self.violate(f"a call with wrong arguments to {drive['path']} succeeded")

        def refused(error):
            name = error.get_dbus_name()
            if name in expected:
                self.replies["refused"] += 1
            elif name in ABSENCE and drive["kind"] in ("moving", "confused"):
                self.replies[name] += 1
            else:
                self.violate(f"wrong call of {member} of {drive['path']}: {name}: {error}")

        expected, below, interface, member, signature, arguments = self.random.choice(WRONG_CALLS)
        self.send(
            drive["path"] + below, interface, member, signature, arguments, answered, refused
        )

    def send(self, path, interface, member, signature, arguments, answered, refused):
        began = time.monotonic()
        self.calls += 1
        self.flying += 1

        def landed():
            self.flying -= 1
            if self.ending and self.flying == 0:
                self.loop.quit()
            self.fill()

        def succeed(*values):
            answered(values[0] if values else None, began)
            landed()

        def fail(error):
            refused(error)
            landed()

        self.bus.call_async(
            BRIDGE, path, interface, member, signature, arguments, succeed, fail,
            timeout=PATIENCE, byte_arrays=True,
        )

    def judge(self, drive, question, reply, began):
        kind = drive["kind"]
        self.replies["answered"] += 1
        if kind == "healthy":
            self.latencies[bucket(time.monotonic() - began)] += 1
        if kind == "confused":
            return
        truths = [truth[question.name] for truth in drive["truths"]]
        is_exact = kind in ("healthy", "flooded")
        try:
            fine = any(question.agrees(reply, truth, is_exact) for truth in truths)
        except (KeyError, TypeError, IndexError) as error:
            self.violate(f"{question.name} of {drive['path']}: {error!r}")
            return
        if not fine:
            self.violate(
                f"{question.name} of {drive['path']} ({kind}): {question.essence(reply)[:100]} is not"
                f" {' nor '.join(truth[:100] for truth in truths)}"
            )

    def judge_error(self, drive, question, error, is_hurried):
        name = error.get_dbus_name()
        self.replies[name] += 1
        allowed = set()
        if drive["kind"] != "healthy":
            allowed |= FLOOD
        if drive["kind"] not in ("healthy", "flooded"):
            allowed |= TROUBLE
        if is_hurried:
            allowed.add(COMMON + "Timeout")
        # A confused one may be understood to have other controllers, or none.
        if drive["kind"] in ("moving", "confused"):
            allowed |= ABSENCE
        if name not in allowed:
            self.violate(f"{question} of {drive['path']} ({drive['kind']}): {name}: {error}")

    def report(self):
        line = {
            "calls": self.calls,
            "flying": self.flying,
            "replies": self.replies,
            "latencies": self.latencies,
            "violations": self.violations,
        }
        print(json.dumps(line), flush=True)
        return True

    def end(self):
        self.ending = True
        if self.flying == 0:
            self.loop.quit()
        return False

    def run(self):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGTERM, self.end)
        # From now on it can be told to end.
        self.report()
        GLib.timeout_add_seconds(1, self.report)
        GLib.idle_add(self.fill)
        self.loop.run()
        self.report()


def bucket(seconds):
    """The upper edge in microseconds of a bucket of 10 %."""
    edge = 100.0
    while edge < seconds * 1e6:
        edge *= 1.1
    return int(edge)


if __name__ == "__main__":
    os.nice(5)
    with open(sys.argv[1], encoding="utf-8") as file:
        Client(json.load(file), int(sys.argv[2])).run()
