internal import CLinux
internal import Glibc
internal import Synchronization

/// The daemon's one loop: runs tasks, timers and descriptor handlers on one thread and sleeps in between.
///
/// It is the executor of ``LoopActor``. The runtime resumes a task's continuation through its global thread
/// pool, which would start threads and cost as much again as the work itself; so the loop takes the runtime's global
/// jobs as well (``takeGlobalJobs()``). Where that has not been called, as in tests, it is the preferred executor of
/// every task that ``spawn(_:)`` starts, which costs a look-up at each step.
///
/// The loop belongs to the thread that first used it, or that last called ``run()``.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    /// The loop of the process.
    public static let main = EventLoop()

    /// Jobs in one turn before descriptors and timers get their share.
    private static let jobsPerTurn = 128

    // Any thread.
    private let owner: Atomic<UInt>
    private let stopRequested = Atomic<Bool>(false)
    private let hasForeignJobs = Atomic<Bool>(false)
    private let foreignJobs = Mutex<[UnownedJob]>([])
    private let wakeDescriptor: Int32

    // The loop's thread only. `jobs` and `isRunning` cannot say so in their type: `enqueue` and `run`,
    // which are not isolated, look at the thread themselves.
    private var jobs = JobQueue()
    private var isRunning = false
    private var takesGlobalJobs = false
    private let timers = TimerQueue()
    private let watches = WatchSet()
    @LoopActor private var hooks: [SleepHook] = []
    @LoopActor private var virtualNow: MonotonicInstant?

    private init() {
        owner = Atomic(UInt(pthread_self()))
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeDescriptor >= 0 else {
            fatalError("the event loop cannot create its wake-up descriptor: \(Errno.current)")
        }
    }

    // MARK: Running

    /// Runs the loop on the calling thread until ``stop()``.
    public func run() {
        precondition(!isRunning, "the event loop runs already")
        owner.store(Self.currentThread, ordering: .releasing)
        isRunning = true
        defer { isRunning = false }
        LoopActor.assumeIsolated {
            let wakeWatch = watchForWakeUps()
            defer { wakeWatch.cancel() }
            while !stopRequested.exchange(false, ordering: .acquiringAndReleasing) {
                turn()
            }
        }
    }

    /// Makes ``run()`` return after its present turn; called before `run`, makes that return at once.
    public func stop() {
        stopRequested.store(true, ordering: .releasing)
        if !isOnLoopThread { wake() }
    }

    /// Ends the loop's sleep; for other threads and signal handlers.
    public func wake() {
        var one: UInt64 = 1
        // Full means that a wake-up is on its way already.
        _ = write(wakeDescriptor, &one, MemoryLayout<UInt64>.size)
    }

    @LoopActor
    private func watchForWakeUps() -> Watch {
        let descriptor = wakeDescriptor
        do throws(SystemCallError) {
            return try watches.add(descriptor, .read) { _ in
                var count: UInt64 = 0
                _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
            }
        } catch {
            fatalError("the event loop lost its wake-up descriptor: \(error)")
        }
    }

    /// One round: jobs and hooks until there are none or the share is used up, then descriptors, then timers.
    @LoopActor
    private func turn() {
        var share = Self.jobsPerTurn
        var hasMore: Bool
        repeat {
            takeForeignJobs()
            while share > 0, let job = jobs.popFirst() {
                share -= 1
                run(job)
            }
            hasMore = runHooks()
            share -= 1
        } while share > 0 && (hasMore || !jobs.isEmpty)

        let mustNotSleep =
            hasMore || !jobs.isEmpty || stopRequested.load(ordering: .acquiring)
        if watches.poll(timeout: mustNotSleep ? 0 : timeout()) {
            watches.deliver()
        } else if !mustNotSleep {
            advanceVirtualClock()
        }
        if timers.count > 0 { timers.fireDue(at: now) }
    }

    @LoopActor
    private func run(_ job: UnownedJob) {
        if takesGlobalJobs {
            job.runSynchronously(on: asUnownedSerialExecutor())
        } else {
            job.runSynchronously(
                isolatedTo: asUnownedSerialExecutor(),
                taskExecutor: asUnownedTaskExecutor()
            )
        }
    }

    /// How long the loop may sleep, in nanoseconds; nil without an end.
    @LoopActor
    private func timeout() -> Int64? {
        guard let earliest = timers.earliest else { return nil }
        guard virtualNow == nil else { return 0 }
        return max(0, now.duration(to: earliest).wholeNanoseconds)
    }

    // MARK: Jobs

    /// Takes a piece of a task from the Swift runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        take(UnownedJob(job))
    }

    fileprivate func take(_ job: UnownedJob) {
        if isOnLoopThread {
            jobs.append(job)
            return
        }
        let mustWake = foreignJobs.withLock { waiting in
            waiting.append(job)
            return waiting.count == 1
        }
        if mustWake {
            hasForeignJobs.store(true, ordering: .releasing)
            wake()
        }
    }

    /// The loop as the executor of an actor.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// The loop as the preferred executor of a task.
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        UnownedTaskExecutor(ordinary: self)
    }

    /// Whether the caller is on the loop's thread.
    public func isIsolatingCurrentContext() -> Bool? {
        isOnLoopThread
    }

    /// Stops the process when the caller is not on the loop's thread.
    public func checkIsolated() {
        precondition(isOnLoopThread, "not on the thread of the event loop")
    }

    /// Has the Swift runtime give the loop every job that it would give to its thread pool.
    ///
    /// For a program whose only thread is the loop's, before it starts the first task; for good.
    public func takeGlobalJobs() {
        takesGlobalJobs = true
        nvmemi_set_global_job_hook()
    }

    /// Starts a task on the loop.
    ///
    /// The only way to start one: a bare `Task` would leave the thread at its first wait.
    ///
    /// - Parameter body: What the task does.
    /// - Returns: The task, to be cancelled or waited for.
    @discardableResult
    public func spawn(
        _ body: @escaping @LoopActor @Sendable () async -> Void
    ) -> Task<Void, Never> {
        takesGlobalJobs ? Task(operation: body) : Task(executorPreference: self, operation: body)
    }

    /// Starts a task on the loop that ends with a value or an error.
    ///
    /// - Parameter body: What the task does.
    /// - Returns: The task, to be cancelled or waited for.
    public func spawn<Value: Sendable>(
        _ body: @escaping @LoopActor @Sendable () async throws -> Value
    ) -> Task<Value, any Error> {
        takesGlobalJobs ? Task(operation: body) : Task(executorPreference: self, operation: body)
    }

    @LoopActor
    private func takeForeignJobs() {
        guard hasForeignJobs.exchange(false, ordering: .acquiringAndReleasing) else { return }
        foreignJobs.withLock { waiting in
            jobs.append(contentsOf: waiting)
            waiting.removeAll(keepingCapacity: true)
        }
    }

    private var isOnLoopThread: Bool {
        owner.load(ordering: .relaxed) == Self.currentThread
    }

    private static var currentThread: UInt { UInt(pthread_self()) }

    // MARK: Timers, descriptors, hooks

    /// The present, by the loop's clock.
    @LoopActor
    public var now: MonotonicInstant {
        virtualNow ?? .ofMachine()
    }

    /// Has an action run once, at `deadline` or as soon after as the loop gets to it.
    ///
    /// - Parameters:
    ///   - deadline: When; an instant in the past means the next turn.
    ///   - action: What to run.
    /// - Returns: The timer, to be cancelled.
    @LoopActor
    @discardableResult
    public func schedule(
        at deadline: MonotonicInstant,
        _ action: @escaping @LoopActor () -> Void
    ) -> Timer {
        timers.add(deadline: deadline, action: action)
    }

    /// Has an action run once, when `delay` is over.
    ///
    /// - Parameters:
    ///   - delay: How long from now.
    ///   - action: What to run.
    /// - Returns: The timer, to be cancelled.
    @LoopActor
    @discardableResult
    public func schedule(
        after delay: Duration,
        _ action: @escaping @LoopActor () -> Void
    ) -> Timer {
        schedule(at: now.advanced(by: delay), action)
    }

    /// Has an action run once, when others have had `delay` to do what it waits for.
    ///
    /// For what measures somebody else's silence. While the loop stood still (stopped, without processor, on a
    /// machine that was suspended) nobody could be heard: that time is given to them once more, up to `delay`, before
    /// the action runs.
    ///
    /// - Parameters:
    ///   - delay: How long from now.
    ///   - action: What to run.
    /// - Returns: The timer, to be cancelled.
    @LoopActor
    @discardableResult
    public func schedule(
        afterSilence delay: Duration,
        _ action: @escaping @LoopActor () -> Void
    ) -> Timer {
        timers.add(deadline: now.advanced(by: delay), indulgence: delay, action: action)
    }

    /// Has a handler called whenever a descriptor is ready.
    ///
    /// - Parameters:
    ///   - descriptor: An open descriptor; stays the property of the caller.
    ///   - interest: What to wait for.
    ///   - handler: Called once in each turn of the loop in which something is found.
    /// - Returns: The watch, which lasts until it is cancelled.
    /// - Throws: ``SystemCallError`` when the descriptor is not open.
    @LoopActor
    public func watch(
        _ descriptor: Int32,
        for interest: Interest,
        _ handler: @escaping @LoopActor (Readiness) -> Void
    ) throws(SystemCallError) -> Watch {
        try watches.add(descriptor, interest, handler)
    }

    /// Has a hook called in every turn, after the jobs and before the loop may sleep.
    ///
    /// - Parameter hook: Returns whether it has more to do: the loop then does not sleep and calls it again.
    /// - Returns: The hook, which lasts until it is cancelled.
    @LoopActor
    @discardableResult
    public func beforeSleep(_ hook: @escaping @LoopActor () -> Bool) -> SleepHook {
        let hook = SleepHook(hook)
        hooks.append(hook)
        return hook
    }

    @LoopActor
    private func runHooks() -> Bool {
        guard !hooks.isEmpty else { return false }
        var hasMore = false
        var someCancelled = false
        for hook in hooks {
            if hook.run() { hasMore = true }
            if hook.isCancelled { someCancelled = true }
        }
        if someCancelled { hooks.removeAll { $0.isCancelled } }
        return hasMore
    }

    // MARK: Tests

    /// Stops the loop's clock: from now on time stands still while there is work and jumps to the earliest
    /// timer when there is none.
    @LoopActor
    package func useVirtualClock() {
        virtualNow = now
    }

    /// Goes back to the machine's clock.
    @LoopActor
    package func useMachineClock() {
        virtualNow = nil
    }

    /// Has the virtual clock go on as it does for a loop that stands still.
    ///
    /// - Parameter span: For how long.
    @LoopActor
    package func standStill(for span: Duration) {
        virtualNow = virtualNow?.advanced(by: span)
    }

    /// How many timers wait.
    @LoopActor
    package var pendingTimers: Int { timers.count }

    /// How many descriptors are watched, the loop's own included.
    @LoopActor
    package var activeWatches: Int { watches.count }

    /// Cancels every timer, watch and hook: what a test that failed has left behind must not disturb the next.
    @LoopActor
    package func discardLeftovers() {
        timers.removeAll()
        watches.removeAll()
        for hook in hooks { hook.cancel() }
    }

    @LoopActor
    private func advanceVirtualClock() {
        guard let present = virtualNow, let earliest = timers.earliest else { return }
        virtualNow = max(present, earliest)
    }
}

/// Takes a job that the Swift runtime would give to its thread pool.
@_cdecl("nvmemi_take_global_job")
func takeGlobalJob(_ job: UnsafeMutableRawPointer) {
    EventLoop.main.take(unsafeBitCast(job, to: UnownedJob.self))
}
