"""Each part of what a drive tells, missing in each way: the others are there, and it is asked for again.

One drive for every part and way, all asked at once.
"""

import itertools

from environment import BRIDGE
from messages import (
    DO_NOT_RETRY, INTERNAL_ERROR, INVALID_PARAMETER, MI, NVME_INVALID_FIELD, NVME_MEDIA_NOT_READY,
)
from partial_drives import (
    FIRST_EID, MALFORMED, NOT_READY, QUICK, REFUSED, UNANSWERED, PartialDriveTest,
)

# What is asked for a part, and the parts that cannot be known without it.
PARTS = {
    "subsystem": ({"kind": MI, "dtyp": 0}, {"ports"}),
    "port 0": ({"kind": MI, "dtyp": 1, "port": 0}, {"port 0"}),
    "optional commands": ({"kind": MI, "dtyp": 4}, {"optional commands"}),
    "list of controllers": ({"kind": MI, "dtyp": 2}, {"controllers", "namespaces"}),
    "information on controller 0": ({"kind": MI, "dtyp": 3}, {"information"}),
    "identity of controller 0": ({"cns": 1}, {"identity", "namespaces"}),
    "namespaces of controller 0": ({"cns": 2}, {"namespaces"}),
    "identity of namespace 1": ({"cns": 0}, {"namespaces"}),
    "identifiers of namespace 1": ({"cns": 3}, {"descriptors"}),
    "firmware slots of controller 0": ({"log": 3}, set()),
    "list of commands of controller 0": ({"log": 5}, set()),
}
WAYS = (REFUSED, NOT_READY, MALFORMED, UNANSWERED)
# What is there of this list is used, also when nothing is.
CASES = [
    case for case in itertools.product(PARTS, WAYS)
    if case != ("identifiers of namespace 1", MALFORMED)
]
# Parts without which a drive can do: their refusal for good is no reason to tell.
OPTIONAL = {
    "port 0", "optional commands", "identifiers of namespace 1", "firmware slots of controller 0",
    "list of commands of controller 0",
}
# Values of a drive, of a moment, or of one endpoint.
OTHERWISE = {
    "Updated", "Changed", "StateSince", "EID", "UUID", "Drive", "Endpoints", "SubsystemNQN",
    "SerialNumber", "NGUID", "EUI64", "CompositeControllerStatus", "Tuning", "TransmissionUnit",
    "SMBusFrequency",
}


def misbehave(rule, way):
    """Has what a rule is for be missing in a way."""
    is_admin = "cns" in rule.where or "log" in rule.where
    if way == UNANSWERED:
        return rule.drop()
    if way == MALFORMED:
        return rule.change(lambda request, answer: answer.data[:answer.data_offset + 1])
    if is_admin:
        for_good = way == REFUSED
        return rule.refuse_nvme(
            NVME_INVALID_FIELD | DO_NOT_RETRY if for_good else NVME_MEDIA_NOT_READY
        )
    return rule.refuse(INVALID_PARAMETER if way == REFUSED else INTERNAL_ERROR)


class EachPartTests(PartialDriveTest):
    drives = len(CASES) + 1
    # The last one is as it should be.
    good = FIRST_EID + len(CASES)
    configuration = QUICK.replace("command-timeout-ms = 1000", "command-timeout-ms = 2000")

    def in_each_case(self, judge):
        """Calls judge(endpoint, part, way) for each case, as a subtest."""
        for eid, (part, way) in enumerate(CASES, FIRST_EID):
            with self.subTest(part=part, way=way):
                judge(eid, part, way)

    def state_of(self, eid, part):
        """The state of the missing part whose name has these words, when it has a reason, too."""
        found = [
            state for name, (state, reason) in self.missing(eid).items() if part in name and reason
        ]
        return found[0] if found else None

    def test_the_rest_is_shown_and_the_part_comes_when_it_can(self):
        rules = [
            misbehave(self.double.when(eid=eid, **PARTS[part][0]), way)
            for eid, (part, way) in enumerate(CASES, FIRST_EID)
        ]
        self.start()
        self.wait_until_whole(self.good)
        self.in_each_case(self.is_partly_shown)
        for rule in rules:
            rule.end()
        # What was refused for good is asked for when somebody wants it to be.
        self.in_each_case(lambda eid, part, way: way == REFUSED or self.is_like_the_good_one(eid))
        self.rescan()
        self.in_each_case(lambda eid, part, way: self.is_like_the_good_one(eid))

    def is_partly_shown(self, eid, part, way):
        self.system.wait_for(
            lambda: self.state_of(eid, part) == way, f"{part} of endpoint {eid} to be {way}"
        )
        self.wait_for_health(eid)
        if way != REFUSED or part not in OPTIONAL:
            self.wait_for_reason(part, eid)
        self.assert_the_rest_is_shown(eid, PARTS[part][1])

    def is_like_the_good_one(self, eid):
        self.wait_until_whole(eid)
        self.wait_for_health(eid)
        # What nobody waits for comes last.
        self.system.wait_for(
            lambda: self.essence(eid) == self.essence(self.good), f"{eid} to be like {self.good}"
        )

    def assert_the_rest_is_shown(self, eid, without):
        """What does not depend on the missing part is there."""
        if not without & {"ports"}:
            self.assertEqual(self.endpoint(eid)["MIVersion"], "1.2")
            self.assertIn(1, self.below("ports", eid))
        if "controllers" in without:
            return
        controller = self.below("controllers", eid)[0]
        if "information" not in without:
            self.assertNotEqual(controller["VendorID"], 0)
        if "identity" not in without:
            self.assertEqual(controller["ModelNumber"], "Simulated NVMe Drive")
        if "namespaces" not in without:
            self.assertEqual(self.below("namespaces", eid)[1]["BlockSize"], 512)

    def essence(self, eid):
        """Everything below an endpoint but what only it has."""
        prefix = self.system.endpoint(eid)
        return {
            path.removeprefix(prefix): {
                interface: {name: value for name, value in values.items() if name not in OTHERWISE}
                for interface, values in interfaces.items()
                if interface.startswith(BRIDGE)
            }
            for path, interfaces in self.objects().items()
            if path == prefix or path.startswith(prefix + "/")
        }
