import DBus
import EventLoop
import NVMeMIDrives

/// An update of a drive's firmware as OpenBMC's programs follow it, whoever started it.
@LoopActor
final class UpdateView {
    let job: Job
    private let objects: ObjectTree
    private let path: ObjectPath
    private var isProgressShown = false
    private var timer: Timer?

    /// How long what tells of the way stays when the end has been told.
    private static let afterglow: Duration = .milliseconds(500)

    /// Publishes it.
    ///
    /// - Throws: When the path is taken.
    init(_ job: Job, on objects: ObjectTree) throws(DBusError) {
        self.job = job
        self.objects = objects
        path = OpenBMCPaths.update(job)
        try objects.add(path, [Self.activation, Self.associations].map { $0.bound(to: self) })
    }

    /// Tells what is different, and what tells of the way while there is one.
    func changed() {
        objects.changed(self)
        switch job.state {
        case .waiting: break
        case .running, .cancelling:
            guard !isProgressShown else { return }
            isProgressShown = true
            try? objects.add(path, Self.onTheWay.map { $0.bound(to: self) })
        case .done, .failed, .cancelled:
            guard isProgressShown, timer == nil else { return }
            // After the end has been told.
            timer = EventLoop.main.schedule(after: Self.afterglow) { [self] in
                objects.removeInterfaces(path, Self.onTheWay.map(\.name))
            }
        }
    }

    /// Takes it back.
    func hide() {
        timer?.cancel()
        objects.remove(path)
    }

    fileprivate var activationState: String {
        switch job.state {
        case .waiting: "NotReady"
        case .running where job.progress.fraction == 0: "Ready"
        case .running, .cancelling: "Activating"
        case .done: "Active"
        case .failed, .cancelled: "Failed"
        }
    }

    /// In percent; all of it for one that has ended well.
    fileprivate var percent: UInt8 {
        job.state == .done ? 100 : UInt8(max(0, min(99, job.progress.fraction * 100)))
    }

    private static let requests = ["None", "Active"].map {
        OpenBMCName.value("Software.Activation.RequestedActivations.\($0)")
    }

    private static let activation = Interface<UpdateView>(
        OpenBMCName.interface("Software.Activation"),
        documentation: "How far the update is.",
        right: .reading
    ) {
        Property("Activation", "Where it is in its life.", .emitsChange) { (view: UpdateView) in
            OpenBMCName.value("Software.Activation.Activations.\(view.activationState)")
        }
        Property(
            "RequestedActivation",
            "What was started goes on by itself: what is set is left out of account.",
            .emitsChange
        ) { (_: UpdateView) in
            requests[1]
        } set: { (_: UpdateView, _: Invocation, request: String) in
            guard requests.contains(request) else {
                throw DBusError.invalidArgs(
                    "RequestedActivation cannot be that; it takes \(requests.joined(separator: " or "))"
                )
            }
        }
    }

    private static let associations = Associations.interface { (view: UpdateView) in
        [Associations.to(OpenBMCPaths.drive(view.job.target.drive), "activating", "activated_on")]
    }

    private static let onTheWay: [Interface<UpdateView>] = [
        Interface(
            OpenBMCName.interface("Software.ActivationProgress"),
            documentation: "How far it is.",
            right: .reading
        ) {
            Property("Progress", "In percent.", .emitsChange) { (view: UpdateView) in view.percent }
        },
        Interface(
            OpenBMCName.interface("Software.ActivationBlocksTransition"),
            documentation: "The host's power is not to be switched meanwhile.",
            right: .reading
        ) {},
    ]
}
