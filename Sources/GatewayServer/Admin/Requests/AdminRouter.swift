internal import ExchangePipeline
internal import HTTPTypes
internal import Hummingbird

/// A call of the API.
struct AdminCall: Sendable {
    let method: HTTPRequest.Method
    /// As the library's router writes it: `/admin/v1/exchanges/{id}`.
    let path: String
    let answer: @Sendable (AdminRequest) async throws -> AdminReply

    /// A call that reads.
    static func get(
        _ path: String, _ answer: @escaping @Sendable (AdminRequest) async throws -> AdminReply
    ) -> AdminCall {
        AdminCall(method: .get, path: path, answer: answer)
    }

    /// A call that does something.
    static func post(
        _ path: String, _ answer: @escaping @Sendable (AdminRequest) async throws -> AdminReply
    ) -> AdminCall {
        AdminCall(method: .post, path: path, answer: answer)
    }
}

/// Which call a request is: every path knows its methods, and says so where another one is tried.
enum AdminRouter {
    private static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace,
    ]

    /// All calls behind the gate.
    static func responder(_ admin: AdminServices) -> RouterResponder<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AdminGate(admin: admin))
        let calls = admin.calls
        for call in calls {
            router.on(RouterPath(call.path), method: call.method) { request, context in
                try await call.answer(AdminRequest(request, context.parameters)).response
            }
        }
        for path in Set(calls.map(\.path)) {
            refuseOtherMethods(of: path, calls.filter { $0.path == path }.map(\.method), router)
        }
        return router.buildResponder()
    }

    private static func refuseOtherMethods(
        of path: String, _ known: [HTTPRequest.Method], _ router: Router<BasicRequestContext>
    ) {
        let allowed = known.contains(.get) ? known + [.head] : known
        let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        for method in methods where !allowed.contains(method) {
            router.on(RouterPath(path), method: method) { _, _ -> Response in
                throw AdminRefusal(
                    GatewayError(
                        405, "method_not_allowed", "\(method.rawValue) is not served here; use \(names)."),
                    fields: [("Allow", names)])
            }
        }
    }
}

extension AdminServices {
    /// Every call there is, a list for each part of the API.
    var calls: [AdminCall] { probeCalls + settingsCalls + exchangeCalls + sessionCalls + jobCalls }
}
