import MemoryCore
import Testing

@Suite("What servers say of a model's window")
struct LoadedWindowTests {
    @Test(
        "Each server is read in its own way",
        arguments: [
            (
                LoadedWindow.properties, #"{"default_generation_settings":{"n_ctx":8192},"total_slots":1}"#,
                8192
            ),
            (
                .modelList, #"{"data":[{"id":"o","max_model_len":1000},{"id":"m","max_model_len":32768}]}"#,
                32768
            ),
            (
                .studioList,
                #"{"data":[{"id":"m","max_context_length":131072,"loaded_context_length":4096}]}"#, 4096
            ),
            (.running, #"{"models":[{"name":"m:latest","model":"m:latest","context_length":16384}]}"#, 16384),
            // What a model could take at most is not what it is loaded with.
            (.studioList, #"{"data":[{"id":"m","max_context_length":131072}]}"#, nil),
            (.modelList, #"{"object":"list","data":[{"id":"m"}]}"#, nil),
            (.running, #"{"models":[]}"#, nil),
            (.properties, "<html>", nil), (.properties, "[]", nil),
            (.properties, #"{"default_generation_settings":{"n_ctx":"8192"}}"#, nil),
            (.properties, #"{"default_generation_settings":{"n_ctx":0}}"#, nil),
        ] as [(LoadedWindow, String, Int?)])
    func loaded(source: LoadedWindow, body: String, tokens: Int?) {
        #expect(source.tokens(in: Array(body.utf8), model: "m") == tokens)
    }

    @Test(
        "A refusal tells the window",
        arguments: [
            (
                #"{"error":{"message":"This model's maximum context length is 8192 tokens. However, you requested 9000 tokens"#
                    + #" (8000 in the messages, 1000 in the completion).","code":"context_length_exceeded"}}"#,
                8192
            ),
            (
                #"{"error":{"code":400,"message":"the request exceeds the available context size","#
                    + #""type":"exceed_context_size_error","n_prompt_tokens":5000,"n_ctx":4096}}"#, 4096
            ),
            (#"{"message":"This model's maximum context length is 32,768 tokens"}"#, 32768),
            (#"{"error":"context length exceeded"}"#, nil), (#"{"error":"no system role"}"#, nil),
            (#"{"error":"the context window is full, 12 of 12 slots"}"#, nil), ("", nil),
        ] as [(String, Int?)])
    func refusal(body: String, tokens: Int?) {
        #expect(ModelWindow.stated(inRefusal: Array(body.utf8).span) == tokens)
    }

    @Test("Hosted models are known by the longest beginning that fits, whatever prefix a vendor's path has")
    func hosted() {
        #expect(ModelWindow.hosted("gpt-4") == 8192)
        #expect(ModelWindow.hosted("gpt-4o-mini-2024-07-18") == 128_000)
        #expect(ModelWindow.hosted("openai/gpt-4.1-nano") == 1_047_576)
        #expect(ModelWindow.hosted("llama3") == nil)
        #expect(ModelWindow.hosted("") == nil)
    }

    @Test("Tokens are calibrated by what servers report, within bounds, and not by what cannot be")
    func calibration() {
        var calibration = TokenCalibration()
        func learn(_ estimated: Int, _ reported: Int, cached: Int = 0, window: Int = 10_000)
            -> TokenCalibration.Finding
        { calibration.learn(estimated: estimated, reported: reported, cached: cached, window: window) }
        // Too short, net of its cache, at the window's end, and no count of tokens at all.
        for (estimated, reported, cached) in [(60, 90, 0), (1000, 100, 900), (9000, 9500, 0), (1000, 12, 0)] {
            #expect(learn(estimated, reported, cached: cached) == .usual)
            #expect(calibration.factor == 1)
        }
        #expect(learn(1000, 1500) == .usual)
        #expect(calibration.factor == 1.5)
        for _ in 0..<50 { _ = learn(1000, 2900) }
        #expect(calibration.factor > 1.95 && calibration.factor <= 2)
        for _ in 0..<200 { _ = learn(1000, 500) }
        #expect(calibration.factor >= 0.7 && calibration.factor < 0.72)
    }

    @Test("A report far under the estimate at a full window is a truncation")
    func truncation() {
        var calibration = TokenCalibration()
        #expect(
            calibration.learn(estimated: 7000, reported: 2048, cached: 0, window: 8192) == .truncated(2048))
        #expect(calibration.factor == 1)
    }
}
