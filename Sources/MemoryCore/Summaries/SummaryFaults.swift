/// How answers begin that are no summaries. A summary that tells of an apology, or of somebody who asked for
/// a text, is one: so only the beginning counts, and it has to show every sign of a row.
enum SummaryFaults {
    /// A beginning of a sentence, and of what it holds besides one at least; none are needed where there are
    /// none.
    private struct Row {
        var beginnings: [String]
        var signs: [String] = []
    }

    /// What is wrong with an answer by its words; nil where nothing is.
    static func fault(of answer: String, speakers: Set<String>) -> SummaryVerdict.Fault? {
        let sentences = beginning(of: answer)
        guard let first = sentences.first else { return .empty }
        if isDialogue(answer, speakers) { return .dialogue }
        if refusals.contains(where: { isFound($0, at: first) }) { return .refusal }
        if sentences.contains(where: { sentence in requests.contains { isFound($0, at: sentence) } }) {
            return .question
        }
        return asksBack(answer, sentences) ? .question : nil
    }

    /// The first three sentences in small letters, each cut to 160 characters.
    private static func beginning(of answer: String) -> [String] {
        let bytes = Array(answer.prefix(600).utf8)
        return SentenceBreaks(bytes.span).ranges.prefix(3).map { range in
            let plain = String(decoding: bytes[range], as: UTF8.self).lowercased()
                .drop { "*_#>-\"'“«「¿¡ ".contains($0) }
            return String(plain.map { $0 == "’" ? "'" : $0 }.prefix(160))
        }
    }

    private static func isFound(_ row: Row, at sentence: String) -> Bool {
        row.beginnings.contains { begins($0, sentence) }
            && (row.signs.isEmpty || row.signs.contains { sentence.contains($0) })
    }

    /// A whole word of scripts that have spaces: «I apologize», not «I apologized».
    private static func begins(_ beginning: String, _ sentence: String) -> Bool {
        guard sentence.hasPrefix(beginning) else { return false }
        guard let last = beginning.unicodeScalars.last?.value,
            let next = sentence.dropFirst(beginning.count).unicodeScalars.first?.value
        else { return true }
        return !TextMarks.isWord(last) || TextMarks.isUnspaced(last) || !TextMarks.isWord(next)
    }

    // MARK: Refusals

    private static let refusals = [
        Row(beginnings: [
            "i'm sorry", "i am sorry", "i'm so sorry", "sorry,", "sorry!", "sorry.", "sorry but",
        ]),
        Row(
            beginnings: ["sorry for", "apologies for"], signs: [" i ", " i'", "confusion", "inconvenience"]),
        Row(beginnings: [
            "i apologize", "i apologise", "my apologies", "apologies,", "apologies but",
        ]),
        Row(
            beginnings: ["i can't", "i cannot", "i can not", "i could not", "i couldn't", "i won't"],
            signs: [
                "summar", "help", "assist", "provide", "fulfill", "comply", "access", "process", "do that",
                "do this",
                "continue", "complete", "generate", "discuss", "engage", "see ", "find",
            ]),
        Row(beginnings: ["i'm unable", "i am unable", "i'm not able", "i am not able", "i'm afraid i"]),
        Row(
            beginnings: ["i don't have", "i do not have"],
            signs: ["access", "enough", "conversation", "ability", "any "]),
        Row(beginnings: ["unfortunately, i", "unfortunately i"]),
        Row(
            beginnings: ["as an ai", "as a language model", "as a large language model"],
            signs: [" i ", "i'm", "i don't"]),
        Row(
            beginnings: ["error:"],
            signs: ["request", "model", "server", "context", "token", "rate limit"]),
        Row(beginnings: [
            "对不起，", "对不起,", "对不起。", "对不起！", "对不起我", "抱歉，", "抱歉,", "抱歉。", "抱歉！", "抱歉我", "很抱歉",
            "非常抱歉", "十分抱歉", "不好意思，", "真的很抱歉", "對不起，", "很遗憾，我", "很遺憾，我",
        ]),
        Row(
            beginnings: ["我无法", "我不能", "我没有办法", "我無法", "我没法"],
            signs: ["总结", "總結", "摘要", "提供", "回答", "满足", "访问", "完成", "处理", "协助", "帮"]),
        Row(
            beginnings: ["作为一个ai", "作为一名ai", "作为ai", "作为一个人工智能", "作为一名人工智能", "作为人工智能", "作为一个语言模型", "作為一個"],
            signs: ["我无法", "我不能", "我没有", "我不", "我無法", "我沒有"]),
        Row(beginnings: [
            "申し訳ありません", "申し訳ございません", "申し訳ない", "すみません", "すみませんが", "ごめんなさい", "恐れ入りますが",
            "残念ながら、私", "죄송합니다", "죄송하지만", "죄송해요", "미안하지만", "미안합니다", "ขออภัย", "ขอโทษ",
        ]),
        Row(beginnings: [
            "es tut mir leid", "tut mir leid", "entschuldigung", "entschuldige", "entschuldigen sie",
            "leider kann ich", "ich kann das nicht", "ich kann diese", "ich kann leider",
            "ich bin nicht in der lage",
        ]),
        Row(beginnings: [
            "je suis désolé", "je suis désolée", "désolé", "désolée", "je m'excuse", "je ne peux pas",
            "je ne suis pas",
            "malheureusement, je", "en tant qu'ia, je", "lo siento", "lo lamento", "perdón,", "disculpa",
            "disculpe",
            "me disculpo", "no puedo", "lamentablemente, no puedo", "desculpe", "sinto muito", "lamento",
            "não posso",
            "infelizmente, não posso", "mi dispiace", "mi scuso", "non posso", "purtroppo non posso",
            "sorry, maar",
            "het spijt me", "helaas kan ik", "przepraszam", "niestety nie mogę", "üzgünüm", "maalesef",
        ]),
        Row(beginnings: [
            "извините", "прошу прощения", "простите", "к сожалению, я", "я не могу", "я сожалею", "вибачте",
            "на жаль, я", "آسف", "أعتذر", "عذرا", "عذراً", "عذرًا", "للأسف لا", "لا أستطيع", "لا يمكنني",
            "مع الأسف",
            "क्षमा करें", "माफ़ करें", "माफ करें", "मुझे खेद है", "मैं नहीं कर", "מצטער", "אני מצטער", "סליחה,",
            "xin lỗi", "rất tiếc", "tôi xin lỗi", "maaf,", "maaf saya", "mohon maaf", "λυπάμαι",
        ]),
    ]

    // MARK: Asking back

    private static let texts = [
        "conversation", "transcript", "text", "dialog", "message", "content", "chat", "summarize",
        "summarise",
        "对话", "對話", "内容", "內容", "文本", "聊天", "記錄", "记录", "会話", "テキスト", "要約", "대화", "내용",
        "gespräch", "unterhaltung", "nachricht", "conversación", "texto", "conversa", "conversazione",
        "testo",
        "texte", "échange", "разговор", "текст", "диалог", "переписк", "المحادثة", "النص", "बातचीत", "पाठ",
        "संवाद",
    ]

    private static let requests = [
        Row(
            beginnings: [
                "please provide", "please share", "please paste", "please send", "please give",
                "could you provide",
                "could you please", "can you provide", "can you please", "could you share",
                "would you please",
                "would you like me", "if you provide", "if you share", "i don't see", "i do not see",
                "i see no",

                "it looks like you",
                "it seems you", "it seems that you", "it looks like there is no", "the conversation you",
                "i need the", "i'd be happy to", "i would be happy to", "sure, please", "sure, i can",
                "i'll need",
                "bitte geben sie", "bitte gib", "bitte senden", "bitte stellen sie", "bitte teilen",
                "könnten sie",
                "veuillez", "pourriez-vous", "merci de fournir", "por favor", "podrías", "podría", "puedes",
                "forneça", "per favore", "potresti", "potrebbe", "пожалуйста", "предоставьте", "пришлите",
                "يرجى", "من فضلك", "الرجاء", "कृपया",
            ], signs: texts),
        // Less is a sign here: «There is no message from Anna» is told of somebody.
        Row(
            beginnings: ["there is no", "there are no", "no conversation", "no transcript", "no text"],
            signs: ["conversation", "transcript", "to summar", "dialog"]),
        Row(
            beginnings: [
                "请提供", "请您提供", "请给我", "请把", "请将", "请发送", "请先提供", "請提供", "您没有提供", "你没有提供",
                "没有提供", "您还没有", "你还没有", "没有看到", "我没有看到", "好的，请", "好的,请", "您好，请", "你好，请",
                "您好！请", "需要您提供", "您提供的", "会話を", "会話の", "要約する", "テキストを", "대화 내용을", "대화를", "내용을",
            ], signs: ["提供", "发送", "發送", "发给", "给我", "粘贴", "教えて", "ください", "주세요", "주시", "없", "ありません"]),
    ]

    private static let secondPersons: Set<String> = [
        "you", "your", "sie", "ihnen", "du", "dir", "vous", "te", "tu", "usted", "ustedes", "você", "вы",
        "вам",
        "ты", "you'd", "you're", "आप", "आपको", "لك", "siz",
    ]

    /// «Hello! How can I help you today?»: few sentences, the last of which asks somebody.
    private static func asksBack(_ answer: String, _ sentences: [String]) -> Bool {
        guard sentences.count <= 2, answer.utf8.count <= 400, let last = sentences.last,
            let mark = answer.unicodeScalars.last, TextMarks.asks(mark.value)
        else { return false }
        let words = last.split { !$0.isLetter && $0 != "'" }
        if words.contains(where: { secondPersons.contains(String($0)) }) { return true }
        let told = ["用户", "用戶", "助手", "ユーザー", "사용자"].contains { answer.contains($0) }
        return !told && ["你", "您", "あなた", "ですか", "ますか", "까요", "습니까"].contains { last.contains($0) }
    }

    // MARK: Dialogue

    private static let labels: Set<String> = [
        "user", "assistant", "human", "ai", "bot", "chatbot", "system", "用户", "助手", "人类", "用戶", "ユーザー",
        "アシスタント", "사용자", "어시스턴트", "nutzer", "benutzer", "assistent", "utilisateur", "usuario",
        "asistente", "usuário", "assistente", "utente", "пользователь", "ассистент", "المستخدم", "المساعد",
        "उपयोगकर्ता", "सहायक",
    ]

    /// Whether the first line begins with a speaker's name and a colon.
    private static func isDialogue(_ answer: String, _ speakers: Set<String>) -> Bool {
        let start = answer.prefix(80).filter { !"*_[]".contains($0) }
        guard let colon = start.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return false }
        let label = AnswerText.trimmed(start[..<colon].lowercased())
        return labels.contains(label) || speakers.contains { $0.lowercased() == label }
    }
}
