/// All structures of Identify that are decoded.
public enum IdentifyStructures {
    /// The structures in the order of their codes.
    ///
    /// Made when it is asked for and not kept: what is at rest needs none of it.
    public static var all: [IdentifyDeclaration] {
        (basic + namespaces + controllers + subsystem).sorted {
            ($0.structure.rawValue, $0.ioCommandSet ?? 0)
                < ($1.structure.rawValue, $1.ioCommandSet ?? 0)
        }
    }

    /// The structure with a code, of an I/O command set; nil when it is not decoded.
    public static func find(
        _ structure: IdentifyStructure,
        ioCommandSet: UInt8 = 0
    ) -> IdentifyDeclaration? {
        all.first {
            $0.structure == structure && $0.ioCommandSet ?? ioCommandSet == ioCommandSet
        }
    }

    /// The structure with a name, such as `NVMSetList`, in any spelling of its letters and digits.
    public static func find(name: String) -> IdentifyDeclaration? {
        all.first { isName($0.name, meantBy: name) }
    }

    private static var basic: [IdentifyDeclaration] {
        [
            IdentifyDeclaration(0x00, "Namespace", selectors: .namespace) {
                DataDescription(IdentifyNamespace.self)
            },
            IdentifyDeclaration(0x01, "Controller") { DataDescription(IdentifyController.self) },
            IdentifyDeclaration(0x02, "ActiveNamespaceList", selectors: .firstNamespace) {
                DataDescription(list: NamespaceList.self) { $0.leftOut }
            },
            IdentifyDeclaration(0x03, "NamespaceIdentificationDescriptors", selectors: .namespace) {
                DataDescription(list: NamespaceDescriptors.self) { $0.leftOut }
            },
            IdentifyDeclaration(0x10, "AllocatedNamespaceList", selectors: .firstNamespace) {
                DataDescription(list: NamespaceList.self) { $0.leftOut }
            },
            IdentifyDeclaration(0x11, "AllocatedNamespace", selectors: .namespace) {
                DataDescription(IdentifyNamespace.self)
            },
            IdentifyDeclaration(
                0x12,
                "AttachedControllerList",
                selectors: [.namespace, .firstController]
            ) {
                DataDescription(list: ControllerList.self) { $0.leftOut }
            },
            IdentifyDeclaration(0x13, "ControllerList", selectors: .firstController) {
                DataDescription(list: ControllerList.self) { $0.leftOut }
            },
        ]
    }
}
