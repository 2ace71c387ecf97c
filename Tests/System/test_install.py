"""dbus/install: every file at its place, twice the same, and gone again afterwards."""

import os
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("NVMEMI_PROGRAMS", CHECKOUT / ".build" / "release"))
NAME = "xyz.openbmc_project.NVMeMI"

FILES = {
    "usr/libexec/nvme-mi-bridge/nvmemid",
    "usr/bin/nvmemi",
    f"usr/share/dbus-1/system.d/{NAME}.conf",
    f"usr/share/dbus-1/system-services/{NAME}.service",
    "usr/lib/systemd/system/nvmemid.service",
    "usr/lib/sysusers.d/nvmemid.conf",
    "usr/share/bash-completion/completions/nvmemi",
    "usr/share/zsh/site-functions/_nvmemi",
    "usr/share/fish/vendor_completions.d/nvmemi.fish",
}


class InstallTests(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)

    def install(self, *arguments, **variables):
        """Runs dbus/install; returns the files that it says it has written."""
        result = subprocess.run(
            [CHECKOUT / "dbus" / "install", "--programs", PROGRAMS, *arguments, self.root],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **variables},
        )
        return {line.removeprefix(f"{self.root}/") for line in result.stdout.splitlines()}

    def present(self):
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}

    def expected(self):
        interfaces = {path.name for path in (CHECKOUT / "dbus" / "interfaces").glob("*.xml")}
        files = FILES | {f"usr/share/dbus-1/interfaces/{name}" for name in interfaces}
        if (CHECKOUT / "dbus" / "nvmemid.conf").exists():
            files.add("etc/nvmemid.conf")
        return files

    def test_every_file_is_printed_and_at_its_place(self):
        self.assertEqual(self.install(), self.expected())
        self.assertEqual(self.present(), self.expected())
        for program in ("usr/libexec/nvme-mi-bridge/nvmemid", "usr/bin/nvmemi"):
            self.assertTrue(os.access(self.root / program, os.X_OK), program)
        for file in self.root.rglob("*.conf"):
            self.assertEqual(file.stat().st_mode & 0o777, 0o644, file)

    def test_simulator_only_when_asked_for(self):
        simulator = "usr/libexec/nvme-mi-bridge/nvmemi-sim"
        self.assertEqual(self.install("--simulator"), self.expected() | {simulator})

    def test_installed_twice_is_installed_once(self):
        self.install()
        configuration = self.root / "etc" / "nvmemid.conf"
        configuration.parent.mkdir(exist_ok=True)
        configuration.write_text("# changed by its owner\n", encoding="utf-8")
        self.install()
        self.assertEqual(self.present(), self.expected() | {"etc/nvmemid.conf"})
        self.assertEqual(configuration.read_text(encoding="utf-8"), "# changed by its owner\n")

    def test_uninstall_leaves_nothing_but_the_configuration(self):
        self.install("--simulator")
        self.install("--uninstall")
        self.assertEqual(self.present() - {"etc/nvmemid.conf"}, set())
        self.install("--uninstall")

    def test_other_prefix(self):
        files = self.install(PREFIX="/usr/local")
        self.assertIn("usr/local/bin/nvmemi", files)
        # The bus does not read policies below /usr/local.
        self.assertIn(f"etc/dbus-1/system.d/{NAME}.conf", files)
        unit = (self.root / "usr/local/lib/systemd/system/nvmemid.service").read_text("utf-8")
        self.assertIn("ExecStart=/usr/local/libexec/nvme-mi-bridge/nvmemid ", unit)

    def test_files_fit_together(self):
        self.install()
        unit = (self.root / "usr/lib/systemd/system/nvmemid.service").read_text("utf-8")
        activation = self.root / f"usr/share/dbus-1/system-services/{NAME}.service"
        alias = f"dbus-{NAME}.service"
        self.assertIn(f"BusName={NAME}\n", unit)
        self.assertIn(f"Alias={alias}\n", unit)
        self.assertIn(f"SystemdService={alias}\n", activation.read_text("utf-8"))
        policy = xml.etree.ElementTree.parse(self.root / f"usr/share/dbus-1/system.d/{NAME}.conf")
        users = (self.root / "usr/lib/sysusers.d/nvmemid.conf").read_text("utf-8").splitlines()
        made = {tuple(line.split()[:2]) for line in users if line and line[0] in "ug"}
        for section in policy.iter("policy"):
            if section.get("group"):
                self.assertIn(("g", section.get("group")), made)
            if section.get("user") not in (None, "root"):
                self.assertIn(("u", section.get("user")), made)
                self.assertIn(f"User={section.get('user')}\n", unit)

    def test_unit_stays_in_its_sandbox(self):
        self.install()
        unit = self.root / "usr/lib/systemd/system/nvmemid.service"
        result = subprocess.run(
            # systemd counts exposure in tenths: 15 is 1.5 of 10.
            ["systemd-analyze", "security", "--offline=true", "--threshold=15", unit],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(result.returncode, 0, result.stdout[-200:] + result.stderr)


if __name__ == "__main__":
    unittest.main()
