import EventLoop
import NVMeMIDrives

/// All that show the model, in the order in which they are told.
@LoopActor
final class Faces: FleetObserver {
    private let faces: [any FleetObserver]

    init(_ faces: [any FleetObserver]) {
        self.faces = faces
    }

    func appeared(_ object: any ModelObject) {
        for face in faces { face.appeared(object) }
    }

    func changed(_ object: any ModelObject) {
        for face in faces { face.changed(object) }
    }

    func vanished(_ object: any ModelObject) {
        for face in faces.reversed() { face.vanished(object) }
    }
}
