/* SPDX-License-Identifier: MIT */
#include "tests/unit/turn_days.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

size_t fenced;

void turn_days_open(void)
{
    fenced = 0;
    turn_rig_open();
}

void tell(const char *who, const char *text)
{
    static int id;
    char xml[1000];

    (void)snprintf(
        xml, sizeof(xml),
        "<message from='%s@corp.example/pc' to='jaejal@blog.corp.example' type='chat' id='i%d'>"
        "<body>%s</body></message>",
        who, id++, text);
    feed(xml);
    turn_end(turn);
}

/* Answers the oldest fence that is not answered. False: there is none. */
static bool answer_fence(void)
{
    const char *at = out.data == NULL ? NULL : strstr(out.data + fenced, "id='f-");
    char xml[300];

    if (at == NULL)
        return false;
    fenced = (size_t)(at - out.data) + 5;
    (void)snprintf(xml, sizeof(xml),
                   "<iq type='result' from='corp.example' to='blog.corp.example' id='%.*s'/>",
                   (int)strcspn(at + 4, "'"), at + 4);
    feed(xml);
    turn_end(turn);
    return true;
}

int pass(int64_t ms)
{
    int64_t end = clock_mono_ms() + ms;
    int woke = 0;

    for (; woke < 100000; woke++) {
        int64_t due;

        while (turn_has_idle_work(turn, clock_mono_ms()))
            turn_idle(turn);
        if (answer_fence())
            continue;
        due = turn_deadline(turn, clock_mono_ms());
        if (due < 0 || due > end)
            break;
        if (due > clock_mono_ms())
            clock_advance(due - clock_mono_ms());
        turn_run(turn, clock_mono_ms());
    }
    if (clock_mono_ms() < end)
        clock_advance(end - clock_mono_ms());
    return woke;
}

size_t count(const char *what)
{
    size_t n = 0;

    for (const char *at = out.data; at != NULL && (at = strstr(at, what)) != NULL; n++)
        at += strlen(what);
    return n;
}
