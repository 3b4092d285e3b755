/* SPDX-License-Identifier: MIT */
/* What is inside a vCard (XEP-0054): a stranger's data, taken only as far as it is plain. */
#include "bridge/people.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "bridge/element.h"

#include <openssl/evp.h>

#define NS_VCARD "vcard-temp"
#define FIELD_MAX 1000
/* Base64 of the largest photo, with line breaks. */
#define BINVAL_MAX (LIMIT_PHOTO / 3 * 4 + LIMIT_PHOTO / 16)

/* The text of a field, "" if there is none. */
static const char *field(struct arena *a, xmpp_stanza_t *parent, const char *name)
{
    xmpp_stanza_t *el = element_find(parent, NS_VCARD, name, NS_VCARD);
    const char *text = el == NULL ? NULL : element_text(a, el, FIELD_MAX);

    return text == NULL ? "" : text_trim(a, text);
}

static bool is_east_asian(const char *s)
{
    uint32_t c = text_next(&s);

    return text_is_hangul(c) || (c >= 0x3040 && c <= 0x30FF) || (c >= 0x4E00 && c <= 0x9FFF);
}

static const char *name_from_parts(struct arena *a, xmpp_stanza_t *vcard)
{
    xmpp_stanza_t *n = element_find(vcard, NS_VCARD, "N", NS_VCARD);
    const char *family, *given;

    if (n == NULL) {
        return "";
    }
    family = field(a, n, "FAMILY");
    given = field(a, n, "GIVEN");
    if (family[0] != '\0' && is_east_asian(family)) {
        return arena_printf(a, "%s%s", family, given);
    }
    return text_trim(a, arena_printf(a, "%s %s", given, family));
}

static const char *image_type(const unsigned char *data, size_t len)
{
    /* clang-format off */
    static const struct {
        const char *magic;
        size_t len;
        const char *type;
    } known[] = {
        {"\x89PNG\r\n\x1a\n", 8, "image/png"},
        {"\xff\xd8\xff",      3, "image/jpeg"},
        {"GIF87a",            6, "image/gif"},
        {"GIF89a",            6, "image/gif"},
    };
    /* clang-format on */
    size_t i;

    for (i = 0; i < ARRAY_LEN(known); i++) {
        if (len > known[i].len && memcmp(data, known[i].magic, known[i].len) == 0) {
            return known[i].type;
        }
    }
    if (len > 12 && memcmp(data, "RIFF", 4) == 0 && memcmp(data + 8, "WEBP", 4) == 0) {
        return "image/webp";
    }
    return NULL;
}

/* Base64 with white space anywhere. NULL: it is none, or nothing, or more than a photo may have. */
static unsigned char *decode_base64(struct arena *a, const char *text, size_t *len)
{
    size_t have = strlen(text), n = 0, i, pad;
    char *packed = arena_alloc(a, have + 1);
    unsigned char *data;
    int got;

    for (i = 0; i < have; i++) {
        if (strchr(" \t\r\n", text[i]) == NULL) {
            packed[n++] = text[i];
        }
    }
    if (n == 0 || n % 4 != 0) {
        return NULL;
    }
    data = arena_alloc(a, n / 4 * 3);
    pad = packed[n - 1] != '=' ? 0 : packed[n - 2] != '=' ? 1 : 2;
    got = EVP_DecodeBlock(data, (const unsigned char *)packed, (int)n);
    if (got < 0 || (size_t)got <= pad || (size_t)got - pad > LIMIT_PHOTO) {
        return NULL;
    }
    *len = (size_t)got - pad;
    return data;
}

static const char *sha1_hex(struct arena *a, const void *data, size_t len)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0, i;
    char *hex = arena_alloc(a, 2 * EVP_MAX_MD_SIZE + 1);

    if (EVP_Digest(data, len, sum, &n, EVP_sha1(), NULL) != 1) {
        return "";
    }
    for (i = 0; i < n; i++) {
        (void)snprintf(hex + 2 * (size_t)i, 3, "%02x", sum[i]);
    }
    return hex;
}

static void read_photo(struct arena *a, xmpp_stanza_t *vcard, struct vcard *out)
{
    xmpp_stanza_t *photo = element_find(vcard, NS_VCARD, "PHOTO", NS_VCARD), *binval;
    const char *text;
    unsigned char *data;
    size_t len = 0;

    binval = photo == NULL ? NULL : element_find(photo, NS_VCARD, "BINVAL", NS_VCARD);
    text = binval == NULL ? NULL : element_text(a, binval, BINVAL_MAX);
    data = text == NULL ? NULL : decode_base64(a, text, &len);
    if (data == NULL || image_type(data, len) == NULL) {
        return; /* what it says it is (TYPE) does not count */
    }
    out->photo = data;
    out->photo_len = len;
    out->photo_type = image_type(data, len);
    out->photo_hash = sha1_hex(a, data, len);
}

void people_read_vcard(struct arena *a, xmpp_stanza_t *vcard, struct vcard *out)
{
    const char *name = field(a, vcard, "FN");

    *out = (struct vcard){.photo_hash = ""};
    if (name[0] == '\0') {
        name = name_from_parts(a, vcard);
    }
    if (name[0] == '\0') {
        name = field(a, vcard, "NICKNAME");
    }
    out->name = text_name(a, name, LIMIT_NAME);
    read_photo(a, vcard, out);
}
