"""What the foreign clients of test_judges.py are told to send: a text is a command.

Equal drives get them in the same order, so that what one changes the next ones see.

nvme-cli 2.3, of Debian 12, sends all of NVME over MI. What it refuses to send, "not a direct transport", is
get-lba-status, capacity-mgmt, lockdown, virt-mgmt, device-self-test, set-feature, dir-send, dir-receive, io-mgmt-*,
resv-*, rpmb, reset, subsystem-reset, ns-rescan, show-regs, id-ns-granularity, id-ns-lba-format, nvm-id-*,
cmdset-ind-id-ns, id-nvmset, id-uuid, id-iocs, id-domain, list-endgrp, get-feature without a namespace, and what reads
or writes blocks; its plugins do not open such a drive. Those of them that are Admin commands the library sends.
"""

# nvme-cli; INPUT and OUTPUT are files, INPUT of 4096 bytes, a firmware image. Short options have changed since 2.3.
IDENTIFY = [
    "id-ctrl", "id-ns -n 1", "id-ns -n 1 --force", "id-ns -n 99", "id-ns -n 4294967295", "list-ns", "list-ns --all",
    "list-ns -n 1", "list-ctrl", "list-ctrl -n 1", "list-ctrl -n 99", "primary-ctrl-caps", "list-secondary",
    "ns-descs -n 1", "ns-descs -n 99", "admin-passthru --opcode=6 --cdw10=1 -l 4096 -r",
    "admin-passthru --opcode=6 --cdw10=1 -l 100 -r",
]
LOGS = [
    "supported-log-pages", "smart-log", "smart-log -n 1", "error-log -e 8", "fw-log", "changed-ns-list-log",
    "effects-log -c 0", "effects-log -c 1", "self-test-log", "endurance-log -g 1", "endurance-log -g 7",
    "predictable-lat-log -i 1", "pred-lat-event-agg-log -e 4", "ana-log", "persistent-event-log -a 1 -l 512",
    "persistent-event-log -a 0 -l 512", "persistent-event-log -a 2", "persistent-event-log -a 0 -l 512",
    "lba-status-log", "endurance-event-agg-log -e 4", "media-unit-stat-log -d 1", "supported-cap-config-log -d 1",
    "fid-support-effects-log", "mi-cmd-support-effects-log", "resv-notif-log", "sanitize-log",
    "get-log -i 0x14 -l 512", "get-log -i 0x16 -l 512", "get-log -i 0x17 -l 512 -n 1", "get-log -i 0x18 -l 512",
    "get-log -i 0x19 -l 512", "get-log -i 0x1a -l 64", "get-log -i 0x1b -l 512", "get-log -i 0x1c -l 4096",
    "get-log -i 0x70 -l 512", "get-log -i 0x22 -l 64 -s 1", "get-log -i 0xee -l 64", "get-log -i 2 -l 512 --lpo=2",
    "get-log -i 2 -l 64 --lpo=32", "get-log -i 1 -l 64 --lpo=65536", "get-log -i 2 -l 4 -n 5",
    # What boot-part-log sends 34 times.
    "get-log -i 0x15 -l 4096", "telemetry-log --output-file=OUTPUT -g 1", "get-log -i 7 -l 512", "get-log -i 8 -l 512",
]
OTHERS = [
    "get-feature -n 1 -f 0x84", "get-feature -n 1 -f 2", "get-feature -n 77 -f 0x84", "get-feature -n 1 -f 0x84 -s 3",
    "admin-passthru --opcode=9 --cdw10=0x84 --cdw11=1 -n 2", "get-feature -n 2 -f 0x84",
    "admin-passthru --opcode=9 --cdw10=0x84 --cdw11=0 -n 2", "admin-passthru --opcode=0xc1 -l 64 -w -i INPUT",
    "security-recv -n 0 -p 0 -s 0 -x 64 -t 64", "security-recv -n 0 -p 0 -s 1 -x 64 -t 64",
    "security-recv -n 0 -p 0xee -s 0 -x 64 -t 64", "security-send -n 0 -p 0xf0 -s 1 -f INPUT -t 4096",
    "security-recv -n 0 -p 0xf0 -s 1 -x 4096 -t 4096", "security-recv -n 0 -p 0xf0 -s 1 -x 64 -t 64",
    "security-send -n 0 -p 0xee -s 1 -f INPUT -t 4096",
]
NAMESPACES = [
    "create-ns -s 16384 -c 16384 -f 0", "create-ns -s 16384 -c 8192 -f 0", "create-ns -s 16384 -c 16384 -f 15",
    "create-ns -s 0xffffffffff -c 0xffffffffff -f 0", "attach-ns -n 3 -c 0", "attach-ns -n 3 -c 0",
    "attach-ns -n 3 -c 77", "attach-ns -n 99 -c 0", "list-ns", "id-ns -n 3", "ns-descs -n 3", "list-ctrl -n 3",
    "detach-ns -n 3 -c 0", "detach-ns -n 3 -c 0", "delete-ns -n 3", "delete-ns -n 3",
    "create-ns -s 32768 -c 32768 -f 0", "attach-ns -n 3 -c 1", "detach-ns -n 2 -c 0", "attach-ns -n 2 -c 0",
]
ERASING = [
    "format -n 2 -l 0 --force", "format -n 1 -l 1 -s 1 --force", "format -n 2 -l 14 --force", "format -n 99 --force",
    "format -n 2 -s 3 --force", "sanitize -a start-block-erase", "sanitize-log", "sanitize -a exit-failure",
    "sanitize -a start-overwrite -p 0x55 -n 1", "sanitize-log", "sanitize -a start-crypto-erase", "sanitize-log",
]
FIRMWARE = [
    "fw-download -f INPUT -x 4096", "fw-commit -s 3 -a 0", "fw-log", "fw-commit -s 7 -a 1", "fw-commit -s 1 -a 1",
    "fw-commit -s 3 -a 2", "fw-log", "fw-commit -s 2 -a 3", "fw-log",
]
NVME = IDENTIFY + LOGS + OTHERS + NAMESPACES + ERASING + FIRMWARE
# nvme-cli 2.13, of Debian 13, wants a device node for it.
NOT_SENT_LATER = "create-ns"


def passthru(opcode, nsid=0, length=0, data="-", **dwords):
    """A command of any kind, in the words of judge.c."""
    values = [dwords.get(f"cdw{number}", 0) for number in range(10, 16)]
    return " ".join(map(str, ["passthru", opcode, nsid, *values, length, data]))


# By way of libnvme-mi alone, in the words of judge.c. get-feature and admin without data: Debian 12's libnvme says
# that there is none (DLEN).
LIBRARY_ADMIN = [
    *(passthru(0x06, nsid, 4096, cdw10=cns, cdw11=specific) for cns, nsid, specific in (
        # NVM sets, I/O command sets' structures, formats, granularity, UUIDs, domains, endurance groups, command sets.
        (0x04, 0, 0), (0x04, 0, 1), (0x05, 1, 0), (0x05, 77, 0), (0x06, 0, 0), (0x06, 0, 2 << 24), (0x08, 1, 0),
        (0x09, 1, 0), (0x0A, 1, 0), (0x11, 1, 0), (0x16, 0, 0), (0x17, 0, 0), (0x18, 0, 0), (0x19, 0, 0),
        (0x1C, 0, 0), (0x7F, 0, 0), (0xFE, 0, 0),
    )),
    *(f"get-feature {feature} {select} 0 0 0" for feature in (0x02, 0x04, 0x10) for select in range(4)),
    *(f"get-feature {feature} 0 0 0 0" for feature in (0x01, 0x05, 0x06, 0x07, 0x0B, 0x11, 0x19, 0x7C, 0x80, 0xEE)),
    *(passthru(0x0A, length=length, cdw10=feature) for feature, length in (
        (0x0C, 256), (0x16, 512), (0x7D, 4096), (0x7E, 4096), (0x7F, 4096), (0x0E, 8),
    )),
    "get-feature 0x02 4 0 0 0", "get-feature 0x04 0 0 0x100000 0", "get-feature 0x84 0 1 0 0",
    "get-feature 0x84 0 77 0 0",
    "set-feature 0x02 0 1 0 -", "set-feature 0x02 0 2 1 -", "set-feature 0x02 0 9 0 -", "set-feature 0x04 0 0x155 0 -",
    "set-feature 0x04 0 0x155 1 -", "set-feature 0x10 0 0x01500140 0 -", "set-feature 0x10 0 0x0140 0 -",
    "set-feature 0x0b 0 0x700 0 -", "set-feature 0xee 0 0 0 -", "set-feature 0x84 2 1 0 -", "get-feature 0x84 0 2 0 0",
    "set-feature 0x84 2 0 0 -",
    *(f"get-feature {feature} {select} 0 0 0" for feature in (2, 4, 16) for select in (0, 2)),
    "security-send 0xf0 1 0102030405060708", "security-receive 0xf0 1 8", "security-receive 0 0 16",
    "security-send 0xee 1 01020304", "admin 0x06 0 0x13 0 0 0 0 0 4096 -", "admin 0x06 0 0xfe 0 0 0 0 0 4096 -",
    # LBA status, directives, lockdown, virtualization, capacity, self-test.
    passthru(0x86, 1, 128, cdw12=31, cdw13=0x11000008), passthru(0x86, 77, 128, cdw12=31, cdw13=0x11000008),
    passthru(0x1A, 1, 64, cdw10=15, cdw11=1), passthru(0x19, 1, cdw11=1), passthru(0x24, cdw10=0x8030),
    passthru(0x24, cdw10=0x8020), passthru(0x1C, cdw10=0x10009, cdw11=1), passthru(0x1C, cdw10=8),
    passthru(0x20, cdw10=0x10003, cdw11=1), passthru(0x20, cdw10=5), passthru(0x14, cdw10=1), passthru(0x14, cdw10=1),
    passthru(0x02, 0xFFFFFFFF, 564, cdw10=0x8C0006), passthru(0x14, cdw10=15), passthru(0x14, cdw10=7),
    passthru(0x14, 77, cdw10=1), passthru(0x84, cdw10=7), passthru(0x10, cdw10=0x2B),
    # Of hosts, of vendors, of nobody; then what all of it has come to.
    *(passthru(opcode) for opcode in (0x00, 0x08, 0x0C, 0x18, 0x1D, 0x7C, 0xC0, 0xFC)), passthru(0xC1, cdw12=7),
    passthru(0xC1, length=64, data=bytes(range(64)).hex()), passthru(0xC2, length=64), passthru(0xC2, length=4),
    passthru(0x02, 0xFFFFFFFF, 4096, cdw10=0x3FF0001), passthru(0x02, 0xFFFFFFFF, 512, cdw10=0x7F0002),
]
LIBRARY_MANAGEMENT = [
    "subsystem", "port 0", "port 1", "port 2", "port 9", "controllers", "controller 0", "controller 1", "controller 9",
    "health 0", "health 1", "health 0", "config-get 0x02000001 0", "config-get 0x00000001 0", "config-get 0x02000003 0",
    "config-get 0x02000002 0", "config-get 0x77 0", "config-set 0x02000201 0", "config-get 0x02000001 0",
    "config-set 0x02000701 0", "config-set 2 0x1fff", "config-set 0xc0 77", "config-get 0xc0 0",
    # Debian 12's libnvme has no functions for these.
    "mi 0x00 0x02000000 0 -", "mi 0x00 0x04000000 0 -", "mi 0x00 0x05000000 0 -", "mi 0x00 0x09000000 0 -",
    "mi 0x02 0x81fe0000 0 -", "mi 5 0 16 -", "mi 5 9999 16 -", "mi 0xc0 5 0 -", "mi 0x55 0 0 -", "mi 0x0a 0 16 -",
    "control 3 0 0", "control 3 0 1", "control 0 0 0", "control 3 0 0", "control 1 0 0", "control 2 0 0",
    "control 4 0 0", "control 3 1 0",
]
LATER_LIBRARY = ("mi", "control")

# What is each drive's own, as (first byte, end): times, and the identifiers that it gives to namespaces.
OWN = {
    "id-ns -n 3": [(104, 128)],
    "ns-descs -n 3": [(4, 12), (16, 32), (36, 52)],
    "persistent-event-log -a 1 -l 512": [(20, 28)],
    "persistent-event-log -a 0 -l 512": [(20, 28)],
    passthru(0x0A, length=8, cdw10=0x0E): [(0, 6)],
}
