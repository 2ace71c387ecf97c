"""dbus/install: every file at its place, twice the same, and gone again afterwards.

And nothing written at all when it was called wrongly; and the unit's user, as mctpd's is.
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("NVMEMI_PROGRAMS", CHECKOUT / ".build" / "release"))
NAME = "xyz.openbmc_project.NVMeMI"
POLICY = f"usr/share/dbus-1/system.d/{NAME}.conf"
UNIT = "usr/lib/systemd/system/nvmemid.service"

FILES = {
    "usr/libexec/nvme-mi-bridge/nvmemid",
    "usr/bin/nvmemi",
    POLICY,
    f"usr/share/dbus-1/system-services/{NAME}.service",
    UNIT,
    "usr/lib/sysusers.d/nvmemid.conf",
    "usr/share/bash-completion/completions/nvmemi",
    "usr/share/zsh/site-functions/_nvmemi",
    "usr/share/fish/vendor_completions.d/nvmemi.fish",
}


class InstallTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        # What is written beside the root is seen as well.
        self.directory = pathlib.Path(directory.name)
        self.root = self.directory / "root"
        self.root.mkdir()

    def run_install(self, *arguments, **variables):
        """Runs dbus/install with these words only; returns the CompletedProcess."""
        return subprocess.run(
            [CHECKOUT / "dbus" / "install", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **variables},
            cwd=self.directory,
        )

    def install(self, *arguments, **variables):
        """Installs to the root; returns the files that it says it has written."""
        result = self.run_install("--programs", PROGRAMS, *arguments, self.root, **variables)
        self.assertEqual(result.returncode, 0, result.stderr)
        return {line.removeprefix(f"{self.root}/") for line in result.stdout.splitlines()}

    def read(self, *path):
        return self.root.joinpath(*path).read_text(encoding="utf-8")

    def present(self):
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}


class FilesTests(InstallTest):

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

    def test_debug_files_are_found_by_build_id(self):
        debug = self.install("--debug-files") - self.expected()
        self.assertEqual(len(debug), 2, debug)
        for program in ("usr/libexec/nvme-mi-bridge/nvmemid", "usr/bin/nvmemi"):
            notes = subprocess.run(
                ["readelf", "--notes", self.root / program],
                capture_output=True, text=True, check=True,
            ).stdout
            identifier = re.search(r"Build ID: (\w+)", notes).group(1)
            file = f"usr/lib/debug/.build-id/{identifier[:2]}/{identifier[2:]}.debug"
            self.assertIn(file, debug)
            sections = subprocess.run(
                ["readelf", "--sections", "--wide", self.root / file],
                capture_output=True, text=True, check=True,
            ).stdout
            self.assertIn(" .symtab ", sections)
        self.install("--uninstall")
        self.assertEqual(self.present() - {"etc/nvmemid.conf"}, set())

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
        unit = self.read("usr/local/lib/systemd/system/nvmemid.service")
        self.assertIn("ExecStart=/usr/local/libexec/nvme-mi-bridge/nvmemid ", unit)

    def test_a_prefix_may_end_with_a_slash(self):
        self.assertEqual(self.install(PREFIX="/usr/"), self.expected())

    def test_directories_may_be_relative_and_values_attached(self):
        result = self.run_install(f"--programs={os.path.relpath(PROGRAMS, self.directory)}", "root/")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.present(), self.expected())

    def test_files_fit_together(self):
        for user in ("root", "mctpd", "nvmemid"):
            with self.subTest(user=user):
                self.install("--user", user)
                self.assert_files_fit(user)

    def assert_files_fit(self, user):
        unit = self.read(UNIT)
        alias = f"dbus-{NAME}.service"
        self.assertIn(f"BusName={NAME}\n", unit)
        self.assertIn(f"Alias={alias}\n", unit)
        # A unit with a group that the machine does not have does not start.
        self.assertNotIn("SupplementaryGroups=", unit)
        activation = self.read(f"usr/share/dbus-1/system-services/{NAME}.service")
        self.assertIn(f"SystemdService={alias}\n", activation)

        self.assertEqual(re.findall("^User=(.*)$", unit, re.MULTILINE), [user])
        policy = xml.etree.ElementTree.fromstring(self.read(POLICY))
        rights = {
            (section.get("user"), *rule.items()[0])
            for section in policy.iter("policy")
            if section.get("user")
            for rule in section.iter("allow")
        }
        daemons = {
            (user, "own", NAME),
            (user, "send_destination", "au.com.codeconstruct.MCTP1"),
            (user, "send_destination", "org.freedesktop.DBus"),
        }
        roots = {("root", "own", NAME), ("root", "send_destination", NAME)}
        self.assertEqual(rights, daemons | roots)

        lines = self.read("usr/lib/sysusers.d/nvmemid.conf").splitlines()
        made = {tuple(line.split()[:2]) for line in lines if line and line[0] in "ug"}
        groups = {section.get("group") for section in policy.iter("policy")} - {None}
        # mctpd's package makes mctpd's user.
        users = {("u", user)} - {("u", "root"), ("u", "mctpd")}
        self.assertEqual(made, {("g", group) for group in groups} | users)

    def test_unit_stays_in_its_sandbox(self):
        # systemd counts exposure in tenths: 17 is 1.7 of 10. That of root alone makes 3.
        for user, threshold in (("mctpd", 17), ("root", 20)):
            self.install("--user", user)
            result = subprocess.run(
                ["systemd-analyze", "security", "--offline=true", f"--threshold={threshold}"]
                + [self.root / UNIT],
                capture_output=True,
                text=True,
                check=False,
            )
            self.assertEqual(result.returncode, 0, result.stdout[-200:] + result.stderr)


class UserTests(InstallTest):
    """Whom the unit runs the daemon as, where mctpd's unit is found and --user is not given."""

    def unit(self, text, *path):
        file = self.root.joinpath(*(path or ("usr/lib/systemd/system/mctpd.service",)))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def assert_user(self, user, *arguments):
        self.install(*arguments)
        self.assertIn(f"\nUser={user}\n", self.read(UNIT))
        self.assertIn(f'<policy user="{user}">', self.read(POLICY))

    def test_a_machine_without_mctpd(self):
        self.assert_user("root")

    def test_an_mctpd_that_runs_as_root(self):
        self.unit("[Service]\nExecStart=/usr/sbin/mctpd\n")
        self.assert_user("root")

    def test_an_mctpd_with_a_user(self):
        self.unit("[Service]\nUser=mctpd\nExecStart=/usr/sbin/mctpd\n")
        self.assert_user("mctpd")

    def test_drop_ins_and_the_machines_own_units_come_first(self):
        self.unit("[Service]\nUser=mctpd\n")
        self.unit("[Service]\nUser=first\n", "usr/lib/systemd/system/mctpd.service.d/20-a.conf")
        self.unit("[Service]\nUser=second \n", "etc/systemd/system/mctpd.service.d/10-b.conf")
        self.assert_user("first")
        self.unit("", "etc/systemd/system/mctpd.service.d/20-a.conf")
        self.assert_user("second")
        self.unit("[Service]\nUser=\n", "etc/systemd/system/mctpd.service.d/20-a.conf")
        self.assert_user("root")
        self.unit("[Service]\n", "etc/systemd/system/mctpd.service.d/20-a.conf")
        self.unit("[Service]\n", "etc/systemd/system/mctpd.service.d/10-b.conf")
        self.unit("[Service]\nUser=local\n", "etc/systemd/system/mctpd.service")
        self.assert_user("local")

    def test_an_option_comes_first(self):
        self.unit("[Service]\nUser=mctpd\n")
        self.assert_user("nvmemid", "--user=nvmemid")

    def test_a_user_that_cannot_be_told(self):
        self.unit("[Service]\nUser=%i\n")
        before = self.present()
        result = self.run_install("--programs", PROGRAMS, self.root)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--user", result.stderr)
        self.assertEqual(self.present(), before)


class RefusalTests(InstallTest):
    """Whatever is wrong is said, with status 2, before anything is written."""

    def assert_refused(self, words, *arguments, **variables):
        with self.subTest(arguments=arguments, variables=variables):
            before = sorted(self.directory.rglob("*"))
            # Were it not refused, nothing would be built, nor written to this machine.
            result = self.run_install(
                *arguments, **{"PREFIX": "/proc/nvmemi", "SYSCONFDIR": "/proc/nvmemi",
                               "SWIFT_BUILD_FLAGS": "--no-such-flag", **variables}
            )
            self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
            self.assertRegex(result.stderr, words)
            self.assertEqual(result.stdout, "")
            self.assertEqual(sorted(self.directory.rglob("*")), before)

    def test_options_without_a_value(self):
        for option in ("--programs", "--user"):
            self.assert_refused(f"{option} needs a value", option)
            self.assert_refused(f"{option} needs a value", self.root, option)
            self.assert_refused(f"{option} needs a value", option, "", self.root)
            self.assert_refused(f"{option} needs a value", f"{option}=", self.root)
            self.assert_refused(f"{option} needs a value, not '--simulator'", option, "--simulator")

    def test_unknown_words(self):
        self.assert_refused("unknown option '--simulate'", "--simulate", self.root)
        self.assert_refused("unknown option '-s'", "-s", self.root)
        self.assert_refused("unknown option '--simulator=yes'", "--simulator=yes", self.root)
        self.assert_refused("no directory .*/simulator", "simulator")
        self.assert_refused("one DESTDIR", self.root, "simulator")
        self.assert_refused("DESTDIR is empty", "")

    def test_places_that_are_not_there(self):
        file = self.directory / "file"
        file.touch()
        nowhere = self.directory / "nowhere"
        self.assert_refused("no directory .*/nowhere", nowhere)
        self.assert_refused("no directory .*/nowhere", "--uninstall", nowhere)
        self.assert_refused("no directory .*/file", file)
        self.assert_refused("no directory .*/nowhere", "--programs", nowhere, self.root)
        self.assert_refused("no directory .*/file", "--programs", file, self.root)

    def test_programs_that_are_not_there(self):
        programs = self.directory / "programs"
        programs.mkdir()
        places = {"PREFIX": "/usr", "SYSCONFDIR": "/etc"}
        call = ("--programs", programs, "--simulator", self.root)
        for name in ("nvmemid", "nvmemi", "nvmemi-sim"):
            self.assert_refused(f"no program .*/{name}$|no program .*/{name};", *call, **places)
            (programs / name).touch()
            self.assert_refused(f"no program .*/{name}$|no program .*/{name};", *call, **places)
            (programs / name).chmod(0o755)

    def test_users_that_cannot_be(self):
        for name in ("a b", "a|b", "1000", 'a"', "ü", "a" * 40):
            self.assert_refused("no name of a user", "--user", name, self.root)

    def test_places_that_cannot_be(self):
        variables = (
            "PREFIX", "LIBEXECDIR", "DATADIR", "UNITDIR", "SYSUSERSDIR", "POLICYDIR", "SYSCONFDIR",
        )
        (self.root / "file").touch()
        fine = {"PREFIX": "/usr", "SYSCONFDIR": "/etc"}
        for name in variables:
            for value, words in (
                ("usr", "takes an absolute path"),
                ("/a b", "takes letters"),
                ("/a|b", "takes letters"),
                ("/../outside", "no '..'"),
                ("/file/below", "is no directory"),
            ):
                self.assert_refused(
                    f"{name}.* {words}|{name}: .*{words}",
                    "--programs", PROGRAMS, self.root, **{**fine, name: value},
                )

    def test_a_place_that_cannot_be_written_to(self):
        closed = self.root / "usr"
        closed.mkdir(0o500)
        install = [CHECKOUT / "dbus" / "install", "--programs", PROGRAMS, self.root]
        # Root without capabilities has no more rights to files than anybody.
        nobody = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.getuid() == 0 else []
        result = subprocess.run([*nobody, *install], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn(f"{closed} cannot be written to", result.stderr)
        self.assertEqual(self.present(), set())

    def test_a_program_that_strips_and_is_not_there(self):
        self.assert_refused(
            "STRIP: there is no program 'no-such-strip'",
            "--programs", PROGRAMS, self.root,
            PREFIX="/usr", SYSCONFDIR="/etc", STRIP="no-such-strip",
        )
        self.assert_refused(
            "OBJCOPY: there is no program 'no-such-objcopy'",
            "--programs", PROGRAMS, "--debug-files", self.root,
            PREFIX="/usr", SYSCONFDIR="/etc", OBJCOPY="no-such-objcopy",
        )

    def test_a_build_that_fails_writes_nothing(self):
        result = self.run_install(self.root, SWIFT_BUILD_FLAGS="--no-such-flag")
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(self.present(), set())


if __name__ == "__main__":
    unittest.main()
