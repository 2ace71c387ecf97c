import DBus
import EventLoop
import NVMeMI

/// The objects below an endpoint's own: ports, controllers and namespaces.
@LoopActor
final class EndpointObjects {
    private unowned let endpoint: Endpoint
    private var inventory = EndpointInventory()
    private var controllers: [UInt16: Controller] = [:]
    private var namespaces: [UInt32: Namespace] = [:]

    init(of endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    private var path: ObjectPath { endpoint.path }
    private var tree: ObjectTree { endpoint.connection.objects }

    /// Publishes what an inventory names, instead of what there was.
    ///
    /// What properties are constant for, and has changed nevertheless, makes another object: it is taken
    /// back and published anew.
    func publish(_ new: EndpointInventory) {
        let old = inventory
        inventory = new
        replace(old.ports, new.ports, path.port) { number, port in
            Interface<Port>.port.bound(to: Port(number: number, port))
        }
        replace(old.controllers, new.controllers, path.controller) { [self] number, facts in
            let controller = Controller(number, facts, of: endpoint)
            controllers[number] = controller
            return Interface<Controller>.controller.bound(to: controller)
        } update: { [self] number, facts in
            controllers[number]?.facts = facts
            return (Interface<Controller>.controller.name, ["UnallocatedCapacity"])
        }
        replace(old.namespaces, new.namespaces, path.namespace) { [self] number, facts in
            let namespace = Namespace(number, facts)
            namespaces[number] = namespace
            return Interface<Namespace>.namespace.bound(to: namespace)
        } update: { [self] number, facts in
            namespaces[number]?.facts = facts
            return (Interface<Namespace>.namespace.name, ["Utilization"])
        }
        controllers = controllers.filter { new.controllers[$0.key] != nil }
        namespaces = namespaces.filter { new.namespaces[$0.key] != nil }
    }

    /// Takes everything back.
    func removeAll() {
        publish(EndpointInventory())
    }

    private func replace<Key: Hashable & Comparable, Facts: PublishedFacts>(
        _ old: [Key: Facts],
        _ new: [Key: Facts],
        _ path: (Key) -> ObjectPath,
        _ make: (Key, Facts) -> BoundInterface,
        update: (Key, Facts) -> (InterfaceName, [MemberName])? = { _, _ in nil }
    ) {
        for (key, facts) in old where new[key].map({ !$0.isSameObject(as: facts) }) ?? true {
            tree.remove(path(key))
        }
        for (key, facts) in new.sorted(by: { $0.key < $1.key }) where old[key] != facts {
            if let known = old[key], known.isSameObject(as: facts) {
                guard let (interface, names) = update(key, facts) else { continue }
                tree.propertiesChanged(path(key), interface: interface, names)
            } else {
                endpoint.add(path(key), [make(key, facts)])
            }
        }
    }
}

/// What an object is published for.
protocol PublishedFacts: Equatable {
    /// Whether the same object can stand for both, with properties that change.
    func isSameObject(as other: Self) -> Bool
}

extension PublishedFacts {
    func isSameObject(as other: Self) -> Bool { self == other }
}

extension PortInformation: PublishedFacts {}

extension EndpointInventory.Controller: PublishedFacts {
    func isSameObject(as other: Self) -> Bool {
        var other = other
        if let unallocated = identity?.unallocatedNVMCapacity {
            other.identity?.unallocatedNVMCapacity = unallocated
        }
        return self == other
    }
}

extension EndpointInventory.Namespace: PublishedFacts {
    func isSameObject(as other: Self) -> Bool {
        var other = other
        other.identity.utilization = identity.utilization
        return self == other
    }
}
