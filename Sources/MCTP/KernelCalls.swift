internal import CLinux
package import EventLoop
internal import Glibc

/// Where a message on an AF_MCTP socket goes or comes from, and as what.
package struct KernelAddress: Hashable, Sendable {
    package var network: NetworkID
    package var endpoint: EndpointID
    /// The message's first byte, which the kernel keeps apart from the rest.
    package var typeByte: UInt8
    /// Tag number and flags: owner (08h), reserved (10h).
    package var tag: UInt8

    package init(network: NetworkID, endpoint: EndpointID, typeByte: UInt8, tag: UInt8) {
        self.network = network
        self.endpoint = endpoint
        self.typeByte = typeByte
        self.tag = tag
    }

    package static let ownerFlag = UInt8(MCTP_TAG_OWNER)
    package static let reservedFlag = UInt8(MCTP_TAG_PREALLOC)
}

/// The system calls of an AF_MCTP socket, in a table so that tests can stand in for the kernel.
///
/// Each returns -1 and sets `errno` like the call that it is named for.
@LoopActor
package struct KernelCalls {
    /// Makes a socket that does not block.
    package var socket: @LoopActor () -> Int32
    /// Reserves a tag towards an endpoint; without a network by the older call, which knows only one.
    package var allocateTag:
        @LoopActor (_ descriptor: Int32, _ network: NetworkID?, _ peer: EndpointID) -> Int32
    /// Releases such a tag.
    package var dropTag:
        @LoopActor (
            _ descriptor: Int32, _ network: NetworkID?, _ peer: EndpointID, _ tag: UInt8
        ) -> Int32
    /// Sends a message without its first byte.
    package var send:
        @LoopActor (
            _ descriptor: Int32, _ payload: UnsafeRawBufferPointer, _ address: KernelAddress
        ) -> Int
    /// Receives a message without its first byte; returns its length even when the buffer is shorter.
    package var receive:
        @LoopActor (
            _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer,
            _ source: inout KernelAddress
        ) -> Int
    /// Closes the socket, which releases its tags.
    package var close: @LoopActor (_ descriptor: Int32) -> Void

    package init(
        socket: @escaping @LoopActor () -> Int32,
        allocateTag: @escaping @LoopActor (Int32, NetworkID?, EndpointID) -> Int32,
        dropTag: @escaping @LoopActor (Int32, NetworkID?, EndpointID, UInt8) -> Int32,
        send: @escaping @LoopActor (Int32, UnsafeRawBufferPointer, KernelAddress) -> Int,
        receive:
            @escaping @LoopActor (
                Int32, UnsafeMutableRawBufferPointer, inout KernelAddress
            ) -> Int,
        close: @escaping @LoopActor (Int32) -> Void
    ) {
        self.socket = socket
        self.allocateTag = allocateTag
        self.dropTag = dropTag
        self.send = send
        self.receive = receive
        self.close = close
    }

    /// The kernel's own.
    package static let system = KernelCalls(
        socket: {
            Glibc.socket(
                AF_MCTP,
                Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
                    | Int32(SOCK_CLOEXEC.rawValue),
                0
            )
        },
        allocateTag: { descriptor, network, peer in
            guard let network else {
                var control = mctp_ioc_tag_ctl()
                control.peer_addr = peer.rawValue
                let result = ioctl(descriptor, UInt(SIOCMCTPALLOCTAG), &control)
                return result < 0 ? result : Int32(control.tag)
            }
            var control = mctp_ioc_tag_ctl2()
            control.net = network.rawValue
            control.peer_addr = peer.rawValue
            control.local_addr = UInt8(MCTP_ADDR_ANY)
            let result = ioctl(descriptor, UInt(SIOCMCTPALLOCTAG2), &control)
            return result < 0 ? result : Int32(control.tag)
        },
        dropTag: { descriptor, network, peer, tag in
            guard let network else {
                var control = mctp_ioc_tag_ctl()
                control.peer_addr = peer.rawValue
                control.tag = tag
                return ioctl(descriptor, UInt(SIOCMCTPDROPTAG), &control)
            }
            var control = mctp_ioc_tag_ctl2()
            control.net = network.rawValue
            control.peer_addr = peer.rawValue
            control.local_addr = UInt8(MCTP_ADDR_ANY)
            control.tag = tag
            return ioctl(descriptor, UInt(SIOCMCTPDROPTAG2), &control)
        },
        send: { descriptor, payload, address in
            var name = sockaddr_mctp()
            name.smctp_family = sa_family_t(AF_MCTP)
            name.smctp_network = address.network.rawValue
            name.smctp_addr.s_addr = address.endpoint.rawValue
            name.smctp_type = address.typeByte
            name.smctp_tag = address.tag
            return withUnsafeBytes(of: &name) { bytes in
                sendto(
                    descriptor,
                    payload.baseAddress,
                    payload.count,
                    0,
                    bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(bytes.count)
                )
            }
        },
        receive: { descriptor, buffer, source in
            var name = sockaddr_mctp()
            var length = socklen_t(MemoryLayout<sockaddr_mctp>.size)
            let result = withUnsafeMutableBytes(of: &name) { bytes in
                recvfrom(
                    descriptor,
                    buffer.baseAddress,
                    buffer.count,
                    Int32(MSG_TRUNC),
                    bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    &length
                )
            }
            source = KernelAddress(
                network: NetworkID(name.smctp_network),
                endpoint: EndpointID(name.smctp_addr.s_addr),
                typeByte: name.smctp_type,
                tag: name.smctp_tag
            )
            return result
        },
        close: { descriptor in
            _ = Glibc.close(descriptor)
        }
    )
}
