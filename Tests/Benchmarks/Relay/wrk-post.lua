-- wrk's requests for the relay benchmark: a body from a file, and with SESSIONS > 0 a session for each request in turn.
--   wrk ... -s wrk-post.lua URL -- BODY-FILE SESSIONS [FIELD VALUE ...]
local requests, turn

function init(args)
  local file = assert(io.open(args[1], "rb"))
  wrk.method, wrk.body = "POST", file:read("*a")
  file:close()
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer sk-bench"
  wrk.headers["Accept"] = "application/json"
  for i = 3, #args, 2 do wrk.headers[args[i]] = args[i + 1] end
  requests, turn = {}, 0
  for i = 1, math.max(1, tonumber(args[2])) do
    if tonumber(args[2]) > 0 then wrk.headers["X-Session-Id"] = "bench-" .. (i - 1) end
    requests[i] = wrk.format()
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nJSON {"requests": %d, "seconds": %.6f, "p50": %.1f, "p99": %.1f, "errors": %d}\n', summary.requests,
    summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
