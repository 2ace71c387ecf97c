"""dbus/packages.sh: what is installed, by which name, and what ends a run."""

import hashlib
import os
import unittest

from scripts import CHECKOUT, ScriptTest


class NeedPackagesTests(ScriptTest):
    def need(self, *packages):
        """Runs need_packages in a script; it prints `went on` if that comes back."""
        return self.run_program(
            "bash", "-c", 'set -euo pipefail; . dbus/packages.sh; need_packages "$@"; echo went on',
            "need", *packages,
        )

    def assert_went_on(self, result):
        self.assertEqual((result.returncode, result.stdout.splitlines()[-1]), (0, "went on"))

    def assert_ended(self, result, reason):
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertNotIn("went on", result.stdout)
        self.assertIn(reason, result.stdout)

    def test_nothing_is_asked_of_apt_when_nothing_is_missing(self):
        self.debian(installed=["gcc", "libcurl4t64"])
        self.assert_went_on(self.need("gcc", "libcurl4t64|libcurl4"))
        self.assertEqual(self.apt_get_calls(), [])

    def test_what_is_missing_is_installed(self):
        self.debian(installed=["gcc"], available=["gcc", "make", "flex"])
        self.assert_went_on(self.need("gcc", "make", "flex"))
        self.assertEqual(self.installed(), ["gcc", "make", "flex"])

    def test_name_that_this_release_has(self):
        self.debian(available=["libcurl4"])
        self.assert_went_on(self.need("libcurl4t64|libcurl4"))
        self.assertEqual(self.installed(), ["libcurl4"])

    def test_newer_name_is_preferred(self):
        self.debian(available=["libcurl4", "libcurl4t64"])
        self.assert_went_on(self.need("libcurl4t64|libcurl4"))
        self.assertEqual(self.installed(), ["libcurl4t64"])

    def test_lists_that_cannot_be_updated_are_used_as_they_are(self):
        self.debian(available=["make"])
        (self.programs / "no-network").touch()
        self.assert_went_on(self.need("make"))

    def test_package_that_the_release_has_not(self):
        self.debian(available=["make"])
        self.assert_ended(self.need("make", "flex"), "no package flex")
        self.assertEqual(self.installed(), [])

    def test_name_is_no_pattern(self):
        self.debian(available=["linux-source-6.12"])
        self.assert_ended(self.need("linux-source-6.1"), "no package linux-source-6.1,")
        self.assertEqual(self.installed(), [])

    def test_installation_that_brings_nothing(self):
        self.debian(available=["make"])
        (self.programs / "brings-nothing").touch()
        self.assert_ended(self.need("make"), "not installed: make")


class KernelTests(ScriptTest):
    def test_kernel_that_the_release_has_not(self):
        self.debian(
            installed=["bc", "bison", "flex", "gcc", "libc6-dev", "make", "xz-utils"],
            available=["linux-source-6.12"],
        )
        result = self.run_program("Tests/Kernel/build-kernel", "6.1")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("no package linux-source-6.1,", result.stdout)
        self.assertNotIn("Building", result.stdout)

    def test_kernels_that_nobody_knows(self):
        for command in (
            ("Tests/Kernel/build-kernel", "6.2"),
            ("Tests/Kernel/run", "--kernel=6.2", ".", "results"),
            ("Tests/run", "--kernel", "6.2"),
            ("Tests/run", "--kernel=6.2"),
            ("Tests/run", "--kernel"),
        ):
            with self.subTest(command=command):
                result = self.run_program(*command)
                self.assertEqual(result.returncode, 2, result.stdout)
                self.assertIn("6.1 and 6.12 are known", result.stdout)

    def test_kernels_that_were_used_last_are_kept(self):
        self.debian(installed=["linux-source-6.12"])
        cache = self.directory / "cache" / "nvme-mi-bridge"
        configuration = hashlib.sha256((CHECKOUT / "Tests/Kernel/kernel.config").read_bytes())
        kernel = f"kernel-1-{os.uname().machine}-{configuration.hexdigest()[:12]}"
        names = [kernel, *(f"kernel-{number}" for number in range(20))]
        for age, name in enumerate(names):
            folder = cache / name
            folder.mkdir(parents=True)
            (folder / "linux").touch(mode=0o755)
            os.utime(folder, (age, age))
        result = self.run_program("Tests/Kernel/build-kernel", "6.12")
        self.assertEqual(result.stdout, f"{cache / kernel / 'linux'}\n")
        self.assertEqual({item.name for item in cache.iterdir()}, {kernel, *names[-7:]})


if __name__ == "__main__":
    unittest.main()
