import DBus
import EventLoop
import NVMeMIDrives

extension Interface where Object == Drive {
    /// What a drive is, whichever way it is reached.
    static let drive = Interface(
        "xyz.openbmc_project.NVMeMI.Drive1",
        documentation: """
            A drive: one NVM subsystem. Endpoints whose controllers tell the same NQN, vendor and serial \
            number are ways to one drive. Reading. Texts are empty for a drive that does not tell.
            """,
        right: .reading
    ) {
        Property(
            "Name",
            """
            Unique and stable: letters, digits and _; the name of EntityManager's record of the drive where \
            there is one, else made of the serial number, else of network and endpoint ID.
            """,
            .constant
        ) { (drive: Drive) in drive.name }
        Property(
            "Location",
            """
            Where in the machine it is, as EntityManager tells, or else the configuration's [place]; empty \
            where neither does.
            """,
            .emitsChange
        ) { (drive: Drive) in drive.location }
        Property("SerialNumber", "Without the padding.", .emitsChange) { (drive: Drive) in
            drive.identity?.serialNumber ?? ""
        }
        Property("ModelNumber", "Without the padding.", .emitsChange) { (drive: Drive) in
            drive.identity?.model ?? ""
        }
        Property("Manufacturer", "The PCI vendor identifier, as 0x1234.", .emitsChange) {
            (drive: Drive) in drive.manufacturer
        }
        Property("FirmwareRevision", "The active firmware's.", .emitsChange) { (drive: Drive) in
            drive.identity?.firmware ?? ""
        }
        Property("SubsystemNQN", "The NQN of the NVM subsystem.", .emitsChange) { (drive: Drive) in
            drive.identity?.subsystemNQN ?? ""
        }
        Property(
            "State",
            """
            ready: answers, and what it must tell is known. busy: there, and not ready yet. unavailable: does \
            not answer by any of its endpoints. failed: answers, but not as it must. The best of its endpoints \
            counts.
            """,
            .emitsChange
        ) { (drive: Drive) in drive.state.rawValue }
        Property(
            "StateReason",
            """
            Why it is in its state, what is done about it and what to try, for who runs the machine; empty when it \
            is ready and all of it is known.
            """,
            .emitsChange
        ) { (drive: Drive) in drive.stateReason.sentence }
        Property(
            "StateDetail",
            "The same for those who know the protocols: errors, limits, what is missing. May be empty.",
            .emitsChange
        ) { (drive: Drive) in drive.stateReason.detail }
        Property(
            "StateSince",
            "When State changed last, in milliseconds of Unix time.",
            .emitsChange
        ) { (drive: Drive) in drive.stateSince }
        Property(
            "Health",
            """
            How well it is: fine, unknown, warning, unavailable or critical, the worst last. The worst counts of \
            its critical warnings, its temperature against its thresholds, its wear (wear-warning-percent in the \
            configuration), a reset that it needs, and whether it answers. unknown: has not told yet. \
            unavailable: does not answer.
            """,
            .emitsChange
        ) { (drive: Drive) in drive.verdict.level.name }
        Property(
            "HealthReasons",
            "What is the matter, in words, the worst first; empty when nothing is.",
            .emitsChange
        ) { (drive: Drive) in drive.verdict.reasons.map(\.text) }
        Property(
            "HealthSince",
            "When Health changed last, in milliseconds of Unix time.",
            .emitsChange
        ) { (drive: Drive) in drive.verdictSince }
        Property("Capacity", "In bytes; 0 while it is not known.", .emitsChange) {
            (drive: Drive) in drive.leadingController?.identity?.totalCapacity ?? 0
        }
        Property(
            "WarningTemperature",
            "From which temperature on it is too warm, in degrees Celsius; 0 when it tells none.",
            .emitsChange
        ) { (drive: Drive) in drive.leadingController?.identity?.warningTemperature ?? 0 }
        Property(
            "CriticalTemperature",
            "At which temperature it may stop working, in degrees Celsius; 0 when it tells none.",
            .emitsChange
        ) { (drive: Drive) in drive.leadingController?.identity?.criticalTemperature ?? 0 }
        Property(
            "MissingParts",
            "What the drive should tell and does not; as Endpoint1.MissingParts of ActiveEndpoint.",
            .emitsChange
        ) { (drive: Drive) in drive.missingParts.map(VariantDictionary.init) }
        Property("Endpoints", "The ways to it, ordered by network and EID.", .emitsChange) {
            (drive: Drive) in drive.endpoints.compactMap(BusPaths.path)
        }
        Property(
            "Jobs",
            "Its jobs that go on, and those that ended lately, in the order in which they were started.",
            .emitsChange
        ) { (drive: Drive) in drive.jobs.compactMap(BusPaths.path) }
        Property(
            "ActiveEndpoint",
            "The endpoint that commands to the drive take; another when that does not answer.",
            .emitsChange
        ) { (drive: Drive) in drive.activeEndpoint.flatMap(BusPaths.path) ?? ObjectPath.root }
    }
}

extension Drive {
    /// The PCI vendor identifier, as 0x1234; empty while it is not known.
    var manufacturer: String {
        guard let vendor = identity?.vendorID, vendor != 0 else { return "" }
        let digits = String(vendor, radix: 16)
        return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
