#ifndef MEMGATE_SOCKETS_H
#define MEMGATE_SOCKETS_H

/// Whether a TCP address could be bound by somebody who shares it with nobody: 0, or -errno. Never listens: a socket
/// that does takes connections, and loses them when it is closed.
int memgate_try_bind(const char *host, const char *port);

/// Bytes written to a TCP socket that its peer has not acknowledged; or -errno.
int memgate_untaken_bytes(int descriptor);

#endif
