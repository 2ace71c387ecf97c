"""The bus policy that is installed: who may look at drives, who may change them, who is the daemon.

The real policy file on a real bus. First with the daemon behind the name, as it is installed; then with
a program that answers every call, so that a refusal can only be the bus's.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

import dbus

import environment
from environment import (
    BRIDGE,
    CONTROLLER,
    ENDPOINT,
    ENDPOINT_CONTROL,
    INTROSPECTABLE,
    MANAGER,
    MCTPD,
    OBJECT_MANAGER,
    PROGRAMS,
    PROPERTIES,
    ROOT,
    Process,
)
from raw_client import RawClient
from users import as_user

PEER = "org.freedesktop.DBus.Peer"
INTERFACES = environment.CHECKOUT / "dbus" / "interfaces"

ANYONE = ("Manager1", "Drive1", "Endpoint1", "Health1", "Port1", "Controller1", "Namespace1", "Job1")
ADMINISTRATORS = (
    "ManagerControl1",
    "EndpointControl1",
    "ControllerControl1",
    "Firmware1",
    "Erase1",
    "NamespaceManagement1",
    "Security1",
)

READING = [
    (INTROSPECTABLE, "Introspect"),
    (PEER, "Ping"),
    (OBJECT_MANAGER, "GetManagedObjects"),
    (PROPERTIES, "Get"),
    (PROPERTIES, "GetAll"),
] + [(f"{BRIDGE}.{name}", "Anything") for name in ANYONE]
WRITING = [
    (PROPERTIES, "Set"),
    ("xyz.openbmc_project.Software.Update", "StartUpdate"),
] + [(f"{BRIDGE}.{name}", "Anything") for name in ADMINISTRATORS]
# What nobody but root may call: the policy names no interface of these, nor one that comes tomorrow.
ROOT_ONLY = ("Diagnostics1", "Passthru1")
UNNAMED = [(f"{BRIDGE}.{name}", "Anything") for name in ROOT_ONLY] + [
    (f"{BRIDGE}.Tomorrow1", "Anything"),
    ("xyz.openbmc_project.Object.Delete", "Delete"),
]

# What every Debian system has stands in for the users and the group that an installation makes.
DAEMON_USER = "daemon"
ADMINISTRATOR = "games"
SOMEBODY = "nobody"
GROUP = "operator"

# Owns a name, answers every call with nothing, and prints the signals it gets; ends with the bus, as
# its user may be one whose programs we cannot stop. Handed over as text, for that user need not be
# able to read the checkout.
STAND_IN = """
import sys, dbus.bus, dbus.lowlevel, dbus.mainloop.glib
from gi.repository import GLib

def receive(connection, message):
    if isinstance(message, dbus.lowlevel.MethodCallMessage):
        connection.send_message(dbus.lowlevel.MethodReturnMessage(message))
        return dbus.lowlevel.HANDLER_RESULT_HANDLED
    if isinstance(message, dbus.lowlevel.SignalMessage):
        print("signal", message.get_member(), flush=True)
        if message.get_member() == "Disconnected":
            loop.quit()
    return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED

loop = GLib.MainLoop()
bus = dbus.bus.BusConnection(sys.argv[1], mainloop=dbus.mainloop.glib.DBusGMainLoop())
bus.add_message_filter(receive)
bus.add_match_string("type='signal'")
bus.request_name(sys.argv[2])
print("ready", flush=True)
loop.run()
"""


def installed_policy(user):
    """The policy as dbus/install leaves it for a daemon that runs as a user."""
    with tempfile.TemporaryDirectory() as root:
        subprocess.run(
            [environment.CHECKOUT / "dbus" / "install", "--programs", PROGRAMS, "--user", user, root],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "STRIP": ""},
        )
        policy = pathlib.Path(root, "usr/share/dbus-1/system.d", environment.POLICY.name)
        return policy.read_text(encoding="utf-8")


class PolicySystem(environment.System):
    """A bus with the policy for our users, and the stand-in for the daemon on it."""

    daemon_user = DAEMON_USER

    def bus_configuration(self):
        policy = installed_policy(self.daemon_user)
        if 'group="nvme-admin"' not in policy:
            raise AssertionError("the policy has no section for the group nvme-admin")
        policy = policy.replace('group="nvme-admin"', f'group="{GROUP}"')
        copy = self.logs / environment.POLICY.name
        copy.write_text(policy, encoding="utf-8")
        original = str(environment.POLICY)
        # What the fixture adds for its own user, root, is there without it.
        return super().bus_configuration().replace(original, str(copy))

    def start_stand_in(self):
        self.stand_in = environment.Process(
            "stand-in",
            as_user(DAEMON_USER, [sys.executable, "-c", STAND_IN, self.address, BRIDGE]),
            self.logs / "stand-in.log",
        )
        self.stand_in.wait_for_line("ready")

    def attempt(self, user, interface, member, groups=()):
        """Calls a method as a user; returns busctl's complaint, empty when the call came through."""
        call = ["busctl", f"--address={self.address}", "call", BRIDGE, ROOT, interface, member]
        return self.run(*as_user(user, call, groups), check=False).stderr.strip()


    def start_daemon(self, *options, configuration=None, environment=None):
        """Starts the daemon as a user without any right, as the unit does."""
        # Where that user can read it.
        program = shutil.copy(PROGRAMS / "nvmemid", self.directory)
        file = self.directory / "nvmemid.conf"
        file.write_text(configuration or "", encoding="utf-8")
        command = [program, *self.daemon_options(), f"--config={file}", *options]
        self.daemon = Process(
            "nvmemid", as_user(self.daemon_user, command), self.logs / "nvmemid.log", environment
        )
        self.wait_for_name(BRIDGE)


# Makes calls as whoever runs it and prints for each the name of its error, or null. Every call carries an
# argument that no method takes: the daemon refuses it, if the bus lets it through.
CALLER = """
import json, sys, dbus, dbus.bus, dbus.lowlevel

bus = dbus.bus.BusConnection(sys.argv[1])
errors = []
for path, interface, member in json.loads(sys.argv[3]):
    message = dbus.lowlevel.MethodCallMessage(sys.argv[2], path, interface, member)
    message.append(dbus.Struct(["surplus"]))
    try:
        bus.send_message_with_reply_and_block(message, 30)
        errors.append(None)
    except dbus.DBusException as error:
        errors.append(error.get_dbus_name().rsplit(".", 1)[1])
print(json.dumps(errors))
"""


def declared_members(*interfaces):
    """(interface, member) of every method in dbus/interfaces, or of those of some interfaces."""
    names = {f"{BRIDGE}.{interface}" for interface in interfaces}
    return [
        (interface.get("name"), method.get("name"))
        for document in sorted(INTERFACES.glob("*.xml"))
        for interface in xml.etree.ElementTree.parse(document).iter("interface")
        if not names or interface.get("name") in names
        for method in interface.iter("method")
    ]


# Makes one call as whoever runs it: bus, destination, path, interface, member and arguments in JSON, each a
# signature and a value. Prints the text of the error, or nothing.
ATTEMPT = """
import json, sys, dbus, dbus.bus

bus = dbus.bus.BusConnection(sys.argv[1])
arguments = [
    dbus.UInt32(value, variant_level=level) if kind == "u"
    else dbus.Byte(value) if kind == "y"
    else dbus.String(value, variant_level=level)
    for kind, value, level in json.loads(sys.argv[6])
]
try:
    bus.get_object(sys.argv[2], sys.argv[3], introspect=False).get_dbus_method(
        sys.argv[5], sys.argv[4]
    )(*arguments)
except dbus.DBusException as error:
    print(error.get_dbus_message())
"""


class CallingTest(environment.SystemTest):
    """Calls to the daemon by users of every kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # So that there is a job to call.
        nothing = dbus.Dictionary({}, signature="sv")
        control = f"{BRIDGE}.ControllerControl1"
        cls.system.call(cls.system.controller(9), control, "SelfTest", "sa{sv}", "Short", nothing)

    def errors(self, user, members, groups=()):
        """Calls each (interface, member) where it is published; {(interface, member): error}."""
        places = {}
        for path, interfaces in self.system.objects().items():
            for interface in interfaces:
                places.setdefault(interface, path)
        calls = [(places.get(interface, ROOT), interface, member) for interface, member in members]
        command = [sys.executable, "-c", CALLER, self.system.address, BRIDGE, json.dumps(calls)]
        result = self.system.run(*as_user(user, command, groups))
        return dict(zip(members, json.loads(result.stdout), strict=True))

    def assert_all(self, errors, expected):
        self.assertTrue(errors)
        self.assertEqual({call: error for call, error in errors.items() if error != expected}, {})


class DaemonTests(CallingTest):
    """With the policy that is installed."""

    policy = True
    system_type = PolicySystem
    configuration = f"administrators = {GROUP}\n"

    def test_daemon_is_nobody_special(self):
        self.assertNotEqual(self.system.daemon.status_field("Uid"), 0)

    def test_anyone_may_read(self):
        call = ["busctl", f"--address={self.system.address}", "--json=short", "call", BRIDGE]
        for path, interface, member, *arguments in (
            (self.system.endpoint(9), ENDPOINT, "GetHealth"),
            (self.system.endpoint(9), ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", 1),
            (self.system.endpoint(9), PROPERTIES, "Get", "ss", ENDPOINT, "State"),
            (self.system.endpoint(9), PROPERTIES, "GetAll", "s", ENDPOINT),
            (self.system.controller(9), CONTROLLER, "Identify", "yua{sv}", 1, 0, 0),
            (self.system.controller(9), INTROSPECTABLE, "Introspect"),
            (ROOT, OBJECT_MANAGER, "GetManagedObjects"),
        ):
            with self.subTest(member=member):
                command = [*call, path, interface, member, *arguments]
                result = self.system.run(*as_user(SOMEBODY, command))
                self.assertTrue(json.loads(result.stdout)["data"][0])

    def test_every_reading_method_is_open_to_anyone(self):
        self.assert_all(self.errors(SOMEBODY, declared_members(*ANYONE)), "InvalidArgs")

    def test_every_other_method_is_refused(self):
        reading = set(declared_members(*ANYONE))
        others = [member for member in declared_members() if member not in reading]
        others.append((PROPERTIES, "Set"))
        for user in (SOMEBODY, DAEMON_USER):
            self.assert_all(self.errors(user, others), "AccessDenied")

    def test_administrators_may_do_what_the_policy_gives_them(self):
        members = declared_members(*ANYONE, *ADMINISTRATORS)
        allowed = [*members, (PROPERTIES, "Set")]
        self.assert_all(self.errors(ADMINISTRATOR, allowed, [GROUP]), "InvalidArgs")
        others = [member for member in declared_members() if member not in set(members)]
        self.assert_all(self.errors(ADMINISTRATOR, others, [GROUP]), "AccessDenied")
        # Without the group the same user is anyone.
        administration = declared_members(*ADMINISTRATORS)
        self.assert_all(self.errors(ADMINISTRATOR, administration), "AccessDenied")

    def test_administrators_change_a_drive(self):
        path = self.system.endpoint(9)
        command = ["busctl", f"--address={self.system.address}", "call", BRIDGE, path]
        command += [ENDPOINT_CONTROL, "ConfigSet", "syv", "SMBusFrequency", 1, "u", 100000]
        refused = self.system.run(*as_user(SOMEBODY, command), check=False)
        self.assertIn("denied", refused.stderr.lower())
        before = self.system.call(path, ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", 1)
        self.assertNotEqual(before, 100000)
        self.system.run(*as_user(ADMINISTRATOR, command, [GROUP]))
        after = self.system.call(path, ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", 1)
        self.assertEqual(after, 100000)

    def test_root_may_do_everything(self):
        members = [*declared_members(), (PROPERTIES, "Set")]
        self.assert_all(self.errors("root", members), "InvalidArgs")


class OpenBusTests(CallingTest):
    """A bus whose policy lets everybody do everything opens nothing: the daemon asks who it is as well."""

    configuration = f"administrators = {GROUP}\n"

    def attempt(self, user, path, interface, member, *arguments, groups=()):
        """Calls as a user; returns the text of the error, empty when the call was answered.

        An argument is a text, a number for `y`, or (kind, value) for a variant.
        """
        coded = [
            [*argument, 1] if isinstance(argument, tuple)
            else ["y" if isinstance(argument, int) else "s", argument, 0]
            for argument in arguments
        ]
        command = [sys.executable, "-c", ATTEMPT, self.system.address, BRIDGE]
        command += [path, interface, member, json.dumps(coded)]
        return self.system.run(*as_user(user, command, groups)).stdout.strip()

    def test_reading_is_open_to_anyone(self):
        self.assert_all(self.errors(SOMEBODY, declared_members(*ANYONE)), "InvalidArgs")
        path = self.system.endpoint(9)
        self.assertEqual(self.attempt(SOMEBODY, path, ENDPOINT, "GetHealth"), "")
        self.assertEqual(
            self.attempt(SOMEBODY, path, PROPERTIES, "Get", ENDPOINT, "State"), ""
        )

    def test_everything_else_is_refused(self):
        reading = set(declared_members(*ANYONE))
        others = [member for member in declared_members() if member not in reading]
        self.assert_all(self.errors(SOMEBODY, others), "AccessDenied")
        # Another group is none.
        self.assert_all(self.errors(ADMINISTRATOR, others, ["mail"]), "AccessDenied")

    def test_administrators_may_change_drives(self):
        members = declared_members(*ADMINISTRATORS)
        self.assert_all(self.errors(ADMINISTRATOR, members, [GROUP]), "InvalidArgs")
        others = declared_members(*ROOT_ONLY)
        self.assert_all(self.errors(ADMINISTRATOR, others, [GROUP]), "AccessDenied")

    def test_root_may_do_everything(self):
        self.assert_all(self.errors("root", declared_members()), "InvalidArgs")

    def test_properties_have_rights_as_well(self):
        path = self.system.endpoint(9)
        interval = (path, PROPERTIES, "Set", f"{BRIDGE}.Health1", "PollInterval", ("u", 7000))
        level = (ROOT, PROPERTIES, "Set", f"{BRIDGE}.Diagnostics1", "LogLevel", ("s", "debug"))
        complaint = self.attempt(SOMEBODY, *interval)
        self.assertIn("Health1.PollInterval needs the right to write", complaint)
        self.assertIn(f"members of the group {GROUP}", complaint)
        self.assertEqual(self.system.get(path, f"{BRIDGE}.Health1", "PollInterval"), 10000)
        self.assertEqual(self.attempt(ADMINISTRATOR, *interval, groups=[GROUP]), "")
        self.assertEqual(self.system.get(path, f"{BRIDGE}.Health1", "PollInterval"), 7000)
        self.assertIn("for root only", self.attempt(ADMINISTRATOR, *level, groups=[GROUP]))
        self.assertEqual(self.attempt("root", *level), "")

    def test_a_drive_is_changed_by_who_may(self):
        path = self.system.endpoint(9)
        change = (path, ENDPOINT_CONTROL, "ConfigSet", "SMBusFrequency", 1, ("u", 100000))
        before = self.system.call(path, ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", 1)
        self.assertNotEqual(before, 100000)
        self.assertIn("needs the right to write", self.attempt(SOMEBODY, *change))
        after = self.system.call(path, ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", 1)
        self.assertEqual(after, before)
        self.assertEqual(self.attempt(ADMINISTRATOR, *change, groups=[GROUP]), "")
        after = self.system.call(path, ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", 1)
        self.assertEqual(after, 100000)


class ReadingTests(CallingTest):
    """What has a drive do something is not reading, whatever the member is called."""

    configuration = f"administrators = {GROUP}\nhealth-interval-ms = 0\n"

    def log_page(self, user, lid, options, groups=()):
        """GetLogPage as a user; returns busctl's complaint."""
        arguments = [str(len(options))]
        for name, (kind, value) in options.items():
            arguments += [name, kind, str(value)]
        command = ["busctl", f"--address={self.system.address}", "call", BRIDGE]
        command += [self.system.controller(9), CONTROLLER, "GetLogPage", "yua{sv}", str(lid), "4294967295"]
        result = self.system.run(*as_user(user, [*command, *arguments], groups), check=False)
        return result.stderr.strip()

    def test_log_pages_that_do_something_need_the_right(self):
        length = {"length": ("u", 512)}
        for lid, options in (
            (0x07, {"lsp": ("y", 1), **length}),
            (0x0D, {"lsp": ("y", 1), **length}),
            (0x0D, {"lsp": ("y", 2), **length}),
            (0xC5, {"lsp": ("y", 3), **length}),
            (0x02, {"retain-events": ("b", "false")}),
        ):
            with self.subTest(lid=lid, options=options):
                refused = self.log_page(SOMEBODY, lid, options)
                self.assertIn("denied", refused.lower())
                # What the drive makes of it is the drive's.
                allowed = self.log_page(ADMINISTRATOR, lid, options, [GROUP])
                self.assertNotIn("denied", allowed.lower())

    def test_log_pages_that_only_tell_are_open(self):
        self.assertEqual(self.log_page(SOMEBODY, 0x02, {}), "")
        self.assertEqual(self.log_page(SOMEBODY, 0x02, {"retain-events": ("b", "true")}), "")
        # Whether events are retained makes no difference to a page without.
        self.assertEqual(
            self.log_page(SOMEBODY, 0x05, {"retain-events": ("b", "false"), "length": ("u", 4096)}), ""
        )

    def commands(self):
        return self.system.call(self.system.endpoint(9), ENDPOINT, "GetStatistics")["Commands"]

    def rescan(self, client):
        """Has everything looked at again, and waits for the end; returns how many commands that took."""
        before = self.commands()
        self.assertIsNone(client.call(ROOT, MANAGER, "Rescan").error)
        self.system.ask_until(
            lambda: self.system.call(ROOT, MANAGER, "GetStatistics")["OpenExchanges"] == 0,
            "nothing to be under way",
        )
        return self.commands() - before

    def test_anybody_s_rescans_are_few(self):
        root = RawClient(self.system.address)
        somebody = RawClient(self.system.address, SOMEBODY)
        self.addCleanup(root.close)
        self.addCleanup(somebody.close)
        one = max(self.rescan(root) for _ in range(3))
        self.assertGreater(one, 0)
        start = time.monotonic()
        commands = sum(self.rescan(somebody) for _ in range(40))
        # The first, and one more for each five seconds that it took.
        most = 2 + (time.monotonic() - start) / 5
        self.assertLessEqual(commands, most * one)


class PolicyTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.system = PolicySystem("test_policy", policy=True)
        cls.addClassCleanup(cls.system.stop)
        cls.system.start_bus()
        cls.system.start_stand_in()
        cls.addClassCleanup(cls.stop)

    @classmethod
    def stop(cls):
        cls.system.stop()
        cls.system.stand_in.wait()

    def assert_allowed(self, user, calls, groups=()):
        for interface, member in calls:
            with self.subTest(user=user, interface=interface, member=member):
                self.assertEqual(self.system.attempt(user, interface, member, groups), "")

    def assert_refused(self, user, calls, groups=()):
        for interface, member in calls:
            with self.subTest(user=user, interface=interface, member=member):
                complaint = self.system.attempt(user, interface, member, groups)
                self.assertRegex(complaint, "Access denied|AccessDenied|rejected")

    def test_anyone_may_look(self):
        self.assert_allowed(SOMEBODY, READING)

    def test_not_anyone_may_change(self):
        self.assert_refused(SOMEBODY, WRITING + UNNAMED)

    def test_administrators_may_look_and_change(self):
        self.assert_allowed(ADMINISTRATOR, READING + WRITING, groups=[GROUP])

    def test_what_the_policy_does_not_name_is_closed(self):
        self.assert_refused(ADMINISTRATOR, UNNAMED, groups=[GROUP])

    def test_daemon_has_no_right_to_change_drives_through_the_bus(self):
        self.assert_refused(DAEMON_USER, WRITING)

    def test_root_may_do_everything(self):
        self.assert_allowed("root", READING + WRITING + UNNAMED)

    def test_call_without_an_interface_is_refused(self):
        # D-Bus lets a caller leave the interface out; it must not open what the name would close.
        send = (
            "import sys, dbus.bus, dbus.lowlevel\n"
            "bus = dbus.bus.BusConnection(sys.argv[1])\n"
            "message = dbus.lowlevel.MethodCallMessage(sys.argv[2], sys.argv[3], None, 'Sanitize')\n"
            "bus.send_message_with_reply_and_block(message, 10)\n"
        )
        command = [sys.executable, "-c", send, self.system.address, BRIDGE, ROOT]
        result = self.system.run(*as_user(SOMEBODY, command), check=False)
        self.assertIn("AccessDenied", result.stderr)
        self.assertEqual(self.system.run(*as_user("root", command), check=False).stderr, "")

    def test_only_the_daemon_and_root_may_own_the_name(self):
        own = (
            "import sys, dbus.bus\n"
            "bus = dbus.bus.BusConnection(sys.argv[1])\n"
            "bus.request_name(sys.argv[2])\n"
        )
        command = [sys.executable, "-c", own, self.system.address, BRIDGE]
        for user, groups in ((SOMEBODY, ()), (ADMINISTRATOR, (GROUP,))):
            with self.subTest(user=user):
                result = self.system.run(*as_user(user, command, groups), check=False)
                self.assertIn("AccessDenied", result.stderr)
        for user in (DAEMON_USER, "root"):
            with self.subTest(user=user):
                result = self.system.run(*as_user(user, command), check=False)
                self.assertEqual(result.stderr, "")

    def test_signals_of_other_daemons_reach_the_bridge(self):
        # mctpd does not run as root; a deny of all messages would hide its endpoints from us.
        seen = len(self.system.stand_in.output)
        emit = ["busctl", f"--address={self.system.address}", "emit"]
        signal = ["/au/com/codeconstruct/mctp1", f"{MCTPD}.Test", "Changed"]
        self.system.run(*as_user(SOMEBODY, [*emit, *signal]))
        self.system.stand_in.wait_for_line("signal Changed", after=seen)


class CompletenessTests(unittest.TestCase):
    def test_policy_names_every_interface_that_the_daemon_has(self):
        documents = sorted(INTERFACES.glob("*.xml"))
        self.assertTrue(documents, f"no interface descriptions in {INTERFACES}")
        policy = xml.etree.ElementTree.parse(environment.POLICY)
        named = {rule.get("send_interface") for rule in policy.iter("allow")}
        for document in documents:
            for interface in xml.etree.ElementTree.parse(document).iter("interface"):
                name = interface.get("name")
                if name.startswith(BRIDGE + "."):
                    is_open = name.removeprefix(BRIDGE + ".") not in ROOT_ONLY
                    self.assertEqual(name in named, is_open, document.name)

    def test_tests_know_every_interface_that_the_policy_names(self):
        policy = xml.etree.ElementTree.parse(environment.POLICY)
        named = {
            rule.get("send_interface")
            for rule in policy.iter("allow")
            if rule.get("send_destination") == BRIDGE
        } - {None}
        self.assertEqual(named, {interface for interface, _ in READING + WRITING})


if __name__ == "__main__":
    unittest.main()
