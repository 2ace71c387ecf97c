/// Namespace Management (Admin opcode 0Dh) with selection 0: creates a namespace.
public struct CreateNamespace: AdminRequest, Equatable {
    /// The identifier of the new namespace.
    public typealias Reply = UInt32

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The I/O command set.
    public var ioCommandSet: UInt8 = 0
    /// What the namespace shall be.
    public var description = NamespaceDescription()

    /// A namespace without size.
    public init() {}

    /// A namespace.
    public init(_ description: NamespaceDescription, on controller: UInt16) {
        self.description = description
        self.controller = controller
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .namespaceManagement,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Namespace Management") {
        Field(constant: "select", at: dword(10), bits: 0...3, 0)
        Field("I/O command set", at: dword(11), bits: 24...31, \.ioCommandSet)
    }

    /// The bytes of the description.
    public var requestData: [UInt8] { description.data }

    /// Takes a description.
    public mutating func setRequestData(_ data: [UInt8]) throws(RequestError) {
        do throws(DecodingError) {
            description = try NamespaceDescription(data: data)
        } catch {
            throw RequestError(status: .invalidCommandInputDataSize, reason: error.description)
        }
    }

    /// The identifier.
    public func readReply(_ reply: AdminReply) throws(DecodingError) -> UInt32 { reply.result }

    /// The identifier.
    public func writeReply(_ reply: UInt32) -> AdminReply { AdminReply(result: reply) }
}

/// Namespace Management (Admin opcode 0Dh) with selection 1: deletes a namespace.
public struct DeleteNamespace: AdminRequest, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace; FFFFFFFFh for all.
    public var namespace: UInt32 = 0

    /// Deletes namespace 0, which is none.
    public init() {}

    /// Deletes a namespace.
    public init(_ namespace: UInt32, on controller: UInt16) {
        self.namespace = namespace
        self.controller = controller
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .namespaceManagement,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Namespace Management") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field(constant: "select", at: dword(10), bits: 0...3, 1)
    }

    /// A deletion sends nothing, although the opcode says that data goes to the controller; devices differ in whether
    /// they expect the length to be 0, so it is.
    public var requestData: [UInt8] { [] }
}

/// Namespace Attachment (Admin opcode 15h): attaches a namespace to controllers or detaches it.
public struct NamespaceAttachment: AdminRequest, Equatable {
    /// Nothing.
    public typealias Reply = Void

    /// The controller that carries out the command.
    public var controller: UInt16 = 0
    /// The namespace; FFFFFFFFh for all when it is detached.
    public var namespace: UInt32 = 0
    /// What to do.
    public var action = NamespaceAttachmentAction.attach
    /// The controllers that get or lose the namespace.
    public var controllers = ControllerList()

    /// Attaches namespace 0, which is none.
    public init() {}

    /// Attaches or detaches a namespace.
    public init(
        _ action: NamespaceAttachmentAction,
        _ namespace: UInt32,
        controllers: [UInt16],
        on controller: UInt16
    ) {
        self.action = action
        self.namespace = namespace
        self.controllers = ControllerList(controllers)
        self.controller = controller
    }

    /// What is known of the command besides its bytes.
    public static let declaration = CommandDeclaration(
        admin: .namespaceAttachment,
        deadline: .long,
        requestFields: request.table
    )

    /// The fields of the request.
    public static let request = Layout<Self>(admin: "Namespace Attachment") {
        Field("namespace identifier", at: dword(1), \.namespace)
        Field("select", at: dword(10), bits: 0...3, \.action)
    }

    /// The list of controllers, filled to 4096 bytes.
    public var requestData: [UInt8] { controllers.paddedData }

    /// Takes a list of controllers.
    public mutating func setRequestData(_ data: [UInt8]) throws(RequestError) {
        do throws(DecodingError) {
            controllers = try ControllerList(data: data)
        } catch {
            throw RequestError(status: .invalidCommandInputDataSize, reason: error.description)
        }
    }
}

/// What Namespace Attachment does (SEL).
public struct NamespaceAttachmentAction: WireEnumeration {
    /// The code.
    public let rawValue: UInt8

    /// The action with a code.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The controllers get the namespace.
    public static let attach = Self(rawValue: 0)
    /// The controllers lose the namespace.
    public static let detach = Self(rawValue: 1)

    /// Names in words.
    public static let names: KeyValuePairs<UInt8, String> = [0: "Attach", 1: "Detach"]
}

/// What a namespace of the NVM command set shall be, in 4096 bytes.
public struct NamespaceDescription: WireStructure {
    /// Size in logical blocks.
    public var size: UInt64 = 0
    /// Logical blocks that may be allocated at once.
    public var capacity: UInt64 = 0
    /// Index of the LBA format and how metadata is transferred, as Identify Namespace has it.
    public var formattedLBASize: UInt8 = 0
    /// End-to-end protection, as Identify Namespace has it.
    public var protectionSettings: UInt8 = 0
    /// True when several controllers can have the namespace attached at once.
    public var isShared = false
    /// Group of asymmetric namespace access, 0 for the controller's choice.
    public var asymmetricAccessGroup: UInt32 = 0
    /// NVM set, 0 for the controller's choice.
    public var nvmSet: UInt16 = 0
    /// Endurance group, 0 for the controller's choice.
    public var enduranceGroup: UInt16 = 0
    /// Mask of the storage tag of each logical block.
    public var storageTagMask: UInt64 = 0

    /// A namespace without size.
    public init() {}

    /// A namespace.
    public init(size: UInt64, capacity: UInt64, formattedLBASize: UInt8 = 0, isShared: Bool = false)
    {
        self.size = size
        self.capacity = capacity
        self.formattedLBASize = formattedLBASize
        self.isShared = isShared
    }

    /// The fields and their places.
    public static let layout = Layout<Self>("Namespace Description", size: 4096) {
        Field("Size", at: 0, \.size)
        Field("Capacity", at: 8, \.capacity)
        Field("FormattedLBASize", at: 26, \.formattedLBASize)
        Field("ProtectionSettings", at: 29, \.protectionSettings)
        Field("Shared", at: 30, bit: 0, \.isShared)
        Field("AsymmetricAccessGroupID", at: 92, \.asymmetricAccessGroup)
        Field("NVMSetID", at: 100, \.nvmSet)
        Field("EnduranceGroupID", at: 102, \.enduranceGroup)
        Field("StorageTagMask", at: 384, \.storageTagMask)
    }
}
