/// Words that say what kind of sentence they stand in. One table for all languages: a word means the same in
/// a chat whatever language the gateway speaks.
struct SentenceCues: Sendable {
    /// What a word is a sign of.
    enum Kind: UInt8, Sendable, CaseIterable {
        /// Of somebody who speaks of themselves.
        case own
        /// Of what is not so.
        case negation
        /// Of a day or a time.
        case time
        /// Of likes, plans, decisions and what somebody has or does.
        case wish
        /// Of greetings, thanks and applause.
        case greeting
        /// Of nothing: too frequent to tell anything.
        case empty
    }

    /// A word that is looked for within others.
    struct Part: Sendable {
        var scalars: [UInt32]
        var kind: Kind
    }

    static let all = SentenceCues(table)

    private var words: [UInt64: Kind] = [:]
    private var parts: [UInt32: [Part]] = [:]

    private init(_ table: [(Kind, String)]) {
        for (kind, list) in table {
            for word in list.split(separator: " ") { add(word.unicodeScalars.map(\.value), kind) }
        }
        // The longest first: `不好意思` is no `不`.
        for first in parts.keys { parts[first]?.sort { $0.scalars.count > $1.scalars.count } }
    }

    private mutating func add(_ scalars: [UInt32], _ kind: Kind) {
        if let first = scalars.first, TextMarks.isUnspaced(first) {
            parts[first, default: []].append(Part(scalars: scalars, kind: kind))
        } else {
            var hash = WordHash()
            for scalar in scalars { hash.add(scalar) }
            words[hash.value] = kind
        }
    }

    /// What a word in small letters is a sign of.
    func kind(_ word: WordHash) -> Kind? { words[word.value] }

    /// The words that begin with a letter and are looked for within others, the longest first.
    func parts(beginning first: UInt32) -> [Part]? { parts[first] }
}

/// Stands for a word in a table (FNV-1a over its scalars).
struct WordHash: Hashable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ scalar: UInt32) {
        value = (value ^ UInt64(scalar)) &* 0x100_0000_01B3
    }
}

extension SentenceCues {
    private static let table: [(Kind, String)] = [
        // English; what stands before an apostrophe is a word of its own.
        (.own, "i my me mine we our us myself"),
        (
            .negation,
            "not no never none nothing nobody neither without cannot don doesn didn isn wasn aren "
                + "weren won couldn wouldn shouldn haven hasn hadn"
        ),
        (
            .time,
            "yesterday today tomorrow tonight monday tuesday wednesday thursday friday saturday "
                + "sunday january february march april june july august september october november december "
                + "week weeks month months year years ago last next weekend weekends morning afternoon "
                + "evening birthday anniversary spring summer autumn winter noon midnight daily weekly "
                + "since deadline"
        ),
        (
            .wish,
            "like likes love loves loved prefer prefers hate hates enjoy enjoys want wants plan plans "
                + "planning decided decide decision need needs favorite favourite allergic allergy "
                + "vegetarian vegan agreed choose chose bought moved started signed joined going went born "
                + "named called live lives lived work works job must should dream hope promised adopted "
                + "married remember passion interested training learning visited met made won got took "
                + "found lost broke finished"
        ),
        (
            .greeting,
            "hi hello hey thanks thank welcome sure great wow cool awesome congrats congratulations "
                + "bye goodbye sorry okay ok yes yeah yep amazing nice glad wonderful fantastic please "
                + "absolutely definitely"
        ),
        (
            .empty,
            "a an the and or but so if of in on at to for from with by as is are was were be been "
                + "being am it its this that these those there here you your he she they them his her their "
                + "what which who when where why how do does did have has had will would can could may "
                + "might just really very too also about up out all some any more most much many good well "
                + "then than into over thing things something anything lot lots always even get such know "
                + "think feel see way make time"
        ),
        // German.
        (.own, "ich mein meine meinen meiner meinem meines mir mich wir unser unsere uns"),
        (.negation, "nicht kein keine keinen keiner nie niemals nichts ohne"),
        (
            .time,
            "gestern heute morgen übermorgen vorgestern montag dienstag mittwoch donnerstag freitag "
                + "samstag sonntag januar februar märz mai juni juli oktober dezember woche wochen monat "
                + "monate jahr jahre uhr geburtstag letzte letzten nächste nächsten wochenende abend"
        ),
        (
            .wish,
            "mag liebe liebt hasse möchte will plane plant brauche braucht entschieden heiße heißt "
                + "wohne wohnt arbeite arbeitet gekauft allergisch lieber bevorzuge werde"
        ),
        (.greeting, "hallo danke bitte gerne tschüss klar prima super"),
        (
            .empty,
            "der die das und oder aber ein eine einen ist sind war zu im am mit von auf für es du sie "
                + "er"
        ),
        // French, Spanish, Portuguese, Italian.
        (
            .own,
            "je j mon ma mes moi nous notre nos yo mi mis mí nosotros nuestro nuestra eu meu minha io "
                + "mio mia"
        ),
        (.own, "tengo soy estoy vivo tenho sou moro ho sono abito"),
        (.negation, "ne pas jamais aucun rien sans nunca jamás sin nada não nem mai non senza"),
        (
            .time,
            "hier aujourd demain lundi mardi mercredi jeudi vendredi samedi dimanche janvier février "
                + "mars avril juin juillet août septembre octobre novembre décembre semaine mois ans année "
                + "anniversaire ayer hoy mañana lunes martes miércoles jueves viernes sábado domingo enero "
                + "febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
                + "semana mes año años cumpleaños ontem hoje amanhã segunda sexta ieri oggi domani lunedì "
                + "venerdì settimana compleanno"
        ),
        (
            .wish,
            "aime adore préfère déteste veux voudrais décidé besoin habite travaille appelle "
                + "allergique gusta encanta prefiero odio quiero necesito decidido trabajo llamo alérgico "
                + "alérgica gosto quero prefiro preciso piace voglio preferisco lavoro chiamo"
        ),
        (
            .greeting,
            "bonjour merci salut bonsoir hola gracias adiós olá obrigado obrigada ciao grazie "
                + "buongiorno"
        ),
        (
            .empty,
            "le la les un une de des et ou à en est el los las una y o que por para con con il lo di "
                + "e"
        ),
        // Russian and Ukrainian.
        (.own, "я мой моя моё мои мне меня мной моего моей мы наш наша нас нам мій моя мені"),
        (.negation, "не нет никогда ничего нельзя без ні немає ніколи"),
        (
            .time,
            "вчера сегодня завтра послезавтра понедельник вторник среда среду четверг пятница пятницу "
                + "суббота субботу воскресенье января февраля марта апреля мая июня июля августа сентября "
                + "октября ноября декабря неделю неделя неделе месяц год года лет день рождения вчора "
                + "сьогодні"
        ),
        (
            .wish,
            "люблю нравится предпочитаю ненавижу хочу планирую решил решила нужно надо живу работаю "
                + "зовут купил купила аллергия переехал переехала буду"
        ),
        (.greeting, "привет спасибо здравствуйте пожалуйста пока конечно отлично привіт дякую"),
        (.empty, "и в на с что это а но как по у к о за из от для он она они вы ты то же бы"),
        // Arabic, Hebrew, Hindi, Greek, Turkish, Vietnamese, Indonesian.
        (
            .own,
            "أنا لدي عندي اسمي أعمل أعيش أسكن نحن אני שלי לי אנחנו मैं मेरा मेरी मेरे मुझे हम हमारा "
                + "εγώ μου"
        ),
        (.own, "ben benim bana tôi mình saya aku kami"),
        (
            .negation,
            "لا لم لن ليس لست بدون לא אין नहीं मत कभी δεν μην değil yok hayır không chưa tidak bukan"
        ),
        (
            .time,
            "أمس اليوم غدا غداً الأسبوع الشهر السنة الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت "
                + "الأحد يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر אתמול "
                + "היום מחר שבוע कल आज परसों सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार महीने साल "
                + "हफ्ते जन्मदिन χθες σήμερα αύριο dün bugün yarın pazartesi salı cuma doğum qua mai nay "
                + "kemarin besok"
        ),
        (
            .wish,
            "أحب أكره أريد أفضل قررت أحتاج أخطط سأسافر حساسية אוהב אוהבת רוצה צריך पसंद चाहता चाहती "
                + "चाहिए प्यार रहता रहती काम फैसला नाम एलर्जी αγαπώ θέλω seviyorum istiyorum thích muốn "
                + "suka ingin"
        ),
        (
            .greeting,
            "مرحبا شكرا أهلا שלום תודה नमस्ते धन्यवाद शुक्रिया γεια ευχαριστώ merhaba teşekkürler "
                + "chào"
        ),
        // Chinese.
        (.own, "我 咱"),
        (.negation, "不 没 沒 别 無 未"),
        (.empty, "不过 不同 不客气 不好意思 不错 不仅 不断 不少 分别 特别 别人 差不多"),
        (
            .time,
            "昨天 今天 明天 后天 後天 前天 昨晚 今晚 上周 下周 本周 这周 周一 周二 周三 周四 周五 周六 周日 周末 週末 星期 礼拜 月份 月底 去年 今年 明年 上个月 "
                + "下个月 早上 晚上 下午 生日 最近 昨日 明年 国庆 春节"
        ),
        (
            .wish,
            "喜欢 喜歡 最爱 热爱 讨厌 偏好 想要 希望 打算 计划 計劃 决定 決定 需要 必须 叫做 名叫 我叫 住在 工作 买了 推荐 過敏 过敏 养了 去了 看了 学习 准备 "
                + "报名 预订 参加 约好 搬到 辞职"
        ),
        (.greeting, "你好 您好 谢谢 謝謝 不客气 再见 好的 当然 哈哈 真棒 恭喜 太好了 很高兴 抱歉"),
        // Japanese, Korean, Thai.
        (.own, "私 僕 俺 わたし ぼく 저는 나는 제가 내가 저의 나의 우리 저희 ฉัน ผม ดิฉัน"),
        (.negation, "ない ません なかった ず 않 없 못 아니 안 ไม่ อย่า"),
        (
            .time,
            "明日 来週 先週 曜日 来月 先月 来年 誕生日 週 朝 夜 어제 오늘 내일 모레 지난주 다음 요일 생일 주말 내년 작년 เมื่อวาน พรุ่งนี้ "
                + "วันนี้ วันเกิด สัปดาห์ เดือน"
        ),
        (
            .wish,
            "好き 嫌い 欲しい たい 予定 決め 住んで 働い 名前 アレルギー 買っ 좋아 싫어 원해 계획 결정 필요 살고 일하 이름 알레르기 샀 ชอบ เกลียด อยาก "
                + "ต้องการ ตัดสินใจ ชื่อ แพ้ ทำงาน"
        ),
        (.greeting, "こんにちは ありがとう はい すみません 안녕 감사 고마 สวัสดี ขอบคุณ"),
    ]
}
