/// Finds the keys of an object that its declarations do not know.
struct KeyCheck {
    let path: SettingPath
    let group: SettingGroup
    let decoding: SettingsDecoding

    /// Reports every duplicate, promised and unknown key, in the order of the file.
    func check(_ members: [SettingValue.Member]) {
        var seen: Set<String> = []
        for member in members {
            let place = path.member(member.name)
            guard seen.insert(member.name).inserted else {
                decoding.report(.duplicateKey(at: place))
                continue
            }
            if group.names.contains(member.name) { continue }
            if let later = group.later.first(where: { $0.name == member.name }) {
                check(later, member.value, at: place)
            } else {
                decoding.report(
                    unknown(member.name, at: place, known: group.names, later: group.later.map(\.name)))
            }
        }
    }

    /// A promised key: what is known of its inside is checked as well.
    private func check(_ later: LaterSetting, _ value: SettingValue, at place: SettingPath) {
        if later.isHarmless(value) { return }
        guard case .object(let members) = value, !later.members.isEmpty else {
            decoding.report(.notInThisVersion(at: place))
            return
        }
        for member in members {
            let inner = place.member(member.name)
            let isPromised = later.members.contains(member.name)
            decoding.report(
                isPromised
                    ? .notInThisVersion(at: inner) : unknown(member.name, at: inner, known: later.members))
        }
    }

    private func unknown(
        _ name: String, at place: SettingPath, known: [String], later: [String] = []
    ) -> SettingFault {
        let near = NearestName.of(name, among: known + later) ?? elsewhere(name)
        return SettingFault(
            place, found: "an unknown key", allowed: known.joined(separator: ", "),
            mend: near.map { "Did you mean \"\($0)\"?" } ?? "Remove it.")
    }

    /// The path of the one setting of that name in another object: `listen` at the top is `gateway.listen`.
    private func elsewhere(_ name: String) -> String? {
        let paths = decoding.schema.settings.filter { $0.setting.name == name }.map(\.path)
        return paths.count == 1 ? paths.first : nil
    }
}
