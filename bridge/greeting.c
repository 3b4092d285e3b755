/* SPDX-License-Identifier: MIT */
#include "bridge/greeting.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#define SHA1_LEN 20

enum err greeting_digest(const char *id, const char *secret, char out[GREETING_DIGEST])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    enum err e = E_SYSTEM;
    unsigned len = 0, i;

    if (md == NULL || EVP_DigestInit_ex(md, EVP_sha1(), NULL) != 1 ||
        EVP_DigestUpdate(md, id, strlen(id)) != 1 ||
        EVP_DigestUpdate(md, secret, strlen(secret)) != 1 ||
        EVP_DigestFinal_ex(md, digest, &len) != 1 || len != SHA1_LEN) {
        goto out;
    }
    for (i = 0; i < SHA1_LEN; i++) {
        (void)snprintf(out + (size_t)2 * i, 3, "%02x", digest[i]);
    }
    e = OK;
out:
    EVP_MD_CTX_free(md);
    return e;
}

int64_t greeting_pause(unsigned failed, enum link_why why)
{
    int64_t pause = LINK_PAUSE_MS;
    uint32_t chance = 0;

    while (failed > 0 && pause < LINK_PAUSE_MAX_MS) {
        pause *= 2;
        failed--;
    }
    if (pause > LINK_PAUSE_MAX_MS) {
        pause = LINK_PAUSE_MAX_MS;
    }
    (void)RAND_bytes((unsigned char *)&chance, sizeof(chance)); /* without it: the shortest */
    pause = pause - pause / 4 + (int64_t)(chance % (uint32_t)(pause / 2 + 1));
    if (why == LINK_CONFLICT && pause < LINK_PAUSE_CONFLICT_MS) {
        pause = LINK_PAUSE_CONFLICT_MS;
    }
    return pause;
}

const char *link_why_text(enum link_why why)
{
    static const char *const texts[] = {
        // clang-format off
        [LINK_CLOSED] = "closed",
        [LINK_UNREACHABLE] = "unreachable",
        [LINK_TLS] = "tls",
        [LINK_REFUSED_SECRET] = "refused-secret",
        [LINK_REFUSED_DOMAIN] = "refused-domain",
        [LINK_CONFLICT] = "conflict",
        [LINK_STREAM_ERROR] = "stream-error",
        [LINK_PROTOCOL] = "protocol",
        [LINK_TIMEOUT] = "timeout",
        [LINK_LOST] = "lost",
        [LINK_SILENT] = "silent",
        [LINK_STUCK] = "stuck",
        // clang-format on
    };

    return (size_t)why < ARRAY_LEN(texts) ? texts[why] : "unknown";
}
