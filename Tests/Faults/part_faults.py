"""Faults of a part of what a drive tells, by the test double between the bridge and the drives.

What is asked for the part is refused, garbled or lost, whoever asks; all else is as it should be.
"""

import functools

from messages import (
    CONTROL, DO_NOT_RETRY, INTERNAL_ERROR, INVALID_OPCODE, INVALID_PARAMETER, MI, NVME_INVALID_FIELD,
    NVME_MEDIA_NOT_READY,
)

# Something of each the clients ask for, the rest only the bridge.
PARTS = (
    {"kind": MI, "dtyp": {0}}, {"kind": MI, "dtyp": {1, 3}}, {"kind": MI, "dtyp": {2, 4}},
    {"cns": {0, 1}}, {"cns": {2, 3}},
)
# Within which of its last answer a drive loses a request.
GAP = 0.0012


class PartFaults:
    """Each does something now and returns what undoes it, and after how many seconds; None: not now."""

    # Requests that met such a fault which has ended, and rules in force.
    part_encounters = 0
    part_rules = ()
    # Whether drives may believe that something is not to be had for good.
    is_rescan_due = False

    def spoil(self, apply, parts=PARTS, kinds=("faulty", "confused")):
        """Has apply(rule) befall what is asked for a part of a drive."""
        drive = self.victim(*kinds)
        if drive is None:
            return None
        rule = apply(self.system.double.when(eid=drive.eid, **self.random.choice(parts)))
        self.part_rules = (*self.part_rules, rule)
        self.misbehaviours += 1

        def end():
            rule.end()
            self.part_rules = tuple(other for other in self.part_rules if other is not rule)
            self.part_encounters += rule.met

        return end, self.random.uniform(0.2, 1.5)

    def part_encounters_so_far(self):
        return self.part_encounters + sum(rule.met for rule in self.part_rules)

    def refuse_for_good(self, rule):
        self.is_rescan_due = True
        if "cns" in rule.where:
            return rule.refuse_nvme(NVME_INVALID_FIELD | DO_NOT_RETRY)
        return rule.refuse(INVALID_PARAMETER)

    @staticmethod
    def refuse_for_now(rule):
        if "cns" in rule.where:
            return rule.refuse_nvme(NVME_MEDIA_NOT_READY)
        return rule.refuse(INTERNAL_ERROR)

    @staticmethod
    def cut(rule):
        return rule.change(lambda request, answer: answer.data[:answer.data_offset + 1])

    def refuse_primitives(self):
        """Control primitives get a Generic Error Response; and answers are lost, so that they are sent."""
        undoing = self.spoil(lambda rule: rule.lose_answer(), parts=({"kind": MI},), kinds=("faulty",))
        if undoing is None:
            return None
        eid = self.part_rules[-1].where["eid"]
        rule = self.system.double.when(eid=eid, kind=CONTROL).refuse(INVALID_OPCODE)
        end, seconds = undoing

        def end_both():
            end()
            rule.end()

        return end_both, seconds

    @property
    def part_faults(self):
        spoil = functools.partial
        return {
            "part-refused": spoil(self.spoil, self.refuse_for_good),
            "part-not-ready": spoil(self.spoil, self.refuse_for_now),
            "part-malformed": spoil(self.spoil, self.cut),
            "part-unanswered": spoil(self.spoil, lambda rule: rule.drop()),
            "primitives-refused": self.refuse_primitives,
            "close-requests-lost": spoil(
                self.spoil, lambda rule: rule.drop(), parts=({"gap": lambda gap: gap < GAP},)
            ),
        }
