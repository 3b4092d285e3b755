/* SPDX-License-Identifier: MIT */
#include "conf/table.h"

#include "base/limits.h"
#include "conf/settings.h"

#define FIELD(name) .offset = offsetof(struct settings, name)
#define LIST(name) FIELD(name), .count = offsetof(struct settings, n_##name)

/* Sections stand together; sample file and manual page follow this order.
 * The upper end of post_chars: 30,000 characters of four bytes are a body we still look at
 * (LIMIT_BODY), and escaped six bytes each fit a stanza (LIMIT_STANZA_OUT). */
/* clang-format off */
const struct row table_rows[] = {
    {.section = "component", .key = "host", .type = ROW_HOST, FIELD(host), .restart = true,
     .preset = "127.0.0.1",
     .meaning = "Where the XMPP server listens for components, a name or an address."},
    {.section = "component", .key = "port", .type = ROW_NUMBER, FIELD(port), .restart = true,
     .min = 1, .max = 65535, .preset = "5347",
     .meaning = "The server's port for components."},
    {.section = "component", .key = "domain", .type = ROW_DOMAIN, FIELD(domain), .restart = true,
     .required = true, .sample = "blog.corp.example",
     .meaning = "The component's own domain, as the server has it; not one of allowed_domains."},
    {.section = "component", .key = "secret_file", .type = ROW_SECRET_FILE, FIELD(secret),
     .restart = true, .sample = "/etc/jaejal/secret",
     .meaning = "A file whose only line is the secret shared with the server, readable by its owner "
                "alone; either this or secret is required."},
    {.section = "component", .key = "secret", .type = ROW_SECRET, FIELD(secret), .restart = true,
     .meaning = "The secret itself, in place of secret_file; then keep this file from other readers."},
    {.section = "component", .key = "tls", .type = ROW_SWITCH, FIELD(tls), .restart = true,
     .preset = "no",
     .meaning = "Whether the link uses TLS from its first byte, with the server's certificate checked "
                "against ca_file."},
    {.section = "component", .key = "ca_file", .type = ROW_PATH, FIELD(ca_file), .restart = true,
     .preset = "/etc/ssl/certs/ca-certificates.crt",
     .meaning = "The certificates of the authorities that may vouch for the server, in PEM; used with "
                "tls only."},

    {.section = "service", .key = "bot", .type = ROW_LOCAL, FIELD(bot), .restart = true,
     .preset = "jaejal",
     .meaning = "The local part of the address that people write to."},
    {.section = "service", .key = "name", .type = ROW_NAME, FIELD(name), .max = LIMIT_NAME,
     .preset = "Jaejal",
     .meaning = "The name under which the bot shows itself."},
    {.section = "service", .key = "language", .type = ROW_LANGUAGE, FIELD(language), .restart = true,
     .preset = "en",
     .meaning = "The language of those who have not chosen one with the command lang."},
    {.section = "service", .key = "allowed_domains", .type = ROW_DOMAINS, LIST(allowed_domains), .restart = true,
     .required = true, .sample = "corp.example",
     .meaning = "The domains whose people may use the service, separated by blanks and matched exactly: "
                "a subdomain is another domain."},
    {.section = "service", .key = "admins", .type = ROW_JIDS, LIST(admins),
     .preset = "", .sample = "alice@corp.example",
     .meaning = "The bare addresses of those who administer the service, separated by blanks."},
    {.section = "service", .key = "follow_on_join", .type = ROW_FOLLOWS, LIST(follow_on_join),
     .preset = "",
     .meaning = "What a new person follows from the start, separated by blanks, such as "
                "@ceo #announcements."},

    {.section = "database", .key = "url", .type = ROW_URL, FIELD(database_url), .restart = true,
     .preset = "sqlite:/var/lib/jaejal/jaejal.db",
     .meaning = "Where everything is kept; the file is made where there is none."},

    {.section = "delivery", .key = "digest_after", .type = ROW_NUMBER, FIELD(digest_after),
     .min = 0, .max = 1000, .preset = "20",
     .meaning = "How many missed updates a returning person gets one by one; beyond that number they "
                "become one summary."},

    {.section = "limits", .key = "post_chars", .type = ROW_NUMBER, FIELD(post_chars),
     .min = 100, .max = 30000, .preset = "10000",
     .meaning = "The characters that one post may have."},
    {.section = "limits", .key = "posts_per_minute", .type = ROW_NUMBER, FIELD(posts_per_minute),
     .min = 1, .max = 10000, .preset = "30",
     .meaning = "The posts that one person may write in a minute."},

    {.section = "metrics", .key = "listen", .type = ROW_LISTEN, FIELD(metrics_listen), .restart = true,
     .preset = "",
     .meaning = "Where a collector such as Prometheus gets figures by HTTP, at /metrics: 127.0.0.1:9464, "
                "[::1]:9464 or unix:/run/jaejal/metrics.sock, nowhere if empty; an address that "
                "others than this machine reach is refused."},

    {.section = "log", .key = "level", .type = ROW_LEVEL, FIELD(log_level), .preset = "info",
     .meaning = "The least important kind of event that is still logged."},
};
/* clang-format on */
const size_t table_n_rows = ARRAY_LEN(table_rows);
