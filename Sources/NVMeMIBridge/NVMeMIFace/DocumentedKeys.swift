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
        ]

    /// The interface with its members' keys in their documentation.
    static func added(to interface: InterfaceDescription) -> InterfaceDescription {
        var texts: [MemberName: String] = [:]
        for (name, member, structure) in structures
        where interface.name.string.hasSuffix(".\(name)") {
            texts[member] = text(of: structure)
        }
        return interface.documented(further: texts)
    }

    /// The keys with type and unit.
    private static func text<S: WireStructure>(of structure: S.Type) -> String {
        // In one of which every bit says something, all is told that is told at times.
        let bytes = [UInt8](repeating: 1, count: S.layout.size)
        let values = ((try? S(data: bytes)) ?? S()).namedValues
        let keys = values.map { name, value in
            let unit = FieldUnit.of(name)?.words.map { ", \($0)" } ?? ""
            return "\(name) (\(value.signature)\(unit))"
        }
        return "Keys, as far as the drive tells them: " + keys.joined(separator: "; ") + "."
    }
}
