import DBus
import EventLoop
import NVMeMI

/// Which keys the dictionaries have that members answer with: for the documents, from the declarations of the
/// structures.
enum DocumentedKeys {
    /// The structures by interface and member.
    private static let structures:
        [(interface: String, member: MemberName, structure: any WireStructure.Type)] = [
            ("Endpoint1", "GetHealth", SubsystemHealth.self),
            ("Endpoint1", "GetControllerHealth", ControllerHealth.self),
            ("Endpoint1", "GetSubsystemInformation", SubsystemInformation.self),
            ("Controller1", "GetIdentity", IdentifyController.self),
            ("Controller1", "GetNamespaceIdentity", IdentifyNamespace.self),
            ("Controller1", "GetSmartLog", SmartLog.self),
            ("Controller1", "GetErrorLog", ErrorLogEntry.self),
            ("Controller1", "GetFirmwareLog", FirmwareSlotLog.self),
            ("Controller1", "GetSelfTestLog", SelfTestResult.self),
            ("Controller1", "GetSanitizeStatus", SanitizeStatusLog.self),
        ]

    /// The interface with its members' keys in their documentation.
    static func added(to interface: InterfaceDescription) -> InterfaceDescription {
        var texts: [MemberName: String] = [:]
        for (name, member, structure) in structures
        where interface.name.string.hasSuffix(".\(name)") {
            texts[member] = text(of: structure)
        }
        if interface.name.string.hasSuffix(".Controller1") { texts["GetLog"] = logPages }
        return interface.documented(further: texts)
    }

    /// The keys with type and unit.
    private static func text<S: WireStructure>(of structure: S.Type) -> String {
        // In one of which every bit says something, all is told that is told at times.
        let bytes = [UInt8](repeating: 1, count: S.layout.size)
        let values = ((try? S(data: bytes)) ?? S()).namedValues
        return "Keys, as far as the drive tells them: \(keys(of: values))."
    }

    /// The names of the log pages that are decoded, with the keys of each.
    private static var logPages: String {
        let pages = LogPages.all.map { page in
            let length = Int(page.extent.beginning)
            // Where ones count more than there is, zeros count nothing.
            let values = [UInt8(1), 0].lazy
                .compactMap { try? page.decode([UInt8](repeating: $0, count: length)).values }
                .first { !$0.isEmpty }
            return "\(page.name): \(keys(of: values ?? []))."
        }
        return (["The names, and the keys of each as far as the drive tells them:"] + pages)
            .joined(separator: "\n\n")
    }

    private static func keys(of values: [NamedValue]) -> String {
        values.map { name, value in
            let unit = FieldUnit.of(name)?.words.map { ", \($0)" } ?? ""
            // Of what an empty list would have, nothing is known.
            let type = value == .list([]) ? "list" : "\(value.signature)"
            return "\(name) (\(type)\(unit))"
        }.joined(separator: "; ")
    }
}
