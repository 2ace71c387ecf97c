internal import NVMeMI

/// Opcodes of the Admin commands that the drive has.
enum AdminOpcode {
    static let getLogPage: UInt8 = 0x02
    static let identify: UInt8 = 0x06
    static let setFeatures: UInt8 = 0x09
    static let getFeatures: UInt8 = 0x0A
    static let namespaceManagement: UInt8 = 0x0D
    static let firmwareCommit: UInt8 = 0x10
    static let firmwareImageDownload: UInt8 = 0x11
    static let deviceSelfTest: UInt8 = 0x14
    static let namespaceAttachment: UInt8 = 0x15
    static let formatNVM: UInt8 = 0x80
    static let securitySend: UInt8 = 0x81
    static let securityReceive: UInt8 = 0x82
    static let sanitize: UInt8 = 0x84
}

/// What the drive can do with Admin commands, by opcode.
enum AdminTable {
    struct Entry: Sendable {
        let opcode: UInt8
        /// The option that the drive must have for the command; `nil` for a command it always has.
        var option: OptionalCommand?
        /// The command may use the Management Endpoint Buffer.
        var usesBuffer = false
        /// The command is allowed while a sanitize operation is in progress.
        var survivesSanitize = false
        /// Bits 31:0 of the commands-supported-and-effects log.
        var effects: UInt32 = 1
        /// Executes the command for a controller.
        let run: @Sendable (inout AdminContext) throws(AdminFailure) -> AdminResult
    }

    static let all: [Entry] = [
        Entry(opcode: AdminOpcode.getLogPage, usesBuffer: true, survivesSanitize: true) {
            (context) throws(AdminFailure) in try context.logPage()
        },
        Entry(opcode: AdminOpcode.identify, usesBuffer: true, survivesSanitize: true) {
            (context) throws(AdminFailure) in try context.identify()
        },
        Entry(
            opcode: AdminOpcode.setFeatures, option: .setFeatures, survivesSanitize: true,
            effects: 0x11
        ) { (context) throws(AdminFailure) in try context.setFeatures() },
        Entry(opcode: AdminOpcode.getFeatures, survivesSanitize: true) {
            (context) throws(AdminFailure) in try context.getFeatures()
        },
        Entry(
            opcode: AdminOpcode.namespaceManagement, option: .namespaceManagement, effects: 0x0B
        ) { (context) throws(AdminFailure) in try context.manageNamespace() },
        Entry(opcode: AdminOpcode.firmwareCommit, option: .firmware, effects: 0x11) {
            (context) throws(AdminFailure) in try context.commitFirmware()
        },
        Entry(opcode: AdminOpcode.firmwareImageDownload, option: .firmware) {
            (context) throws(AdminFailure) in try context.downloadFirmware()
        },
        Entry(opcode: AdminOpcode.deviceSelfTest, option: .selfTest) {
            (context) throws(AdminFailure) in try context.selfTest()
        },
        Entry(
            opcode: AdminOpcode.namespaceAttachment, option: .namespaceManagement, effects: 0x09
        ) { (context) throws(AdminFailure) in try context.attachNamespace() },
        Entry(opcode: AdminOpcode.formatNVM, option: .format, effects: 0x2_0007) {
            (context) throws(AdminFailure) in try context.format()
        },
        Entry(opcode: AdminOpcode.securitySend, option: .security) {
            (context) throws(AdminFailure) in try context.sendSecurity()
        },
        Entry(opcode: AdminOpcode.securityReceive, option: .security) {
            (context) throws(AdminFailure) in try context.receiveSecurity()
        },
        Entry(
            opcode: AdminOpcode.sanitize, option: .sanitize, survivesSanitize: true,
            effects: 0x2_0003
        ) { (context) throws(AdminFailure) in try context.sanitize() },
    ]

    private static let byOpcode: [Entry?] = {
        var entries = [Entry?](repeating: nil, count: 256)
        for entry in all { entries[Int(entry.opcode)] = entry }
        return entries
    }()

    static func entry(_ opcode: UInt8, of drive: Drive) -> Entry? {
        guard let entry = byOpcode[Int(opcode)], entry.option.map(drive.has) ?? true else {
            return nil
        }
        return entry
    }
}
