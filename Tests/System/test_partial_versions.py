"""Old drives are not asked for what came later, and bits that their version does not know mean nothing."""

from environment import ENDPOINT
from messages import DO_NOT_RETRY, HEALTH_POLL, MI, NVME_INVALID_FIELD
from partial_drives import FIRST_EID, PartialDriveTest


def drive(**keys):
    """A section of a description file."""
    lines = [f"{key.replace('_', '-')} = {value}" for key, value in keys.items()]
    return "\n".join(["[drive]", *lines, ""])


class NamespaceDescriptorsTests(PartialDriveTest):
    """Is NVMe 1.2 or older, which has no namespace identification descriptors."""

    versions = ("1.0.0", "1.1.0", "1.2.0", "1.2.1", "1.3.0")
    drives = "".join(drive(nvme_version=version) for version in versions)
    expected_endpoints = len(versions)

    def look_again(self, eids):
        """Has every drive asked again, and waits until it was."""
        before = {eid: self.double.asked(eid=eid, kind=MI, dtyp=0) for eid in eids}
        self.rescan()
        for eid in eids:
            self.double.wait_until_asked(before[eid] + 1, eid=eid, kind=MI, dtyp=0)
            polls = self.double.asked(eid=eid, kind=MI, opcode=HEALTH_POLL)
            # Polls come between the parts of a look, so that some of them are its end.
            self.double.wait_until_asked(polls + 3, eid=eid, kind=MI, opcode=HEALTH_POLL)
            self.wait_until_whole(eid)

    def test_it_is_never_asked_what_its_version_rules_out(self):
        eids = range(FIRST_EID, FIRST_EID + len(self.versions))
        # Version 0 is what those before 1.2 tell.
        self.double.when(eid=eids[0], cns=1).patch(80, bytes(4))
        self.start()
        for eid in eids:
            self.wait_until_whole(eid)
        self.look_again(eids)
        asked = [self.double.asked(eid=eid, cns=3) for eid in eids]
        self.assertEqual(asked[:4], [0, 0, 0, 0])
        self.assertGreater(asked[4], 0, "a newer one is asked")
        for eid in eids:
            self.assertGreater(self.below("namespaces", eid)[1]["Size"], 0)

    def test_nor_what_it_has_refused_for_good(self):
        eid = FIRST_EID + 4
        for status in (NVME_INVALID_FIELD, NVME_INVALID_FIELD | DO_NOT_RETRY):
            with self.subTest(status):
                self.double.when(eid=eid, cns=3).refuse_nvme(status)
                self.start()
                self.system.wait_for(lambda: self.below("namespaces", eid), "its namespace")
                self.wait_for_health(eid)
                polls = self.double.asked(eid=eid, kind=MI, opcode=HEALTH_POLL)
                self.double.wait_until_asked(polls + 5, eid=eid, kind=MI, opcode=HEALTH_POLL)
                self.assertEqual(self.double.asked(eid=eid, cns=3), 1)
                self.assertEqual(self.endpoint(eid)["State"], "ready")
                self.stop_daemon()
                self.double.clear()


class WarningTests(PartialDriveTest):
    """Has SMART Warnings bits 7:6 zero: its MI version is older than the bits' meaning."""

    versions = ("1.0", "1.1", "1.2", "2.0")
    drives = "".join(drive(management_version=version) for version in versions)
    expected_endpoints = len(versions)

    @staticmethod
    def with_warnings(bits):
        """Changes the inverted warnings of a health poll's answer."""
        return lambda request, answer: answer.data[:9] + bytes([bits]) + answer.data[10:]

    def published(self, eid):
        read = self.system.call(self.system.endpoint(eid), ENDPOINT, "GetHealth")
        return self.health(eid)["SMARTWarnings"], read["SMARTWarnings"]

    def test_reserved_bits_are_no_warnings(self):
        self.double.when(kind=MI, opcode=HEALTH_POLL).change(self.with_warnings(0x3F))
        self.start()
        for eid, version in enumerate(self.versions, FIRST_EID):
            with self.subTest(version):
                self.wait_until_whole(eid)
                self.wait_for_health(eid)
                self.assertEqual(self.endpoint(eid)["MIVersion"], version)
                self.assertEqual(self.published(eid), ([], []))

    def test_the_others_are(self):
        self.double.when(kind=MI, opcode=HEALTH_POLL).change(self.with_warnings(0x3D))
        self.start()
        for eid in range(FIRST_EID, FIRST_EID + len(self.versions)):
            self.wait_until_whole(eid)
            self.wait_for_health(eid)
            for warnings in self.published(eid):
                self.assertEqual(len(warnings), 1, warnings)
                self.assertIn("Temperature", warnings[0])
