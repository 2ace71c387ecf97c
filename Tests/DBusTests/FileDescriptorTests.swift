import DBus
import EventLoop
import Glibc
import TestSupport
import XCTest

final class FileDescriptorTests: XCTestCase {
    private static let echo: InterfaceName = "org.example.Files1"

    /// How many descriptors of this process are open.
    private static func openDescriptors() -> Int {
        (0..<1024).filter { fcntl(Int32($0), F_GETFD) != -1 }.count
    }

    private static func pipeEnds() throws -> (
        read: FileDescriptorHandle, write: FileDescriptorHandle
    ) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ChildProcess.Failure("pipe") }
        return (FileDescriptorHandle(adopting: ends[0]), FileDescriptorHandle(adopting: ends[1]))
    }

    func testDescriptorsGoThroughAndAreClosed() throws {
        try onBus { _, service, client in
            let files = Files()
            let name = try BusName(service.uniqueName)
            try service.objects.add("/files", [Files.interface.bound(to: files)])
            XCTAssertTrue(client.canPassFileDescriptors)
            // What the connection itself keeps open is open now.
            _ = try await client.call(
                destination: name,
                path: "/files",
                interface: Self.echo,
                member: "Nothing"
            )
            let before = Self.openDescriptors()
            do {
                let (read, write) = try Self.pipeEnds()
                let reply = try await client.call(
                    destination: name,
                    path: "/files",
                    interface: Self.echo,
                    member: "Write",
                    arguments: write,
                    "through the bus"
                )
                let (again, count) = try reply.read(FileDescriptorHandle.self, UInt64.self)
                XCTAssertEqual(count, 15)
                XCTAssertNotEqual(again.descriptor, write.descriptor)
                XCTAssertEqual(fcntl(again.descriptor, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC)
                var buffer = [UInt8](repeating: 0, count: 100)
                let got = Glibc.read(read.descriptor, &buffer, buffer.count)
                XCTAssertEqual(
                    String(decoding: buffer.prefix(got), as: UTF8.self),
                    "through the bus"
                )
                let list = try await client.call(
                    destination: name,
                    path: "/files",
                    interface: Self.echo,
                    member: "List",
                    arguments: [read, write],
                    Variant(read)
                )
                let (files, variant) = try list.read([FileDescriptorHandle].self, Variant.self)
                XCTAssertEqual(files.count, 2)
                XCTAssertNotNil(variant.value.decode(FileDescriptorHandle.self))
            }
            try await sleep(for: .zero)
            XCTAssertEqual(Self.openDescriptors(), before)
        }
    }

    func testARefusedCallDoesNotLeakDescriptors() throws {
        try onBus { _, service, client in
            let name = try BusName(service.uniqueName)
            try service.objects.add("/files", [Files.interface.bound(to: Files())])
            _ = try await client.call(
                destination: name,
                path: "/files",
                interface: Self.echo,
                member: "Nothing"
            )
            let before = Self.openDescriptors()
            for _ in 0..<20 {
                let (read, _) = try Self.pipeEnds()
                let error = await thrownError {
                    _ = try await client.call(
                        destination: name,
                        path: "/files",
                        interface: Self.echo,
                        member: "Nothing",
                        arguments: read,
                        read
                    )
                }
                XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.InvalidArgs")
            }
            try await sleep(for: .zero)
            XCTAssertEqual(Self.openDescriptors(), before)
        }
    }

    func testTooManyDescriptors() throws {
        try onBus { _, service, client in
            let name = try BusName(service.uniqueName)
            let files = Files()
            try service.objects.add("/files", [Files.interface.bound(to: files)])
            let (read, _) = try Self.pipeEnds()
            let error = await thrownError {
                _ = try await client.call(
                    destination: name,
                    path: "/files",
                    interface: Self.echo,
                    member: "List",
                    arguments: Array(repeating: read, count: 17),
                    Variant(UInt8(1))
                )
            }
            XCTAssertEqual(error?.name, "org.freedesktop.DBus.Error.LimitsExceeded")
            let most = try await client.call(
                destination: name,
                path: "/files",
                interface: Self.echo,
                member: "List",
                arguments: Array(repeating: read, count: 16),
                Variant(UInt8(1))
            )
            XCTAssertEqual(try most.read([FileDescriptorHandle].self, Variant.self).0.count, 16)

            // Of which a user gets half.
            service.limits.callsWithFileDescriptors = 4
            let counts = Counts()
            for _ in 0..<3 {
                EventLoop.main.spawn {
                    do {
                        _ = try await client.call(
                            destination: name,
                            path: "/files",
                            interface: Self.echo,
                            member: "Keep",
                            arguments: read
                        )
                        counts.good += 1
                    } catch {
                        counts.refused += 1
                    }
                }
            }
            try await until { counts.refused == 1 }
            files.gate.resolve()
            try await until { counts.good == 2 }
            _ = try await client.call(
                destination: name,
                path: "/files",
                interface: Self.echo,
                member: "Keep",
                arguments: read
            )
        }
    }

    func testHandles() throws {
        XCTAssertThrowsError(try FileDescriptorHandle(duplicating: -1))
        let (read, write) = try Self.pipeEnds()
        let copy = try FileDescriptorHandle(duplicating: read.descriptor)
        XCTAssertNotEqual(copy, read)
        XCTAssertEqual(fcntl(copy.descriptor, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC)
        let own = try write.duplicate()
        XCTAssertEqual(close(own), 0)
        XCTAssertEqual(Set([read, read, copy]).count, 2)
    }

    func testPythonPassesADescriptor() throws {
        try onBus { bus, service, _ in
            try service.objects.add("/files", [Files.interface.bound(to: Files())])
            try await service.requestName("org.example.Files")
            let outcome = try await bus.python(
                """
                import os
                r, w = os.pipe()
                fd, count = bus.call_blocking("org.example.Files", "/files", "org.example.Files1",
                                              "Write", "hs", (dbus.types.UnixFd(w), "text"))
                print(os.read(r, 100).decode(), int(count), os.fstat(fd.take()).st_ino == os.fstat(w).st_ino)
                """
            )
            XCTAssertEqual(outcome.output, "text 4 True\n")
        }
    }
}

@LoopActor
final class Files {
    let gate = Promise<Void>()

    nonisolated init() {}

    static let interface = Interface<Files>("org.example.Files1", documentation: "Takes files.") {
        Method("Write", "Writes.", in: ["file", "text"], out: ["file", "count"]) {
            (
                _: Files,
                _: Invocation,
                file: FileDescriptorHandle,
                text: String
            ) async throws
                -> (FileDescriptorHandle, UInt64) in
            let bytes = Array(text.utf8)
            let count = write(file.descriptor, bytes, bytes.count)
            return (file, UInt64(max(0, count)))
        }
        Method.immediate("List", "Gives back.", in: ["a", "b"], out: ["a", "b"]) {
            (
                _: Files,
                _: Invocation,
                a: [FileDescriptorHandle],
                b: Variant
            ) -> (
                [FileDescriptorHandle], Variant
            ) in (a, b)
        }
        Method("Keep", "Keeps it for a while.", in: ["file"]) {
            (files: Files, _: Invocation, file: FileDescriptorHandle) async throws in
            try await files.gate.value
        }
        Method.immediate("Nothing", "Takes nothing.") { (_: Files, _: Invocation) in }
    }
}
