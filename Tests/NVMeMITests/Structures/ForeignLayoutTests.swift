import Foundation
import NVMeMI
import XCTest

/// Compares the layouts with the structures of libnvme, as the C compiler places them.
///
/// Needs gcc and libnvme-dev, and fails without them: a comparison that is skipped says nothing.
final class ForeignLayoutTests: XCTestCase {
    /// A C structure, our layout of it, and our names for its members.
    private struct Pair {
        let structure: String
        let table: [FieldDescription]
        /// Members in order; several of our fields where they are bits of one member.
        let members: [(String, [String])]
        /// Our fields that the installed header is too old for.
        var newer: Set<String> = []
    }

    func testOffsetsAndSizes() throws {
        let pairs = Self.pairs
        let places = try Self.compilePlaces(pairs)
        for pair in pairs {
            var compared = pair.newer
            for (member, names) in pair.members {
                guard let (offset, size) = places["\(pair.structure).\(member)"] else {
                    XCTFail("no place for \(pair.structure).\(member)")
                    continue
                }
                let fields = pair.table.filter { names.contains($0.name) }
                compared.formUnion(names)
                XCTAssertGreaterThanOrEqual(
                    fields.count,
                    names.count,
                    "\(pair.structure).\(member): \(names)"
                )
                for field in fields {
                    let first = field.firstBit
                    XCTAssertTrue(
                        first >= offset * 8 && first + field.bitCount <= (offset + size) * 8,
                        "\(pair.structure).\(member) is bytes \(offset)..<\(offset + size), "
                            + "\(field.name) is not in them"
                    )
                    if fields.count == 1, names.count == 1, field.bitCount % 8 == 0 {
                        XCTAssertEqual(first, offset * 8, "\(pair.structure).\(member)")
                        XCTAssertEqual(
                            field.bitCount,
                            size * 8,
                            "size of \(pair.structure).\(member)"
                        )
                    }
                }
            }
            for field in pair.table {
                XCTAssertTrue(
                    compared.contains(field.name),
                    "\(field.name) is not compared with \(pair.structure)"
                )
            }
        }
    }

    func testSizesOfStructures() throws {
        let places = try Self.compilePlaces(Self.pairs)
        for (structure, size) in [
            ("nvme_id_ctrl", IdentifyController.layout.size),
            ("nvme_id_ns", IdentifyNamespace.layout.size),
            ("nvme_id_psd", PowerState.layout.size),
            ("nvme_lbaf", LBAFormat.layout.size),
            ("nvme_smart_log", SmartLog.layout.size),
            ("nvme_error_log_page", ErrorLogEntry.layout.size),
            ("nvme_firmware_slot", FirmwareSlotLog.layout.size),
            ("nvme_st_result", SelfTestResult.layout.size),
            ("nvme_self_test_log", SelfTestLog.layout.size),
            ("nvme_sanitize_log_page", SanitizeStatusLog.layout.size),
            ("nvme_mi_read_nvm_ss_info", SubsystemInformation.layout.size),
            ("nvme_mi_read_port_info", PortInformation.layout.size),
            ("nvme_mi_read_ctrl_info", ControllerInformation.layout.size),
            ("nvme_mi_nvm_ss_health_status", SubsystemHealth.layout.size),
            ("nvme_mi_ctrl_health_status", ControllerHealth.layout.size),
            ("nvme_mi_admin_req_hdr", AdminCommand.request.size),
            ("nvme_mi_mi_req_hdr", RawManagementCommand.request.size),
        ] {
            XCTAssertEqual(places[structure]?.size, size, structure)
        }
    }

    /// Compiles and runs a program that prints place and size of every member.
    private static func compilePlaces(
        _ pairs: [Pair]
    ) throws -> [String: (offset: Int, size: Int)] {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("nvme-mi-layout-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }

        var source = """
            #include <stddef.h>
            #include <stdio.h>
            #include <nvme/types.h>
            #include <nvme/mi.h>
            int main(void) {

            """
        for pair in pairs {
            source += "printf(\"\(pair.structure) 0 %zu\\n\", sizeof(struct \(pair.structure)));\n"
            for (member, _) in pair.members {
                source += "printf(\"\(pair.structure).\(member) %zu %zu\\n\", "
                source += "offsetof(struct \(pair.structure), \(member)), "
                source += "sizeof(((struct \(pair.structure) *)0)->\(member)));\n"
            }
        }
        source += "return 0; }\n"

        let file = directory.appendingPathComponent("places.c")
        let program = directory.appendingPathComponent("places")
        try source.write(to: file, atomically: true, encoding: .utf8)
        _ = try run("gcc", ["-o", program.path, file.path])
        var places: [String: (offset: Int, size: Int)] = [:]
        for line in try run(program.path, []).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let offset = Int(words[1]), let size = Int(words[2]) else {
                continue
            }
            places[String(words[0])] = (offset, size)
        }
        return places
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.standardError
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            throw Failure(
                description: "\(program) failed; the test needs gcc and libnvme-dev"
            )
        }
        return text
    }

    private static let pairs: [Pair] = [
        Pair(
            structure: "nvme_id_ctrl",
            table: IdentifyController.layout.table,
            members: [
                ("vid", ["VendorID"]),
                ("ssvid", ["SubsystemVendorID"]),
                ("sn", ["SerialNumber"]),
                ("mn", ["ModelNumber"]),
                ("fr", ["FirmwareRevision"]),
                ("rab", ["RecommendedArbitrationBurst"]),
                ("ieee", ["OrganizationallyUniqueIdentifier"]),
                ("cmic", ["MultipathCapabilities"]),
                ("mdts", ["MaximumDataTransferSize"]),
                ("cntlid", ["ControllerID"]),
                ("ver", ["NVMeVersion"]),
                ("rtd3r", ["RuntimeD3ResumeLatency"]),
                ("rtd3e", ["RuntimeD3EntryLatency"]),
                ("oaes", ["OptionalAsynchronousEvents"]),
                ("ctratt", ["ControllerAttributes"]),
                ("rrls", ["ReadRecoveryLevels"]),
                ("cntrltype", ["ControllerType"]),
                ("fguid", ["FRUGloballyUniqueIdentifier"]),
                ("crdt1", ["CommandRetryDelay1"]),
                ("crdt2", ["CommandRetryDelay2"]),
                ("crdt3", ["CommandRetryDelay3"]),
                ("nvmsr", ["SubsystemReport"]),
                ("vwci", ["VPDWritesRemaining", "VPDWritesRemainingValid"]),
                ("mec", ["ManagementEndpointCapabilities"]),
                ("oacs", ["OptionalAdminCommands"]),
                ("acl", ["AbortCommandLimit"]),
                ("aerl", ["AsynchronousEventRequestLimit"]),
                (
                    "frmw",
                    [
                        "FirstFirmwareSlotReadOnly", "FirmwareSlotCount",
                        "FirmwareActivationWithoutReset", "FirmwareMultipleUpdateDetection",
                    ]
                ),
                ("lpa", ["LogPageAttributes"]),
                ("elpe", ["ErrorLogPageEntries"]),
                ("npss", ["PowerStateCount"]),
                ("avscc", ["AdminVendorSpecificConfiguration"]),
                ("apsta", ["AutonomousPowerStateTransitions"]),
                ("wctemp", ["WarningTemperatureThreshold"]),
                ("cctemp", ["CriticalTemperatureThreshold"]),
                ("mtfa", ["MaximumTimeForFirmwareActivation"]),
                ("hmpre", ["HostMemoryBufferPreferredSize"]),
                ("hmmin", ["HostMemoryBufferMinimumSize"]),
                ("tnvmcap", ["TotalNVMCapacity"]),
                ("unvmcap", ["UnallocatedNVMCapacity"]),
                ("rpmbs", ["ReplayProtectedMemoryBlockSupport"]),
                ("edstt", ["ExtendedSelfTestTime"]),
                ("dsto", ["SelfTestOptions"]),
                ("fwug", ["FirmwareUpdateGranularity"]),
                ("kas", ["KeepAliveGranularity"]),
                ("hctma", ["HostControlledThermalManagement"]),
                ("mntmt", ["MinimumThermalManagementTemperature"]),
                ("mxtmt", ["MaximumThermalManagementTemperature"]),
                ("sanicap", ["SanitizeCapabilities", "NoDeallocateModifiesMedia"]),
                ("hmminds", ["HostMemoryBufferMinimumDescriptorEntrySize"]),
                ("hmmaxd", ["HostMemoryBufferMaximumDescriptorEntries"]),
                ("nsetidmax", ["MaximumNVMSetID"]),
                ("endgidmax", ["MaximumEnduranceGroupID"]),
                ("anatt", ["AsymmetricAccessTransitionTime"]),
                ("anacap", ["AsymmetricAccessCapabilities"]),
                ("anagrpmax", ["MaximumAsymmetricAccessGroupID"]),
                ("nanagrpid", ["AsymmetricAccessGroupCount"]),
                ("pels", ["PersistentEventLogSize"]),
                ("domainid", ["DomainID"]),
                ("megcap", ["MaximumEnduranceGroupCapacity"]),
                ("sqes", ["SubmissionQueueEntryRequiredSize", "SubmissionQueueEntryMaximumSize"]),
                ("cqes", ["CompletionQueueEntryRequiredSize", "CompletionQueueEntryMaximumSize"]),
                ("maxcmd", ["MaximumOutstandingCommands"]),
                ("nn", ["MaximumNamespaceID"]),
                ("oncs", ["OptionalNVMCommands"]),
                ("fuses", ["FusedOperations"]),
                ("fna", ["FormatAttributes"]),
                ("vwc", ["VolatileWriteCachePresent", "VolatileWriteCacheFlushBehavior"]),
                ("awun", ["AtomicWriteUnitNormal"]),
                ("awupf", ["AtomicWriteUnitPowerFail"]),
                ("icsvscc", ["IOVendorSpecificConfiguration"]),
                ("nwpc", ["WriteProtectionCapabilities"]),
                ("acwu", ["AtomicCompareAndWriteUnit"]),
                ("ocfs", ["CopyDescriptorFormats"]),
                ("sgls", ["ScatterGatherListSupport"]),
                ("mnan", ["MaximumAllowedNamespaces"]),
                ("maxdna", ["MaximumDomainNamespaceAttachments"]),
                ("maxcna", ["MaximumControllerNamespaceAttachments"]),
                ("subnqn", ["SubsystemNQN"]),
                ("ioccsz", ["CommandCapsuleSize"]),
                ("iorcsz", ["ResponseCapsuleSize"]),
                ("icdoff", ["InCapsuleDataOffset"]),
                ("fcatt", ["FabricsControllerAttributes"]),
                ("msdbd", ["MaximumDataBlockDescriptors"]),
                ("ofcs", ["OptionalFabricsCommands"]),
                ("dctype", ["DiscoveryControllerType"]),
                ("psd", ["PowerStates"]),
                ("vs", ["VendorSpecific"]),
            ],
            newer: [
                "BootPartitionCapabilities", "SubsystemShutdownLatency", "PowerLossSignaling",
                "ReachabilityCapabilities", "ControllerInstanceUniquifier",
                "ControllerInstanceRandomNumber", "KeyPerIOCapabilities",
                "MaximumTimeForFirmwareActivationWithoutReset", "TemperatureHysteresisAttributes",
                "CommandQuiesceTime", "DevicePersonalityAttributes", "MaximumUnlimitedPower",
                "PowerMeasurementSampleRate", "MaximumStopMeasurementTime",
                "OptimalAggregatedQueueDepth", "RefreshInterval", "RefreshTime",
                "MaximumControllerTrackingDescriptors", "MaximumSubsystemTrackingDescriptors",
                "MinimumTrackingGranularity", "MaximumTrackingGranularity", "TrackingAttributes",
                "MaximumControllerMigrationQueues", "MaximumSubsystemMigrationQueues",
                "MaximumControllerMemoryRanges", "MaximumSubsystemMemoryRanges",
                "MaximumDataQueuePages",
            ]
        ),
        Pair(
            structure: "nvme_id_psd",
            table: PowerState.layout.table,
            members: [
                ("mp", ["MaximumPower"]),
                ("flags", ["MaximumPowerScale", "NonOperational"]),
                ("enlat", ["EntryLatency"]),
                ("exlat", ["ExitLatency"]),
                ("rrt", ["RelativeReadThroughput"]),
                ("rrl", ["RelativeReadLatency"]),
                ("rwt", ["RelativeWriteThroughput"]),
                ("rwl", ["RelativeWriteLatency"]),
                ("idlp", ["IdlePower"]),
                ("ips", ["IdlePowerScale"]),
                ("actp", ["ActivePower"]),
                ("apws", ["ActivePowerWorkload", "ActivePowerScale"]),
            ],
            newer: [
                "EmergencyPowerFailRecoveryTime", "ForcedQuiescenceVaultTime",
                "EmergencyPowerFailVaultTime", "RecoveryTimeScales", "VaultTimeScale",
            ]
        ),
        Pair(
            structure: "nvme_id_ns",
            table: IdentifyNamespace.layout.table,
            members: [
                ("nsze", ["Size"]),
                ("ncap", ["Capacity"]),
                ("nuse", ["Utilization"]),
                ("nsfeat", ["Features", "OptimalPerformanceFields", "FeaturesReserved"]),
                ("nlbaf", ["LBAFormatCount"]),
                ("flbas", ["FormatIndexLow", "MetadataInterleaved", "FormatIndexHigh"]),
                ("mc", ["MetadataCapabilities"]),
                ("dpc", ["ProtectionCapabilities"]),
                ("dps", ["ProtectionType", "ProtectionFirst"]),
                ("nmic", ["Shared"]),
                ("rescap", ["ReservationCapabilities"]),
                ("fpi", ["FormatProgress", "FormatProgressSupported"]),
                ("dlfeat", ["DeallocateFeatures"]),
                ("nawun", ["AtomicWriteUnitNormal"]),
                ("nawupf", ["AtomicWriteUnitPowerFail"]),
                ("nacwu", ["AtomicCompareAndWriteUnit"]),
                ("nabsn", ["AtomicBoundarySizeNormal"]),
                ("nabo", ["AtomicBoundaryOffset"]),
                ("nabspf", ["AtomicBoundarySizePowerFail"]),
                ("noiob", ["OptimalIOBoundary"]),
                ("nvmcap", ["NVMCapacity"]),
                ("npwg", ["PreferredWriteGranularity"]),
                ("npwa", ["PreferredWriteAlignment"]),
                ("npdg", ["PreferredDeallocateGranularity"]),
                ("npda", ["PreferredDeallocateAlignment"]),
                ("nows", ["OptimalWriteSize"]),
                ("mssrl", ["MaximumCopySourceRangeLength"]),
                ("mcl", ["MaximumCopyLength"]),
                ("msrc", ["MaximumCopySourceRangeCount"]),
                ("nulbaf", ["UniqueAttributeLBAFormatCount"]),
                ("anagrpid", ["AsymmetricAccessGroupID"]),
                ("nsattr", ["WriteProtected"]),
                ("nvmsetid", ["NVMSetID"]),
                ("endgid", ["EnduranceGroupID"]),
                ("nguid", ["NGUID"]),
                ("eui64", ["EUI64"]),
                ("lbaf", ["LBAFormats"]),
            ],
            newer: ["KeyPerIOStatus", "KeyPerIOGranularity", "VendorSpecific"]
        ),
        Pair(
            structure: "nvme_lbaf",
            table: LBAFormat.layout.table,
            members: [
                ("ms", ["MetadataSize"]), ("ds", ["DataSize"]), ("rp", ["RelativePerformance"]),
            ]
        ),
        Pair(
            structure: "nvme_smart_log",
            table: SmartLog.layout.table,
            members: [
                ("critical_warning", ["CriticalWarning"]),
                ("temperature", ["CompositeTemperature"]),
                ("avail_spare", ["AvailableSpare"]),
                ("spare_thresh", ["AvailableSpareThreshold"]),
                ("percent_used", ["PercentageUsed"]),
                ("endu_grp_crit_warn_sumry", ["EnduranceGroupWarnings"]),
                ("data_units_read", ["DataUnitsRead"]),
                ("data_units_written", ["DataUnitsWritten"]),
                ("host_reads", ["HostReadCommands"]),
                ("host_writes", ["HostWriteCommands"]),
                ("ctrl_busy_time", ["ControllerBusyTime"]),
                ("power_cycles", ["PowerCycles"]),
                ("power_on_hours", ["PowerOnHours"]),
                ("unsafe_shutdowns", ["UnsafeShutdowns"]),
                ("media_errors", ["MediaErrors"]),
                ("num_err_log_entries", ["ErrorLogEntries"]),
                ("warning_temp_time", ["WarningTemperatureTime"]),
                ("critical_comp_time", ["CriticalTemperatureTime"]),
                ("temp_sensor", ["TemperatureSensors"]),
                ("thm_temp1_trans_count", ["ThermalManagement1Transitions"]),
                ("thm_temp2_trans_count", ["ThermalManagement2Transitions"]),
                ("thm_temp1_total_time", ["ThermalManagement1Time"]),
                ("thm_temp2_total_time", ["ThermalManagement2Time"]),
            ],
            newer: ["LifetimeEnergyConsumed", "IntervalPowerMeasurement"]
        ),
        Pair(
            structure: "nvme_error_log_page",
            table: ErrorLogEntry.layout.table,
            members: [
                ("error_count", ["ErrorCount"]),
                ("sqid", ["SubmissionQueueID"]),
                ("cmdid", ["CommandID"]),
                ("status_field", ["PhaseTag", "StatusField"]),
                ("parm_error_location", ["ParameterErrorLocation"]),
                ("lba", ["LogicalBlock"]),
                ("nsid", ["NamespaceID"]),
                ("vs", ["VendorLogPage"]),
                ("trtype", ["TransportType"]),
                ("cs", ["CommandSpecific"]),
                ("trtype_spec_info", ["TransportSpecific"]),
            ],
            newer: ["IOCommandSet", "Opcode", "Version"]
        ),
        Pair(
            structure: "nvme_firmware_slot",
            table: FirmwareSlotLog.layout.table,
            members: [
                ("afi", ["ActiveSlot", "NextActiveSlot"]),
                ("frs", (1...7).map { "FirmwareRevisionSlot\($0)" }),
                ("frs[0]", ["FirmwareRevisionSlot1"]),
                ("frs[3]", ["FirmwareRevisionSlot4"]),
                ("frs[6]", ["FirmwareRevisionSlot7"]),
            ]
        ),
        Pair(
            structure: "nvme_st_result",
            table: SelfTestResult.layout.table,
            members: [
                ("dsts", ["Outcome", "Operation"]),
                ("seg", ["Segment"]),
                ("vdi", ["Valid"]),
                ("poh", ["PowerOnHours"]),
                ("nsid", ["NamespaceID"]),
                ("flba", ["FailingBlock"]),
                ("sct", ["StatusCodeType"]),
                ("sc", ["StatusCode"]),
                ("vs", ["VendorSpecific"]),
            ]
        ),
        Pair(
            structure: "nvme_self_test_log",
            table: SelfTestLog.layout.table,
            members: [
                ("current_operation", ["CurrentOperation"]),
                ("completion", ["CurrentCompletion"]),
                ("result", ["Results"]),
            ]
        ),
        Pair(
            structure: "nvme_sanitize_log_page",
            table: SanitizeStatusLog.layout.table,
            members: [
                ("sprog", ["Progress"]),
                (
                    "sstat",
                    ["Status", "OverwritePasses", "GlobalDataErased", "MediaVerificationCancelled"]
                ),
                ("scdw10", ["CommandDword10"]),
                ("eto", ["OverwriteTime"]),
                ("etbe", ["BlockEraseTime"]),
                ("etce", ["CryptoEraseTime"]),
                ("etond", ["OverwriteTimeWithoutDeallocate"]),
                ("etbend", ["BlockEraseTimeWithoutDeallocate"]),
                ("etcend", ["CryptoEraseTimeWithoutDeallocate"]),
            ],
            newer: ["PostVerificationDeallocationTime", "State", "FailedState"]
        ),
        Pair(
            structure: "nvme_mi_read_nvm_ss_info",
            table: SubsystemInformation.layout.table,
            members: [
                ("nump", ["PortCount"]), ("mjr", ["MajorVersion"]), ("mnr", ["MinorVersion"]),
            ],
            newer: ["Capabilities"]
        ),
        Pair(
            structure: "nvme_mi_read_port_info",
            table: PortInformation.layout.table,
            members: [
                ("portt", ["PortType"]),
                ("mmctptus", ["MaximumTransmissionUnitSize"]),
                ("meb", ["ManagementEndpointBufferSize"]),
                ("pcie", ["PCIePort"]),
                ("smb", ["TwoWirePort"]),
            ],
            newer: ["Capabilities"]
        ),
        Pair(
            structure: "nvme_mi_port_pcie",
            table: PCIePort.layout.table,
            members: [
                ("mps", ["MaximumPayloadSize"]),
                ("sls", ["SupportedLinkSpeeds"]),
                ("cls", ["CurrentLinkSpeed"]),
                ("mlw", ["MaximumLinkWidth"]),
                ("nlw", ["NegotiatedLinkWidth"]),
                ("pn", ["PCIePortNumber"]),
            ]
        ),
        Pair(
            structure: "nvme_mi_port_smb",
            table: TwoWirePort.layout.table,
            members: [
                ("vpd_addr", ["VPDAddress"]),
                ("mvpd_freq", ["MaximumVPDFrequency"]),
                ("mme_addr", ["ManagementEndpointAddress"]),
                ("mme_freq", ["MaximumManagementEndpointFrequency", "I3CSupported"]),
                ("nvmebm", ["BasicManagementSupported"]),
            ]
        ),
        Pair(
            structure: "nvme_mi_read_ctrl_info",
            table: ControllerInformation.layout.table,
            members: [
                ("portid", ["PortIdentifier"]),
                ("prii", ["PCIeRoutingIdentifierValid"]),
                ("pri", ["PCIeRoutingIdentifier"]),
                ("vid", ["VendorID"]),
                ("did", ["DeviceID"]),
                ("ssvid", ["SubsystemVendorID"]),
                ("ssid", ["SubsystemID"]),
            ],
            newer: ["PCIeSegment"]
        ),
        Pair(
            structure: "nvme_mi_nvm_ss_health_status",
            table: SubsystemHealth.layout.table,
            members: [
                ("nss", ["Status"]),
                ("sw", ["SMARTWarnings"]),
                ("ctemp", ["CompositeTemperature"]),
                ("pdlu", ["PercentageDriveLifeUsed"]),
                ("ccs", ["CompositeControllerStatus"]),
            ]
        ),
        Pair(
            structure: "nvme_mi_ctrl_health_status",
            table: ControllerHealth.layout.table,
            members: [
                ("ctlid", ["ControllerID"]),
                ("csts", ["ShutdownStatus", "Status"]),
                ("ctemp", ["CompositeTemperature"]),
                ("pdlu", ["PercentageUsed"]),
                ("spare", ["AvailableSpare"]),
                ("cwarn", ["CriticalWarning"]),
            ],
            newer: ["ChangedFlags"]
        ),
        Pair(
            structure: "nvme_mi_admin_req_hdr",
            table: AdminCommand.request.table,
            members: [
                ("opcode", ["opcode"]),
                ("flags", ["command flags"]),
                ("ctrl_id", ["controller identifier"]),
                ("cdw1", ["namespace identifier"]),
                ("cdw2", ["dword 2"]),
                ("cdw3", ["dword 3"]),
                ("cdw4", ["dword 4"]),
                ("cdw5", ["dword 5"]),
                ("doff", ["data offset"]),
                ("dlen", ["data length"]),
                ("cdw10", ["dword 10"]),
                ("cdw11", ["dword 11"]),
                ("cdw12", ["dword 12"]),
                ("cdw13", ["dword 13"]),
                ("cdw14", ["dword 14"]),
                ("cdw15", ["dword 15"]),
            ]
        ),
        Pair(
            structure: "nvme_mi_mi_req_hdr",
            table: RawManagementCommand.request.table,
            members: [
                ("opcode", ["opcode"]),
                ("cdw0", ["NVMe Management Dword 0"]),
                ("cdw1", ["NVMe Management Dword 1"]),
            ]
        ),
    ]
}
