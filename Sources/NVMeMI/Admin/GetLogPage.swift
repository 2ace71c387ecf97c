/// Get Log Page (Admin opcode 02h): at most 4096 bytes of a log page; `LogPagePlan` reads longer ones.
public struct GetLogPage: AdminRequest, Equatable {
    /// The bytes; fewer than were asked for where the page ends.
    public typealias Reply = [UInt8]

    /// The namespace identifier that stands for the whole controller.
    public static let allNamespaces: UInt32 = 0xFFFF_FFFF

    /// The log page.
    public var page = LogPageIdentifier.supportedLogPages
    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace, for pages that are about one.
    public var namespace = allNamespaces
    /// Seven bits whose meaning depends on the page (LSP).
    public var specificField: UInt8 = 0
    /// An identifier whose meaning depends on the page (LSI).
    public var specificIdentifier: UInt16 = 0
    /// True to leave the events alone that reading the page otherwise acknowledges (RAE).
    public var retainsAsynchronousEvent = false
    /// First byte of the page to return, a multiple of 4; or the index of an entry (LPO).
    public var offset: UInt64 = 0
    /// True when `offset` is the index of an entry (OT).
    public var isOffsetIndex = false
    /// The I/O command set, for pages that differ between them.
    public var ioCommandSet: UInt8 = 0
    /// Index into the list of UUIDs, for vendor specific pages.
    public var uuidIndex: UInt8 = 0
    /// Dwords to produce, less one (NUMD).
    public var dwordsLessOne: UInt32 = 0
    /// Offset into what the command produces; 0 wherever `offset` is known, for many devices refuse another.
    public var dataOffset: UInt32 = 0
    /// Bytes to return; a multiple of 4, from 4 to 4096.
    public var dataLength: UInt32 = 4

    /// Reads one dword of the supported log pages.
    public init() {}

    /// Reads bytes of a page.
    ///
    /// - Parameters:
    ///   - page: The log page.
    ///   - controller: The controller that carries out the command.
    ///   - namespace: The namespace; all stands for the controller.
    ///   - offset: First byte, a multiple of 4.
    ///   - length: Bytes to return; a multiple of 4, from 4 to 4096.
    public init(
        _ page: LogPageIdentifier,
        on controller: UInt16,
        namespace: UInt32 = allNamespaces,
        offset: UInt64 = 0,
        length: UInt32
    ) {
        self.page = page
        self.controller = controller
        self.namespace = namespace
        self.offset = offset
        self.length = length
    }

    /// Bytes to produce and to return.
    public var length: UInt32 {
        get { dataLength }
        set {
            dataLength = newValue
            dwordsLessOne = newValue / 4 == 0 ? 0 : newValue / 4 - 1
        }
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .getLogPage,
        .mandatory,
        deadline: .read,
        isRepeatable: true,
        requestFields: request.table
    )

    /// The declaration; not repeatable where reading changes what the page has, or does something beside.
    public var declaration: CommandDeclaration {
        var declaration = Self.declaration
        switch page.rawValue {
        // Lists and notifications that reading clears.
        case 0x04, 0x0B, 0x0F, 0x1C, 0x80, 0xBF:
            declaration.isRepeatable = retainsAsynchronousEvent
        default: break
        }
        if mayBeAction { declaration.isRepeatable = false }
        return declaration
    }

    /// Whether the specific field has the controller do something beside reading, such as collecting telemetry, and does
    /// not only select a part; nil for pages that are not declared.
    private var isAction: Bool? {
        specificField == 0 ? false : LogPages.find(page)?.isAction(specificField)
    }

    /// True unless the specific field is known to do no more than to select a part: what a vendor or a later
    /// specification makes of it is theirs to know.
    private var mayBeAction: Bool { isAction ?? true }

    /// The same page read without having the controller do something beside: for what follows the first command.
    public var withoutAction: GetLogPage {
        guard isAction == true else { return self }
        var command = self
        command.specificField = 0
        return command
    }

    /// What the command does beside reading, in words; nil when it only reads.
    ///
    /// Without retaining it an event counts as noticed, also for others who wait for it.
    public var actionBesideReading: String? {
        if mayBeAction { return "a log specific parameter (lsp)" }
        return retainsAsynchronousEvent || !page.acknowledgesEvents ? nil : "retain-events false"
    }

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Get Log Page") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("log page identifier", at: dword(10), bits: 0...7, \.page)
        Field("log specific field", at: dword(10), bits: 8...14, \.specificField)
        Field("retain asynchronous event", at: dword(10), bit: 15, \.retainsAsynchronousEvent)
        // Lower half in dword 10, upper half in dword 11.
        Field("number of dwords", at: dword(10), bits: 16...47, \.dwordsLessOne)
        Field("log specific identifier", at: dword(11), bits: 16...31, \.specificIdentifier)
        Field("log page offset", at: dword(12), \.offset)
        Field("UUID index", at: dword(14), bits: 0...6, \.uuidIndex)
        Field("offset type", at: dword(14), bit: 23, \.isOffsetIndex)
        Field("I/O command set", at: dword(14), bits: 24...31, \.ioCommandSet)
    }

    /// Finds an empty read and an offset that is not a multiple of 4.
    public func validate() throws(ArgumentError) {
        try validateAdmin()
        if dataLength == 0 {
            throw ArgumentError(
                command: declaration.name,
                field: "data length",
                expected: "a multiple of 4, from 4 to \(AdminMessage.maximumDataLength)",
                got: "0"
            )
        }
        if !isOffsetIndex, offset % 4 != 0 {
            throw ArgumentError(
                command: declaration.name,
                field: "log page offset",
                expected: "a multiple of 4",
                got: "\(offset)"
            )
        }
    }

    /// The bytes; a page that ends early has fewer than were asked for.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> [UInt8] { reply.data }

    /// The bytes, as many as were asked for at most.
    public func writeReply(_ reply: [UInt8]) -> AdminReply {
        AdminReply(data: Array(reply.prefix(Int(clamping: dataLength))))
    }
}

extension GetLogPage {
    /// Reads the health of a controller, or of one namespace where the controller keeps it apart.
    public static func smart(
        on controller: UInt16,
        namespace: UInt32 = allNamespaces
    ) -> Query<Self, SmartLog> {
        Query(Self(.smart, on: controller, namespace: namespace, length: 512))
    }

    /// Reads which firmware is in which slot.
    public static func firmwareSlots(on controller: UInt16) -> Query<Self, FirmwareSlotLog> {
        Query(Self(.firmwareSlot, on: controller, length: 512))
    }

    /// Reads the results of the last self-tests and how far the present one is.
    public static func selfTest(on controller: UInt16) -> Query<Self, SelfTestLog> {
        Query(Self(.deviceSelfTest, on: controller, length: 564))
    }

    /// Reads how far the present sanitize operation is or how the last one went; of the whole subsystem, or of one
    /// namespace.
    public static func sanitizeStatus(
        of namespace: UInt32 = allNamespaces,
        on controller: UInt16
    ) -> Query<Self, SanitizeStatusLog> {
        Query(Self(.sanitizeStatus, on: controller, namespace: namespace, length: 512))
    }

    /// Reads the newest errors, at most 64.
    public static func errors(
        on controller: UInt16,
        count: UInt32
    ) -> Query<Self, ErrorLog> {
        Query(Self(.errorInformation, on: controller, length: min(max(count, 1), 64) * 64))
    }
}
