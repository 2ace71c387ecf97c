import EventLoop
import MCTP
import NVMeMI

/// One command's way from the call to its result: events in, actions out.
///
///     queued ─▶ probing ─▶ clearing ─▶ spacing ─▶ awaiting ─▶ ended
///        ▲─────────┘          ▲──────────────────────┘
///
/// It is `queued` until a slot is its own. It is `probing` when that is slot 1 and nobody knows whether the
/// drive has one; when it has none, the command goes back to the queue. It is `clearing` when an earlier command
/// was left unanswered in the slot; `spacing` when the drive's last message was too short a time ago. Then it is
/// `awaiting` its answer. One that is damaged or lost leads back once, if the command may be repeated.
struct Course {
    enum Stage {
        case queued
        case probing(Probing)
        case clearing(Clearing)
        /// Keeps its distance from the last message until then.
        case spacing(MonotonicInstant)
        case awaiting
        /// Slot 1 is not there for it: to be queued, as the next one.
        case returning
        case ended
    }

    /// Which transmission of the command it is.
    enum Attempt {
        case first
        /// After an answer that was damaged or lost; the distance from the drive's last message at which
        /// the lost one was sent, in nanoseconds.
        case repetition(lostAt: Int64?)
    }

    let order: Order
    var time: TimeLimit
    var stage = Stage.returning
    var attempt = Attempt.first
    /// Who is waited for before the message is sent.
    var care = Spacing.Care.usual
    /// Its exchange with the drive, of no meaning but in the stage `awaiting`.
    var awaiting = Awaiting()
    /// How it has ended.
    private(set) var result: Result<Response, SessionError>?
    /// When it has to be looked at.
    private(set) var wakeAt = MonotonicInstant.distantFuture
    /// The slots that are its own; nil while it has none.
    private(set) var grant: SlotGrant?
    /// Its place in the queue; nil while it is in none.
    private(set) var ticket: UInt64?

    init(_ order: Order, _ time: TimeLimit) {
        self.order = order
        self.time = time
    }

    var id: CourseID { order.id }

    /// The slot that the command is sent in, or that the control primitive is about.
    var slot: CommandSlot { grant?.slot ?? order.options.slot }

    /// When it has to be looked at, by what it is doing.
    private var nextLook: MonotonicInstant {
        switch stage {
        case .queued: time.deadline
        case .probing(let probing): probing.wakeAt
        case .clearing(let clearing): clearing.wakeAt
        case .spacing(let instant): instant
        case .awaiting: awaiting.wakeAt(time)
        case .returning, .ended: .distantFuture
        }
    }

    /// Whether an event of the exchange is its own.
    func owns(_ exchange: ExchangeID) -> Bool {
        switch stage {
        case .awaiting:
            awaiting.exchange == exchange || awaiting.question?.isAsked(in: exchange) ?? false
        case .probing(let probing): probing.question.isAsked(in: exchange)
        case .clearing(let clearing): clearing.question?.isAsked(in: exchange) ?? false
        case .queued, .spacing, .returning, .ended: false
        }
    }

    // MARK: Events

    mutating func handle(_ event: CourseEvent, _ around: inout Surroundings) {
        switch event {
        case .granted(let grant): begin(with: grant, &around)
        case .cancelled: cancel(&around)
        case .closed(let reason): close(.closed(reason: reason), &around)
        case .message, .waitsForTag, .sent, .failed, .time: proceed(event, &around)
        }
        wakeAt = nextLook
    }

    private mutating func proceed(_ event: CourseEvent, _ around: inout Surroundings) {
        switch stage {
        case .queued:
            if case .time = event { end(.failure(time.timedOut(.queue))) }
        case .probing(let probing): handle(event, probing, &around)
        case .clearing(let clearing): handle(event, clearing, &around)
        case .spacing: transmit(&around)
        case .awaiting: handleAwaiting(event, &around)
        case .returning, .ended: break
        }
    }

    private mutating func begin(with grant: SlotGrant, _ around: inout Surroundings) {
        self.grant = grant
        ticket = nil
        if case .one(.one) = grant, around.secondSlot == .unknown {
            probe(&around)
        } else {
            prepare(&around)
        }
    }

    /// Brings its slots to rest, and then sends the command.
    mutating func prepare(_ around: inout Surroundings) {
        switch grant {
        case .both where around[.one].isInDoubt: clear(.one, &around)
        case .both, .one: around[slot].isInDoubt ? clear(slot, &around) : transmit(&around)
        case .primitive, nil: transmit(&around)
        }
    }

    /// Goes to the queue, or back to it.
    ///
    /// - Returns: The slots that were its own.
    mutating func queue(ticket: UInt64) -> SlotGrant? {
        defer { grant = nil }
        self.ticket = ticket
        stage = .queued
        wakeAt = time.deadline
        return grant
    }

    mutating func end(_ result: Result<Response, SessionError>) {
        stage = .ended
        self.result = result
    }

    // MARK: Sending

    /// Sends the command, when the drive's last message is long enough ago.
    mutating func transmit(_ around: inout Surroundings) {
        if case .spacing = stage, time.deadline <= around.now {
            end(.failure(time.timedOut(.queue)))
        } else if let earliest = around.spacing.earliest(care), around.now < earliest {
            stage = .spacing(min(earliest, time.deadline))
        } else {
            let transmission = Transmission(
                message: order.command.encode(slot: slot),
                category: order.category,
                slot: slot
            )
            awaiting = Awaiting(transmission, &around)
            stage = .awaiting
        }
    }

    // MARK: Ends

    private mutating func cancel(_ around: inout Surroundings) {
        // What changes the drive is not broken off half-way because nobody waits any more.
        if let grant, grant.slot != nil, !order.isRepeatable { return }
        switch stage {
        case .clearing(let clearing) where clearing.purpose == .afterCancellation: break
        case .awaiting where awaiting.leavesDoubt(grant):
            awaiting.abandon(&around)
            clearAfterCancellation(&around)
        default: close(.cancelled, &around)
        }
    }

    /// Ends whatever it is doing.
    private mutating func close(_ error: SessionError, _ around: inout Surroundings) {
        var error = error
        switch stage {
        case .probing(let probing): probing.question.end(&around)
        case .clearing(let clearing):
            clearing.question?.end(&around)
            if clearing.purpose == .afterCancellation { error = .cancelled }
        case .awaiting:
            if awaiting.leavesDoubt(grant) {
                awaiting.abandon(&around)
            } else {
                awaiting.endExchanges(answersMayCome: true, &around)
            }
        case .queued, .spacing, .returning, .ended: break
        }
        end(.failure(error))
    }
}
