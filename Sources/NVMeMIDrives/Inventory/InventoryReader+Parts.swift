import EventLoop
import Logging
import NVMeMI
import NVMeMIClient

/// How each part is asked for, and which parts follow from it.
extension InventoryReader {
    /// Controllers of one endpoint that are kept at most.
    ///
    /// A subsystem may have hundreds of virtual functions, which on a slow bus would take minutes to
    /// ask for.
    private static let controllerLimit = 32
    /// Namespaces of one endpoint that are kept at most; the controllers' methods reach all.
    private static let namespaceLimit = 128
    /// Namespaces that are asked for one by one where a controller does not list them.
    private static let unlistedNamespaceLimit: UInt32 = 32

    func ask(for part: InventoryPart) async throws(SessionError) {
        switch part {
        case .subsystem:
            inventory.subsystem = try await perform(ReadDataStructure.subsystemInformation)
        case .port(let number):
            take(try await perform(ReadDataStructure.portInformation(number)), number)
        case .optionalCommands:
            inventory.optionalCommands = try await perform(ReadDataStructure.optionalCommands())
        case .controllerList:
            take(try await perform(ReadDataStructure.controllerList()))
        case .controllerInformation(let number):
            let information = try await perform(ReadDataStructure.controllerInformation(number))
            controller(number)?.information = information
        case .controllerIdentity(let number):
            take(try await identify(.controller, on: number, as: IdentifyController.self), number)
        case .activeNamespaces(let number):
            try await askForNamespaces(of: number)
        case .namespaceIdentity(let number):
            guard let through = controller(of: number) else { return }
            let identity = try await identify(
                .namespace,
                on: through,
                number,
                as: IdentifyNamespace.self
            )
            take(identity, number)
        case .namespaceDescriptors(let number):
            guard let through = controller(of: number), let namespace = namespace(number) else {
                return
            }
            let descriptors = try await identify(
                .namespaceDescriptors,
                on: through,
                number,
                as: NamespaceDescriptors.self
            )
            namespace.facts.take(descriptors)
            tellLeftOut(descriptors.leftOut)
        case .firmwareSlots(let number):
            try await askForFirmware(of: number)
        case .listOfPages(let number):
            try await askForPages(of: number)
        case .listOfCommands(let number):
            try await askForCommands(of: number)
        case .health: break
        }
    }

    /// Puts the parts that follow from one into the line, and shows what is complete.
    func settled(_ part: InventoryPart) {
        switch part {
        case .subsystem:
            endpoint.life.scheduleHealthPoll()
            askForPorts()
            if isWhole { line.append(.controllerList) }
        case .controllerIdentity(let number):
            show(controller(number))
            // Who does not tell who it is will tell less.
            if inventory.isKnownNow(part) {
                follow(.activeNamespaces(number))
                followAbilities(of: number)
            }
        case .controllerInformation(let number), .activeNamespaces(let number),
            .firmwareSlots(let number), .listOfPages(let number), .listOfCommands(let number):
            if let controller = controller(number), controller.isShown { show(controller) }
        case .namespaceIdentity(let number):
            if inventory.isKnownNow(part), mayAskForDescriptors(of: number) {
                line.insert(.namespaceDescriptors(number), at: 0)
            } else {
                show(namespace(number))
            }
        case .namespaceDescriptors(let number):
            show(namespace(number))
        case .port, .optionalCommands, .controllerList, .health: break
        }
    }

    // MARK: Subsystem

    /// Puts the ports into the line: all of them, or those that could not be known before.
    private func askForPorts() {
        guard let greatest = inventory.subsystem?.greatestPort else { return }
        let known = isWhole ? [] : inventory.ports.map(\.number)
        let unknown = (0...greatest).filter { !known.contains($0) }
        line += unknown.map { .port($0) }
        // By its ports it is known how fast the way can be.
        if !unknown.isEmpty { isTuned = false }
    }

    private func take(_ information: PortInformation, _ number: UInt8) {
        if let port = inventory.ports.first(where: { $0.number == number }) {
            port.information = information
            changed(port)
        } else {
            let port = Port(number, information, of: endpoint)
            inventory.ports.append(port)
            inventory.ports.sort { $0.number < $1.number }
            endpoint.fleet.observer?.appeared(port)
        }
    }

    private func take(_ list: ControllerList) {
        inventory.isControllerListKnown = true
        tellLeftOut(list.leftOut)
        let numbers = Array(list.controllers.prefix(Self.controllerLimit))
        if list.controllers.count > numbers.count {
            tellLeftOut(
                "\(list.controllers.count - numbers.count) controllers",
                "at most \(Self.controllerLimit) are kept"
            )
        }
        for gone in inventory.controllers where !numbers.contains(gone.identifier) {
            if gone.isShown { endpoint.fleet.observer?.vanished(gone) }
        }
        inventory.controllers = numbers.map { number in
            controller(number) ?? Controller(number, of: endpoint)
        }
        follow(.optionalCommands)
        for (index, number) in numbers.enumerated() {
            let parts = [InventoryPart.controllerInformation(number), .controllerIdentity(number)]
            // The first tells who the drive is.
            if index == 0 { line += parts } else { parts.forEach(follow) }
        }
    }

    func controller(_ number: UInt16) -> Controller? {
        inventory.controllers.first { $0.identifier == number }
    }

    // MARK: Identify

    /// Reads a structure and makes of it what is kept; nothing larger waits for the answer.
    private func identify<Structure: DataStructure>(
        _ structure: IdentifyStructure,
        on controller: UInt16,
        _ namespace: UInt32 = 0,
        as type: Structure.Type
    ) async throws(SessionError) -> Structure {
        let data = try await perform(Identify(structure, on: controller, namespace: namespace))
        return try Self.decode(data, as: type)
    }

    private static func decode<Structure: DataStructure>(
        _ data: [UInt8],
        as type: Structure.Type
    ) throws(SessionError) -> Structure {
        do {
            return try Structure(data: data)
        } catch {
            throw .decoding(error)
        }
    }

    private func take(_ identity: IdentifyController, _ number: UInt16) {
        let facts = ControllerFacts(identity)
        let drive = DriveIdentity(facts)
        if let formerIdentity, !drive.isSameDrive(as: formerIdentity) {
            endpoint.fleet.swap(
                endpoint,
                reason: "another drive is there: serial number \(drive.serialNumber), not "
                    + formerIdentity.serialNumber
            )
            return
        }
        // Other firmware may serve what the one before refused.
        if let formerIdentity, formerIdentity.firmware != drive.firmware {
            inventory.forgetRefusals()
            for controller in inventory.controllers { controller.forgetLists() }
        }
        controller(number)?.identity = facts
    }

    // MARK: Namespaces

    private func askForNamespaces(of number: UInt16) async throws(SessionError) {
        guard let controller = controller(number), let identity = controller.identity else {
            return
        }
        let data = try await perform(Identify(.activeNamespaces, on: number))
        var found: [UInt32]
        if identity.isRepeated(in: data) {
            if !controller.takesStructuresForOne {
                controller.takesStructuresForOne = true
                endpoint.logger.notice(
                    "lists no namespaces, but itself; they are asked for one by one",
                    metadata: ["controller": "\(number)"]
                )
            }
            found = Array(0..<min(identity.maximumNamespaceID, Self.unlistedNamespaceLimit)).map {
                $0 + 1
            }
        } else {
            controller.takesStructuresForOne = false
            let list = try Self.decode(data, as: NamespaceList.self)
            tellLeftOut(list.leftOut)
            found = list.namespaces
        }
        let room = max(0, Self.namespaceLimit - seenNamespaces.count)
        let new = found.filter { !seenNamespaces.contains($0) }
        if new.count > room {
            tellLeftOut(
                "\(new.count - room) namespaces",
                "at most \(Self.namespaceLimit) are kept"
            )
            let left = Set(new.dropFirst(room))
            found.removeAll { left.contains($0) }
        }
        controller.activeNamespaces = found
        hasListedNamespaces = true
        for number in found where seenNamespaces.insert(number).inserted {
            if isWhole || namespace(number) == nil { line.append(.namespaceIdentity(number)) }
        }
        for namespace in inventory.namespaces { changed(namespace) }
    }

    private func take(_ identity: IdentifyNamespace, _ number: UInt32) {
        // One that is not active is all zeroes.
        if identity.size == 0, let through = controller(of: number).flatMap(controller),
            through.takesStructuresForOne
        {
            through.activeNamespaces.removeAll { $0 == number }
            return
        }
        var facts = NamespaceFacts(identity)
        if let known = namespace(number) {
            // Told by the descriptors, which follow.
            facts.uuid = known.facts.uuid
            known.facts = facts
        } else {
            inventory.namespaces.append(Namespace(number, facts, of: endpoint))
            inventory.namespaces.sort { $0.identifier < $1.identifier }
        }
    }

    /// Whether a namespace's controller knows descriptors, as far as it says.
    private func mayAskForDescriptors(of number: UInt32) -> Bool {
        guard let through = controller(of: number).flatMap(controller) else { return false }
        return through.identity?.knowsNamespaceDescriptors ?? false
            && !through.takesStructuresForOne
            && !inventory.isRuledOut(.namespaceDescriptors(number))
    }

    private func namespace(_ number: UInt32) -> Namespace? {
        inventory.namespaces.first { $0.identifier == number }
    }

    /// A controller in which a namespace is active.
    private func controller(of namespace: UInt32) -> UInt16? {
        inventory.controllers.first { $0.activeNamespaces.contains(namespace) }?.identifier
    }

    // MARK: Showing

    private func show(_ controller: Controller?) {
        guard let controller else { return }
        if controller.isShown {
            changed(controller)
        } else {
            controller.isShown = true
            endpoint.fleet.observer?.appeared(controller)
        }
    }

    private func show(_ namespace: Namespace?) {
        guard let namespace else { return }
        if namespace.isShown {
            changed(namespace)
        } else {
            namespace.isShown = true
            endpoint.fleet.observer?.appeared(namespace)
        }
    }

    /// Shows what is there though not all of it was asked for.
    func showAll() {
        for controller in inventory.controllers where !controller.isShown { show(controller) }
        for namespace in inventory.namespaces where !namespace.isShown { show(namespace) }
    }

    /// Forgets what a whole look has not found any more.
    func forgetWhatIsGone() {
        let active = Set(inventory.controllers.flatMap(\.activeNamespaces))
        for gone in inventory.namespaces where !active.contains(gone.identifier) && gone.isShown {
            endpoint.fleet.observer?.vanished(gone)
        }
        inventory.namespaces.removeAll { !active.contains($0.identifier) }
        let controllers = Set(inventory.controllers.map(\.identifier))
        let greatestPort = inventory.subsystem?.greatestPort ?? .max
        for gone in inventory.ports where gone.number > greatestPort {
            endpoint.fleet.observer?.vanished(gone)
        }
        inventory.ports.removeAll { $0.number > greatestPort }
        inventory.forgetTroubles { part in
            switch part {
            case .port(let number): number > greatestPort
            case .controllerInformation(let number), .controllerIdentity(let number),
                .activeNamespaces(let number), .firmwareSlots(let number), .listOfPages(let number),
                .listOfCommands(let number):
                !controllers.contains(number)
            case .namespaceIdentity(let number), .namespaceDescriptors(let number):
                !active.contains(number)
            case .subsystem, .optionalCommands, .controllerList, .health: false
            }
        }
    }

    private func tellLeftOut(_ part: String, _ why: String) {
        endpoint.logger.info("left out", metadata: ["part": "\(part)", "why": "\(why)"])
    }

    /// Tells what of an answer could not be believed.
    private func tellLeftOut(_ faults: [DecodingError]) {
        for fault in faults.prefix(3) { tellLeftOut(fault.subject, "\(fault)") }
    }
}
