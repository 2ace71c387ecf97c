internal import NVMeMI
extension ManagementEndpoint {
    func receivePrimitive(
        _ request: Request, from requester: Requester, faults: [Fault]
    ) -> [Outgoing] { [] }
}
