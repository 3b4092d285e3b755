/* SPDX-License-Identifier: MIT */
/* The inside of the pump, for its own files (pump, walk, release, fence, hold, bounce, save, unseen) and its tests. */
#ifndef BRIDGE_PUMP_STATE_H
#define BRIDGE_PUMP_STATE_H

#include "base/arena.h"
#include "base/limits.h"
#include "bridge/encode.h"
#include "bridge/pump.h"
#include "handlers/digest.h"
#include "bridge/unseen.h"

#define WALK_END INT64_MAX /* everybody is served */
#define PAGE 256           /* recipients read at once */
#define BULK_WALKS 32      /* bulk walks served side by side */
#define SCAN 1024          /* walks of a higher lane looked at in one run */
#define FENCES 64          /* outstanding at most */
#define BUCKETS 256        /* of the chains of related walks */
#define TEMPLATES 128      /* rendered updates kept */
#define FACT_TRIES 3       /* then a bounce that cannot be written is dropped */
#define RETRIED 256        /* (person, event) sent again after an odd bounce */
#define RELEASE_SLICE 16   /* events of one catch-up in one go */
#define RELEASE_SUM 64     /* the same where most of it is only counted */
#define RELEASE_BACK 32    /* events owed again, between two fences */
#define RUN_BUDGET 4000    /* about microseconds of one pump_run() */
#define COST_STORE 50
#define SWEEP_SCAN 20000 /* people looked at in one turn */
#define SWEEP_LEAVE 500  /* of them held in one turn */

enum lane { LANE_ANSWER, LANE_PRIVATE, LANE_MENTION, LANE_ANNOUNCEMENT, LANE_BULK, N_LANES };
/* The lists a walk stands in. */
enum list { BY_AGE, BY_LANE, BY_ROOT, BY_AUTHOR, N_LISTS };

struct walk;
struct chain {
    struct walk *first, *last;
};
struct numbers { /* ascending */
    int64_t *at;
    size_t n, cap;
};
struct walk {
    struct event event;
    enum event_class class;
    enum lane lane;
    struct audience *audience; /* open while it runs */
    /* saved <= settled <= sent: in the store; fences are back; appended to the link (or passed over). */
    int64_t sent, settled, saved;
    unsigned pending; /* fences outstanding that cover it */
    bool touched;     /* has bytes behind the last fence */
    bool loaded;      /* was open already when we started */
    bool writing;     /* `written` is in the open transaction */
    int64_t written;
    uint32_t updates;   /* written so far, repeats too; for the log */
    int64_t wait_event; /* what is owed first to the next person, 0: nothing known */
    enum event_class wait_class;
    int64_t wait_no;     /* that person */
    struct numbers skip; /* people whose catch-up brought it to them */
    struct {
        struct walk *prev, *next;
    } in[N_LISTS];
};

enum phase { REL_START, REL_BACK, REL_COUNT, REL_SEND, REL_DIGEST, REL_WAIT, REL_DONE };
struct release {
    struct peer *who;
    enum phase phase;
    bool only_back;   /* nothing is held, something is owed again */
    unsigned classes; /* held ones */
    int64_t from[N_CLASSES];
    int64_t to;             /* H + 1 */
    int64_t position;       /* everything below is appended, or not owed */
    int64_t settled, saved; /* as in a walk; saved: store_held_advance() */
    int64_t written;
    int64_t count_at;        /* how far it is counted */
    int counted, staying;    /* so far; of these, in a class that is held on */
    bool woken;              /* says that updates were off by themselves: always by a summary */
    bool digest;             /* a summary takes the place of what it may stand for */
    int64_t lo;              /* what it covers begins here */
    unsigned sums;           /* the classes it may stand for */
    unsigned stays;          /* classes that are held on behind it: of a digest that was due */
    unsigned due;            /* HOLDS_DUE, HOLDS_WEEK: what of these it gives */
    struct digest *gathered; /* for it; NULL: there is none to come */
    bool summary;            /* it is appended, or there is nothing it could say */
    int64_t back_after;
    int64_t back[RELEASE_BACK];
    size_t n_back; /* appended, the fence not back yet */
    unsigned stanzas;
    bool trial;   /* of a bounced person: one stanza, then its fence, then the rest */
    bool timed;   /* begun by the clock: with nothing to send it proves nothing */
    bool stopped; /* somebody left in this turn: not to be finished in it */
    bool dead;    /* given up; goes when no fence points here any more */
    bool writing;
    bool touched;
    unsigned pending;
};

/* What a summary may stand for; what is not came by itself, and what becomes of it is told. */
#define SUMMED (1u << CLASS_MENTION | CLASSES_FOLLOWED)
static inline bool summed_up(enum event_class class)
{
    return (SUMMED & 1u << class) != 0;
}

struct cover {
    struct walk *walk;
    struct release *release;
    int64_t upto;
};
struct sent {
    struct peer *who;
    int64_t event;
};
struct fence {
    size_t bytes;
    int64_t at_us;
    uint64_t delivered; /* bytes acknowledged when it was written */
    bool idle;          /* there was nothing more to write: its rate says little */
    bool probes;
    size_t n_covers, n_sent; /* its share of the queues */
};

/* What waits for the next transaction, besides cursors. */
enum op_kind { OP_NONE, OP_BACK_REMOVE, OP_DIGEST_ADD, OP_UNBOUNCE };
struct op {
    enum op_kind kind;
    struct peer *who;
    int64_t a, b;
    unsigned classes;
    int why; /* enum digest_why of OP_DIGEST_ADD; -1: nothing was told of */
    bool writing;
};
/* What happens to memory with the commit. */
enum staged_kind {
    STAGE_LEAVE, /* n: classes */
    STAGE_PART,  /* for good */
    STAGE_RETURN,
    STAGE_BACK,   /* a: event */
    STAGE_CLEAR,  /* a: below which event, n: classes */
    STAGE_SLEEP,  /* n: enum sleep */
    STAGE_DIGEST, /* n: HOLDS_DUE, HOLDS_WEEK: what was due and is given */
    STAGE_BOUNCE, /* a: when it is tried again, n: how often it was */
    STAGE_OWED    /* something is in `back`; n: and may be sent now */
};
struct staged {
    enum staged_kind kind;
    struct peer *who;
    int64_t a;
    unsigned n;
};
/* A bounce of this turn, to be told again where the turn is undone: no server says it twice. */
struct fact {
    struct peer *who;
    char id[64], condition[40], type[12];
    int tries; /* how often writing it failed */
    bool again;
};
struct bounced {
    struct peer *who;
    int tries;
    int64_t at;
};
struct template
{
    int64_t event; /* 0: empty */
    int first;
    enum lang lang;
    bool gone; /* there is nothing to send any more */
    struct encoded e;
};

enum gate { GATE_SHUT, GATE_FENCE, GATE_WAIT, GATE_SWEEP, GATE_OPEN };

struct pump {
    struct pump_options o;
    struct arena *arena;
    bool up;
    int64_t head; /* cursors of events up to here are walks */
    struct chain age, lanes[N_LANES], roots[BUCKETS], authors[BUCKETS];
    size_t n_walks;
    int64_t page[PAGE];
    struct template templates[TEMPLATES];
    struct encoded summary;

    struct release **releases;
    size_t n_releases, cap_releases, next_release;

    char fence_prefix[40];
    struct fence fences[FENCES]; /* a ring: number n stands at n % FENCES */
    uint64_t fence_first, fence_next;
    struct cover *covers; /* a queue: the oldest fence's first */
    size_t n_covers, cap_covers;
    struct sent *sent;
    size_t sent_first, n_sent, cap_sent; /* a ring; cap is a power of two */
    struct walk **touched;
    size_t n_touched, cap_touched;
    struct release **touched_releases;
    size_t n_touched_releases, cap_touched_releases;
    size_t batch_bytes, batch_sent; /* behind the last fence */
    size_t in_flight;
    uint64_t delivered;
    double rate; /* bytes in a microsecond, 0: not known */
    int64_t min_fence_us;
    size_t window;
    bool owed; /* what expect() was told */

    struct unseen_sets unseen;
    int64_t mono; /* when pump_run() was last called */

    enum gate gate;
    int64_t gate_until, gate_looked;
    bool sweep; /* somebody's place may not fit what we know of them */
    size_t sweep_at, sweep_staged;
    bool sweep_ended, sweep_stage;

    struct op *ops;
    size_t n_ops, cap_ops;
    struct staged *staged;
    size_t n_staged, cap_staged, mark;
    struct fact *facts;
    size_t n_facts, cap_facts, mark_facts;
    struct bounced *bounced;
    size_t n_bounced, cap_bounced;
    int64_t bounce_at; /* the earliest, INT64_MAX: none */
    int64_t skew;      /* real time less monotonic, when pump_run() was last called */
    struct {
        int64_t person, event;
    } retried[RETRIED];
    size_t next_retried;

    int64_t dirty_since; /* mono ms, -1: all is saved */
    bool more;           /* pump_run() stopped though there was work */
    bool full;           /* something did not fit what is left of the window */
    int budget;
    size_t turn; /* which bulk walk begins */
    struct pump_figures figures;
};

/* Memory that cannot be had ends the process. */
void *pump_grow(void *at, size_t *cap, size_t need, size_t size);
void pump_dirty(struct pump *p, int64_t mono);
void pump_op(struct pump *p, const struct op *op);
/* Something has to be written without waiting for the second to be over. */
bool save_now(const struct pump *p);
void pump_stage(struct pump *p, enum staged_kind kind, struct peer *who, int64_t a, unsigned n);

/* ---- walk.c ---- */
enum err walk_open(struct pump *p, const struct cursor *c) MUST_USE;
void walk_close(struct pump *p, struct walk *w);
void walks_rewind(struct pump *p);
/* Serves the next recipients; *moved: some were passed. */
enum err walk_serve(struct pump *p, struct walk *w, bool *moved) MUST_USE;
void walk_settle(struct pump *p, struct walk *w, int64_t upto, int64_t mono);
bool numbers_has(const struct numbers *s, int64_t no);
void numbers_add(struct numbers *s, int64_t no);
/* The rendered update, or one that is `gone`. */
enum err template_get(struct pump *p, const struct event *e, int first, enum lang l,
                      struct template **out) MUST_USE;
void templates_drop(struct pump *p);
/* Whether a summary stands for the event that was owed in this class, or for the one that it amends. */
enum err digest_covers(struct pump *p, int64_t person, const struct event *e,
                       enum event_class class, bool *in) MUST_USE;
/* The record of a person, read from the store where the peers lack it; NULL: there is none. */
enum err pump_peer(struct pump *p, int64_t no, struct peer **out) MUST_USE;

/* ---- fence.c ---- */
/* Bytes that may still be appended; lanes above bulk may go somewhat over the window. */
size_t window_room(const struct pump *p, bool bulk);
/* Counts what was just appended for somebody; the walk or release gets its fence later. */
void fence_count(struct pump *p, struct walk *w, struct release *r, struct peer *who, int64_t event,
                 size_t bytes);
void fence_put(struct pump *p, bool idle, bool probes);
/* A fence behind what this run appended, unless enough are outstanding. */
void fence_close_run(struct pump *p, bool idle);
/* When the next fence is due because no answer came (mono ms), INT64_MAX: never. */
int64_t fence_again_at(const struct pump *p);
void fences_drop(struct pump *p);

/* ---- release.c ---- */
void release_start(struct pump *p, struct peer *who, bool only_back, bool timed);
void release_abort(struct pump *p, struct release *r);
/* Frees those given up that no fence points to any more. */
void releases_bury(struct pump *p);
enum err release_slice(struct pump *p, struct release *r, bool *moved) MUST_USE;
void release_settle(struct pump *p, struct release *r, int64_t upto, int64_t mono);
/* In pump_save(): writes how far it is, and its end once all fences are back. */
enum err release_save(struct pump *p, struct release *r) MUST_USE;
/* How far a class is settled, to be written where a release stops or goes on. */
enum err release_advance(struct pump *p, const struct release *r) MUST_USE;

/* ---- summary.c ---- */
/* The counting is over, and a summary is to come: what it gathers begins anew. */
enum err summary_begin(struct pump *p, struct release *r) MUST_USE;
void summary_drop(struct release *r);
/* Whether there is anything to say. */
bool summary_says(const struct release *r);
enum err summary_take(struct pump *p, struct release *r, const struct owed *o) MUST_USE;
enum err summary_encode(struct pump *p, struct release *r, struct encoded *e) MUST_USE;

/* ---- hold.c ---- */
/* Holds the classes that are not held yet; what runs for them of a catch-up stops. */
enum err hold_write(struct pump *p, struct peer *who, unsigned classes) MUST_USE;
/* The classes that should be held: all of who is off or away, else what their settings say. */
unsigned hold_wanted(const struct peer *who, bool silent);

/* ---- bounce.c ---- */
/* Whether the hold by position covers an event of this class. */
enum err held_covers(struct pump *p, const struct peer *who, enum event_class class, int64_t event,
                     bool *covers) MUST_USE;
enum bounce_act {
    BOUNCE_HOLD, /* nothing gets through at present: held, and tried again */
    BOUNCE_GONE, /* the same, but it may be for good */
    BOUNCE_ONCE, /* this message: sent once more, then dropped */
    BOUNCE_DROP,
    BOUNCE_OURS /* dropped, and an error of ours to mend */
};
enum bounce_act bounce_act(const char *condition, const char *type);
/* Tells bounces again that an undone turn had heard of. */
enum err bounces_again(struct pump *p, int64_t now) MUST_USE;
void facts_undone(struct pump *p, size_t mark);
void bounces_put(struct pump *p, struct peer *who, int tries, int64_t at);
void bounces_remove(struct pump *p, struct peer *who);
void bounces_due(struct pump *p, int64_t now);
int64_t bounce_pause(int tries);

#endif
