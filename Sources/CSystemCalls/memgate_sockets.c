#include "memgate_sockets.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int try_bind(const struct addrinfo *address) {
    int descriptor = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
    if (descriptor < 0) return -errno;
    int one = 1;
    int result = 0;
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0
        || bind(descriptor, address->ai_addr, address->ai_addrlen) != 0)
        result = -errno;
    close(descriptor);
    return result;
}

int memgate_try_bind(const char *host, const char *port) {
    const struct addrinfo wanted = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    // What cannot be resolved is told by whoever listens.
    if (getaddrinfo(host, port, &wanted, &found) != 0) return 0;
    int result = try_bind(found);
    freeaddrinfo(found);
    return result;
}

int memgate_untaken_bytes(int descriptor) {
    int bytes = 0;
    return ioctl(descriptor, SIOCOUTQ, &bytes) == 0 ? bytes : -errno;
}
