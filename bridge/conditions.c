/* SPDX-License-Identifier: MIT */
#include "bridge/conditions.h"

#include <string.h>

#include "base/err.h"

static const char *const names[] = {"bad-request",
                                    "conflict",
                                    "feature-not-implemented",
                                    "forbidden",
                                    "gone",
                                    "internal-server-error",
                                    "item-not-found",
                                    "jid-malformed",
                                    "not-acceptable",
                                    "not-allowed",
                                    "not-authorized",
                                    "payment-required",
                                    "policy-violation",
                                    "recipient-unavailable",
                                    "redirect",
                                    "registration-required",
                                    "remote-server-not-found",
                                    "remote-server-timeout",
                                    "resource-constraint",
                                    "service-unavailable",
                                    "subscription-required",
                                    "undefined-condition",
                                    "unexpected-request",
                                    "other"};

_Static_assert(ARRAY_LEN(names) == CONDITIONS, "one counter each");

size_t condition_index(const char *condition)
{
    size_t i = 0;

    while (i < CONDITIONS - 1 && strcmp(names[i], condition) != 0) {
        i++;
    }
    return i;
}

const char *condition_name(size_t index)
{
    return index < CONDITIONS ? names[index] : NULL;
}
