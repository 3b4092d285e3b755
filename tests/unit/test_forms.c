/* SPDX-License-Identifier: MIT */
/* Ad-hoc commands over all rows: what a form asks for, and that what is filled in does what the typed line does. */
#include "handlers/forms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "handlers/state.h"
#include "tests/unit/company.h"

static struct form_answer answer; /* of the last step */

#define FOR_ROWS(row)                                                                              \
    for (size_t f_ = 0; f_ < n_families; f_++)                                                     \
        for (const struct command *row = families[f_]->rows;                                       \
             row < families[f_]->rows + families[f_]->n; row++)

/* ---- steps ------------------------------------------------------------------------------------ */

static void step(struct company *s, const char *nick, const struct form_request *fr, const char *id)
{
    struct request r = {.from = arena_printf(s->a, "%s@corp.example/desk", nick),
                        .from_bare = arena_printf(s->a, "%s@corp.example", nick),
                        .from_local = nick,
                        .to = "jaejal@blog.corp.example",
                        .id = id != NULL ? id : arena_printf(s->a, "f%d", ++s->ids),
                        .lang = ""};

    s->now += 1000;
    assert_int_equal(OK, store_savepoint(s->st));
    assert_int_equal(OK, service_form(s->service, &r, fr, s->now, s->a, &s->outcome, &answer));
    assert_int_equal(OK, store_release(s->st));
    service_committed(s->service);
    if (answer.condition == NULL)
        assert_true(answer.session != NULL && answer.session[0] != '\0');
    if (answer.condition == NULL && answer.status == FORM_COMPLETED)
        assert_true(answer.text != NULL && answer.text[0] != '\0');
}

static void begin(struct company *s, const char *nick, const char *node)
{
    step(s, nick, &(struct form_request){.node = node}, NULL);
}

static void act(struct company *s, const char *nick, const char *node, enum form_action action)
{
    step(s, nick, &(struct form_request){.node = node, .session = answer.session, .action = action},
         NULL);
}

/* Submits values by name, "var", "value" …, NULL. */
static void submit(struct company *s, const char *nick, const char *node, ...)
{
    struct form_value at[FORM_ARGS + 1];
    struct form_request fr = {.node = node,
                              .session = answer.session,
                              .action = answer.next ? FORM_NEXT : FORM_COMPLETE,
                              .submitted = true,
                              .at = at};
    va_list ap;

    va_start(ap, node);
    while ((at[fr.n].var = va_arg(ap, const char *)) != NULL)
        at[fr.n++].value = va_arg(ap, const char *);
    va_end(ap);
    step(s, nick, &fr, NULL);
}

static void submit_values(struct company *s, const char *nick, const char *node,
                          const char *const *values)
{
    struct form_value at[FORM_ARGS];
    struct form_request fr = {.node = node,
                              .session = answer.session,
                              .action = answer.next ? FORM_NEXT : FORM_COMPLETE,
                              .submitted = true,
                              .at = at};

    for (size_t i = 0; i < answer.form->n; i++) {
        const struct ask *q = &answer.form->at[i];
        const char *value = q->arg < 0 ? "1" : values[q->arg];

        at[fr.n++] = (struct form_value){q->var, value == NULL ? "" : value};
    }
    step(s, nick, &fr, NULL);
}

static void expect_error(const char *condition, const char *specific)
{
    assert_non_null(answer.condition);
    assert_string_equal(condition, answer.condition);
    if (specific == NULL)
        assert_null(answer.specific);
    else
        assert_string_equal(specific, answer.specific);
}

static void expect_text(const char *part)
{
    if (answer.text == NULL || strstr(answer.text, part) == NULL)
        fail_msg("got: %s\n  without: %s", answer.text == NULL ? "(nothing)" : answer.text, part);
}

static void expect_form(size_t n)
{
    assert_null(answer.condition);
    assert_int_equal(FORM_EXECUTING, answer.status);
    assert_non_null(answer.form);
    assert_int_equal(n, answer.form->n);
}

static void expect_done(const char *part)
{
    assert_null(answer.condition);
    assert_int_equal(FORM_COMPLETED, answer.status);
    expect_text(part);
}

/* ---- all rows ----------------------------------------------------------------------------------- */

static struct call caller(struct company *s, const char *nick)
{
    struct call c = {.service = s->service,
                     .options = &s->options,
                     .store = s->st,
                     .arena = s->a,
                     .now = s->now};

    assert_int_equal(OK, store_person_by_nick(s->st, nick, s->a, &c.who));
    c.role = strcmp(nick, "carol") == 0 ? ROLE_ADMIN : ROLE_EMPLOYEE;
    return c;
}

/* How one would type what an example was read as, one text an argument. */
static const char *typed(struct call *c, const char *example, const struct argument *arg,
                         const struct value *v)
{
    struct tokens t;

    if (!v->given || arg->kind != ARG_TIME)
        return form_typed(c, arg, v);
    tokens_split(c->arena, example, &t);
    for (size_t i = 1; i < t.n; i++) {
        int64_t at;
        size_t n = argument_time(&t, i, "UTC", c->now, &at);

        if (n > 0)
            return n == 1 ? tokens_word(c->arena, &t, i)
                          : arena_printf(c->arena, "%s %s", tokens_word(c->arena, &t, i),
                                         tokens_word(c->arena, &t, i + 1));
    }
    fail_msg("no time in: %s", example);
    return NULL;
}

/* Fills a row's form in until it is done. */
static void fill_in(struct company *s, const char *nick, const struct command *row,
                    const char *const *values)
{
    begin(s, nick, row->name);
    for (int i = 0; i < 3 && answer.condition == NULL && answer.status == FORM_EXECUTING; i++) {
        assert_non_null(answer.form);
        if (answer.failed || /* or the row asks by itself, as it does typed */
            (answer.form->at[0].arg < 0 && (row->flags & COMMAND_FINAL) == 0))
            break;
        submit_values(s, nick, row->name, values);
    }
    if (answer.condition != NULL)
        fail_msg("%s: %s", row->name, answer.condition);
}

static int64_t head_of(struct company *s)
{
    int64_t head;

    assert_int_equal(OK, store_event_head(s->st, &head));
    return head;
}

static void an_example_filled_in_does_what_it_does_typed(void **state)
{
    struct arena *kept = arena_new(1 << 20);

    (void)state;
    FOR_ROWS(row)
    {
        for (size_t i = 0; i < ARRAY_LEN(row->examples) && row->examples[i] != NULL; i++) {
            const char *who = row->role != ROLE_EMPLOYEE ? "carol" : "alice", *said;
            const char *values[FORM_ARGS] = {NULL};
            int64_t posts;
            struct company s;
            struct reading rd;
            struct call c;

            company_open(&s);
            c = caller(&s, who);
            c.role = row->role;
            if (!form_offered(&c, row)) {
                company_close(&s);
                break;
            }
            assert_int_equal(OK, dispatch_read(&c, row->examples[i], &rd));
            for (size_t k = 0; rd.kind == READING_COMMAND && k < form_arguments(row); k++)
                values[k] =
                    arena_dup(kept, typed(&c, row->examples[i], &row->args[k], &rd.args[k]));
            if (rd.kind != READING_COMMAND ||
                rd.command != row) { /* of a group that is not there … */
                company_close(&s);
                continue;
            }
            said =
                arena_dup(kept, company_say(&s, who, arena_printf(s.a, "/%s", row->examples[i])));
            posts = company_newest(&s);
            company_close(&s);
            company_open(&s);
            fill_in(&s, who, row, values);
            if (answer.status == FORM_EXECUTING && answer.text == NULL)
                answer.text = answer.form->text; /* it asks again, in its own words */
            if (answer.text == NULL || strcmp(answer.text, said) != 0)
                fail_msg("%s\n  typed:  %s\n  filled: %s", row->examples[i], said,
                         answer.text == NULL ? "(nothing)" : answer.text);
            assert_int_equal(posts, company_newest(&s));
            company_close(&s);
        }
    }
    arena_free(kept);
}

static void a_form_asks_for_what_the_row_takes(void **state)
{
    struct company *s = *state;

    FOR_ROWS(row)
    {
        static const char *const langs[] = {"en", "ko"};
        struct call c = caller(s, "carol");

        if (!form_offered(&c, row) || form_arguments(row) == 0)
            continue;
        for (int l = 0; l < 2; l++) {
            assert_int_equal(OK, store_person_set(s->st, CAROL, FIELD_LANG, langs[l]));
            begin(s, "carol", row->name);
            assert_int_equal(FORM_EXECUTING, answer.status);
            assert_string_equal(langs[l], answer.lang);
            assert_true(answer.form->n > 0);
            assert_true(answer.next != answer.complete && !answer.prev);
            for (size_t i = 0; i < answer.form->n; i++) {
                const struct ask *q = &answer.form->at[i];

                assert_true(q->label[0] != '\0' && q->var[0] != '\0');
                if (q->required)
                    assert_int_equal(0, row->args[q->arg].flags & (ARG_OPTIONAL | ARG_OR_NONE));
                assert_true((q->kind == ASK_CHOICE || q->kind == ASK_CHOICES) ==
                            (q->n_options > 0));
                for (size_t o = 0; o < q->n_options; o++)
                    assert_true(q->options[o].value[0] != '\0');
                for (size_t k = 0; k < i; k++)
                    assert_string_not_equal(q->var, answer.form->at[k].var);
                if (l == 1 && strcmp(q->label, message_get(LANG_EN, q->label)) == 0 &&
                    (unsigned char)q->label[0] < 0x80)
                    fail_msg("%s: not in Korean: %s", row->name, q->label);
            }
            act(s, "carol", row->name, FORM_CANCEL);
            assert_int_equal(FORM_CANCELED, answer.status);
        }
    }
}

/* ---- hostile values --------------------------------------------------------------------------------- */

static const char *const hostile[] = {
    "bob\n/delete #6",
    "/delete #6",
    "#6 /delete #6",
    "bob | alice",
    "@bob @alice",
    "\"bob\" alice",
    "bob\"",
    "yes",
    "#6\n\n#2",
    "5 -- #6",
    "now loud",
    "2h\n@bob",
    "' OR 1=1",
    "%s%n%d",
    "\xE2\x80\xAE@bob x",
    "bob\r\nalice",
    "19:00-08:00 off #6",
    "en ko",
    "!design #6",
    "\xEF\xBC\x83 6 x",
};

static bool takes_text(const struct command *row)
{
    for (size_t k = 0; k < form_arguments(row); k++)
        if (row->args[k].kind == ARG_TEXT)
            return true;
    return false;
}

/* Whatever stands in a field: it runs with that argument alone, or not at all. */
static void a_field_cannot_become_another_argument(void **state)
{
    struct company *s = *state;

    FOR_ROWS(row)
    {
        struct call c = caller(s, "alice");

        if (!form_offered(&c, row))
            continue;
        for (size_t k = 0; k < form_arguments(row); k++) {
            for (size_t h = 0; h < ARRAY_LEN(hostile); h++) {
                struct value v;
                struct fitting why;

                c = caller(s, "alice");
                assert_int_equal(OK, argument_fit_value(&c, row, k, hostile[h], &v, &why));
                if (why.fit != FIT_YES)
                    continue;
                /* Only a text is more than one word, and is it to the letter; quotes hold words that are looked for. */
                if (row->args[k].kind == ARG_TEXT)
                    assert_string_equal(hostile[h], v.text);
                else if (strpbrk(hostile[h], " \n\r") != NULL)
                    fail_msg("%s: %s fits argument %zu", row->name, hostile[h], k);
            }
        }
    }
}

static void hostile_forms_change_nothing(void **state)
{
    struct company *s = *state;
    struct post p;

    FOR_ROWS(row)
    {
        struct call c = caller(s, "alice");

        if (!form_offered(&c, row) || takes_text(row) || form_arguments(row) == 0)
            continue;
        for (size_t h = 0; h < ARRAY_LEN(hostile); h++) {
            const char *values[FORM_ARGS] = {hostile[h], hostile[h], hostile[h], hostile[h]};
            const int64_t head = head_of(s);

            if (strpbrk(hostile[h], " \n\r") == NULL)
                continue;
            fill_in(s, "alice", row, values);
            assert_true(answer.failed);
            assert_int_equal(head, head_of(s));
        }
    }
    assert_int_equal(OK, store_post_get(s->st, 6, ALICE, s->a, &p));
}

static void a_text_stays_a_text(void **state)
{
    struct company *s = *state;
    struct post p;

    for (size_t h = 0; h < ARRAY_LEN(hostile); h++) {
        begin(s, "alice", "d");
        submit(s, "alice", "d", "who", "bob", "text", hostile[h], NULL);
        expect_done("Bob Lee");
        assert_int_equal(OK, store_post_get(s->st, company_newest(s), ALICE, s->a, &p));
        assert_string_equal(hostile[h], p.text);
        assert_int_equal(BOB, p.recipient);
    }
}

/* ---- sessions ------------------------------------------------------------------------------------------ */

static void a_command_without_arguments_runs_at_once(void **state)
{
    struct company *s = *state;

    begin(s, "alice", "me");
    expect_done("alice@corp.example");
    act(s, "alice", "me", FORM_COMPLETE);
    expect_error("bad-request", "bad-sessionid"); /* there never was a session */
}

static void steps_that_do_not_fit(void **state)
{
    struct company *s = *state;

    begin(s, "alice", "wibble");
    expect_error("item-not-found", NULL);
    begin(s, "alice", "yes");
    expect_error("item-not-found", NULL);
    step(s, "alice", &(struct form_request){.node = "like", .action = FORM_UNKNOWN}, NULL);
    expect_error("bad-request", "malformed-action");
    step(s, "alice", &(struct form_request){.node = "like", .bad_locale = true}, NULL);
    expect_error("bad-request", "bad-locale");
    step(s, "alice", &(struct form_request){.node = "like", .action = FORM_COMPLETE}, NULL);
    expect_error("bad-request", "bad-sessionid");
    step(s, "alice", &(struct form_request){.node = "like", .session = "wibble"}, NULL);
    expect_error("bad-request", "bad-sessionid");
    step(s, "alice", &(struct form_request){.node = "like", .session = ""}, NULL);
    expect_error("bad-request", "bad-sessionid");
    begin(s, "alice", "like");
    expect_form(1);
    act(s, "alice", "unlike", FORM_COMPLETE); /* the session of another command */
    expect_error("bad-request", "bad-sessionid");
    begin(s, "alice", "like");
    act(s, "bob", "like", FORM_COMPLETE); /* of another person */
    expect_error("bad-request", "bad-sessionid");
    begin(s, "alice", "like");
    act(s, "alice", "like", FORM_PREV);
    expect_error("bad-request", "bad-action");
    begin(s, "alice", "like");
    act(s, "alice", "like", FORM_NEXT);
    expect_error("bad-request", "bad-action");
    begin(s, "alice", "like");
    act(s, "alice", "like", FORM_COMPLETE); /* no form */
    expect_error("bad-request", "bad-payload");
    begin(s, "alice", "like");
    submit(s, "alice", "like", "wibble", "#2", NULL); /* not what has to be there */
    expect_error("bad-request", "bad-payload");
}

static void a_session_ends(void **state)
{
    struct company *s = *state;
    const char *session;

    begin(s, "alice", "like");
    session = answer.session;
    submit(s, "alice", "like", "post", "2", NULL);
    expect_done("You like #2");
    answer.session = session;
    submit(s, "alice", "like", "post", "2", NULL);
    expect_error("not-allowed", "session-expired");

    begin(s, "alice", "like");
    session = answer.session;
    act(s, "alice", "like", FORM_CANCEL);
    assert_int_equal(FORM_CANCELED, answer.status);
    answer.session = session;
    act(s, "alice", "like", FORM_CANCEL);
    expect_error("not-allowed", "session-expired");

    begin(s, "alice", "like");
    s->now += LIMIT_PENDING_MS;
    submit(s, "alice", "like", "post", "5", NULL);
    expect_error("not-allowed", "session-expired");
}

static void only_so_many_are_open(void **state)
{
    struct company *s = *state;
    const char *sessions[LIMIT_FORMS];

    for (size_t i = 0; i < LIMIT_FORMS; i++) {
        begin(s, "alice", "like");
        sessions[i] = answer.session;
    }
    for (size_t i = 0; i < LIMIT_FORMS; i++) {
        begin(s, "bob", "like"); /* somebody else's count for themselves */
        answer.session = sessions[i];
        act(s, "alice", "like", FORM_CANCEL);
        if (i == 0) /* the first made room: one place is the dialogue's */
            expect_error("bad-request", "bad-sessionid");
        else
            assert_int_equal(FORM_CANCELED, answer.status);
    }
}

static void what_is_wrong_is_said_and_asked_again(void **state)
{
    struct company *s = *state;

    begin(s, "alice", "like");
    submit(s, "alice", "like", "post", "99", NULL);
    expect_form(1);
    assert_true(answer.failed);
    expect_text("There is no post #99");
    assert_string_equal("99", answer.form->at[0].value);
    submit(s, "alice", "like", "post", "", NULL);
    expect_form(1);
    expect_text("Something is missing");
    submit(s, "alice", "like", "post", "#2", NULL);
    expect_done("You like #2");
    assert_false(answer.failed);
}

static void which_of_these_did_you_mean(void **state)
{
    struct company *s = *state;
    const int64_t newest = company_newest(s);
    struct post p;

    begin(s, "alice", "d");
    submit(s, "alice", "d", "who", "boob", "text", "the merger", NULL);
    expect_form(1);
    expect_text("Nobody here is called @boob");
    assert_int_equal(ASK_CHOICE, answer.form->at[0].kind);
    assert_string_equal("@bob", answer.form->at[0].options[0].value);
    assert_true(answer.next && answer.prev);
    act(s, "alice", "d", FORM_PREV);
    expect_form(2);
    assert_string_equal("the merger", answer.form->at[1].value);
    submit(s, "alice", "d", "who", "boob", "text", "the merger", NULL);
    submit(s, "alice", "d", "who", "@bob", NULL);
    expect_done("Bob Lee");
    assert_int_equal(newest + 1, company_newest(s));
    assert_int_equal(OK, store_post_get(s->st, newest + 1, ALICE, s->a, &p));
    assert_string_equal("the merger", p.text);
    assert_int_equal(BOB, p.recipient);
}

static void what_cannot_be_undone_is_asked_about(void **state)
{
    struct company *s = *state;
    struct post p;

    begin(s, "alice", "delete");
    assert_true(answer.next);
    submit(s, "alice", "delete", "post", "6", NULL);
    expect_form(1);
    assert_int_equal(ASK_YES, answer.form->at[0].kind);
    assert_non_null(strstr(answer.form->text, "/delete #6"));
    act(s, "alice", "delete", FORM_PREV);
    expect_form(1);
    assert_string_equal("6", answer.form->at[0].value);
    submit(s, "alice", "delete", "post", "6", NULL);
    submit(s, "alice", "delete", "confirm", "0", NULL);
    expect_done("nothing was done");
    assert_int_equal(OK, store_post_get(s->st, 6, ALICE, s->a, &p));
    begin(s, "alice", "delete");
    submit(s, "alice", "delete", "post", "6", NULL);
    submit(s, "alice", "delete", "confirm", "true", NULL);
    expect_done("#6 was taken back");
    assert_int_equal(E_NOTFOUND, store_post_get(s->st, 6, ALICE, s->a, &p));
}

static void a_text_that_is_refused_is_not_lost(void **state)
{
    struct company *s = *state;
    char *text = arena_alloc(s->a, 10002);

    memset(text, 'x', 10001);
    begin(s, "alice", "post");
    submit(s, "alice", "post", "text", text, NULL);
    expect_form(1);
    assert_true(answer.failed);
    expect_text("10,001");
    assert_string_equal(text, answer.form->at[0].value);
    submit(s, "alice", "post", "text", "short", NULL);
    expect_done("Posted #7");
}

static void the_same_iq_again_does_nothing_twice(void **state)
{
    struct company *s = *state;
    struct form_request fr = {.node = "undo"};
    struct post p;
    const char *session;
    struct form_value value = {"text", "once"};
    int64_t newest;

    step(s, "alice", &fr, "same");
    expect_done("#6");
    company_say(s, "alice", "post: the next one");
    newest = company_newest(s);
    step(s, "alice", &fr, "same");
    expect_done("came before");
    assert_int_equal(OK, store_post_get(s->st, newest, ALICE, s->a, &p));
    step(s, "alice", &fr, "other");
    assert_int_equal(E_NOTFOUND, store_post_get(s->st, newest, ALICE, s->a, &p));

    begin(s, "alice", "post");
    session = answer.session;
    fr = (struct form_request){.node = "post",
                               .session = session,
                               .action = FORM_COMPLETE,
                               .submitted = true,
                               .at = &value,
                               .n = 1};
    step(s, "alice", &fr, "p");
    expect_done("Posted");
    newest = company_newest(s);
    service_free(s->service); /* as after a crash */
    s->service = service_new(&s->options, s->st);
    step(s, "alice", &fr, "p");
    expect_done("came before");
    step(s, "alice", &fr, "q");
    expect_error("bad-request", "bad-sessionid");
    assert_int_equal(newest, company_newest(s));
    /* Some clients count their ids anew at each login. */
    s->now += LIMIT_PENDING_MS;
    step(s, "alice", &(struct form_request){.node = "undo"}, "same");
    assert_null(strstr(answer.text, "came before"));
}

static void answers_are_not_in_the_log_as_well(void **state)
{
    struct company *s = *state;
    const int64_t head = head_of(s);

    begin(s, "alice", "off");
    expect_done("Updates are off");
    assert_true(s->outcome.on_changed);
    assert_int_equal(head, head_of(s));
}

static void what_stands_there_now(void **state)
{
    struct company *s = *state;

    assert_int_equal(OK, store_person_set(s->st, ALICE, FIELD_BIO, "Mountains"));
    begin(s, "alice", "zone");
    assert_string_equal("UTC", answer.form->at[0].value);
    begin(s, "alice", "set");
    expect_form(1);
    assert_true(answer.next);
    submit(s, "alice", "set", "name", "bio", NULL);
    expect_form(1);
    assert_true(answer.prev && answer.complete);
    assert_string_equal("Mountains", answer.form->at[0].value);
    act(s, "alice", "set", FORM_PREV);
    assert_string_equal("bio", answer.form->at[0].value);
    submit(s, "alice", "set", "name", "bio", NULL);
    submit(s, "alice", "set", "value", "Mountains\nand coffee", NULL);
    expect_done("Mountains\nand coffee");
}

static void choices_are_in_their_language(void **state)
{
    struct company *s = *state;

    begin(s, "minji", "follow");
    assert_string_equal("바로", answer.form->at[2].options[1].value);
    submit(s, "minji", "follow", "x", "@alice", "tag", "회의", "how", "바로", NULL);
    expect_done("@alice)님의 #회의");
    begin(s, "alice", "follow");
    assert_string_equal("now", answer.form->at[2].options[1].value);
    /* None of them is a choice too, and no empty value: that ends profanity. */
    assert_string_equal(FORM_NONE, answer.form->at[2].options[0].value);
    submit(s, "alice", "follow", "x", "carol", "how", FORM_NONE, NULL);
    expect_done("You follow Carol Im (@carol) now");
}

/* ---- who may ------------------------------------------------------------------------------------------ */

static bool is_listed(struct company *s, const char *nick, const char *node)
{
    struct request r = {.from_bare = arena_printf(s->a, "%s@corp.example", nick), .lang = ""};
    struct form_name *names;
    bool listed = false;
    size_t n;

    assert_int_equal(OK, service_forms(s->service, &r, s->a, &names, &n));
    for (size_t i = 0; i < n; i++)
        listed = listed || strcmp(names[i].node, node) == 0;
    return listed;
}

static void a_role_that_is_lacking_sees_nothing(void **state)
{
    struct company *s = *state;
    size_t n = 0;

    FOR_ROWS(row)
    {
        struct call c = caller(s, "carol");

        assert_int_equal(is_listed(s, "carol", row->name), form_offered(&c, row));
        if (row->role == ROLE_EMPLOYEE || !form_offered(&c, row))
            continue;
        n++;
        assert_false(is_listed(s, "alice", row->name));
        assert_false(is_listed(s, "nobody", row->name));
        begin(s, "alice", row->name);
        expect_error("item-not-found", NULL);
        begin(s, "carol", row->name);
        assert_null(answer.condition);
    }
    assert_true(n > 0);
    assert_true(is_listed(s, "nobody", "follow")); /* who has no account yet */
    assert_int_equal(OK, store_person_set_state(s->st, DAN, PERSON_SUSPENDED));
    assert_false(is_listed(s, "dan", "follow"));
    begin(s, "dan", "follow");
    expect_error("forbidden", NULL);
}

static void too_fast_is_refused(void **state)
{
    struct company *s = *state;
    int refused = 0;

    s->options.posts_per_minute = 2;
    service_free(s->service);
    s->service = service_new(&s->options, s->st);
    for (int i = 0; i < 40; i++) {
        s->now -= 1000;
        begin(s, "alice", "me");
        if (answer.condition != NULL) {
            expect_error("resource-constraint", NULL);
            refused++;
        }
    }
    assert_true(refused > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_example_filled_in_does_what_it_does_typed),
        WITH_COMPANY(a_form_asks_for_what_the_row_takes),
        WITH_COMPANY(a_field_cannot_become_another_argument),
        WITH_COMPANY(hostile_forms_change_nothing),
        WITH_COMPANY(a_text_stays_a_text),
        WITH_COMPANY(a_command_without_arguments_runs_at_once),
        WITH_COMPANY(steps_that_do_not_fit),
        WITH_COMPANY(a_session_ends),
        WITH_COMPANY(only_so_many_are_open),
        WITH_COMPANY(what_is_wrong_is_said_and_asked_again),
        WITH_COMPANY(which_of_these_did_you_mean),
        WITH_COMPANY(what_cannot_be_undone_is_asked_about),
        WITH_COMPANY(a_text_that_is_refused_is_not_lost),
        WITH_COMPANY(the_same_iq_again_does_nothing_twice),
        WITH_COMPANY(answers_are_not_in_the_log_as_well),
        WITH_COMPANY(what_stands_there_now),
        WITH_COMPANY(choices_are_in_their_language),
        WITH_COMPANY(a_role_that_is_lacking_sees_nothing),
        WITH_COMPANY(too_fast_is_refused),
    };

    return cmocka_run_group_tests_name("forms", tests, NULL, NULL);
}
