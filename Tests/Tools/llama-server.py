#!/usr/bin/env python3
"""llama.cpp's own HTTP server, as the xllamacpp wheel ships it, with one model; for real-model-setup.sh serve.

llama-server.py MODEL.gguf PORT CONTEXT_TOKENS
"""

import signal
import sys

import xllamacpp

SLOTS = 2  # requests at once, and the largest n


def main():
    model, port, context = sys.argv[1:]
    params = xllamacpp.CommonParams()
    params.model.path, params.port, params.n_ctx = model, int(port), int(context) * SLOTS
    params.model_alias = {"qwen2.5-coder-0.5b"}
    params.n_parallel, params.cpuparams.n_threads, params.cpuparams_batch.n_threads = SLOTS, 2, 2
    params.sse_ping_interval = 1  # seconds; the default of 30 would never be seen here
    server = xllamacpp.Server(params)
    print(f"listening on {server.listening_address}", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
