"""Drives as objects of their own: what belongs together by NQN, vendor and serial number, and what is told."""

from environment import CONTROLLER, ENDPOINT, MANAGER, ROOT
from messages import HEALTH_POLL, MI
from partial_drives import DRIVE, PartialDriveTest

NQN = "nqn.2019-10.com.example:drive"
FIRMWARE_REVISION = 64
FIRMWARE_ACTIVATED = 1 << 7


class SharedNameTests(PartialDriveTest):
    """Shares its NQN with all of its make; serial numbers differ."""

    drives = "".join(
        f"[drive]\nsubsystem-nqn = {NQN}\nserial-number = {serial}\n" for serial in ("AAA1", "AAA2")
    )
    expected_endpoints = 2

    def test_they_are_two_drives(self):
        self.start()
        for eid in (9, 10):
            self.wait_until_whole(eid)
        endpoints = {eid: self.endpoint(eid) for eid in (9, 10)}
        self.assertEqual({endpoint["SubsystemNQN"] for endpoint in endpoints.values()}, {NQN})
        self.assertNotEqual(endpoints[9]["Drive"], endpoints[10]["Drive"])
        drives = self.drives_on_bus()
        self.assertEqual(sorted(drive["SerialNumber"] for drive in drives.values()), ["AAA1", "AAA2"])
        for eid, endpoint in endpoints.items():
            self.assertEqual(endpoint["SubsystemEndpoints"], [])
            self.assertEqual(drives[endpoint["Drive"]]["Endpoints"], [self.system.endpoint(eid)])

    def test_they_are_listed_with_names_that_stay(self):
        self.start()
        for eid in (9, 10):
            self.wait_until_whole(eid)
        before = self.system.get(ROOT, MANAGER, "Drives")
        self.assertEqual(sorted(before), sorted(self.drives_on_bus()))
        for path in before:
            self.assertRegex(path, f"^{ROOT}/drives/[A-Za-z0-9][A-Za-z0-9_]*$")
            self.assertIn("AAA", path)
        self.stop_daemon()
        self.start()
        for eid in (9, 10):
            self.wait_until_whole(eid)
        self.assertEqual(sorted(self.system.get(ROOT, MANAGER, "Drives")), sorted(before))


class SharedSerialNumberTests(PartialDriveTest):
    """Has the serial number of another, but not its NQN."""

    drives = "".join(
        f"[drive]\nsubsystem-nqn = {NQN}{number}\nserial-number = SAME\n" for number in (1, 2)
    )
    expected_endpoints = 2

    def test_they_are_two_drives_with_names_of_their_own(self):
        self.start()
        for eid in (9, 10):
            self.wait_until_whole(eid)
        drives = self.drives_on_bus()
        self.assertEqual(len(drives), 2)
        self.assertEqual({drive["SerialNumber"] for drive in drives.values()}, {"SAME"})
        self.assertNotEqual(self.endpoint(9)["Drive"], self.endpoint(10)["Drive"])


class TwoWaysTests(PartialDriveTest):
    """Two endpoints of one subsystem are one drive."""

    drives = "[drive]\nmodel = dual-port\n[port 0]\nmanaged = yes\n"
    expected_endpoints = 2

    def test_they_are_one_drive(self):
        self.start()
        for eid in (9, 10):
            self.wait_until_whole(eid)
        [(path, drive)] = self.drives_on_bus().items()
        ways = [self.system.endpoint(eid) for eid in (9, 10)]
        self.assertEqual(sorted(drive["Endpoints"]), sorted(ways))
        self.assertEqual([self.endpoint(eid)["Drive"] for eid in (9, 10)], [path, path])
        self.assertEqual(self.endpoint(9)["SubsystemEndpoints"], [ways[1]])
        self.assertEqual(self.endpoint(10)["SubsystemEndpoints"], [ways[0]])
        self.assertIn(drive["ActiveEndpoint"], ways)
        self.assertEqual(
            (drive["State"], drive["ModelNumber"]), ("ready", "Simulated Dual-Port Enterprise Drive")
        )

    def test_one_way_is_enough(self):
        self.start()
        for eid in (9, 10):
            self.wait_until_whole(eid)
        [path] = self.drives_on_bus()
        active = self.drives_on_bus()[path]["ActiveEndpoint"]
        dead = int(active.rsplit("/", 1)[1])
        rule = self.double.when(eid=dead).drop()
        self.system.wait_for_property(active, ENDPOINT, "State", "unavailable")
        other = self.system.endpoint(19 - dead)
        self.system.wait_for_property(path, DRIVE, "ActiveEndpoint", other)
        self.assertEqual(self.drives_on_bus()[path]["State"], "ready")
        rule.end()
        self.wait_until_whole(dead)
        self.assertEqual(set(self.drives_on_bus()), {path})


class FirmwareTests(PartialDriveTest):
    """Has firmware activated by its host, so that the revision changes."""

    def test_the_revision_that_changes_is_told(self):
        self.start()
        self.wait_until_whole()
        controller = self.system.controller(9)
        [drive] = self.drives_on_bus()
        self.assertEqual(
            self.drives_on_bus()[drive]["FirmwareRevision"],
            self.below("controllers")[0]["FirmwareRevision"],
        )
        for revision, is_flagged in ((b"NEW 2.0 ", True), (b"NEWER3.0", False)):
            since = len(self.system.signals)
            self.double.clear()
            self.double.when(cns=1).patch(FIRMWARE_REVISION, revision)
            if is_flagged:
                self.double.when(kind=MI, opcode=HEALTH_POLL).change(self.with_activation)
            else:
                self.rescan()
            text = revision.decode().strip()
            for path, interface in ((controller, CONTROLLER), (drive, DRIVE)):
                self.system.wait_for(
                    lambda path=path, interface=interface: [
                        signal
                        for signal in self.system.find_signals(
                            since, member="PropertiesChanged", path=path
                        )
                        if signal.arguments[0] == interface
                        and signal.arguments[1].get("FirmwareRevision") == text
                    ],
                    f"FirmwareRevision of {path} to be told",
                )
            self.assertEqual(self.below("controllers")[0]["FirmwareRevision"], text)
            self.assertFalse(self.system.find_signals(since, member="InterfacesRemoved"))

    @staticmethod
    def with_activation(_request, answer):
        flags = answer.number(12, 2) | FIRMWARE_ACTIVATED
        return answer.data[:12] + flags.to_bytes(2, "little") + answer.data[14:]

    def test_it_is_not_declared_to_be_constant(self):
        self.start()
        self.wait_until_whole()
        text = self.system.run(
            "busctl", f"--address={self.system.address}", "introspect",
            "xyz.openbmc_project.NVMeMI", self.system.controller(9),
        ).stdout
        [line] = [line for line in text.splitlines() if ".FirmwareRevision" in line]
        self.assertIn("emits-change", line)
