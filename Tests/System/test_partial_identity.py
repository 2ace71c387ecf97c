"""Drives that do not serve Identify, now or at all: the rest is shown, and what may come is asked for again."""

import re
import time

from environment import SIMULATOR
from messages import (
    ADMIN, DO_NOT_RETRY, HEALTH_POLL, INVALID_OPCODE, INVALID_PARAMETER, MI, NVME_INVALID_FIELD,
    NVME_INVALID_OPCODE, NVME_MEDIA_NOT_READY, NVME_NAMESPACE_NOT_READY,
)
from partial_drives import (
    FIRST_EID, NOT_READY, QUICK, REFUSED, SIMULATION, UNANSWERED, PartialDriveTest,
)

CONTROLLER_IDENTITY, NAMESPACE_IDENTITY = "identity of controller 0", "identity of namespace 1"


class NotReadyTests(PartialDriveTest):
    """Refuses Identify for its first six seconds, without Do Not Retry."""

    # As it is installed.
    configuration = "\n"

    def refused_at_first(self, status, part, **where):
        rule = self.double.when(kind=ADMIN, **where).during(0, 6).refuse_nvme(status)
        before = time.time() * 1000
        self.start()
        self.wait_for_missing(part, NOT_READY)
        [entry] = [entry for entry in self.endpoint()["MissingParts"] if entry["Part"] == part]
        self.assertGreaterEqual(entry["Since"], int(before))
        self.assertLessEqual(entry["Since"], time.time() * 1000)
        self.wait_for_reason(part)
        self.wait_for_health()
        self.assertEqual(sorted(self.below("ports")), [0, 1])
        self.assertEqual(self.endpoint()["MIVersion"], "1.2")
        self.wait_until_whole()
        self.assertEqual(self.endpoint()["StateReason"], "")
        self.assertEqual(self.below("controllers")[0]["SerialNumber"], "SIM00000001")
        self.assertEqual(self.below("namespaces")[1]["Size"], 960_197_124_096)
        # With growing pauses, and without asking for what is known.
        self.assertLess(rule.met, 12)
        for known in ({"dtyp": 0}, {"dtyp": 1, "port": 0}, {"dtyp": 1, "port": 1}, {"dtyp": 2}):
            self.assertEqual(self.double.asked(kind=MI, **known), 1, known)

    def test_the_identity_of_a_controller(self):
        self.refused_at_first(NVME_MEDIA_NOT_READY, CONTROLLER_IDENTITY, cns=1)

    def test_the_identity_of_a_namespace(self):
        for status in (NVME_MEDIA_NOT_READY, NVME_NAMESPACE_NOT_READY):
            with self.subTest(status):
                self.refused_at_first(status, NAMESPACE_IDENTITY, cns=0)
                # Once for what it says, once perhaps for the way's trial.
                self.assertLessEqual(self.double.asked(cns=1), 2)
                self.stop_daemon()
                self.double.clear()


class RefusedForGoodTests(PartialDriveTest):
    drives = "[drive]\nmodel = dual-port\n" * 4
    expected_endpoints = 4

    def test_is_not_repeated(self):
        refusals = [
            lambda rule: rule.refuse_nvme(NVME_MEDIA_NOT_READY | DO_NOT_RETRY),
            lambda rule: rule.refuse_nvme(NVME_INVALID_FIELD),
            lambda rule: rule.refuse_nvme(NVME_INVALID_OPCODE),
            lambda rule: rule.refuse(INVALID_PARAMETER, b"\0\x08\0"),
        ]
        eids = range(FIRST_EID, FIRST_EID + len(refusals))
        for eid, refuse in zip(eids, refusals):
            refuse(self.double.when(eid=eid, cns=0, namespace=1))
            # Another one that is worth asking again sets the pace.
            self.double.when(eid=eid, cns=0, namespace=2).refuse_nvme(NVME_NAMESPACE_NOT_READY)
        self.start()
        for eid in eids:
            with self.subTest(eid):
                self.double.wait_until_asked(6, eid=eid, cns=0, namespace=2)
                # By each of the two controllers that it is attached to.
                self.assertLessEqual(self.double.asked(eid=eid, cns=0, namespace=1), 2)
                missing = self.missing(eid)
                self.assertEqual(missing["identity of namespace 1"][0], REFUSED)
                self.assertEqual(missing["identity of namespace 2"][0], NOT_READY)
                self.assertNotIn("identity of namespace 4", missing)
                self.assertGreater(self.below("namespaces", eid)[4]["Size"], 0)


class NoAdminCommandTests(PartialDriveTest):
    """Serves every MI command and no Admin command."""

    drives = 2
    configuration = QUICK.replace("command-timeout-ms = 1000", "command-timeout-ms = 400")

    def test_everything_else_is_there(self):
        self.double.when(eid=9, kind=ADMIN).drop()
        self.double.when(eid=10, kind=ADMIN).refuse(INVALID_OPCODE)
        self.simulate("SetTemperature", "n", 51, drive=1)
        self.simulate("SetTemperature", "n", 52, drive=2)
        self.start()
        for eid, state in ((9, UNANSWERED), (10, REFUSED)):
            with self.subTest(eid):
                self.wait_for_missing(CONTROLLER_IDENTITY, state, eid)
                self.wait_for_health(eid)
                self.wait_for_reason(CONTROLLER_IDENTITY, eid)
                self.assertEqual(self.endpoint(eid)["MIVersion"], "1.2")
                self.assertEqual(sorted(self.below("ports", eid)), [0, 1])
                self.assertEqual(self.health(eid)["CompositeTemperature"], 42 + eid)
                controller = self.below("controllers", eid)[0]
                self.assertEqual((controller["ModelNumber"], controller["SerialNumber"]), ("", ""))
                self.assertNotEqual(controller["VendorID"], 0)

    def test_its_way_is_tried_with_what_it_answers(self):
        self.double.when(kind=ADMIN).drop()
        self.start()
        for eid in (9, 10):
            self.system.wait_for(
                lambda eid=eid: self.endpoint(eid).get("TransmissionUnit") == 250, "a greater unit"
            )
            self.wait_for_missing(CONTROLLER_IDENTITY, UNANSWERED, eid)
            # The drive keeps it from one daemon to the next.
            self.system.wait_for(
                lambda eid=eid: re.search("(raised to|found at) 250", self.endpoint(eid)["Tuning"]),
                "what came of it in words",
            )
            calls = self.system.call(
                SIMULATION, SIMULATOR + "1", "GetMctpdCalls", "uy", 1, eid, destination=SIMULATOR
            )
            self.assertEqual(calls["MTU"], 254)

    def test_its_health_goes_on_being_polled(self):
        self.double.when(kind=ADMIN).drop()
        self.start()
        self.wait_for_missing(CONTROLLER_IDENTITY, UNANSWERED)
        for temperature in (33, 34, 35):
            self.simulate("SetTemperature", "n", temperature)
            self.system.wait_for(
                lambda value=temperature: self.health()["CompositeTemperature"] == value, "a poll"
            )
        self.assertEqual(
            self.system.call(
                self.system.endpoint(9), "xyz.openbmc_project.NVMeMI.Endpoint1", "GetHealth"
            )["CompositeTemperature"],
            35,
        )

    def test_a_drive_without_serial_number_is_a_drive_of_its_own(self):
        self.double.when(kind=ADMIN).refuse(INVALID_OPCODE)
        self.start()
        for eid in (9, 10):
            self.wait_for_missing(CONTROLLER_IDENTITY, REFUSED, eid)
        self.system.wait_for(lambda: len(self.drives_on_bus()) == 2, "two drives")
        paths = {self.endpoint(eid)["Drive"] for eid in (9, 10)}
        self.assertEqual(set(self.drives_on_bus()), paths)


class OnlyHealthTests(PartialDriveTest):
    """Serves nothing but health polls."""

    drives = 2

    def test_health_is_polled(self):
        def all_but_health(opcode):
            return opcode != HEALTH_POLL

        self.double.when(eid=9, kind={MI, ADMIN}, opcode=all_but_health).refuse(INVALID_OPCODE)
        self.double.when(eid=10, kind={MI, ADMIN}, opcode=all_but_health).drop()
        self.simulate("SetTemperature", "n", 51, drive=1)
        self.simulate("SetTemperature", "n", 52, drive=2)
        self.start()
        for eid in (9, 10):
            with self.subTest(eid):
                self.wait_for_health(eid)
                self.assertEqual(self.health(eid)["CompositeTemperature"], 42 + eid)
        self.assertNotEqual(self.endpoint(9)["State"], "ready")


class IdentifyIsYesOrNoTests(PartialDriveTest):
    """Takes CNS for a yes or no: Identify Controller comes for every list."""

    drives = "[drive]\nmaximum-namespaces = 4\n"
    expected_endpoints = 1

    def test_the_namespaces_are_found_by_their_numbers(self):
        self.double.when(cns=lambda cns: cns > 1).ask(lambda request: request.but(44, b"\1"))
        self.start()
        self.system.wait_for(lambda: self.below("namespaces"), "a namespace")
        self.double.wait_until_asked(4, cns=0)
        self.double.wait_until_asked(self.double.asked(kind=MI, opcode=HEALTH_POLL) + 3, kind=MI,
                                     opcode=HEALTH_POLL)
        self.assertEqual(self.endpoint()["State"], "ready")
        self.assertEqual(sorted(self.below("namespaces")), [1])
        self.assertEqual(self.below("namespaces")[1]["Size"], 960_197_124_096)
        for number in (2, 3, 4):
            self.assertLessEqual(self.double.asked(cns=0, namespace=number), 1)
        self.assertEqual(self.double.asked(cns=0, namespace=lambda number: number > 4), 0)
        # With those that find out about a self-test or a sanitize operation that is under way.
        self.assertLess(self.double.asked(kind=ADMIN), 16)
