#pragma once

/// OpenSSL's one-shot digests, with plain types.

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

/// Fills `digest` (32 bytes); 1, or 0 where the library fails.
static inline int memgate_sha256(const void *bytes, size_t count, unsigned char *digest) {
    return EVP_Digest(bytes, count, digest, NULL, EVP_sha256(), NULL);
}

/// Fills `code` (32 bytes); 1, or 0 where the library fails.
static inline int memgate_hmac_sha256(
    const void *key, int key_count, const void *bytes, size_t count, unsigned char *code) {
    unsigned int length = 32;
    return HMAC(EVP_sha256(), key, key_count, (const unsigned char *)bytes, count, code, &length) != NULL;
}
