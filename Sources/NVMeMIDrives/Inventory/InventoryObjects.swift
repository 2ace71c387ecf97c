public import EventLoop
public import NVMeMI

/// A port of an NVM subsystem, as an endpoint described it.
@LoopActor
public final class Port: ModelObject {
    /// Its number, from 0.
    public let number: UInt8
    /// Its endpoint's.
    public let endpoint: Endpoint
    /// What was said of it.
    public internal(set) var information: PortInformation

    init(_ number: UInt8, _ information: PortInformation, of endpoint: Endpoint) {
        self.number = number
        self.information = information
        self.endpoint = endpoint
    }
}

/// A controller of an NVM subsystem, as an endpoint and the controller itself described it.
@LoopActor
public final class Controller: ModelObject {
    /// The controller identifier.
    public let identifier: UInt16
    /// By which endpoint it is reached.
    public let endpoint: Endpoint
    /// What the endpoint says of it.
    public internal(set) var information = ControllerInformation()
    /// What it says of itself; nil while it does not.
    public internal(set) var identity: ControllerFacts?
    /// The log pages that it lists; nil when it does not.
    public internal(set) var listedPages: CodeSet?
    /// The Admin commands that it lists; nil when it does not.
    public internal(set) var listedCommands: CodeSet?
    /// What firmware is in its slots; nil while it does not tell.
    public internal(set) var firmware: FirmwareFacts?
    /// The namespaces that are active in it.
    var activeNamespaces: [UInt32] = []
    /// Whether it says who it is, whatever list it is asked for.
    public internal(set) var takesStructuresForOne = false
    var isShown = false

    init(_ identifier: UInt16, of endpoint: Endpoint) {
        self.identifier = identifier
        self.endpoint = endpoint
    }
}

/// A namespace of an NVM subsystem, as its controllers described it.
@LoopActor
public final class Namespace: ModelObject {
    /// The namespace identifier.
    public let identifier: UInt32
    /// By which endpoint it is reached.
    public let endpoint: Endpoint
    /// What was said of it.
    public internal(set) var facts: NamespaceFacts
    var isShown = false

    init(_ identifier: UInt32, _ facts: NamespaceFacts, of endpoint: Endpoint) {
        self.identifier = identifier
        self.facts = facts
        self.endpoint = endpoint
    }

    /// The controllers in which it is active.
    public var controllers: [UInt16] {
        endpoint.inventory.controllers.filter { $0.activeNamespaces.contains(identifier) }
            .map(\.identifier)
    }
}
