"""OpenBMC's view of the drives, looked at as OpenBMC's daemons look; a test of a rule of theirs is named for it."""

import math
import signal as signals
import time

import dbus

from environment import (
    BRIDGE, CHECKOUT, CONTROLLER, ENDPOINT_CONTROL, INTROSPECTABLE, PROPERTIES, ROOT, SIMULATOR, SystemTest,
)
from guests import EntityManager, EventLog, Mapper, StateManager
from openbmc import (
    CONTROLLERS, DRIVES, MANAGERS, PREFIX, SOFTWARE, STORAGE, TEMPERATURES, TREE, UNKNOWN_INTERFACE,
    associations, properties, redfish_drive, redfish_firmware, redfish_sensor, sub_tree, walk,
)

SIMULATION = ROOT + "/simulator"
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
CHASSIS = "/xyz/openbmc_project/inventory/system/board/Backplane"
QUICK = "command-timeout-ms = 600\nfirst-retry-ms = 50\nlast-retry-ms = 200\nhealth-interval-ms = 100\n"
DRIVE_STATE = PREFIX + "State.Drive.DriveState."


class OpenBMCTest(SystemTest):
    configuration = QUICK + f"chassis = {CHASSIS}\n"

    def simulate(self, member, signature="", *arguments, drive=1):
        return self.system.call(
            f"{SIMULATION}/drives/{drive}", SIMULATED_DRIVE, member, signature, *arguments,
            destination=SIMULATOR,
        )

    def machine(self, member, signature="", *arguments):
        return self.system.call(
            SIMULATION, SIMULATOR + "1", member, signature, *arguments, destination=SIMULATOR
        )

    def names(self):
        """The drives' names, in the order of their endpoints."""
        endpoints = {
            str(drive["Endpoints"][0]): str(drive["Name"])
            for interfaces in self.system.objects().values()
            for interface, drive in interfaces.items()
            if interface == BRIDGE + ".Drive1"
        }
        return [endpoints[path] for path in sorted(endpoints, key=lambda path: int(path.rsplit("/")[-1]))]

    def state(self, name):
        """How a drive is, on all of its objects: (Present, Available, Functional, state, reading)."""
        drive = properties(self.system, f"{DRIVES}/{name}", "")
        sensor = properties(self.system, f"{TEMPERATURES}/{name}", "")
        if drive["Functional"] != sensor["Functional"] or sensor["Available"] > drive["Available"]:
            # Between the two it has become another; that must not last.
            return ()
        reading = sensor["Value"]
        return (
            bool(drive["Present"]), bool(drive["Available"]), bool(drive["Functional"]),
            drive["CurrentDriveState"].removeprefix(DRIVE_STATE),
            None if math.isnan(reading) else int(reading),
        )

    def wait_for_state(self, name, *state):
        self.system.ask_until(lambda: self.state(name) == state, f"{name} to be {state}")


class ViewTests(OpenBMCTest):
    drives = 2

    def test_r01_everything_is_of_one_name(self):
        driver = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        owner = self.system.bus.call_blocking(*driver, "GetNameOwner", "s", (BRIDGE,))
        names = [
            name
            for name in self.system.bus.call_blocking(*driver, "ListNames", "", ())
            if not name.startswith((":", "org.freedesktop"))
            and self.system.bus.call_blocking(*driver, "GetNameOwner", "s", (name,)) == owner
        ]
        self.assertEqual(names, [BRIDGE])

    def test_r02_no_path_is_a_path_of_others(self):
        for path in walk(self.system):
            self.assertNotIn("/board/", path)

    def test_r03_leaves_are_unique(self):
        everything = walk(self.system)
        for interface in (
            "Inventory.Item.Drive", "Inventory.Item.StorageController", "Inventory.Item.Storage",
            "Sensor.Value", "Software.Version",
        ):
            leaves = [
                path.rsplit("/", 1)[1] for path, found in everything.items() if PREFIX + interface in found
            ]
            self.assertTrue(leaves, interface)
            self.assertEqual(len(leaves), len(set(leaves)), interface)

    def test_r04_the_storage_is_number_1(self):
        found = sub_tree(self.system, f"{TREE}/inventory", "Inventory.Item.Storage")
        self.assertEqual(list(found), [STORAGE])

    def test_r05_a_drive_has_all_at_one_path(self):
        for name in self.names():
            found = walk(self.system)[f"{DRIVES}/{name}"]
            for interface in (
                "Inventory.Item", "Inventory.Item.Drive", "Inventory.Decorator.Asset", "State.Drive",
                "Association.Definitions",
            ):
                self.assertIn(PREFIX + interface, found)

    def test_r06_an_empty_name_asks_for_all_properties(self):
        [name, _] = self.names()
        path = f"{DRIVES}/{name}"
        everything = properties(self.system, path, "")
        for interface in walk(self.system)[path]:
            for told in properties(self.system, path, interface.removeprefix(PREFIX)):
                self.assertIn(told, everything)

    def test_r07_what_is_not_there_is_an_unknown_interface(self):
        [name, _] = self.names()
        for interface in ("Inventory.Decorator.Slot", "Inventory.Item.Cpu"):
            with self.assertRaises(dbus.DBusException) as caught:
                properties(self.system, f"{DRIVES}/{name}", interface)
            self.assertEqual(caught.exception.get_dbus_name(), UNKNOWN_INTERFACE)

    def test_r08_r09_r10_bmcweb_shows_the_drives_as_they_are(self):
        found = sub_tree(self.system, f"{TREE}/inventory", "Inventory.Item.Drive")
        self.assertEqual(sorted(found), sorted(f"{DRIVES}/{name}" for name in self.names()))
        for eid, name in zip((9, 10), self.names()):
            identity = self.system.call(
                self.system.controller(eid), CONTROLLER, "GetIdentity"
            )
            self.assertEqual(
                redfish_drive(self.system, f"{DRIVES}/{name}"),
                {
                    "Id": name,
                    "Status": {"State": "Enabled"},
                    "Manufacturer": f"0x{identity['VendorID']:04x}",
                    "Model": identity["ModelNumber"],
                    "PartNumber": "",
                    "SerialNumber": identity["SerialNumber"],
                    "MediaType": "SSD",
                    "Protocol": "NVMe",
                    "CapacityBytes": identity["TotalNVMCapacity"],
                    "PredictedMediaLifeLeftPercent": 99 if eid == 9 else self.left(eid),
                },
            )

    def left(self, eid):
        health = self.system.get_all(self.system.endpoint(eid), BRIDGE + ".Health1")
        return 100 - health["PercentageDriveLifeUsed"]

    def test_r11_every_path_on_the_way_can_be_introspected(self):
        [name, _] = self.names()
        path = f"{TEMPERATURES}/{name}"
        while path:
            path, leaf = path.rsplit("/", 1)
            text = self.system.call(path or "/", INTROSPECTABLE, "Introspect")
            self.assertIn(f'<node name="{leaf}"', text)

    def test_r12_the_bridge_serves_though_none_of_the_others_is_there(self):
        for name in ("xyz.openbmc_project.ObjectMapper", "xyz.openbmc_project.EntityManager"):
            self.assertFalse(self.system.owned(name))
        self.assertEqual(self.state(self.names()[0])[:4], (True, True, True, "Ready"))

    def test_r15_object_managers_are_where_they_are_looked_for(self):
        everything = walk(self.system)
        for manager in MANAGERS:
            below = {path for path in everything if path.startswith(manager + "/")}
            self.assertEqual(set(self.system.objects(manager)), below)
            # There are no metrics unless somebody wants them.
            self.assertTrue(below or manager.endswith("metric"))

    def test_r17_leaves_are_plain_words(self):
        for path in walk(self.system):
            if path.startswith((f"{TREE}/inventory", f"{TREE}/sensors", SOFTWARE)):
                leaf = path.rsplit("/", 1)[1]
                self.assertRegex(leaf, "^[A-Za-z0-9][A-Za-z0-9_]*$")
                self.assertNotEqual(leaf, "bmc")

    def test_r21_presence_and_health_are_told_and_not_left_to_defaults(self):
        for name in self.names():
            told = properties(self.system, f"{DRIVES}/{name}", "")
            self.assertEqual(
                [type(told[word]) for word in ("Present", "Available", "Functional")], [dbus.Boolean] * 3
            )

    def test_associations(self):
        made = associations(self.system)
        names = self.names()
        drives = {f"{DRIVES}/{name}" for name in names}
        self.assertEqual(made[f"{CHASSIS}/drive"], drives)
        self.assertEqual(made[f"{CHASSIS}/storage"], {STORAGE})
        self.assertEqual(made[f"{STORAGE}/drive"], drives)
        self.assertEqual(
            made[f"{STORAGE}/storage_controller"],
            set(sub_tree(self.system, CONTROLLERS, "Inventory.Item.StorageController")),
        )
        for name in names:
            self.assertIn(f"{TEMPERATURES}/{name}", made[f"{DRIVES}/{name}/sensors"])
            self.assertIn(f"{TEMPERATURES}/{name}", made[f"{CHASSIS}/all_sensors"])
            self.assertEqual(made[f"{SOFTWARE}/{name}/running"], {f"{DRIVES}/{name}"})
            self.assertEqual(made[f"{DRIVES}/{name}/ran_on"], {f"{SOFTWARE}/{name}"})

    def test_r19_software_is_a_direct_child_with_its_update(self):
        for name in self.names():
            view = walk(self.system)[f"{SOFTWARE}/{name}"]
            self.assertLessEqual(
                {PREFIX + "Software." + word for word in ("Version", "Activation", "Update")}, set(view)
            )

    def test_r20_the_limit_of_an_image_is_told(self):
        text = (CHECKOUT / "README.md").read_text("utf-8")
        self.assertRegex(text, r"bmcweb takes images of up to 30 MiB")
        self.assertIn("#firmware-image-mib = ", (CHECKOUT / "dbus" / "nvmemid.conf").read_text("utf-8"))

    def test_bmcweb_shows_the_firmware(self):
        for eid, name in zip((9, 10), self.names()):
            identity = self.system.call(self.system.controller(eid), CONTROLLER, "GetIdentity")
            self.assertEqual(
                redfish_firmware(self.system, name),
                {
                    "Id": name,
                    "Version": identity["FirmwareRevision"],
                    "Description": "Other image",
                    "Status": "Enabled",
                },
            )

    def test_an_activation_that_is_requested_is_left_out_of_account(self):
        [name, _] = self.names()
        interface = PREFIX + "Software.Activation"

        def request(word):
            self.system.call(
                f"{SOFTWARE}/{name}", PROPERTIES, "Set", "ssv", interface, "RequestedActivation",
                dbus.String(word, variant_level=0),
            )

        request(interface + ".RequestedActivations.Active")
        told = properties(self.system, f"{SOFTWARE}/{name}", "Software.Activation")
        self.assertEqual(told["Activation"], interface + ".Activations.Active")
        self.assert_bus_error("org.freedesktop.DBus.Error.InvalidArgs", request, "Active")

    def test_what_can_be_written_is_not_for_everybody(self):
        # This bus lets everybody do everything, as OpenBMC's does: the daemon itself must refuse.
        [name, _] = self.names()
        interface = PREFIX + "Software.Activation"
        result = self.system.run(
            "gdbus", "call", f"--address={self.system.address}", f"--dest={BRIDGE}",
            f"--object-path={SOFTWARE}/{name}", f"--method={PROPERTIES}.Set", interface,
            "RequestedActivation", f"<'{interface}.RequestedActivations.None'>",
            user="nobody", check=False,
        )
        self.assertIn("it is for root", result.stderr)


class SensorTests(OpenBMCTest):
    def test_bmcweb_shows_temperature_thresholds_and_alarms(self):
        [name] = self.names()
        path = f"{TEMPERATURES}/{name}"
        identity = self.system.call(self.system.controller(9), CONTROLLER, "GetIdentity")
        warning, critical = (
            identity[f"{word}TemperatureThreshold"] for word in ("Warning", "Critical")
        )
        for celsius, health, alarms in (
            (40, "OK", []),
            (warning, "Warning", ["WarningHighAlarmAsserted"]),
            (critical + 1, "Critical", ["CriticalHighAlarmAsserted"]),
            (critical - 1, "Critical", []),
            (critical - 2, "Warning", ["CriticalHighAlarmDeasserted"]),
            (warning - 10, "OK", ["WarningHighAlarmDeasserted"]),
        ):
            since = len(self.system.signals)
            self.simulate("SetTemperature", "n", celsius)
            self.system.ask_until(
                lambda: redfish_sensor(self.system, path)["Reading"] == celsius, f"{celsius} °C"
            )
            resource = redfish_sensor(self.system, path)
            self.assertEqual(
                resource,
                {
                    "Id": f"temperature_{name}",
                    "Reading": float(celsius),
                    "ReadingUnits": "Cel",
                    "Implementation": "Reported",
                    "Status": {"State": "Enabled", "Health": health},
                    "Thresholds": {"UpperCaution": warning, "UpperCritical": critical},
                },
            )
            for member in alarms:
                told = self.system.wait_for_signal(since, path=path, member=member)
                self.assertEqual(told.arguments, [float(celsius)])

    def set(self, name, member, value, **options):
        threshold = PREFIX + "Sensor.Threshold." + member.removesuffix("High")
        return self.system.call(
            f"{TEMPERATURES}/{name}", PROPERTIES, "Set", "ssv", threshold, member,
            dbus.Double(value, variant_level=1), **options,
        )

    def test_thresholds_that_somebody_wants(self):
        [name] = self.names()
        path = f"{TEMPERATURES}/{name}"
        self.simulate("SetTemperature", "n", 40)
        self.system.ask_until(lambda: redfish_sensor(self.system, path)["Reading"] == 40, "40 °C")
        own = redfish_sensor(self.system, path)["Thresholds"]
        since = len(self.system.signals)
        self.set(name, "WarningHigh", 38.0)
        self.system.wait_for_signal(since, path=path, member="WarningHighAlarmAsserted")
        resource = redfish_sensor(self.system, path)
        self.assertEqual(resource["Thresholds"], {**own, "UpperCaution": 38})
        self.assertEqual(resource["Status"]["Health"], "Warning")
        # It is the one judge of a drive that has it, so that everybody is told the same.
        self.system.wait_for_property(f"{ROOT}/drives/{name}", BRIDGE + ".Drive1", "Health", "warning")
        self.system.daemon.wait_for_line("changed by a caller action=WarningHigh .*celsius=38")
        self.set(name, "WarningHigh", math.nan)
        self.system.wait_for_signal(since, path=path, member="WarningHighAlarmDeasserted")
        self.assertEqual(redfish_sensor(self.system, path)["Thresholds"], own)
        for value in (128.0, -61.0, math.inf):
            error = self.assert_bus_error(
                "org.freedesktop.DBus.Error.InvalidArgs", self.set, name, "CriticalHigh", value
            )
            self.assertIn("from -60 to 127", error.get_dbus_message())
        # This bus lets everybody do everything: the daemon itself must refuse.
        result = self.system.run(
            "gdbus", "call", f"--address={self.system.address}", f"--dest={BRIDGE}",
            f"--object-path={path}", f"--method={PROPERTIES}.Set", PREFIX + "Sensor.Threshold.Critical",
            "CriticalHigh", "<100.0>", user="nobody", check=False,
        )
        self.assertIn("it is for root", result.stderr)
        self.assertEqual(redfish_sensor(self.system, path)["Thresholds"], own)

    def test_spare(self):
        [name] = self.names()
        path = f"{TREE}/sensors/utilization/{name}_available_spare"
        self.system.ask_until(lambda: path in walk(self.system), "the spare")
        resource = redfish_sensor(self.system, path)
        self.assertEqual((resource["Reading"], resource["ReadingUnits"]), (100.0, "%"))

    def test_wear(self):
        [name] = self.names()
        used = self.system.get_all(self.system.endpoint(9), BRIDGE + ".Health1")
        resource = redfish_sensor(self.system, f"{TREE}/sensors/utilization/{name}_percentage_used")
        self.assertEqual(resource["Reading"], used["PercentageDriveLifeUsed"])
        self.assertEqual(resource["ReadingUnits"], "%")


class MetricTests(OpenBMCTest):
    configuration = OpenBMCTest.configuration + "metrics-interval-ms = 200\n"

    def metric(self, name, leaf):
        return properties(self.system, f"{TREE}/metric/drive_{name}/{leaf}", "")

    def test_counters_and_statistics(self):
        [name] = self.names()
        self.system.ask_until(
            lambda: not math.isnan(self.metric(name, "bytes_read")["Value"]), "the counters"
        )
        log = self.system.call(
            self.system.controller(9), CONTROLLER, "GetLog", "sa{sv}", "SMARTHealthInformation",
            dbus.Dictionary({}, signature="sv"),
        )
        for leaf, unit, key, factor in (
            ("bytes_read", "Bytes", "DataUnitsRead", 512_000),
            ("bytes_written", "Bytes", "DataUnitsWritten", 512_000),
            ("power_cycles", "Count", "PowerCycles", 1),
            ("power_on_time", "Seconds", "PowerOnHours", 3600),
            ("unsafe_shutdowns", "Count", "UnsafeShutdowns", 1),
            ("media_errors", "Count", "MediaErrors", 1),
        ):
            told = self.metric(name, leaf)
            self.assertEqual(told["Value"], float(log[key]) * factor, leaf)
            self.assertEqual(told["Unit"], PREFIX + f"Metric.Value.Unit.{unit}")
            self.assertEqual(
                [tuple(map(str, end)) for end in told["Associations"]],
                [("measuring", "measured_by", f"{DRIVES}/{name}")],
            )
        # What the drive has counted stays as it is; what was exchanged with it does not.
        commands = self.metric(name, "commands")["Value"]
        self.system.ask_until(lambda: self.metric(name, "commands")["Value"] > commands, "more commands")
        self.assertEqual(self.metric(name, "integrity_errors")["Value"], 0)
        hours = properties(self.system, f"{DRIVES}/{name}", "State.PowerOnHours")
        self.assertEqual(hours["POHCounter"], log["PowerOnHours"])
        self.assertEqual(
            len([path for path in walk(self.system) if path.startswith(f"{TREE}/metric/drive_")]), 10
        )


MUTE_LOGS = dbus.Dictionary({"category": "admin", "opcode": "0x02"}, signature="sv")


class LyingSensorTests(OpenBMCTest):
    """A drive whose sensor tells what no sensor can."""

    drives = "[drive]\nmodel = u2\nsensors = 36, 900\n"
    expected_endpoints = 1
    configuration = OpenBMCTest.configuration + "metrics-interval-ms = 200\n"

    def test_what_no_sensor_can_measure_is_no_temperature(self):
        [name] = self.names()
        good, wrong = (f"{TEMPERATURES}/{name}_sensor_{number}" for number in (1, 2))
        self.system.ask_until(lambda: wrong in walk(self.system), "the sensors")
        self.system.ask_until(
            lambda: properties(self.system, good, "Sensor.Value")["Value"] == 36, "the good one's value"
        )
        told = properties(self.system, wrong, "")
        self.assertTrue(math.isnan(told["Value"]), told)
        self.assertFalse(told["Available"])


class FurtherTemperatureTests(OpenBMCTest):
    """The sensors that a drive has beside its composite temperature."""

    configuration = OpenBMCTest.configuration + "metrics-interval-ms = 200\n"

    def test_each_is_a_sensor_as_long_as_it_is_read(self):
        [name] = self.names()
        paths = [f"{TEMPERATURES}/{name}_sensor_{number}" for number in (1, 2)]
        self.system.ask_until(lambda: set(paths) <= set(walk(self.system)), "the sensors")
        self.assertEqual(
            sorted(path for path in walk(self.system) if path.startswith(TEMPERATURES + "/")),
            sorted([f"{TEMPERATURES}/{name}", *paths]),
        )
        for path, celsius in zip(paths, (36.0, 41.0)):
            resource = redfish_sensor(self.system, path)
            self.assertEqual((resource["Reading"], resource["ReadingUnits"]), (celsius, "Cel"))
            self.assertTrue(properties(self.system, path, "State.Decorator.Availability")["Available"])
            ends = properties(self.system, path, "Association.Definitions")["Associations"]
            self.assertIn(
                ("inventory", "sensors", f"{DRIVES}/{name}"), [tuple(map(str, end)) for end in ends]
            )
        # A log that does not come any more is no temperature, though the drive is polled as before.
        self.simulate("SetFault", "sa{sv}", "mute", MUTE_LOGS)
        self.system.ask_until(
            lambda: math.isnan(properties(self.system, paths[0], "Sensor.Value")["Value"]), "no value"
        )
        self.assertFalse(properties(self.system, paths[0], "State.Decorator.Availability")["Available"])
        self.simulate("ClearFaults")
        self.system.ask_until(
            lambda: properties(self.system, paths[0], "Sensor.Value")["Value"] == 36, "a value again"
        )


class NoMetricTests(OpenBMCTest):
    def test_nobody_asks_for_what_is_not_shown(self):
        [name] = self.names()
        self.assertEqual(
            [path for path in walk(self.system) if path.startswith(f"{TREE}/metric/")], []
        )
        self.assertNotIn("POHCounter", properties(self.system, f"{DRIVES}/{name}", ""))
        self.system.wait_for_property(self.system.endpoint(9), BRIDGE + ".Endpoint1", "State", "ready")

        def requests(word):
            return int(self.simulate("GetStatistics")["Requests"].get(word, 0))

        polls, logs = requests("mi 01"), requests("admin 02")
        self.system.ask_until(lambda: requests("mi 01") >= polls + 5, "more polls")
        self.assertEqual(requests("admin 02"), logs)


class StateTests(OpenBMCTest):
    """Working, asleep, not ready, failed and gone are told apart on every object of a drive."""

    def working(self):
        [name] = self.names()
        self.system.ask_until(
            lambda: self.state(name)[:4] == (True, True, True, "Ready")
            and self.state(name)[4:] not in ((), (None,)),
            "a drive that works",
        )
        return name

    def test_no_transition_unless_the_configuration_lets_it(self):
        name = self.working()
        told = properties(self.system, f"{DRIVES}/{name}", "")
        self.assertEqual(
            told["RequestedDriveTransition"], PREFIX + "State.Drive.Transition.NotSupported"
        )
        self.assertFalse(told["Resettable"])
        self.assert_bus_error(
            PREFIX + "Common.Error.NotAllowed", self.system.call, f"{DRIVES}/{name}", PROPERTIES, "Set", "ssv",
            PREFIX + "State.Drive", "RequestedDriveTransition",
            dbus.String(PREFIX + "State.Drive.Transition.HardReboot", variant_level=1),
        )

    def test_asleep(self):
        name = self.working()
        self.simulate("Disconnect")
        self.wait_for_state(name, True, False, True, "Offline", None)
        self.simulate("Reconnect")
        self.working()

    def test_failed(self):
        name = self.working()
        self.simulate("SetFault", "sa{sv}", "mute", {})
        self.wait_for_state(name, True, True, False, "Unknown", None)
        self.simulate("ClearFaults")
        self.working()

    def test_what_is_not_polled_has_no_number(self):
        name = self.working()
        self.system.call(self.system.endpoint(9), ENDPOINT_CONTROL, "PauseHealthPolling")
        path = f"{TEMPERATURES}/{name}"
        self.system.ask_until(
            lambda: redfish_sensor(self.system, path)["Reading"] is None, "no reading"
        )
        resource = redfish_sensor(self.system, path)
        self.assertEqual(resource["Status"], {"State": "UnavailableOffline", "Health": "OK"})
        # The drive itself has nothing.
        drive = properties(self.system, f"{DRIVES}/{name}", "")
        self.assertTrue(drive["Available"] and drive["Functional"])
        self.system.call(self.system.endpoint(9), ENDPOINT_CONTROL, "ResumeHealthPolling")
        self.working()

    def test_an_alarm_ends_with_the_measuring(self):
        name = self.working()
        path = f"{TEMPERATURES}/{name}"
        self.simulate("SetTemperature", "n", 120)
        self.system.ask_until(
            lambda: redfish_sensor(self.system, path)["Status"]["Health"] == "Critical", "an alarm"
        )
        self.simulate("Disconnect")
        self.system.ask_until(
            lambda: redfish_sensor(self.system, path)["Status"]
            == {"State": "UnavailableOffline", "Health": "OK"},
            "no alarm of a drive that is off",
        )
        self.simulate("SetTemperature", "n", 35)
        self.simulate("Reconnect")
        self.working()

    def test_r13_r16_gone_and_back_at_the_same_paths(self):
        name = self.working()
        mine = {path for path in walk(self.system) if name in path and path.startswith(TREE + "/")}
        since = len(self.system.signals)
        self.machine("Pull", "o", f"{SIMULATION}/drives/1")
        self.system.ask_until(
            lambda: not any(name in path for path in walk(self.system)), "its objects to vanish"
        )
        # R13: all interfaces are named, so that the mapper forgets all.
        removed = self.system.wait_for_signal(
            since, member="InterfacesRemoved", path=f"{TREE}/inventory"
        )
        self.assertEqual(removed.arguments[0].rsplit("/", 1)[0].rsplit("/", 1)[0], f"{TREE}/inventory/system")
        serial = {"serial-number": name, "model": "u2", "eid": "9"}
        self.machine("Plug", "a{sv}", dbus.Dictionary(serial, signature="sv"))
        self.system.wait_for_endpoints(1)
        self.working()
        self.assertEqual(
            {path for path in walk(self.system) if name in path and path.startswith(TREE + "/")}, mine
        )
        # And all properties are there from the first moment, associations among them.
        added = [
            told.arguments
            for told in self.system.find_signals(since, member="InterfacesAdded")
            if told.arguments[0] == f"{DRIVES}/{name}"
        ]
        self.assertTrue(any(PREFIX + "Association.Definitions" in body[1] for body in added))

    def test_r14_what_is_there_at_the_start_is_there_before_the_name(self):
        self.working()
        self.system.stop_daemon()
        since = len(self.system.signals)
        self.system.start_daemon(configuration=self.configuration)
        self.system.wait_for_endpoints(1)
        name = self.working()

        def told():
            return [
                "name" if signal.member == "NameOwnerChanged" else signal.arguments[0]
                for signal in self.system.signals[since:]
                if signal.member == "InterfacesAdded"
                or signal.member == "NameOwnerChanged" and signal.arguments[0] == BRIDGE
                and signal.arguments[2]
            ]

        self.system.wait_for(lambda: f"{DRIVES}/{name}" in told(), "the signal of the drive")
        for path in (STORAGE, f"{ROOT}/networks/1/endpoints/9"):
            self.assertLess(told().index(path), told().index("name"))


class ResetTests(OpenBMCTest):
    """Loses its endpoint ID with the reset, and gets it again when mctpd is asked to recover it."""

    configuration = QUICK + "recover-after-ms = 500\n"

    def test_a_drive_that_resets_has_not_failed(self):
        [name] = self.names()
        serial = self.system.get_all(self.system.controller(9), CONTROLLER)["SerialNumber"]
        conditions = set()
        self.system.call(
            self.system.endpoint(9), ENDPOINT_CONTROL, "Reset", "a{sv}",
            dbus.Dictionary({"serial-number": serial}, signature="sv"),
        )

        def is_ready():
            condition = self.state(name)[1:4]
            conditions.add(condition)
            return condition == (True, True, "Ready")

        self.system.ask_until(is_ready, "a drive that works again")
        # It was not ready, or out of mctpd's reach, and never said to have failed.
        self.assertFalse([condition for condition in conditions if condition[1:2] == (False,)], conditions)


class HostPowerTests(OpenBMCTest):
    """The state managers tell whether the host has power, which the drives share."""

    def test_a_drive_that_sleeps_with_its_host(self):
        [name] = self.names()
        self.wait_for_word(name, "Ready")
        chassis = StateManager(self.system, "Chassis", "On")
        self.addCleanup(chassis.stop)
        self.system.daemon.wait_for_line("the host is on")
        self.simulate("SetFault", "sa{sv}", "mute", {})
        self.wait_for_state(name, True, True, False, "Unknown", None)
        chassis.turn("TransitioningToOff")
        chassis.turn("Off")
        self.wait_for_state(name, True, False, True, "Offline", None)
        # It wakes with the host, and is looked at then; some tell only that there is something new.
        self.simulate("ClearFaults")
        chassis.leave_out()
        chassis.turn("On")
        self.wait_for_word(name, "Ready")

    def test_the_host_counts_while_its_chassis_has_power(self):
        [name] = self.names()
        self.wait_for_word(name, "Ready")
        chassis, host = StateManager(self.system, "Chassis", "On"), StateManager(self.system, "Host", "Off")
        self.addCleanup(chassis.stop)
        self.addCleanup(host.stop)
        self.system.daemon.wait_for_line("the host is off")
        # What answers is as it says, whatever others say of the host.
        self.assertEqual(self.state(name)[3], "Ready")
        self.simulate("SetFault", "sa{sv}", "mute", {})
        self.wait_for_state(name, True, False, True, "Offline", None)
        # Who leaves tells nothing any more.
        host.stop()
        self.wait_for_state(name, True, True, False, "Unknown", None)
        self.simulate("ClearFaults")
        self.wait_for_word(name, "Ready")

    def wait_for_word(self, name, word):
        self.system.ask_until(lambda: self.state(name)[3:4] == (word,), f"{name} to be {word}")


class PlaceTest(OpenBMCTest):
    """Somebody says where the drives are."""

    drives = 3
    expected_endpoints = 3

    def locations(self):
        return [
            str(self.system.get(f"{ROOT}/drives/{name}", BRIDGE + ".Drive1", "Location"))
            for name in self.names()
        ]

    def codes(self):
        """What OpenBMC's daemons are told: the code, None where there is none."""
        view = walk(self.system)
        decorator = "Inventory.Decorator.LocationCode"
        return [
            str(properties(self.system, path, decorator)["LocationCode"])
            if PREFIX + decorator in view[path] else None
            for path in (f"{DRIVES}/{name}" for name in self.names())
        ]

    def slots(self):
        return [
            properties(self.system, f"{DRIVES}/{name}", "").get("SlotNumber") for name in self.names()
        ]

    def configure(self, places):
        """Has the daemon read another table."""
        file = self.system.logs / "nvmemid.conf"
        file.write_text(self.configuration.partition("[place]")[0] + places, "utf-8")
        self.system.daemon.send_signal(signals.SIGHUP)


class PlaceTests(PlaceTest):
    """The configuration says where the drives are."""

    configuration = OpenBMCTest.configuration + """
[place]
network = 1
eid = 9-10
name = Bay 09
slot = 8
[place]
eid = 8-254
network = 2
name = Elsewhere 1
"""

    def test_the_place_is_told_and_changes_with_the_configuration(self):
        self.assertEqual(self.slots(), [8, 9, None])
        self.assertEqual(self.locations(), ["Bay 09", "Bay 10", ""])
        self.assertEqual(self.codes(), ["Bay 09", "Bay 10", None])
        self.simulate("SetFault", "sa{sv}", "mute", {}, drive=2)
        self.system.daemon.wait_for_line("unavailable.*Bay 10")
        self.simulate("ClearFaults", drive=2)
        self.configure("[place]\neid = 11\nname = Front\n")
        self.system.ask_until(lambda: self.locations() == ["", "", "Front"], "the new places")
        self.system.ask_until(lambda: self.codes() == [None, None, "Front"], "the new places")


class EventTest(OpenBMCTest):
    """Where there is an event log."""

    drives = 2
    expected_endpoints = 2
    # Time enough for every answer on a busy machine: a drive that is late would be one more event.
    configuration = OpenBMCTest.configuration.replace("ms = 600", "ms = 4000") + "mctpd-grace-ms = 500\n[place]\neid = 9-10\nname = Bay 1\n"

    def setUp(self):
        self.log = EventLog(self.system)
        self.addCleanup(self.log.stop)
        self.seen = 0

    def expect(self, *entries):
        """The next entries: (message, arguments, severity)."""
        def are_there():
            return len(self.log.entries()) >= self.seen + len(entries)

        self.system.ask_until(are_there, f"the entries {entries}")
        found = self.log.entries()[self.seen:]
        self.assertEqual([entry[:3] for entry in found], list(entries), found)
        self.seen += len(entries)


class EventTests(EventTest):
    """What happens to drives is told, once for each change."""

    def test_what_happens_is_told_once(self):
        self.simulate("SetTemperature", "n", 90)
        name = self.names()[0]
        thresholds = redfish_sensor(self.system, f"{TEMPERATURES}/{name}")["Thresholds"]
        warning, critical = (int(thresholds[word]) for word in ("UpperCaution", "UpperCritical"))
        told = set()

        def are_told():
            told.update(self.log.entries())
            return len(told) >= 2

        # Both at once, in whichever order.
        self.system.ask_until(are_told, "two alarms")
        self.assertEqual(
            {entry[:3] for entry in told},
            {
                ("SensorThresholdWarningHighGoingHigh", f"{name},90,{warning}", "Warning"),
                ("SensorThresholdCriticalHighGoingHigh", f"{name},90,{critical}", "Critical"),
            },
        )
        self.assertTrue(all("Bay 1 has 90 °C" in entry[3] for entry in told), told)
        self.seen = 2
        self.simulate("SetTemperature", "n", critical - 3)
        self.expect(
            ("SensorThresholdCriticalHighGoingLow", f"{name},{critical - 3},{critical}", "Informational")
        )
        self.simulate("SetTemperature", "n", 30)
        self.expect(("SensorThresholdWarningHighGoingLow", f"{name},30,{warning}", "Informational"))
        self.simulate("SetFault", "sa{sv}", "mute", {})
        self.expect(("DriveFailure", "Bay 1", "Critical"))
        self.simulate("ClearFaults")
        self.expect(("DriveFailureCleared", "Bay 1", "Informational"))
        self.simulate("Disconnect", drive=2)
        self.expect(("DriveOffline", "Bay 2", "Warning"))
        self.simulate("Reconnect", drive=2)
        self.expect(("DriveOK", "Bay 2", "Informational"))
        # The journal has them in any case.
        self.system.daemon.wait_for_line("event.*DriveOK")


class UnpolledTests(EventTest):
    configuration = EventTest.configuration.replace("health-interval-ms = 100", "health-interval-ms = 0")

    def test_a_drive_that_is_not_polled_comes_back_as_well(self):
        self.system.ask_until(lambda: self.state(self.names()[0])[3:4] == ("Ready",), "the drive")
        self.simulate("Disconnect")
        self.expect(("DriveOffline", "Bay 1", "Warning"))
        self.simulate("Reconnect")
        self.expect(("DriveOK", "Bay 1", "Informational"))


class RenamedTests(EventTest):
    def test_what_is_the_matter_is_told_once_whatever_the_drive_is_called(self):
        self.simulate("SetTemperature", "n", 90)
        self.system.ask_until(lambda: len(self.log.entries()) >= 2, "two alarms")
        self.seen = 2
        manager, mapper = EntityManager(self.system), Mapper(self.system)
        self.addCleanup(manager.stop)
        self.addCleanup(mapper.stop)
        bays = [manager.add_bay("NVMe Bay 7"), manager.add_bay("NVMe Bay 8")]
        endpoint = "/au/com/codeconstruct/mctp1/networks/1/endpoints/9"
        mapper.associate(endpoint, "configured_by", bays[0])
        self.system.ask_until(lambda: "NVMe_Bay_7" in self.names(), "the record's name")
        thresholds = redfish_sensor(self.system, f"{TEMPERATURES}/NVMe_Bay_7")["Thresholds"]
        critical = int(thresholds["UpperCritical"])
        self.simulate("SetTemperature", "n", critical - 3)
        self.expect(
            (
                "SensorThresholdCriticalHighGoingLow", f"NVMe_Bay_7,{critical - 3},{critical}",
                "Informational",
            )
        )


class MissingTest(EventTest):
    """What there was before a start and is not there any more is missing."""

    starts_daemon = False

    def start(self):
        self.system.start_daemon(f"--state={self.state_file}", configuration=self.configuration)

    def kept(self):
        return self.state_file.read_text("utf-8") if self.state_file.exists() else ""

    @property
    def state_file(self):
        return self.system.logs / "drives"

    def missing(self):
        """[(serial number, place, since when)]"""
        return [
            (str(drive["SerialNumber"]), str(drive["Place"]), int(drive["Since"]))
            for drive in self.system.get(ROOT, BRIDGE + ".Manager1", "MissingDrives")
        ]

    def forget(self, serial):
        self.system.call(ROOT, BRIDGE + ".ManagerControl1", "ForgetDrive", "s", serial)


class MissedTests(MissingTest):
    def test_a_drive_that_was_there_before(self):
        self.start()
        self.system.wait_for_endpoints(2)
        serials = ["SIM00000001", "SIM00000002"]
        self.system.ask_until(
            lambda: self.system.get(ROOT, BRIDGE + ".Manager1", "Version") and all(
                f"\t{serial}\t" in self.kept() for serial in serials
            ),
            "both drives to be written down",
        )
        self.assertEqual(self.state_file.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.system.stop_daemon(), 0)
        self.assertEqual(len(self.kept().splitlines()), 3)
        # Pulled while nobody looks; and a file that anything may have happened to.
        path = sorted(self.system.get_drives(SIMULATION, SIMULATOR))[1]
        self.machine("Pull", "o", path)
        with open(self.state_file, "a", encoding="utf-8") as file:
            file.write("garbage\n144d\tGone\t\t\t\n")
        self.start()
        self.expect(("DriveMissing", "Bay 2", "Warning"))
        self.system.daemon.wait_for_line("missing since the last run .*serial-number=SIM00000002")
        self.system.ask_until(
            lambda: self.missing() and self.kept().count(serials[1]) == 1
            and len(self.kept().splitlines()[-1].split("\t")) == 6,
            "the missing one to be written down as such",
        )
        self.assertIn(serials[0], self.kept())
        [(serial, place, since)] = self.missing()
        self.assertEqual((serial, place), (serials[1], "Bay 2"))
        self.assertEqual(self.system.stop_daemon(), 0)
        # Told once.
        self.start()
        self.system.daemon.wait_for_line("come from now on are inserted")
        self.system.ask_until(lambda: len(self.names()) == 1, "the drive")
        self.assertEqual(len(self.log.entries()), self.seen)
        self.assertEqual(self.missing(), [(serial, place, since)])
        # Another in its place is what is expected there.
        self.machine("Plug", "a{sv}", dbus.Dictionary({"eid": "10", "serial-number": "NEW"}, signature="sv"))
        self.system.ask_until(lambda: not self.missing(), "its place to be taken")


class LossTests(MissingTest):
    def test_a_drive_that_goes_is_missing_until_it_returns_or_is_forgotten(self):
        self.start()
        self.system.wait_for_endpoints(2)
        self.system.ask_until(lambda: len(self.names()) == 2, "the drives")
        path = sorted(self.system.get_drives(SIMULATION, SIMULATOR))[0]
        before = self.kept()
        self.assertEqual(self.missing(), [])
        self.machine("Pull", "o", path)
        self.system.daemon.wait_for_line("missing .*place=.?Bay 1.*serial-number=SIM00000001")
        self.assertEqual([drive[:2] for drive in self.missing()], [("SIM00000001", "Bay 1")])
        # Read on: the check and the pages of the command line.
        result = self.system.nvmemi("health", "--check", check=False)
        self.assertEqual(result.returncode, 7, result.stdout)
        self.assertIn("missing: Bay 1 SIM00000001", result.stdout)
        result = self.system.nvmemi("health", "--format=nagios", check=False)
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertIn("1 missing - Bay 1 SIM00000001: missing since", result.stdout)
        self.assertIn("nvme_drives{health=\"missing\"} 1\n", self.system.nvmemi("health", "--format=prometheus").stdout)
        for page in ("list", "health", "status"):
            self.assertIn("1 missing", self.system.nvmemi(page).stdout)
        self.machine("Plug", "a{sv}", dbus.Dictionary({"eid": "9", "serial-number": "SIM00000001"}, signature="sv"))
        self.system.ask_until(lambda: not self.missing(), "it to return")
        # Not by whoever asks, nor what is not missing.
        self.assert_bus_error("org.freedesktop.DBus.Error.InvalidArgs", self.forget, "SIM00000001")
        self.assertNotIn("\t17", before)
        path = sorted(self.system.get_drives(SIMULATION, SIMULATOR))[0]
        self.machine("Pull", "o", path)
        self.system.ask_until(self.missing, "a drive to be missing")
        [(serial, place, _)] = self.missing()
        result = self.system.run(
            "gdbus", "call", f"--address={self.system.address}", f"--dest={BRIDGE}",
            f"--object-path={ROOT}", f"--method={BRIDGE}.ManagerControl1.ForgetDrive", serial, user="nobody", check=False,
        )
        self.assertIn("AccessDenied", result.stderr)
        result = self.system.nvmemi("forget", "NOSUCH", check=False)
        self.assertEqual(result.returncode, 4)
        self.assertIn("No drive is missing that is “NOSUCH”", result.stderr)
        self.assertIn(f"{place} {serial}", result.stderr)
        # By its place, too; and whoever asks for it is told.
        self.assertIn(f"{place} {serial} is missing since", self.system.nvmemi("show", place, check=False).stderr)
        self.assertEqual(self.system.nvmemi("health", "--check", serial, check=False).returncode, 7)
        self.assertEqual(self.system.nvmemi("health", "--check", "--missing-ok", serial, check=False).returncode, 0)
        [other] = [name for name in ("SIM00000001", "SIM00000002") if name != serial]
        archive = self.system.logs / "report.tar.gz"
        for drives in ([], [other]):
            self.system.nvmemi("report", *drives, "--redact", "--file=/dev/null", f"--output={archive}")
            report = self.system.run("tar", "--extract", "--to-stdout", f"--file={archive}", text=False).stdout
            self.assertNotIn(serial.encode(), report)
            archive.unlink()
        self.system.nvmemi("forget", place)
        self.assertEqual(self.missing(), [])
        self.system.daemon.wait_for_line(f"forgotten .*serial-number={serial}")


class DirectoryAwayTests(MissingTest):
    def test_nothing_is_missing_while_nobody_finds_drives(self):
        self.start()
        self.system.wait_for_endpoints(2)
        self.system.ask_until(lambda: len(self.names()) == 2, "the drives")
        path = sorted(self.system.get_drives(SIMULATION, SIMULATOR))[1]
        self.machine("StopMctpd")
        self.system.ask_until(lambda: not self.names(), "the drives to be given up")
        # Longer than it takes a drive that has gone to be missing.
        time.sleep(2)
        self.assertEqual(self.missing(), [])
        self.machine("Pull", "o", path)
        self.machine("StartMctpd")
        self.system.ask_until(self.missing, "the one that has gone to be missing")
        self.assertEqual([serial for serial, _, _ in self.missing()], ["SIM00000002"])
        self.assertEqual(len(self.names()), 1)


class InsertionTests(EventTest):
    def test_removed_and_inserted(self):
        self.system.daemon.wait_for_line("come from now on are inserted")
        self.system.ask_until(lambda: len(self.names()) == 2, "the drives")
        [path, _] = self.system.get_drives(SIMULATION, SIMULATOR)
        # A drive that has another address a moment later was not removed.
        self.machine("Pull", "o", path)
        self.expect(("DriveRemoved", "Bay 1", "Warning"))
        self.machine("Plug", "a{sv}", dbus.Dictionary({"eid": "9"}, signature="sv"))
        self.expect(("DriveInserted", "Bay 1", "Informational"))


class TransitionTests(OpenBMCTest):
    drives = "[drive]\nmodel = complete\n"
    expected_endpoints = 1
    configuration = OpenBMCTest.configuration + "recover-after-ms = 500\ndrive-transitions = yes\n"

    def request(self, name, word):
        self.system.call(
            f"{DRIVES}/{name}", PROPERTIES, "Set", "ssv", PREFIX + "State.Drive", "RequestedDriveTransition",
            dbus.String(PREFIX + "State.Drive.Transition." + word, variant_level=1),
        )

    def asked(self, name):
        statistics = self.simulate("GetStatistics")["Requests"]
        return int(statistics.get(name, 0))

    def test_a_drive_that_is_to_reset(self):
        [name] = self.names()
        told = properties(self.system, f"{DRIVES}/{name}", "")
        self.assertTrue(told["Resettable"])
        self.assertEqual(told["RequestedDriveTransition"], PREFIX + "State.Drive.Transition.None")
        for word, shutdowns in (("HardReboot", 0), ("Reboot", 1)):
            before, down = self.asked("mi 07"), self.asked("mi 0c")
            since = len(self.system.signals)
            self.request(name, word)
            self.assertEqual(self.asked("mi 07"), before + 1)
            self.assertEqual(self.asked("mi 0c"), down + shutdowns)
            self.system.ask_until(lambda: self.state(name)[3:4] == ("Ready",), "the drive")
            self.system.wait_for(
                lambda since=since: self.states(name, since)[-1:] == ["Ready"], "the state to be told"
            )
            states = self.states(name, since)
            self.assertEqual(states[0], "NotReady")
            # It may be out of mctpd's reach meanwhile, and has not failed.
            self.assertNotIn("Unknown", states)

    def states(self, name, since):
        return [
            signal.arguments[1]["CurrentDriveState"].removeprefix(DRIVE_STATE)
            for signal in self.system.find_signals(since, path=f"{DRIVES}/{name}")
            if "CurrentDriveState" in signal.arguments[1]
        ]

    def test_what_there_is_not(self):
        [name] = self.names()
        for word in ("Powercycle", "Nonsense"):
            self.assert_bus_error(
                "org.freedesktop.DBus.Error.InvalidArgs", self.request, name, word
            )
        self.request(name, "None")
        # This bus lets everybody do everything: the daemon itself must refuse.
        result = self.system.run(
            "gdbus", "call", f"--address={self.system.address}", f"--dest={BRIDGE}",
            f"--object-path={DRIVES}/{name}", f"--method={PROPERTIES}.Set", PREFIX + "State.Drive",
            "RequestedDriveTransition", f"<'{PREFIX}State.Drive.Transition.HardReboot'>",
            user="nobody", check=False,
        )
        self.assertIn("it is for root", result.stderr)


class RecordTests(OpenBMCTest):
    """EntityManager has records of the bays, and the mapper tells which endpoint was set up for which."""

    drives = 2
    expected_endpoints = 2
    configuration = OpenBMCTest.configuration + "[place]\neid = 9-10\nname = Slot 0\n"

    def at(self, eid):
        return f"/au/com/codeconstruct/mctp1/networks/1/endpoints/{eid}"

    def drive(self, name, member):
        return str(self.system.get(f"{ROOT}/drives/{name}", BRIDGE + ".Drive1", member))

    def test_a_drive_has_the_name_and_the_place_of_its_record(self):
        first, second = self.names()
        self.assertEqual(self.drive(first, "Location"), "Slot 0")
        manager, mapper = EntityManager(self.system), Mapper(self.system)
        self.addCleanup(manager.stop)
        self.addCleanup(mapper.stop)
        bays = [manager.add_bay("NVMe Bay 3", "U.2 left", slot=3), manager.add_bay("NVMe Bay 4")]
        mapper.associate(self.at(9), "configured_by", bays[0])
        # And one that nobody tells of: it is asked for from time to time.
        mapper.associate(self.at(10), "configured_by", bays[1], is_told=False)
        names = ["NVMe_Bay_3", "NVMe_Bay_4"]
        self.system.ask_until(lambda: self.names() == names, "the names of the records")
        self.assertEqual([self.drive(name, "Location") for name in names], ["U.2 left", "NVMe Bay 4"])
        self.assertEqual([self.drive(name, "State") for name in names], ["ready"] * 2)
        self.assertEqual(properties(self.system, f"{DRIVES}/{names[0]}", "")["SlotNumber"], 3)
        self.assertNotIn("SlotNumber", properties(self.system, f"{DRIVES}/{names[1]}", ""))
        self.assertEqual(self.drive(names[0], "SerialNumber"), first)
        view = walk(self.system)
        for name in (first, second):
            self.assertEqual([path for path in view if path.endswith(name)], [])
        made = associations(self.system)
        drives = {f"{DRIVES}/{name}" for name in names}
        self.assertEqual(made[f"{EntityManager.board}/drive"], drives)
        # A record that is another from now on: the drive has its name.
        other = manager.add_bay("NVMe Bay 5", "U.2 right")
        mapper.change(self.at(9), "configured_by", other)
        names[0] = "NVMe_Bay_5"
        self.system.ask_until(lambda: self.names() == names, "the name of the other record")
        self.assertEqual(self.drive(names[0], "Location"), "U.2 right")
        # What is known stays when they take it back, or leave.
        mapper.remove(self.at(9), "configured_by")
        mapper.stop()
        manager.stop()
        self.assertEqual(self.names(), names)
        self.simulate("Disconnect", drive=1)
        self.wait_for_state(names[0], True, False, True, "Offline", None)
        self.simulate("Reconnect", drive=1)
        self.system.ask_until(lambda: self.state(names[0])[3:4] == ("Ready",), "the drive")
        # Another drive that gets the same address later may be in any bay: nobody has said in which.
        [path, _] = self.system.get_drives(SIMULATION, SIMULATOR)
        self.machine("Pull", "o", path)
        self.system.ask_until(lambda: self.names() == names[1:], "the drive to be gone")
        self.machine("Plug", "a{sv}", dbus.Dictionary({"eid": "9", "serial-number": "NEXT1"}, signature="sv"))
        self.system.ask_until(lambda: self.names() == ["NEXT1", names[1]], "the next drive")
        self.assertEqual(self.drive("NEXT1", "Location"), "Slot 0")


class SwitchedOffTests(OpenBMCTest):
    configuration = QUICK + "openbmc = no\n"

    def others(self):
        return [path for path in walk(self.system) if not path.startswith(ROOT)]

    def test_nothing_of_it_is_there_until_it_is_switched_on(self):
        self.assertEqual(self.others(), [])
        file = self.system.logs / "nvmemid.conf"
        file.write_text(QUICK + "openbmc = yes\n", "utf-8")
        self.system.daemon.send_signal(signals.SIGHUP)
        self.system.ask_until(lambda: f"{DRIVES}/{self.names()[0]}" in self.others(), "the view")
        file.write_text(QUICK + "openbmc = no\n", "utf-8")
        self.system.daemon.send_signal(signals.SIGHUP)
        self.system.ask_until(lambda: self.others() == [], "no view")
        self.assertNotIn("sensors", self.system.call(TREE, INTROSPECTABLE, "Introspect"))
