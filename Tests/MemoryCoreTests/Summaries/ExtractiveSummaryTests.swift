import ChatWire
import MemoryCore
import RepeatableRandom
import Testing

@Suite("Summaries without a model")
struct ExtractiveSummaryTests {
    private static func transcript(_ said: (Role, String)...) -> SummaryTranscript {
        conversation(said)
    }

    private static func conversation(_ said: [(Role, String)]) -> SummaryTranscript {
        let entries = said.enumerated().map { number, message in
            SummaryTranscript.Entry(
                round: number / 2 + 1, role: message.0,
                speaker: SummaryTranscript.name(of: message.0, .en), text: message.1)
        }
        return SummaryTranscript(entries, language: .en)
    }

    private static func text(_ transcript: SummaryTranscript, tokens: Int, previous: String? = nil) -> String
    {
        ExtractiveSummary(transcript, previous: previous, tokens: tokens).text
    }

    // MARK: What is in

    /// Script, what says nothing, what tells a fact, and the words of it that must be there.
    static let facts: [(String, String, String, [String])] = [
        (
            "Latin", "Hello there! That sounds really great. How are you doing?",
            "I moved to Rome on 3 May with my sister Anna.", ["3 May", "Anna"]
        ),
        (
            "German", "Hallo! Das klingt ja wirklich gut. Wie geht es dir?",
            "Ich wohne seit dem 3. Mai in Köln und mag keine Pilze.", ["3. Mai", "keine Pilze"]
        ),
        (
            "Vietnamese", "Chào bạn! Nghe hay quá. Bạn khỏe không?",
            "Tôi dị ứng với tôm và sẽ đi Huế ngày 5 tháng 6.", ["Huế", "5 tháng 6"]
        ),
        (
            "Cyrillic", "Привет! Это правда здорово. Как у тебя дела?",
            "Я живу в Казани с сестрой Анной и не ем мясо с 2019 года.", ["Казани", "2019"]
        ),
        (
            "Greek", "Γεια σου! Ωραία είναι αυτά. Τι κάνεις;",
            "Η αδελφή μου η Άννα μένει στην Αθήνα από το 2019.", ["Αθήνα", "2019"]
        ),
        (
            "Han", "你好！听起来真不错呀。你最近怎么样？", "我下周三要和妹妹去厦门看《红楼梦》的展览。",
            ["厦门", "《红楼梦》"]
        ),
        (
            "kana", "こんにちは！それはいいですね。お元気ですか？", "私は来週の金曜日に妹と京都へ行く予定です。",
            ["来週の金曜日", "京都"]
        ),
        (
            "hangul", "안녕하세요! 정말 좋네요. 어떻게 지내세요?", "저는 다음 주 금요일에 부산으로 이사할 계획이고 땅콩 알레르기가 있어요.",
            ["부산", "땅콩"]
        ),
        (
            "Arabic", "مرحبا! هذا رائع جدا. كيف حالك؟", "أنا أعيش في القاهرة منذ ٢٠١٩ ولا أحب السمك.",
            ["القاهرة", "٢٠١٩"]
        ),
        (
            "Devanagari", "नमस्ते! यह तो बहुत अच्छा है। आप कैसे हैं?", "मैं सोमवार को अपनी बहन के साथ दिल्ली जाऊँगा और मुझे मछली पसंद नहीं।",
            ["सोमवार", "दिल्ली"]
        ),
        (
            "Hebrew", "שלום! זה נשמע ממש טוב. מה שלומך?", "אני גר בחיפה עם אחותי מאז 2019 ולא אוכל בשר.",
            ["בחיפה", "2019"]
        ),
        (
            "Thai", "สวัสดี\nดีมากเลย\nสบายดีไหม?", "ฉันชื่ออรและแพ้กุ้ง จะไปเชียงใหม่พรุ่งนี้", ["แพ้กุ้ง", "เชียงใหม่"]
        ),
    ]

    @Test("The fact is told and the small talk is not, in any script", arguments: facts)
    func scripts(script: String, talk: String, fact: String, words: [String]) {
        let transcript = Self.transcript(
            (.user, talk), (.assistant, talk), (.user, "\(talk) \(fact)"), (.assistant, talk))
        let bound = TokenEstimate.tokens(ofText: "User: " + fact) + 4
        let text = Self.text(transcript, tokens: bound)
        #expect(words.allSatisfy { text.contains($0) }, "\(script): \(text)")
        #expect(TokenEstimate.tokens(ofText: text) <= bound)
    }

    /// One that is told before the other.
    static let choices: [(String, String)] = [
        ("My order number is 48213.", "The order number was sent out."),
        ("I never drink coffee in the evening.", "Well, some say that is so."),
        ("We decided on the blue one for Friday.", "What about the blue one for the day?"),
        ("I loved reading \"Charlotte's Web\" as a kid.", "That must have been a nice thing to read."),
        ("我最近在看《活着》这本书。", "这真的是一本好书呢，很不错。"), ("我不吃香菜。", "听起来是这样的。"), ("我用的是 MacBook Pro 电脑。", "电脑确实是很有用的东西。"),
    ]

    @Test("Numbers, names, days, titles and what somebody says of themselves come first", arguments: choices)
    func choice(told: String, other: String) {
        for order in [[other, told], [told, other]] {
            let transcript = Self.conversation(order.map { (.user, $0) })
            let text = Self.text(transcript, tokens: TokenEstimate.tokens(ofText: "User: \(told)") + 1)
            #expect(text == "User: \(told)")
        }
    }

    @Test("What a person says comes before what the assistant says at length")
    func assistant() {
        let lecture = String(
            repeating: "Bread is made of flour and water, and left to rise before it goes into the oven. ",
            count: 30)
        let transcript = Self.transcript(
            (.user, "How is bread made?"), (.assistant, lecture),
            (.user, "Thanks. My oven only reaches 200 degrees."))
        #expect(Self.text(transcript, tokens: 60).contains("My oven only reaches 200 degrees."))
    }

    @Test("A sentence that is said twice is told once")
    func twice() {
        let fact = "My sister Anna lives in Rome since 2019."
        var said = (1...20).map { number in
            (Role.assistant, "Then there was thing \(number) to be spoken of at length.")
        }
        said.insert((.user, fact), at: 0)
        said.append((.user, fact))
        let transcript = Self.conversation(said)
        #expect(Self.text(transcript, tokens: 100).ranges(of: fact).count == 1)
    }

    // MARK: Its form

    @Test("Everything that fits is told, in order, each line with its speaker")
    func whole() {
        let transcript = Self.transcript(
            (.user, "Hi. I am Ann.\nI live in Rome."), (.user, "Really."), (.assistant, "Good!"))
        #expect(
            Self.text(transcript, tokens: 100)
                == "User: Hi. I am Ann. I live in Rome. Really.\nAssistant: Good!")
    }

    static let sentences: [(String, [String])] = [
        ("It costs 3.5 euros. Fine.", ["It costs 3.5 euros.", "Fine."]),
        ("Use bread, e.g. Rye bread. Or cake.", ["Use bread, e.g. Rye bread.", "Or cake."]),
        ("See https://a.b/c.d?e=f. Then go.", ["See https://a.b/c.d?e=f.", "Then go."]),
        ("Dr. Who and J. R. Smith came. They left.", ["Dr. Who and J. R. Smith came.", "They left."]),
        ("She said \"Go!\" Then left.", ["She said \"Go!\"", "Then left."]),
        ("1. Eggs are boiled.\n2. Bread.", ["1. Eggs are boiled.", "2. Bread."]),
        ("Born in 1990. Died never.", ["Born in 1990.", "Died never."]),
        ("Am 3. Mai um 9 Uhr. Gut.", ["Am 3. Mai um 9 Uhr.", "Gut."]),
        ("我来了。你呢？走吧！", ["我来了。", "你呢？", "走吧！"]), ("他说：“走吧。”然后走了。", ["他说：“走吧。”", "然后走了。"]),
        ("价格是3.5元。好", ["价格是3.5元。", "好"]), ("मैं आया। तुम?", ["मैं आया।", "तुम?"]), ("كيف؟ جيد.", ["كيف؟", "جيد."]),
        ("Τι κάνεις; Καλά.", ["Τι κάνεις;", "Καλά."]), ("Yes; perhaps. Fine.", ["Yes; perhaps.", "Fine."]),
        ("Wait... what? Yes!", ["Wait... what?", "Yes!"]),
        ("At 9 p.m. we met. Good.", ["At 9 p.m. we met.", "Good."]),
    ]

    /// Without a space behind a full stop of Chinese.
    private static func joined(_ parts: [String]) -> String {
        parts.dropFirst().reduce(parts[0]) { text, part in
            "。？！".contains { text.hasSuffix(String($0)) } ? text + part : text + " " + part
        }
    }

    @Test("Sentences end where a reader ends them", arguments: sentences)
    func isParted(text: String, parts: [String]) {
        // Each sentence that goes or stays does so as a whole: bounds of all sizes show nothing but them.
        let transcript = Self.transcript((.user, text))
        let whole = TokenEstimate.tokens(ofText: Self.text(transcript, tokens: 500))
        var shown: Set<String> = []
        for bound in 0..<whole {
            let text = Self.text(transcript, tokens: bound)
            guard !text.isEmpty, !text.hasSuffix("…") else { continue }
            shown.insert(String(text.dropFirst("User: ".count)))
        }
        let choices = (1..<(1 << parts.count)).map { bits in
            Self.joined(parts.indices.filter { bits >> $0 & 1 == 1 }.map { parts[$0] })
        }
        #expect(shown.isSubset(of: choices), "\(shown)")
        #expect(!shown.isEmpty)
        #expect(Self.text(transcript, tokens: 500) == "User: " + Self.joined(parts))
    }

    @Test("Code is not told")
    func code() {
        let transcript = Self.transcript((.assistant, "Use this:\n```swift\nlet secret = 42\n```\nIt works."))
        #expect(Self.text(transcript, tokens: 100) == "Assistant: Use this: It works.")
    }

    // MARK: What it goes on from

    @Test("An earlier summary stands in front, in full where there is room")
    func previous() {
        let transcript = Self.transcript((.user, "I moved to Oslo."))
        let text = Self.text(transcript, tokens: 100, previous: "The user lived in Rome.\n")
        #expect(text == "The user lived in Rome.\nUser: I moved to Oslo.")
        #expect(Self.text(Self.transcript(), tokens: 50, previous: "Ann.") == "Ann.")
    }

    @Test("Else it keeps its best sentences, and half of the room")
    func previousCut() {
        let things = (1...40).map { "Thing \($0) was spoken of." }.joined(separator: " ")
        let old = "User: My order is 48213. " + things
        let new = (1...40).map { (Role.user, "I saw thing \($0) in town.") }
        let text = Self.text(Self.conversation(new), tokens: 120, previous: old)
        #expect(text.contains("48213") && text.contains("in town."))
        #expect(TokenEstimate.tokens(ofText: text) <= 120)
    }

    // MARK: Edges

    @Test("Nothing gives nothing", arguments: [-1, 0, 10])
    func empty(tokens: Int) {
        #expect(Self.text(Self.transcript(), tokens: tokens).isEmpty)
        #expect(Self.text(Self.transcript((.user, " ")), tokens: tokens, previous: " ").isEmpty)
        if tokens <= 0 { #expect(Self.text(Self.transcript((.user, "Hi.")), tokens: tokens).isEmpty) }
    }

    @Test(
        "One giant message gives what fits",
        arguments: [
            String(repeating: "I live in Rome ", count: 60_000), String(repeating: "我住在罗马", count: 60_000),
            String(repeating: "x", count: 900_000), "e" + String(repeating: "\u{301}", count: 30_000),
            String(repeating: "\n", count: 500_000) + "Rome.", String(repeating: ".", count: 500_000),
        ])
    func giant(message: String) {
        let text = Self.text(Self.transcript((.user, message)), tokens: 200)
        #expect(TokenEstimate.tokens(ofText: text) <= 200)
    }

    @Test("Of ten thousand messages the telling ones are told")
    func many() {
        var said: [(Role, String)] = (0..<10_000).map {
            ($0 % 2 == 0 ? .user : .assistant, "Well, so it is.")
        }
        said[7_000].1 = "My flight to Lisbon is on 5 June at 18:30."
        let text = Self.text(Self.conversation(said), tokens: 100)
        #expect(text.contains("Lisbon is on 5 June"))
        #expect(TokenEstimate.tokens(ofText: text) <= 100)
    }

    @Test("The bound holds, and the same input gives the same text", arguments: 0..<60)
    func random(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let transcript = SummaryTranscript(random.entries(upTo: 30, longest: 200), language: .en)
        let previous = random.percent(50) ? random.text(upTo: 80) : nil
        for bound in [0, 1, 3, 8, 25, 120, 600] {
            let text = Self.text(transcript, tokens: bound, previous: previous)
            #expect(TokenEstimate.tokens(ofText: text) <= bound)
            #expect(Self.text(transcript, tokens: bound, previous: previous) == text)
            for line in Self.text(transcript, tokens: bound).split(whereSeparator: \.isNewline) {
                #expect(
                    ["User: ", "助手: ", "Tool: ", "Ann Lee: "].contains { line.hasPrefix($0) } || bound < 10)
            }
        }
    }
}
