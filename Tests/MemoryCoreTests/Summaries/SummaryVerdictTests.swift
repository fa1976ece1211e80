import ChatWire
import MemoryCore
import RepeatableRandom
import Testing

@Suite("Whether an answer is a summary")
struct SummaryVerdictTests {
    private static let transcript = SummaryTranscript(
        [
            .init(
                round: 1, role: .user, speaker: "User", text: "I moved to Rome with my sister Anna in May."),
            .init(round: 1, role: .assistant, speaker: "Assistant", text: "How do you like it there?"),
            .init(round: 2, role: .user, speaker: "Marie Curie", text: "The flat costs 900 euros."),
        ], language: .en)

    private static func verdict(_ answer: String, tokens: Int = 300) -> SummaryVerdict {
        SummaryVerdict(answer, of: transcript, tokens: tokens)
    }

    static let bad: [(SummaryVerdict.Fault, String)] = [
        (.empty, ""), (.empty, " \n\t "), (.empty, "<think>The user moved to Rome with Anna in May"),
        (.empty, "<think>Rome.</think>\n"), (.empty, "Summary:"), (.empty, "```\n```"), (.empty, "\"\""),
        (.short, "Rome."), (.short, "OK"), (.short, "用户搬家了"), (.short, "---------------------------------"),
        (.short, "Summary: they moved"),
        (.short, "<think>\(String(repeating: "hm ", count: 50))</think>Done"),
        (.refusal, "I'm sorry, but I can't summarize this conversation as it is too short."),
        (.refusal, "I’m sorry, but I cannot assist with that request."),
        (.refusal, "I am sorry for the confusion, the summary is not available."),
        (.refusal, "Sorry, I can't do that."),
        (.refusal, "Sorry for the inconvenience, I was unable to do it."),
        (.refusal, "I apologize, but I am not able to produce a summary."),
        (.refusal, "Apologies for the confusion, I have no summary of it."),
        (.question, "No transcript was included, so there is nothing to work with."),
        (.refusal, "I cannot provide a summary of private conversations."),
        (.refusal, "I can't help with summarizing that content, it is private."),
        (.refusal, "I'm unable to process the conversation at this time."),
        (.refusal, "As an AI language model, I don't have access to earlier conversations."),
        (.refusal, "Unfortunately, I could not produce a summary of it."),
        (.refusal, "**I'm sorry**, I cannot do this for privacy reasons."),
        (.refusal, "Summary: I'm sorry, but I can't assist with that."),
        (.refusal, "Error: the model's context length was exceeded by the request."),
        (.refusal, "对不起，我无法总结这段对话，因为内容太短。"), (.refusal, "很抱歉，我不能满足您的要求，请换一个话题。"),
        (.refusal, "抱歉，作为一个AI助手，我没有办法做到这一点。"), (.refusal, "我无法总结这段对话，因为其中没有足够的信息。"),
        (.refusal, "作为一个人工智能助手，我无法访问之前的对话内容。"), (.refusal, "總結：抱歉，我無法提供這段對話的摘要內容。"),
        (.refusal, "申し訳ありませんが、この会話を要約することはできません。"), (.refusal, "すみませんが、その内容を要約することはできません。"),
        (.refusal, "죄송합니다. 이 대화를 요약할 수 없습니다. 다시 시도해 주세요."),
        (.refusal, "Es tut mir leid, aber ich kann das Gespräch nicht zusammenfassen."),
        (.refusal, "Leider kann ich dieses Gespräch nicht zusammenfassen."),
        (.refusal, "Je suis désolé, mais je ne peux pas résumer cette conversation."),
        (.refusal, "Désolé, je ne peux pas vous aider avec cette demande."),
        (.refusal, "Lo siento, pero no puedo resumir esta conversación."),
        (.refusal, "Desculpe, mas não posso resumir esta conversa agora."),
        (.refusal, "Mi dispiace, ma non posso riassumere questa conversazione."),
        (.refusal, "Извините, но я не могу составить краткое содержание беседы."),
        (.refusal, "عذراً، لا أستطيع تلخيص هذه المحادثة في الوقت الحالي."),
        (.refusal, "क्षमा करें, मैं इस बातचीत का सारांश नहीं दे सकता।"),
        (.question, "Please provide the conversation that you would like me to summarize."),
        (.question, "Sure! Please share the transcript you want summarized."),
        (.question, "Could you please provide the text of the conversation?"),
        (.question, "I don't see any conversation between the tags."),
        (.question, "There is no conversation to summarize yet, only two short lines."),
        (.question, "It looks like you haven't included the chat yet."),
        (.question, "Hello! How can I help you today?"),
        (.question, "What would you like to know about Rome?"),
        (.question, "请提供需要总结的对话内容，我会尽快为您完成。"), (.question, "好的，请把需要总结的对话发给我，我来整理。"),
        (.question, "您好！请问有什么可以帮您的吗？"), (.question, "您还没有提供对话内容，所以没有办法进行总结。"),
        (.question, "要約する会話の内容を教えてください。お待ちしています。"),
        (.question, "Bitte geben Sie das Gespräch ein, das ich zusammenfassen soll."),
        (.question, "Veuillez fournir la conversation que vous souhaitez résumer."),
        (.question, "Por favor, proporciona el texto de la conversación."),
        (.question, "Пожалуйста, предоставьте текст разговора для обобщения."),
        (.dialogue, "Assistant: That sounds lovely! How is the flat in Rome?"),
        (.dialogue, "User: I like it very much, the flat is close to the river."),
        (.dialogue, "**Assistant:** I am glad that you like it there so much."),
        (.dialogue, "[Assistant]: I am glad that you like it there so much."),
        (.dialogue, "marie curie: The flat is close to the river, and cheap."),
        (.dialogue, "用户：我很喜欢那里，公寓离河边很近，价格也便宜。"), (.dialogue, "助手: 很高兴您喜欢罗马，那里的公寓怎么样？"),
        (.dialogue, "<think>Go on.</think>AI: That is a fair price for a flat in Rome."),
    ]

    @Test("What is none is told by its fault", arguments: bad)
    func isBad(fault: SummaryVerdict.Fault, answer: String) {
        #expect(Self.verdict(answer) == .bad(fault))
    }

    static let good = [
        "The user moved to Rome with their sister Anna in May.",
        "The assistant apologized for the delay; the user accepted and ordered two chairs.",
        "Sorry seems to be the hardest word, says the song that the user likes most.",
        "The assistant said: \"I'm sorry, but I can't help with that.\" The user then asked about Rome.",
        "Apologies were exchanged between the user and Anna after the quarrel in May.",
        "I apologized to Anna, the user wrote, and she moved to Rome with me.",
        "The user cannot eat nuts and can't drink milk; Anna can.",
        "As an AI engineer in Rome, the user works on speech models with Anna.",
        "The user asked the assistant to please provide the conversation as a PDF.",
        "Unfortunately the flat in Rome costs 900 euros, more than the user wanted to pay.",
        "There is no heating in the flat in Rome; the user wants to move in October.",
        "No decision was made about the flat. The user will call Anna on Friday.",
        "There is no message from Anna yet; the user waits for it and for the text of the lease.",
        "There are no chat groups in the user's class, and no content is shared.",
        "Error handling in the request parser was discussed: the server answers 400.",
        "Apologies for the delay were offered by the landlord; the user accepts 850 euros.",
        "Please provide receipts, the landlord wrote; the user has none.",
        "Errors in the lease were found by Anna; the user will ask for a new one.",
        "The user asked what to cook. Open question: which wine goes with fish?",
        "User moved to Rome; the assistant asked how they like it there.",
        "- User: lives in Rome since May, with sister Anna\n- Flat: 900 euros",
        "Rome: the user lives there since May. Anna: the user's sister.",
        "AI tools were compared: the user prefers the cheaper one for translations.",
        "用户为迟到向安娜道歉，安娜表示没关系，两人约好周五见面。", "助手先是道歉，随后推荐了三家位于罗马的餐厅。",
        "用户不能吃花生，也无法喝牛奶；他请助手提供了一份食谱。", "作为AI工程师，用户在罗马从事语音模型方面的工作。",
        "用户问助手：请提供一份罗马旅游攻略好吗？助手给出了三天的行程。", "抱歉信的草稿由助手写好，用户将于周五寄给安娜。",
        "ユーザーは謝罪のメールを書き、アンナに送った。五月にローマへ引っ越した。", "사용자는 5월에 여동생 안나와 함께 로마로 이사했다.",
        "Der Nutzer entschuldigte sich bei Anna und zog im Mai nach Rom.",
        "L'utilisateur s'est excusé auprès d'Anna et a déménagé à Rome en mai.",
        "El usuario se disculpó con Anna y se mudó a Roma en mayo.",
        "Пользователь извинился перед Анной и переехал в Рим в мае.",
        "انتقل المستخدم إلى روما مع أخته آنا في شهر مايو.", "उपयोगकर्ता मई में अपनी बहन अन्ना के साथ रोम चला गया।",
    ]

    @Test("What tells something is a summary, word for word", arguments: good)
    func isGood(answer: String) {
        #expect(Self.verdict(answer) == .good(answer))
    }

    private static let plain = "The user moved to Rome with Anna in May."

    static let wrapped = [
        "  \n\(plain)\n ", "<think>What is there to say?</think>\n\(plain)", "<think></think>\(plain)",
        "<thinking>So.\n\nRome.</thinking>\n\n\(plain)", "It was Rome, I think.</think>\n\(plain)",
        "\"\(plain)\"", "“\(plain)”", "«\(plain)»", "「\(plain)」", "```\n\(plain)\n```",
        "```markdown\n\(plain)\n```", "Summary: \(plain)", "**Summary:** \(plain)", "## Summary\n\n\(plain)",
        "# Summary:\n\(plain)", "Here is a summary of the conversation:\n\n\(plain)",
        "Sure! Here's the summary you asked for:\n\(plain)", "总结：\(plain)", "摘要: \(plain)",
        "以下是对话的总结：\n\(plain)", "要約：\(plain)", "Zusammenfassung: \(plain)", "Résumé : \(plain)",
        "Resumen: \(plain)", "Краткое содержание: \(plain)", "<summary>\n\(plain)\n</summary>",
        "<summary>\(plain)", "\(plain)<|im_end|>", "\(plain)</s>", "Summary: \"\(plain)\"",
        "<think>Hm.</think>```\nSummary:\n\"\(plain)\"\n```",
    ]

    @Test("What a model wraps around it is taken off", arguments: wrapped)
    func isUnwrapped(answer: String) {
        #expect(Self.verdict(answer) == .good(Self.plain))
    }

    static let kept = [
        "\"Rome\" is where the user lives, \"Oslo\" where they want to live.",
        "Anna wrote: the summary of the lease is due on Friday, the user will send it.",
        "The user fixed a template: `<|im_end|>` stood twice in it, and a </div> was missing.",
        "```python\nprint(1)\n```\nThis is what the user wrote, and it worked.\n```sh\nls\n```",
    ]

    @Test("What belongs to it stays", arguments: kept)
    func isKept(answer: String) {
        #expect(Self.verdict(answer) == .good(answer))
    }

    @Test("A short transcript may have a short summary")
    func short() {
        let transcript = SummaryTranscript(
            [.init(round: 1, role: .user, speaker: "U", text: "Hi")], language: .en)
        #expect(SummaryVerdict("A greeting.", of: transcript, tokens: 9) == .good("A greeting."))
        #expect(SummaryVerdict("用户去了罗马，认识了安娜。", of: Self.transcript, tokens: 40) == .good("用户去了罗马，认识了安娜。"))
    }

    // MARK: Too long

    @Test("Over the bound it is long; trimmed it ends with a sentence that fits")
    func long() {
        let answer = "The user moved to Rome. Anna pays 3.5 euros, e.g. for bread. It rains a lot there."
        let tokens = TokenEstimate.tokens(ofText: answer)
        #expect(Self.verdict(answer, tokens: tokens) == .good(answer))
        #expect(Self.verdict(answer, tokens: tokens - 1) == .long(answer))
        #expect(
            SummaryVerdict.trimmed(answer, tokens: tokens - 1)
                == "The user moved to Rome. Anna pays 3.5 euros, e.g. for bread.")
        #expect(SummaryVerdict.trimmed(answer, tokens: 7) == "The user moved to Rome.")
        #expect(SummaryVerdict.trimmed(answer, tokens: 4) == "The user…")
        #expect(SummaryVerdict.trimmed("她住在罗马。她喜欢下雨。", tokens: 7) == "她住在罗马。")
    }

    @Test("No bound is exceeded, and what fits stays", arguments: 0..<80)
    func trimmed(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let text = random.text(upTo: 200)
        for bound in [-1, 0, 1, 2, 5, 30, 200, 1000] {
            let trimmed = SummaryVerdict.trimmed(text, tokens: bound)
            #expect(TokenEstimate.tokens(ofText: trimmed) <= max(bound, 0))
            #expect(
                text.contains(trimmed.hasSuffix("…") ? String(trimmed.dropLast()) : trimmed)
                    || trimmed.isEmpty)
            #expect(SummaryVerdict.trimmed(trimmed, tokens: bound) == trimmed)
            _ = SummaryVerdict(text, of: Self.transcript, tokens: bound)
        }
    }
}
