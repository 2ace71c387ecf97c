"""What somebody without any right can do to the bridge, and to others through it.

Calls that are huge, calls without end, calls whose answers nobody reads; a bus that takes nothing from the
bridge; a machine without memory.
"""

import os
import pathlib
import re
import signal
import struct
import subprocess
import tempfile

import dbus

from environment import (
    BRIDGE, BUS_PROGRAM, CHECKOUT, CONTROLLER, ENDPOINT, INTROSPECTABLE, MANAGER, OBJECT_MANAGER, PROPERTIES, ROOT,
    SIMULATOR, SystemTest,
)
from raw_client import ERROR, METHOD_RETURN, NO_REPLY_EXPECTED, RawClient, padded, string, strings

# Users that every system has.
SOMEBODY, ANOTHER = "nobody", "games"

# What the installed unit allows the daemon.
UNIT = CHECKOUT / "dbus" / "nvmemid.service"
MEMORY_MAXIMUM = int(re.search("^MemoryMax=([0-9]+)M$", UNIT.read_text(), re.MULTILINE)[1]) << 20
STOPPING_TIME = int(re.search("^TimeoutStopSec=([0-9]+)$", UNIT.read_text(), re.MULTILINE)[1])

# The largest message that the bus passes on, with its header.
LARGEST = {"dbus-daemon": 32 << 20, "dbus-broker": 64 << 20}[BUS_PROGRAM]
# How many of them one user may have under way.
AT_ONCE = {"dbus-daemon": 10, "dbus-broker": 1}[BUS_PROGRAM]


class HostileCallerTest(SystemTest):
    configuration = "health-interval-ms = 0\n"

    def client(self, user=None):
        client = RawClient(self.system.address, user)
        self.addCleanup(client.close)
        return client

    def assert_served(self, client=None, eid=9):
        """A call is answered that asks a drive."""
        client = client or self.client()
        answer = client.call(self.system.endpoint(eid), ENDPOINT, "GetHealth")
        self.assertEqual(answer.kind, METHOD_RETURN, answer.error)

    def statistics(self):
        return self.system.call(ROOT, MANAGER, "GetStatistics")

    def fault(self, number, *fault):
        """Gives a drive a fault; returns what ends it."""
        drive = f"{ROOT}/simulator/drives/{number}"
        interface = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"

        def simulate(member, *arguments):
            self.system.call(drive, interface, member, *arguments, destination=SIMULATOR)

        simulate("SetFault", "sa{sv}", *fault)
        return lambda: simulate("ClearFaults")


class HugeMessageTests(HostileCallerTest):
    """One string of the largest message is many times what the daemon needs."""

    drives = 246
    starts_daemon = False
    configuration = "health-interval-ms = 0\ntransmission-unit = 64\nsmbus-frequency = 100000\n"

    def setUp(self):
        # To look at all objects at each of thousands of signals takes for ever.
        self.system.bus.remove_match_string("type='signal'")
        self.system.bus.add_match_string("type='signal',sender='org.freedesktop.DBus'")
        self.system.start_daemon(configuration=self.configuration)
        self.system.ask_until(
            lambda: len(self.system.get(ROOT, MANAGER, "Endpoints")) == self.drives, "all drives"
        )
        for path in self.system.get(ROOT, MANAGER, "Endpoints"):
            self.system.ask_until(
                lambda path=path: self.system.get(path, ENDPOINT, "State") == "ready",
                f"{path} to be ready",
            )

    def test_messages_as_large_as_the_bus_passes_on(self):
        endpoint = self.system.endpoint(9)
        text = "x" * (LARGEST - 4096)
        blob = struct.pack("<I", LARGEST - 4096) + bytes(LARGEST - 4096)
        variant = padded(strings(ENDPOINT, "State") + b"\1s\0", 4)
        calls = [
            (endpoint, ENDPOINT, "ConfigGet", "sy", string(text) + b"\1"),
            (endpoint, PROPERTIES, "Get", "ss", strings(text, "State")),
            (endpoint, PROPERTIES, "Get", "ss", strings(ENDPOINT, text)),
            (endpoint, PROPERTIES, "GetAll", "s", string(text)),
            (endpoint, PROPERTIES, "Set", "ssv", variant + string(text)),
            (endpoint, INTROSPECTABLE, "Introspect", "s", string(text)),
            (endpoint, ENDPOINT, "NoSuchMember", "s", string(text)),
            (endpoint, "no.such.Interface", "NoSuchMember", "ay", blob),
            ("/no/such/object", ENDPOINT, "GetHealth", "ay", blob),
            (self.system.controller(9), CONTROLLER, "Identify", "yuay", struct.pack("<B3xI", 1, 0) + blob),
        ]
        before = self.system.daemon.memory("RssAnon")
        while calls:
            waiting = []
            for call in calls[:AT_ONCE]:
                client = self.client(SOMEBODY)
                waiting.append((client, client.send(client.message(*call))))
            for client, serial in waiting:
                self.assertEqual(
                    client.answer(serial).error, "org.freedesktop.DBus.Error.LimitsExceeded"
                )
            calls = calls[AT_ONCE:]
        self.assert_served()
        peak = self.system.daemon.memory("VmHWM")
        print(f"largest resident set beside ten messages of {LARGEST >> 20} MiB: {peak}")
        self.assertLess(peak, MEMORY_MAXIMUM)
        self.assertLess(self.system.daemon.memory("RssAnon") - before, 2 << 20)


class UserLimitTests(HostileCallerTest):
    drives = 2
    # Nothing here ends because its time is up.
    configuration = "command-timeout-ms = 600000\nhealth-interval-ms = 0\ncalls = 128\ncalls-per-user = 100\n"

    def test_one_user_does_not_take_the_calls_of_all(self):
        speak = self.fault(1, "mute", {})
        path = self.system.endpoint(9)
        clients = [self.client(SOMEBODY) for _ in range(14)]
        for client in clients:
            for _ in range(20):
                client.send(client.message(path, ENDPOINT, "GetHealth"))
        for client in clients:
            # Behind them, and answered at once.
            client.call(path, PROPERTIES, "GetAll", "s", string(ENDPOINT))
        open_calls = self.statistics()["OpenCalls"]
        self.assertGreater(open_calls, 0)
        self.assertLessEqual(open_calls, 100)
        self.assert_served(eid=10)
        self.assert_served(self.client(ANOTHER), eid=10)
        speak()


class QueueTests(HostileCallerTest):
    """A drive's queue is everybody's as well."""

    drives = 1
    configuration = "command-timeout-ms = 60000\nhealth-interval-ms = 0\n"

    def test_one_user_does_not_fill_a_drive_s_queue(self):
        back_to_normal = self.fault(1, "slow", {"delay-ms": dbus.UInt32(100)})
        path = self.system.endpoint(9)
        for _ in range(14):
            client = self.client(SOMEBODY)
            for _ in range(16):
                client.send(client.message(path, ENDPOINT, "GetHealth"))
            client.call(path, PROPERTIES, "GetAll", "s", string(ENDPOINT))
        for client in (self.client(), self.client(ANOTHER)):
            self.assert_served(client)
        back_to_normal()


class FloodTests(HostileCallerTest):
    drives = 30

    def processor_time(self):
        """What the daemon has used of the processor, in seconds."""
        fields = pathlib.Path(f"/proc/{self.system.daemon.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_reading_without_wanting_an_answer_costs_nothing(self):
        client = self.client(SOMEBODY)
        before = self.processor_time()
        for _ in range(3000):
            client.send(
                client.message(ROOT, OBJECT_MANAGER, "GetManagedObjects", flags=NO_REPLY_EXPECTED)
            )
        # Behind them.
        client.call(ROOT, PROPERTIES, "Get", "ss", strings(MANAGER, "Version"))
        # To compose them all takes half a minute.
        self.assertLess(self.processor_time() - before, 3)
        self.assert_served()

    def test_a_caller_that_waits_for_answers_goes_before_one_that_floods(self):
        flooders = [self.client(SOMEBODY) for _ in range(4)]
        number = 250
        last = []
        for flooder in flooders:
            for _ in range(number):
                flooder.send(flooder.message(ROOT, OBJECT_MANAGER, "GetManagedObjects"))
            last.append(flooder.serial)
        for _ in range(5):
            self.assert_served(self.client(ANOTHER))
        # Nobody has read the answers, so that most of the calls are yet to be answered, or never are.
        for flooder, serial in zip(flooders, last, strict=True):
            answer = flooder.answer(serial)
            self.assertIn(answer.kind, (METHOD_RETURN, ERROR))


class SilentReaderTests(HostileCallerTest):
    drives = 30

    def test_clients_that_never_read_do_not_make_the_bridge_deaf(self):
        # The bus takes no more from who has 127 MiB under way: these ask for five times as much.
        silent = [self.client(SOMEBODY) for _ in range(4)]
        for client in silent:
            for _ in range(500):
                client.send(client.message(ROOT, OBJECT_MANAGER, "GetManagedObjects"))
        polite = self.client()
        for _ in range(100):
            self.assert_served(polite)
        # All of theirs has been looked at.
        self.system.ask_until(
            lambda: self.statistics()["WaitingCalls"] == 0, "no call to wait for its turn"
        )
        self.assert_served(polite)
        self.assert_served(self.client(ANOTHER))


class StallTests(HostileCallerTest):
    # Whose objects make an answer larger than a socket takes.
    drives = 30

    def tearDown(self):
        self.system.bus_process.send_signal(signal.SIGCONT)
        super().tearDown()

    def stall(self):
        """Has the bus take nothing while answers wait for it."""
        client = self.client()
        self.assert_served(client)
        # While the daemon stands still the bus writes as many calls as fit into its socket.
        self.system.daemon.send_signal(signal.SIGSTOP)
        for _ in range(400):
            client.send(client.message(ROOT, OBJECT_MANAGER, "GetManagedObjects"))
        client.call(
            "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId", destination="org.freedesktop.DBus"
        )
        for pid in self.bus_processes():
            os.kill(pid, signal.SIGSTOP)
        self.system.daemon.send_signal(signal.SIGCONT)

    def bus_processes(self):
        """The processes of the bus: dbus-broker is started by two others."""
        pids = [self.system.bus_process.pid]
        for pid in pids:
            children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
            pids += [int(child) for child in children.split()]
        return pids

    def resume(self):
        for pid in self.bus_processes():
            os.kill(pid, signal.SIGCONT)

    def test_the_daemon_ends_when_the_bus_takes_nothing(self):
        self.stall()
        try:
            self.system.daemon.wait_for_line("the bus has taken nothing for")
            self.assertEqual(self.system.daemon.wait(), 1)
            self.assertTrue(
                any("connection is given up" in line for line in self.system.daemon.output)
            )
        finally:
            self.resume()
        self.assert_another_serves()

    def test_the_daemon_can_be_stopped_while_the_bus_takes_nothing(self):
        self.stall()
        try:
            self.system.daemon.send_signal(signal.SIGTERM)
            # Systemd kills it after that time.
            self.assertIn(self.system.daemon.wait(STOPPING_TIME), (0, 1))
        finally:
            self.resume()
        self.assert_another_serves()

    def assert_another_serves(self):
        """What systemd starts when one has ended."""
        self.system.daemon = None
        self.system.wait_for(lambda: not self.system.owned(BRIDGE), "the name to be free")
        self.system.start_daemon(configuration=self.configuration)
        self.system.wait_for_endpoints(self.drives)
        self.assert_served()


# Says that there is no memory while a file is there.
NO_MEMORY = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

unsigned dbus_watch_handle(void *watch, unsigned flags)
{
    static unsigned (*handle)(void *, unsigned);
    if (!handle) handle = (unsigned (*)(void *, unsigned))dlsym(RTLD_NEXT, "dbus_watch_handle");
    return access(getenv("NO_MEMORY"), F_OK) == 0 ? 0 : handle(watch, flags);
}
"""


class NoMemoryTests(HostileCallerTest):
    starts_daemon = False

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.sign = pathlib.Path(directory.name) / "no-memory"
        library = pathlib.Path(directory.name) / "no_memory.so"
        source = library.with_suffix(".c")
        source.write_text(NO_MEMORY, encoding="ascii")
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        self.system.start_daemon(
            configuration=self.configuration,
            environment={"LD_PRELOAD": str(library), "NO_MEMORY": str(self.sign)},
        )
        self.system.wait_for_endpoints(1)

    def test_a_moment_without_memory_is_outlived(self):
        path = self.system.endpoint(9)
        self.sign.touch()
        call = self.system.start_call(path, ENDPOINT, "GetHealth")
        self.system.daemon.wait_for_line("libdbus has no memory")
        self.sign.unlink()
        self.assertIn("CompositeTemperature", self.system.finish(call))
        self.system.stop_daemon()

    def test_without_memory_the_daemon_ends_and_does_not_spin(self):
        path = self.system.endpoint(9)
        self.sign.touch()
        call = self.system.start_call(path, ENDPOINT, "GetHealth")
        daemon, self.system.daemon = self.system.daemon, None
        self.assertEqual(daemon.wait(), 1)
        text = "\n".join(daemon.output)
        self.assertIn("libdbus has had no memory for", text)
        # One line tells it, one ends it.
        self.assertEqual(text.count("libdbus has no memory"), 1)
        self.system.wait_for(lambda: call.done, "the bus's answer")

