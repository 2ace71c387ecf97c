"""A bus owner that asks by physical address while the bridge holds tags: nothing that answers is removed."""

import functools
import itertools
import pathlib
import platform

import dbus
from environment import Process
from kernel_environment import (
    ENDPOINT,
    ENDPOINT_CONTROL,
    FIRST,
    MANAGER,
    MCTPD,
    PROPERTIES,
    ROOT,
    SIMULATOR,
    KernelSystem,
    KernelTest,
)
from mctp_socket import Socket

MCTPD_PROGRAM = pathlib.Path(__file__).with_name("mctpd.py")
MCTPD_ROOT = "/au/com/codeconstruct/mctp1"
MCTPD_CONTROL = "au.com.codeconstruct.MCTP.Endpoint1"
BUS_OWNER = "au.com.codeconstruct.MCTP.BusOwner1"
DRIVE = "xyz.openbmc_project.NVMeMI.SimulatedDrive1"

# Whether tags belong to a network here, so that a number held of any endpoint is missing to the bus owner.
TAGS_BY_NETWORK = tuple(int(part) for part in platform.release().split(".")[:2]) >= (6, 9)


class OwnedSystem(KernelSystem):
    """A KernelSystem whose mctpd asks the devices over the kernel's sockets.

    `places` are the network and the endpoint id of each drive, in their order.
    """

    places = ((1, FIRST),)

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.mctpd = None

    def simulator_options(self, drives):
        return [option for option in super().simulator_options(drives) if option != "--mctpd"]

    def start_simulator(self, *options, drives=1):
        super().start_simulator(*options, drives=drives)
        devices = [
            f"{interface}:{network}:{endpoint}"
            for interface, (network, endpoint) in zip(
                self.interfaces.values(), self.places, strict=True
            )
        ]
        self.mctpd = Process(
            "mctpd", ["/usr/bin/python3", MCTPD_PROGRAM, self.address, *devices], self.logs / "mctpd.log"
        )
        self.mctpd.wait_for_line("^ready")

    def enumerate(self, endpoint, interface):
        network, _ = self.places[endpoint - FIRST]
        self.prepare(endpoint, interface, network)

    def stop(self):
        complaints = super().stop()
        if self.mctpd:
            self.mctpd.stop()
            self.mctpd = None
        return complaints


class RecoveryTest(KernelTest):
    """`places` as above, one for each drive."""

    places = ((1, FIRST), (1, FIRST + 1))
    drives = 2
    # Nobody asks mctpd but the test.
    configuration = (
        "health-interval-ms = 0\ncommand-timeout-ms = 3000\nfirst-recover-ms = 0\n"
        # More than the serial line carries makes it deaf.
        "transmission-unit = 64\n"
    )

    @classmethod
    def setUpClass(cls):
        cls.system_type = type("OwnedSystem", (OwnedSystem,), {"places": cls.places})
        super().setUpClass()

    def drive(self, number, member, signature="", *arguments):
        """Calls a method of the simulated drive of that number, from 1."""
        path = f"{ROOT}/simulator/drives/{number}"
        return self.system.call(path, DRIVE, member, signature, *arguments, destination=SIMULATOR)

    def setUp(self):
        self.since = len(self.system.signals)
        for number in range(1, self.drives + 1):
            self.addCleanup(self.drive, number, "ClearFaults")

    def path(self, number):
        network, endpoint = self.places[number - 1]
        return self.system.endpoint(endpoint, network)

    def place(self, number):
        """What mctpd calls the endpoint of a drive."""
        network, endpoint = self.places[number - 1]
        return f"{MCTPD_ROOT}/networks/{network}/endpoints/{endpoint}"

    def start(self, number, member="GetHealth", signature="", *arguments):
        return self.system.start_call(self.path(number), ENDPOINT, member, signature, *arguments)

    def recover(self, number, keep=lambda: None):
        """Has mctpd recover an endpoint, keeping calls going; returns when it is available again."""
        since = len(self.system.signals)
        self.system.call(self.place(number), MCTPD_CONTROL, "Recover", destination=MCTPD)
        self.assert_recovered(number, since, keep)

    def assert_recovered(self, number, since, keep=lambda: None):
        def states():
            return [
                signal.arguments[1].get("Connectivity")
                for signal in self.system.find_signals(
                    since, path=self.place(number), interface=PROPERTIES
                )
            ]

        def is_over():
            keep()
            return "Available" in states() or self.removed(since)

        self.system.wait_for(is_over, f"mctpd to be done with drive {number}")
        self.assertEqual(states(), ["Degraded", "Available"])
        self.assertEqual(self.removed(since), [])

    def removed(self, since):
        """What mctpd has removed."""
        return [
            signal.arguments[0]
            for signal in self.system.find_signals(since, member="InterfacesRemoved")
            if signal.arguments[0].startswith(MCTPD_ROOT)
        ]

    def set_up(self, number):
        """Has mctpd set up an endpoint that it has; it must be the same afterwards."""
        network, endpoint = self.places[number - 1]
        interface = list(self.system.interfaces.values())[number - 1]
        found = self.system.call(
            f"{MCTPD_ROOT}/interfaces/{interface}", BUS_OWNER, "SetupEndpoint", "ay", dbus.ByteArray(),
            destination=MCTPD,
        )
        self.assertEqual(found, (endpoint, network, self.place(number), False))

    def assert_numbers_are_free(self):
        """That two tag numbers are not held in network 1, where it matters."""
        if TAGS_BY_NETWORK:
            with Socket() as other:
                for _ in range(2):
                    other.reserve_tag(0)

    def reserved(self):
        return self.system.call(ROOT, MANAGER, "GetStatistics")["ReservedTags"]

    def wait_until_ready(self, number):
        self.system.wait_for_property(self.path(number), ENDPOINT, "State", "ready")


class Callers:
    """Callers that call without end, each the next of `kinds` (functions that start a call) in turn."""

    def __init__(self, system, count, kinds, judge):
        self.system = system
        self.kinds = itertools.cycle(kinds)
        self.judge = judge
        self.calls = [self.next() for _ in range(count)]
        self.answered = 0

    def next(self):
        kind = next(self.kinds)
        return kind, kind()

    def keep(self):
        """Judges the calls that have ended and starts others in their place."""
        for index, (kind, call) in enumerate(self.calls):
            if call.done:
                self.answered += call.error is None
                self.judge(kind, call)
                self.calls[index] = self.next()

    def keep_until(self, count):
        """Goes on until so many more are answered."""
        count += self.answered

        def is_enough():
            self.keep()
            return self.answered >= count

        self.system.wait_for(is_enough, f"{count} answers")

    def finish(self):
        for kind, call in self.calls:
            self.system.wait_for(lambda call=call: call.done, "the last calls")
            self.judge(kind, call)


class MuteDriveTests(RecoveryTest):
    """A drive that answers MCTP control, and nothing else: its tags wait for answers all the time."""

    def setUp(self):
        super().setUp()
        self.drive(1, "SetFault", "sa{sv}", "mute", {})
        calls = [self.start(1) for _ in range(4)]
        self.system.wait_for(lambda: all(call.done for call in calls), "the calls to time out")
        self.assertTrue(all(call.error for call in calls))
        self.assertGreater(self.reserved(), 0)

    def tearDown(self):
        self.drive(1, "ClearFaults")
        self.system.call(self.path(1), ENDPOINT_CONTROL, "Recover")
        self.wait_until_ready(1)

    def test_somebody_else_has_it_recovered(self):
        self.recover(1)

    def test_it_is_recovered_through_the_bridge(self):
        since = len(self.system.signals)
        self.system.call(self.path(1), ENDPOINT_CONTROL, "Recover")
        self.assert_recovered(1, since)

    def test_it_is_set_up_again(self):
        for _ in range(3):
            self.set_up(1)
            self.assert_numbers_are_free()


class LoadTest(RecoveryTest):
    """Callers that read of all drives, some of which may be mute; what is read must be right."""

    mute = ()

    def setUp(self):
        super().setUp()
        # Data structures of different lengths: of the subsystem, of port 0.
        self.expected = {
            (number, kind): self.read(number, kind)
            for number in range(1, self.drives + 1)
            for kind in (0, 1)
            if number not in self.mute
        }
        for number in self.mute:
            self.drive(number, "SetFault", "sa{sv}", "mute", {})

    def start_read(self, number, kind):
        return self.start(number, "ReadDataStructure", "yyq", kind, 0, 0)

    def read(self, number, kind):
        return self.system.finish(self.start_read(number, kind))

    def callers(self, count, numbers=(1, 2)):
        kinds = [
            functools.partial(self.start_read, number, kind) for kind in (0, 1) for number in numbers
        ]

        def judge(read, call):
            number, kind = read.args
            if call.error is None:
                self.assertNotIn(number, self.mute)
                self.assertEqual(call.value, self.expected[number, kind])

        return Callers(self.system, count, kinds, judge)


class TwoNetworksTests(LoadTest):
    """One endpoint id in two networks: up to Linux 6.8 its tags are of one set."""

    places = ((1, FIRST), (2, FIRST))

    def test_answers_are_told_apart_and_nothing_is_removed(self):
        # Each drive answers everything twice, the second time in the middle of the next command.
        for number in (1, 2):
            self.drive(number, "SetFault", "sa{sv}", "twice", {"delay-ms": dbus.UInt32(20)})
        self.assertNotEqual(self.expected[1, 0], self.expected[1, 1])
        callers = self.callers(6)
        callers.keep_until(20)
        for number in (1, 2):
            self.recover(number, callers.keep)
            self.wait_until_ready(number)
            callers.keep_until(20)
            self.set_up(number)
            self.assert_numbers_are_free()
        callers.finish()
        self.assertEqual(self.removed(self.since), [])
        statistics = self.system.call(ROOT, MANAGER, "GetStatistics")
        self.assertGreaterEqual(statistics["LateMessages"], 60)
        self.assertEqual(statistics["UnmatchedMessages"], 0)


class SevenCallersTests(LoadTest):
    """A mute drive, a healthy one, and seven callers, five of whom the mute one lets wait.

    Commands in both slots, the questions after them and a primitive are under way with it, while the
    tags of earlier ones wait for answers.
    """

    mute = (1,)
    configuration = RecoveryTest.configuration.replace(
        "command-timeout-ms = 3000", "command-timeout-ms = 5000"
    )

    def start_primitive(self):
        return self.system.start_call(
            self.path(1), ENDPOINT_CONTROL, "ControlPrimitive", "sq", "GetState", 0
        )

    def test_the_healthy_drive_is_recovered_and_nothing_is_removed(self):
        kinds = [
            functools.partial(self.start_read, 1, 0),
            functools.partial(self.start, 1),
            self.start_primitive,
            functools.partial(self.start_read, 1, 1),
            functools.partial(self.start, 1),
        ]
        errors = []
        mute = Callers(self.system, 5, kinds, lambda kind, call: errors.append(call.error))
        healthy = self.callers(2, numbers=(2,))

        def keep():
            mute.keep()
            healthy.keep()

        # As long as calls are sent to it.
        while len(errors) < 15:
            self.assert_numbers_are_free()
            self.set_up(2)
            keep()
        for _ in range(3):
            self.recover(2, keep)
            self.wait_until_ready(2)
            self.assert_numbers_are_free()
        self.assertTrue(all(errors))
        self.recover(1, keep)
        mute.finish()
        healthy.finish()
        self.assertEqual(self.removed(self.since), [])


if __name__ == "__main__":
    import unittest

    unittest.main()
