/* SPDX-License-Identifier: MIT */
/* The configuration file's bytes. Nothing it says may end the process, and what is accepted has
 * to be whole. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "conf/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(64 << 20);
    struct buffer complaint;
    struct settings s = {0};
    enum err rc;

    buffer_init(&complaint, 1 << 20);
    rc = settings_parse("fuzz", (const char *)data, size, a, &s, &complaint);
    must((rc == OK) == (complaint.len == 0));
    if (rc == OK) {
        must(s.domain != NULL && s.secret != NULL && s.n_allowed_domains > 0 && s.host != NULL &&
             s.bot != NULL && s.name != NULL && s.language != NULL && s.database_url != NULL &&
             s.ca_file != NULL && s.port > 0 && s.post_chars > 0 && s.posts_per_minute > 0);
    } else {
        must(s.domain == NULL && s.secret == NULL);
    }
    buffer_fini(&complaint);
    arena_free(a);
    return 0;
}
