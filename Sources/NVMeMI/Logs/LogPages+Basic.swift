extension LogPages {
    /// The pages that the daemon itself works with.
    static var basic: [LogPageDeclaration] {
        [
            LogPageDeclaration(0x01, .errorEntries(64)) { DataDescription(list: ErrorLog.self) },
            LogPageDeclaration(0x02, .fixed(512), selectors: .optionalNamespace) {
                DataDescription(SmartLog.self)
            },
            LogPageDeclaration(0x03, .fixed(512)) { DataDescription(FirmwareSlotLog.self) },
            LogPageDeclaration(0x06, .fixed(564)) { DataDescription(SelfTestLog.self) },
            LogPageDeclaration(0x81, .fixed(512)) { DataDescription(SanitizeStatusLog.self) },
        ]
    }
}
