import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// The options by which callers say which log page is meant, and how it is read.
struct LogSelection {
    /// Which page, from its first byte on.
    var command: GetLogPage
    let isForced: Bool
    let timeLimit: Duration?

    /// Takes the options of a page of a controller; the namespace as well where that is nil.
    @LoopActor
    init(
        _ page: LogPageIdentifier,
        of controller: Controller,
        namespace: UInt32?,
        _ options: inout CallOptions,
        longestTime: UInt32 = 600_000
    ) throws {
        command = GetLogPage(page, on: controller.identifier, length: 4)
        if let namespace {
            command.namespace = namespace
        } else {
            command.namespace =
                try options.number("nsid", in: 0...UInt32.max) ?? GetLogPage.allNamespaces
        }
        command.specificField = try options.number("lsp", in: 0...UInt8(127)) ?? 0
        command.specificIdentifier = try options.number("lsi", in: 0...UInt16.max) ?? 0
        command.ioCommandSet = try options.number("csi", in: 0...UInt8.max) ?? 0
        command.uuidIndex = try options.number("uuid-index", in: 0...UInt8(127)) ?? 0
        command.retainsAsynchronousEvent = try options.flag("retain-events") ?? true
        isForced = try options.isForced()
        timeLimit = try options.timeLimit(upTo: longestTime)
    }

    /// Refuses what the caller may not do, or the controller is known not to have.
    @LoopActor
    func check(_ controller: Controller, for call: Invocation) throws {
        if let action = command.actionBesideReading {
            try call.demand(.writing, for: "\(call.member) with \(action)")
        }
        try controller.check(command.page, isForced: isForced)
    }

    /// What the options do, for documentation; nsid (u) is one where the namespace is no argument.
    static let documentation = """
        lsp (y, to 127) log specific parameter; lsi (q) log specific identifier: the endurance group, NVM \
        set, domain or controller that the page is about; csi (y); uuid-index (y, to 127); retain-events (b) to \
        leave the page's asynchronous event as it is, true by default; force (b) for a page that the controller \
        says it does not have
        """
}
