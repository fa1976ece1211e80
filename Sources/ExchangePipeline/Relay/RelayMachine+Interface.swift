extension RelayMachine {
    /// What the machine is told.
    package enum Input: Hashable, Sendable {
        /// The upstream's head arrived.
        case answered(ReplyStart)
        /// Bytes arrived and were put into the queue.
        case bytes(ReplyBytes)
        /// Bytes were offered and not taken, because `acceptsBytes` was false.
        case refused
        /// The reply is whole.
        case ended
        /// There is no reply, or it was cut.
        case cut
        /// The client takes bytes again.
        case writable
        /// The client takes no more bytes for now.
        case stalled
        /// The client left.
        case gone
        /// The awaited commit is durable.
        case committed
        /// The awaited commit failed.
        case commitFailed(Degradation)
        /// `record.deadline` has passed since the awaited commit began.
        case late
        /// `record.drainTimeout` has passed since the client left.
        case drainExpired
    }

    /// What the shell does, in the order of the members; the empty step is nothing.
    package struct Step: Hashable, Sendable {
        /// The head to write first.
        package var head: HeadAction?
        /// Bytes to take from the queue's front and write.
        package var send = 0
        /// The queue's bytes are not wanted any more.
        package var drop = false
        /// How the reply ends.
        package var ending: Ending?
        /// What to hand to the store.
        package var record: RecordAction?
        /// What to do with the timer of `record.deadline`.
        package var deadline: TimerAction?
        /// What to do with the timer of `record.drainTimeout`.
        package var drain: TimerAction?
        /// What to tell the upstream.
        package var upstream: UpstreamAction?
        /// The run is over.
        package var isOver = false

        /// Nothing to do.
        package init() {}
    }

    /// How the client's head is made.
    package enum HeadAction: Hashable, Sendable {
        /// The upstream's, with what memory has to say of itself.
        case relay(Degradation?)
        /// A whole error reply of our own.
        case error
    }

    /// How the client's reply ends.
    package enum Ending: Hashable, Sendable {
        /// As the upstream's did.
        case finish
        /// The connection is closed: the upstream's reply was cut.
        case abort
    }

    /// What goes to the store.
    package enum RecordAction: Hashable, Sendable {
        /// The exchange.
        case first(RecordCause)
        /// What came after it.
        case amendment
    }

    /// What made the record due.
    package enum RecordCause: Hashable, Sendable {
        /// The finishing event, or `[DONE]`.
        case finished
        /// The end of the body.
        case ended
        /// The upstream broke off.
        case cut
        /// The client left.
        case disconnected
    }

    /// What to tell the upstream.
    package enum UpstreamAction: Hashable, Sendable {
        /// Go on.
        case resume
        /// Stop for good.
        case cancel
    }

    /// What to do with a timer.
    package enum TimerAction: Hashable, Sendable {
        /// Start it, or start it anew.
        case arm
        /// Stop it.
        case disarm
    }
}

/// What of a reply's head the relay needs.
package struct ReplyStart: Hashable, Sendable {
    /// Stream or not.
    package let form: ReplyForm
    /// Whether the status is 2xx.
    package let isSuccess: Bool
    /// The body's length, where the head names it.
    package let contentLength: Int?

    /// A head by its members.
    package init(form: ReplyForm, isSuccess: Bool, contentLength: Int? = nil) {
        self.form = form
        self.isSuccess = isSuccess
        self.contentLength = contentLength
    }
}

/// Whether a reply is one body or a stream of events.
package enum ReplyForm: Hashable, Sendable, CaseIterable {
    /// One body.
    case plain
    /// Server-sent events.
    case stream
}

/// One read of a reply's body, and what the tap found in it. Offsets count from the body's start.
package struct ReplyBytes: Hashable, Sendable {
    /// How many bytes.
    package var count: Int
    /// Up to where the stream's events are whole; an event under way is kept until it is.
    package var whole: Int
    /// Where the event begins that finishes the last choice, or `[DONE]` without one: told once.
    package var finish: Int?
    /// Where `[DONE]` begins: told once.
    package var done: Int?
    /// Content stands behind the finishing event.
    package var contentAfterFinish = false
    /// Usage stands behind the finishing event.
    package var usageAfterFinish = false

    /// A read by its size and the end of its last whole event.
    package init(count: Int, whole: Int) {
        self.count = count
        self.whole = whole
    }
}

/// Why memory did less than it should; said in `X-Memory-Status` where the head has not left yet.
package enum Degradation: String, Hashable, Sendable, CaseIterable {
    /// The store's or the disk's bound is reached.
    case storeFull = "store-full"
    /// The store failed.
    case storeError = "store-error"
    /// The store did not commit within `record.deadline`.
    case storeSlow = "store-slow"
    /// The reply is compressed in a way that is not read.
    case encoding
    /// The reply is longer than is kept.
    case replySize = "reply-size"
    /// A plugin failed and was left out.
    case plugin
    /// The model server refused what memory had added, and answered the request without it.
    case refused
    /// Anything else.
    case error
}
