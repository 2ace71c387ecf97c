"""The coverage table is what its rows say, and names nothing that does not exist."""

import subprocess
import sys
import unittest

from scripts import CHECKOUT


class CoverageTests(unittest.TestCase):
    def test_table_is_true(self):
        result = subprocess.run(
            [sys.executable, CHECKOUT / "Tests" / "Coverage" / "coverage.py", "--check"],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))


if __name__ == "__main__":
    unittest.main()
