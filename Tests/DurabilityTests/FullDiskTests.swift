internal import Testing

/// A disk that has no room left.
@Suite(.timeLimit(.minutes(15)), .serialized)
struct FullDiskTests {
    @Test(
        "on a full disk chats go on, nothing acknowledged is lost, and freed room is used without a restart")
    func fullDisk() async throws {
        try await withSmallDisk { setup, disk, asker in
            let gateway = try await GatewayProcess(setup)
            try await asker.askRecorded(gateway, "before")
            try disk.fill(leaving: 3 << 20)
            try await asker.fill(gateway)
            try disk.fill()
            try await asker.askUnrecorded(gateway, "full")
            disk.free()
            try await asker.askRecorded(gateway, "freed")
            #expect(await gateway.stopped() == .exited(0))
        }
    }

    @Test(
        "a gateway that is killed on a full disk starts there again, serves, and records once there is room")
    func killOnFullDisk() async throws {
        try await withSmallDisk { setup, disk, asker in
            let gateway = try await GatewayProcess(setup)
            try disk.fill(leaving: 1 << 20)
            try await asker.fill(gateway)
            try disk.fill()
            await gateway.killed()
            let faults = try asker.ledger.faults(ofStoreAt: setup.store)
            #expect(faults == [])
            try await startsAgain(setup, disk, &asker)
        }
    }

    @Test("questions under way when the disk is full and the gateway killed do not keep it from starting")
    func recoveryOnFullDisk() async throws {
        try await withSmallDisk { setup, disk, asker in
            let held = (0..<20).map { number in
                ChatCall(session: "held", marker: "held\(number)", isStream: true, padding: 20_000)
            }
            let model = try await HeldModel.start(holding: held.map(\.marker))
            var setup = setup
            setup.upstream = model.url
            let gateway = try await GatewayProcess(setup)
            let replies = Task {
                await withTaskGroup(of: Void.self) { group in
                    for call in held {
                        group.addTask { _ = try? await ChatClient.ask(call, at: gateway.port) }
                    }
                }
            }
            await model.reached()
            held.forEach { asker.ledger.asked($0) }
            try await asker.askRecorded(gateway, "beside")
            try disk.fill()
            await gateway.killed()
            await replies.value
            try await startsAgain(setup, disk, &asker)
            await model.model.stop()
        }
    }

    @Test("a first start on a disk with hardly any room serves or says what is wrong")
    func nearlyFull() async throws {
        try await withSmallDisk { setup, disk, asker in
            for pages in 0..<40 {
                try disk.fill(leaving: pages << 12)
                var setup = setup
                setup.data = disk.path + "/var\(pages)"
                do {
                    let gateway = try await GatewayProcess(setup)
                    #expect(await gateway.stopped() == .exited(0), "\(pages) pages")
                } catch let failure as GatewayProcess.Failure {
                    #expect(failure.description.contains("exited(1)"), "\(pages) pages: \(failure)")
                    #expect(failure.description.contains("no space left"), "\(pages) pages: \(failure)")
                }
                try await disk.remove("var\(pages)")
            }
            try await recordsOnceFreed(setup, disk, &asker)
        }
    }

    @Test("a start on a disk that was full from the first says what is wrong")
    func firstStart() async throws {
        try await withSmallDisk { setup, disk, asker in
            try disk.fill()
            let (words, ending) = try await GatewayProcess.refusal(setup)
            #expect(ending == .exited(1))
            #expect(words.contains("no space left") && words.contains(setup.dataFolder), "\(words)")
            try await recordsOnceFreed(setup, disk, &asker)
        }
    }

    /// A killed gateway starts on the full disk and serves; once there is room it records.
    private func startsAgain(
        _ setup: GatewayProcess.Setup, _ disk: SmallDisk, _ asker: inout Asker
    ) async throws {
        // What the killed process had begun to write is given back a little later.
        try disk.fill()
        let gateway = try await GatewayProcess(setup)
        // Pages that the store has left of its own take a round or two.
        try await asker.fill(gateway)
        try await asker.askUnrecorded(gateway, "still")
        await gateway.killed()
        try await recordsOnceFreed(setup, disk, &asker)
    }

    /// A gateway that is started when there is room again records, and ends as it should.
    private func recordsOnceFreed(
        _ setup: GatewayProcess.Setup, _ disk: SmallDisk, _ asker: inout Asker
    ) async throws {
        disk.free()
        let gateway = try await GatewayProcess(setup)
        try await asker.askRecorded(gateway, "freed")
        #expect(await gateway.stopped() == .exited(0))
    }

    /// Lends a gateway's setup on a small disk of its own; at the end nothing that was promised is missing.
    private func withSmallDisk(
        _ body: (GatewayProcess.Setup, SmallDisk, inout Asker) async throws -> Void
    ) async throws {
        let workspace = try Workspace()
        let model = try await ScriptedModel.start()
        let disk = try await SmallDisk.make(mebibytes: 24, in: workspace)
        var setup = GatewayProcess.Setup(workspace, upstream: model.url)
        setup.data = disk.path + "/var"
        var asker = Asker()
        do {
            try await body(setup, disk, &asker)
            let faults = try asker.ledger.faults(ofStoreAt: setup.store)
            #expect(faults == [])
        } catch {
            Issue.record(error)
        }
        try await disk.end()
        await model.stop()
    }
}
