import ExchangePipeline

/// What the walk drives: the machine, or one with a defect sewn in.
protocol Relaying: Hashable {
    var acceptsBytes: Bool { get }
    mutating func handle(_ input: RelayMachine.Input) -> RelayMachine.Step
}

extension RelayMachine: Relaying {}

/// Walks every reachable state of a relay and its world, memoised, breadth first.
struct RelayWalk<Relay: Relaying> {
    struct State: Hashable {
        var relay: Relay
        var world: RelayWorld
    }

    /// A broken promise and the shortest way to it.
    struct Finding: Error, CustomStringConvertible {
        let promise: String
        let path: [RelayWorld.Event]

        var description: String { "\(promise), after \(path)" }
    }

    private(set) var states: Set<State> = []
    private var parents: [State: (State, RelayWorld.Event)] = [:]

    /// Visits everything that can be reached from the start.
    mutating func run(from start: State) throws {
        var frontier = [start]
        states.insert(start)
        while !frontier.isEmpty {
            var next: [State] = []
            for state in frontier {
                try visit(state) { successor in next.append(successor) }
            }
            frontier = next
        }
    }

    private mutating func visit(_ state: State, _ found: (State) -> Void) throws {
        for event in state.world.possibleInputs(acceptsBytes: state.relay.acceptsBytes) {
            let successor = try step(state, event)
            guard states.insert(successor).inserted else { continue }
            parents[successor] = (state, event)
            found(successor)
        }
        try close(state)
    }

    private func step(_ state: State, _ event: RelayWorld.Event) throws -> State {
        var state = state
        let before = state
        let input = state.world.happen(event)
        let step = state.relay.handle(input)
        do {
            try state.world.perform(step, acceptsBytes: state.relay.acceptsBytes)
        } catch {
            throw Finding(promise: error.promise, path: path(to: before) + [event])
        }
        return state
    }

    /// From every state the closing inputs end the run: the upstream breaks off, timers fire, the client
    /// leaves.
    private func close(_ state: State) throws {
        for order in [[RelayWorld.Event.cut, .late, .gone, .drainExpired], [.gone, .drainExpired, .late]] {
            var last = state
            for _ in 0..<2 {
                for event in order
                where last.world.possibleInputs(acceptsBytes: last.relay.acceptsBytes).contains(event) {
                    last = try step(last, event)
                }
            }
            guard last.world.isOver else {
                throw Finding(promise: "closing ends the run", path: path(to: state))
            }
        }
    }

    private func path(to state: State) -> [RelayWorld.Event] {
        var events: [RelayWorld.Event] = []
        var at = state
        while let (parent, event) = parents[at] {
            events.append(event)
            at = parent
        }
        return events.reversed()
    }
}
