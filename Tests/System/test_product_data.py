"""Endpoint1: the Vital Product Data and the subsystem information, decoded."""

import dbus

from environment import ENDPOINT, ENDPOINT_CONTROL
from members import MemberTest


class ProductDataTests(MemberTest):
    def vpd(self):
        return self.call(self.path, ENDPOINT, "GetVPD")

    def test_vital_product_data(self):
        for eid in (9, 10, 11):
            vpd = self.call(self.system.endpoint(eid), ENDPOINT, "GetVPD")
            self.assertEqual(vpd["FormatVersion"], 1)
            self.assertTrue(vpd["ChecksumValid"])
            product = vpd["ProductInformation"]
            self.assertTrue(product["ChecksumValid"])
            self.assertTrue(vpd["Records"])
            self.assertNotIn("LeftOut", vpd)
            # The bytes are those of the drive, from the first to the last that it tells of.
            raw = vpd["RawData"]
            piece = self.call(
                self.system.endpoint(eid), ENDPOINT, "VPDRead", "qq", 0, len(raw)
            )
            self.assertEqual(raw, piece)

    def test_a_wrong_checksum_is_told(self):
        raw = self.vpd()["RawData"]
        # A byte within the product information.
        place = raw[4] * 8 + 3
        write = (self.path, ENDPOINT_CONTROL, "VPDWrite", "qay", place)
        self.call(*write, dbus.ByteArray(bytes([raw[place] ^ 1])))
        try:
            vpd = self.vpd()
            self.assertTrue(vpd["ChecksumValid"])
            self.assertFalse(vpd["ProductInformation"]["ChecksumValid"])
        finally:
            self.call(*write, dbus.ByteArray(raw[place : place + 1]))
        self.assertTrue(self.vpd()["ProductInformation"]["ChecksumValid"])

    def test_an_image_that_ends_too_soon_is_told_as_far_as_it_goes(self):
        raw = self.vpd()["RawData"]
        write = (self.path, ENDPOINT_CONTROL, "VPDWrite", "qay", 0)
        # The records begin behind the end of the image.
        header = raw[:5] + bytes([0xFF, 0])
        header += bytes([-sum(header) % 256])
        self.call(*write, dbus.ByteArray(header))
        try:
            vpd = self.vpd()
            self.assertTrue(vpd["ProductInformation"]["ChecksumValid"])
            self.assertNotIn("Records", vpd)
            self.assertTrue(vpd["LeftOut"])
        finally:
            self.call(*write, dbus.ByteArray(raw[:8]))

    def test_subsystem_information(self):
        information = self.call(self.path, ENDPOINT, "GetSubsystemInformation")
        version = f"{information['MajorVersion']}.{information['MinorVersion']}"
        self.assertEqual(version, self.system.get(self.path, ENDPOINT, "MIVersion"))
        before = self.requests("mi 00")
        self.call(self.path, ENDPOINT, "GetSubsystemInformation")
        self.assertEqual(self.requests("mi 00"), before + 1)
