/* SPDX-License-Identifier: MIT */
#include "handlers/announce.h"

#include "base/limits.h"
#include "handlers/post.h"

enum { EXACT = 1000 /* as added.reach */ };

enum err call_put_announcement(struct call *c, const struct post *p)
{
    struct announcement an;
    const char *ref = call_ref(c, p->no);
    enum err e = store_announcement_get(c->store, p->no, c->who.no, &an);

    if (e != OK)
        return e == E_NOTFOUND ? OK : e;
    if (p->author == c->who.no || c->role >= ROLE_ANNOUNCER) {
        if (an.people > EXACT)
            call_say(c, "Read by %1$lld of about %2$lld.", (long long)an.acks,
                     call_round(an.people));
        else
            call_say(c, "Read by %1$lld of %2$lld.", (long long)an.acks, (long long)an.people);
    }
    if (an.mine)
        call_say(c, "You have said that you read it.");
    else if (p->author != c->who.no)
        call_say(c, "`ack %s` says that you have read it.", ref);
    return OK;
}
