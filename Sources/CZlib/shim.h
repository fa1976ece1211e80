#pragma once

/// zlib's `inflateInit2` is a macro, which Swift cannot call.

#include <zlib.h>

/// Prepares a stream for gzip data only; Z_OK or an error code.
static inline int memgate_inflate_begin(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}
