internal import NVMeMI

/// What the drive can do with Admin commands, by opcode.
enum AdminTable {
    struct Entry: Sendable {
        let opcode: AdminOpcode
        /// The option that the drive must have for the command; `nil` for a command it always has.
        var option: OptionalCommand?
        /// The command may use the Management Endpoint Buffer.
        var usesBuffer = false
        /// The command is allowed while a sanitize operation is in progress.
        var survivesSanitize = false
        /// The command is refused while namespaces are being formatted.
        var waitsForFormat = false
        /// The command needs the media, which a drive that was shut down does not offer.
        var needsMedia = false
        /// Bits 31:0 of the commands-supported-and-effects log.
        var effects: UInt32 = 1
        /// Executes the command for a controller.
        let run: @Sendable (inout AdminContext) throws(AdminFailure) -> AdminResult
    }

    static let all: [Entry] = [
        Entry(opcode: .getLogPage, usesBuffer: true, survivesSanitize: true) {
            (context) throws(AdminFailure) in try context.logPage()
        },
        Entry(opcode: .identify, usesBuffer: true, survivesSanitize: true) {
            (context) throws(AdminFailure) in try context.identify()
        },
        Entry(
            opcode: .setFeatures,
            option: .setFeatures,
            survivesSanitize: true,
            effects: 0x11
        ) { (context) throws(AdminFailure) in try context.setFeatures() },
        Entry(opcode: .getFeatures, survivesSanitize: true) {
            (context) throws(AdminFailure) in try context.getFeatures()
        },
        Entry(
            opcode: .namespaceManagement,
            option: .namespaceManagement,
            waitsForFormat: true,
            needsMedia: true,
            effects: 0x0B
        ) { (context) throws(AdminFailure) in try context.manageNamespace() },
        Entry(opcode: .firmwareCommit, option: .firmware, needsMedia: true, effects: 0x11) {
            (context) throws(AdminFailure) in try context.commitFirmware()
        },
        Entry(opcode: .firmwareImageDownload, option: .firmware, needsMedia: true) {
            (context) throws(AdminFailure) in try context.downloadFirmware()
        },
        Entry(
            opcode: .deviceSelfTest,
            option: .selfTest,
            waitsForFormat: true,
            needsMedia: true
        ) {
            (context) throws(AdminFailure) in try context.selfTest()
        },
        Entry(
            opcode: .namespaceAttachment,
            option: .namespaceManagement,
            waitsForFormat: true,
            needsMedia: true,
            effects: 0x09
        ) { (context) throws(AdminFailure) in try context.attachNamespace() },
        Entry(
            opcode: .formatNVM,
            option: .format,
            waitsForFormat: true,
            needsMedia: true,
            effects: 0x2_0007
        ) {
            (context) throws(AdminFailure) in try context.format()
        },
        Entry(opcode: .securitySend, option: .security, needsMedia: true) {
            (context) throws(AdminFailure) in try context.sendSecurity()
        },
        Entry(opcode: .securityReceive, option: .security, needsMedia: true) {
            (context) throws(AdminFailure) in try context.receiveSecurity()
        },
        Entry(
            opcode: .sanitize,
            option: .sanitize,
            survivesSanitize: true,
            needsMedia: true,
            effects: 0x2_0003
        ) { (context) throws(AdminFailure) in try context.sanitize() },
        Entry(
            opcode: .sanitizeNamespace,
            option: .sanitizeNamespace,
            waitsForFormat: true,
            needsMedia: true,
            effects: 0x1_0003
        ) { (context) throws(AdminFailure) in try context.sanitizeNamespace() },
        Entry(opcode: .virtualizationManagement, option: .virtualization, effects: 0x11) {
            (context) throws(AdminFailure) in try context.manageVirtualization()
        },
        Entry(
            opcode: .capacityManagement,
            option: .capacity,
            needsMedia: true,
            effects: 0x0B
        ) { (context) throws(AdminFailure) in try context.manageCapacity() },
        Entry(opcode: .lockdown, option: .lockdown, survivesSanitize: true, effects: 0x11) {
            (context) throws(AdminFailure) in try context.lockDown()
        },
        Entry(opcode: .getLBAStatus, option: .lbaStatus, needsMedia: true) {
            (context) throws(AdminFailure) in try context.lbaStatus()
        },
        Entry(opcode: vendorStore, option: .vendor) {
            (context) throws(AdminFailure) in context.storeVendorData()
        },
        Entry(opcode: vendorRecall, option: .vendor) {
            (context) throws(AdminFailure) in context.recallVendorData()
        },
    ]

    /// Two commands of the vendor's: one keeps data and its dword 12, the other returns them.
    static let vendorStore = AdminOpcode(rawValue: 0xC1)
    static let vendorRecall = AdminOpcode(rawValue: 0xC2)

    private static let byOpcode: [Entry?] = {
        var entries = [Entry?](repeating: nil, count: 256)
        for entry in all { entries[Int(entry.opcode.rawValue)] = entry }
        return entries
    }()

    static func entry(_ opcode: UInt8, of drive: Drive) -> Entry? {
        guard let entry = byOpcode[Int(opcode)], entry.option.map(drive.has) ?? true else {
            return nil
        }
        return entry
    }
}
