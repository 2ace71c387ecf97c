"""Firmware updates as bmcweb does them: StartUpdate, and a task that follows the object that is returned."""

import os

import dbus

from environment import BRIDGE, ENDPOINT, PROPERTIES, ROOT, SIMULATOR, SystemTest
from guests import EventLog
from openbmc import (
    DRIVES, PREFIX, SOFTWARE, UNKNOWN_INTERFACE, properties, redfish_firmware, walk,
)

SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
UPDATE = PREFIX + "Software.Update"
ACTIVATION = PREFIX + "Software.Activation"
PROGRESS = PREFIX + "Software.ActivationProgress"
BLOCKS = PREFIX + "Software.ActivationBlocksTransition"
IMMEDIATE, ON_RESET = (
    f"{PREFIX}Software.ApplyTime.RequestedApplyTimes.{word}" for word in ("Immediate", "OnReset")
)
QUICK = (
    "command-timeout-ms = 600\nfirst-retry-ms = 50\nlast-retry-ms = 200\nhealth-interval-ms = 200\n"
    "job-patience-ms = 1500\nupdate-resets = yes\n"
)


def image(revision, *words, size=64 * 1024):
    """An image for simulated drives: its first line says what becomes of it."""
    line = f"SIMULATED-FIRMWARE {' '.join((revision, *words))}\n".encode()
    return line + os.urandom(size - len(line))


class Task:
    """bmcweb's: what it hears of one object from its reply on."""

    def __init__(self, system, path):
        self.system = system
        self.path = path
        # bmcweb's match comes after the reply; what was told before it has missed.
        self.since = len(system.signals)

    def told(self, interface, name):
        """The values of a property that were told, in their order."""
        return [
            signal.arguments[1][name]
            for signal in self.system.find_signals(
                self.since, path=self.path, interface=PROPERTIES, member="PropertiesChanged"
            )
            if signal.arguments[0] == interface and name in signal.arguments[1]
        ]

    def states(self):
        return [state.rsplit(".")[-1] for state in self.told(ACTIVATION, "Activation")]

    def wait(self):
        """Waits for the end; returns all states."""
        self.system.wait_for(
            lambda: self.states()[-1:] in (["Active"], ["Failed"], ["Invalid"]), "the end of the task"
        )
        return self.states()


class UpdateTest(SystemTest):
    configuration = QUICK

    def setUp(self):
        [name] = (path.rsplit("/")[-1] for path in walk(self.system) if path.startswith(DRIVES + "/"))
        self.name = name
        self.path = f"{SOFTWARE}/{name}"
        self.system.wait_for_property(self.system.endpoint(9), ENDPOINT, "State", "ready")

    def simulate(self, member, signature="", *arguments):
        return self.system.call(
            f"{ROOT}/simulator/drives/1", SIMULATED_DRIVE, member, signature, *arguments,
            destination=SIMULATOR,
        )

    def start(self, content, time=ON_RESET):
        file = os.memfd_create("image")
        try:
            os.write(file, content)
            path = self.system.call(
                self.path, UPDATE, "StartUpdate", "hs", dbus.types.UnixFd(file), time
            )
        finally:
            os.close(file)
        return Task(self.system, str(path))

    def version(self):
        return redfish_firmware(self.system, self.name)["Version"]


class GoodTests(UpdateTest):
    def test_apply_times(self):
        times = properties(self.system, self.path, "Software.Update")["AllowedApplyTimes"]
        self.assertEqual([str(time) for time in times], [IMMEDIATE, ON_RESET])

    def test_r18_applied_with_the_next_reset(self):
        before = self.version()
        task = self.start(image("RESET1"))
        self.assertTrue(task.path.startswith(f"{self.path}_update_"), task.path)
        first = properties(self.system, task.path, "Software.Activation")["Activation"]
        self.assertEqual(first, ACTIVATION + ".Activations.NotReady")
        states = task.wait()
        self.assertEqual(states[-2:], ["Activating", "Active"])
        self.assertNotIn("Failed", states)
        self.assertEqual(self.version(), before)

    def test_applied_at_once(self):
        task = self.start(image("NOW2"), IMMEDIATE)
        self.system.wait_for(lambda: task.told(PROGRESS, "Progress"), "progress")
        self.assertIn(BLOCKS, walk(self.system)[task.path])
        self.assertEqual(task.wait()[-1], "Active")
        self.system.wait_for(lambda: task.told(PROGRESS, "Progress")[-1] == 100, "the whole")
        progress = task.told(PROGRESS, "Progress")
        self.assertEqual(progress, sorted(progress))
        self.system.ask_until(lambda: self.version() == "NOW2", "the new version")
        # What told of the way goes; the object stays, and is no firmware of its own.
        self.system.ask_until(lambda: BLOCKS not in walk(self.system)[task.path], "the end of the way")
        left = walk(self.system)[task.path]
        self.assertNotIn(PROGRESS, left)
        self.assertIn(ACTIVATION, left)
        self.assert_bus_error(
            UNKNOWN_INTERFACE, properties, self.system, task.path, "Software.Version"
        )
        ends = properties(self.system, task.path, "Association.Definitions")["Associations"]
        self.assertEqual(
            [tuple(map(str, end)) for end in ends],
            [("activating", "activated_on", f"{DRIVES}/{self.name}")],
        )


class RefusedTests(UpdateTest):
    def test_what_is_known_to_be_wrong_is_refused_at_once(self):
        jobs = self.system.get(ROOT, BRIDGE + ".Manager1", "Jobs")
        for content in (b"", image("ODD")[:-3]):
            self.assert_bus_error(UPDATE + ".Error.InvalidImage", self.start, content)
        self.assert_bus_error(
            PREFIX + "Common.Error.InvalidArgument", self.start, image("X"), ON_RESET + "OrSo"
        )
        self.assertEqual(self.system.get(ROOT, BRIDGE + ".Manager1", "Jobs"), jobs)

    def test_what_the_drive_finds_to_be_wrong_is_told_late(self):
        before = self.version()
        for word in ("broken", "model=Other_Drive"):
            task = self.start(image("BAD", word, size=4096))
            self.assertEqual(task.wait()[-1], "Failed", word)
        self.assertEqual(self.version(), before)

    def test_one_at_a_time(self):
        self.simulate("SetFault", "sa{sv}", "slow", {"delay-ms": dbus.UInt32(20)})
        task = self.start(image("FIRST"))
        self.assert_bus_error(PREFIX + "Common.Error.Unavailable", self.start, image("SECOND"))
        self.simulate("ClearFaults")
        self.assertEqual(task.wait()[-1], "Active")

    def test_it_is_not_for_everybody(self):
        # This bus lets everybody do everything: the daemon itself must refuse.
        program = (
            "import dbus, os, sys\n"
            "bus = dbus.bus.BusConnection(sys.argv[1])\n"
            "file = os.memfd_create('image')\n"
            "os.write(file, bytes(4096))\n"
            "bus.call_blocking(sys.argv[2], sys.argv[3], sys.argv[4], 'StartUpdate', 'hs',\n"
            "                  (dbus.types.UnixFd(file), sys.argv[5]))\n"
        )
        result = self.system.run(
            "/usr/bin/python3", "-c", program, self.system.address, BRIDGE, self.path, UPDATE, ON_RESET,
            user="nobody", check=False,
        )
        self.assertIn("AccessDenied", result.stderr)
        self.assertIn("it is for root", result.stderr)


class EventTests(UpdateTest):
    """What bmcweb makes Redfish events of."""

    def setUp(self):
        super().setUp()
        self.log = EventLog(self.system)
        self.addCleanup(self.log.stop)

    def expect(self, task, *events, image=None):
        """All that is told of an update: (name, severity)."""
        self.system.ask_until(
            lambda: len(self.log.declared()) >= len(events), f"the events {events}: {self.log.declared()}"
        )
        told = self.log.declared()
        self.assertEqual([(name, severity) for name, severity, _ in told],
                         [(f"{UPDATE}.{name}", severity) for name, severity in events])
        for name, _, data in told:
            self.assertEqual(data["TARGET_NAME"], self.path)
            if name.endswith("ResetRequired"):
                self.assertEqual(data["RESET_TYPE"], PREFIX + "State.Host.Transition." + image)
            else:
                self.assertEqual(data["IMAGE_IDENTIFIER"], task.path)

    def test_one_that_waits_for_a_reset(self):
        task = self.start(image("RESET1", "reset=controller"))
        self.assertEqual(task.wait()[-1], "Active")
        self.expect(
            task,
            ("TargetDetermined", "Informational"), ("TransferringToComponent", "Informational"),
            ("InstallingOnComponent", "Informational"), ("UpdateSuccessful", "Informational"),
            ("ResetRequired", "Warning"),
            image="GracefulWarmReboot",
        )

    def test_one_that_runs_at_once(self):
        task = self.start(image("NOW2"), IMMEDIATE)
        self.assertEqual(task.wait()[-1], "Active")
        self.expect(
            task,
            ("TargetDetermined", "Informational"), ("TransferringToComponent", "Informational"),
            ("InstallingOnComponent", "Informational"), ("UpdateSuccessful", "Informational"),
        )

    def test_an_image_that_the_drive_refuses(self):
        task = self.start(image("BAD", "broken", size=4096))
        self.assertEqual(task.wait()[-1], "Failed")
        self.expect(
            task,
            ("TargetDetermined", "Informational"), ("TransferringToComponent", "Informational"),
            ("InstallingOnComponent", "Informational"), ("VerificationFailed", "Critical"),
        )

    def test_a_drive_that_is_pulled(self):
        self.simulate("SetFault", "sa{sv}", "slow", {"delay-ms": dbus.UInt32(20)})
        task = self.start(image("HALF", size=1 << 20))
        self.system.wait_for(lambda: task.told(PROGRESS, "Progress"), "progress")
        self.simulate("Disconnect")
        self.assertEqual(task.wait()[-1], "Failed")
        self.expect(
            task,
            ("TargetDetermined", "Informational"), ("TransferringToComponent", "Informational"),
            ("TransferFailed", "Critical"),
        )
        self.simulate("Reconnect")
        self.simulate("ClearFaults")

    def test_one_that_is_cancelled_is_nothing_to_be_alarmed_at(self):
        self.simulate("SetFault", "sa{sv}", "slow", {"delay-ms": dbus.UInt32(20)})
        task = self.start(image("HALF", size=1 << 20))
        self.system.wait_for(lambda: task.told(PROGRESS, "Progress"), "progress")
        self.system.call(f"{ROOT}/jobs/{task.path.rpartition('_')[2]}", BRIDGE + ".Job1", "Cancel")
        self.assertEqual(task.wait()[-1], "Failed")
        self.expect(
            task,
            ("TargetDetermined", "Informational"), ("TransferringToComponent", "Informational"),
            ("TransferFailed", "Warning"),
        )
        self.simulate("ClearFaults")


class InterruptedTests(UpdateTest):
    def half_way(self):
        self.simulate("SetFault", "sa{sv}", "slow", {"delay-ms": dbus.UInt32(20)})
        task = self.start(image("HALF", size=1 << 20))
        self.system.wait_for(lambda: task.told(PROGRESS, "Progress"), "progress")
        self.assertEqual(task.states()[-1:], ["Activating"])
        return task

    def test_a_drive_that_is_pulled(self):
        task = self.half_way()
        self.simulate("Disconnect")
        self.assertEqual(task.wait()[-1], "Failed")
        self.simulate("Reconnect")
        self.simulate("ClearFaults")
        self.system.wait_for_property(self.system.endpoint(9), ENDPOINT, "State", "ready")
        self.assertEqual(self.start(image("AFTER", size=4096)).wait()[-1], "Active")

    def test_a_daemon_that_is_told_to_stop(self):
        task = self.half_way()
        self.system.stop_daemon()
        self.assertEqual(task.states()[-1], "Failed")
        self.simulate("ClearFaults")
        self.system.start_daemon(configuration=self.configuration)
        self.system.wait_for_endpoints(1)
        self.assertEqual(self.start(image("AGAIN", size=4096)).wait()[-1], "Active")
