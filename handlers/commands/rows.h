/* SPDX-License-Identifier: MIT */
/* Run functions that stand in another file than their rows. */
#ifndef HANDLERS_COMMANDS_ROWS_H
#define HANDLERS_COMMANDS_ROWS_H

#include "handlers/command.h"

/* show.c: one thing, looked at closely */
enum err run_show(struct call *c) MUST_USE;
enum err run_thread(struct call *c) MUST_USE;
enum err run_history(struct call *c) MUST_USE;
enum err run_likes(struct call *c) MUST_USE;
enum err run_whois(struct call *c) MUST_USE;

/* keep.c: bookmarks */
enum err run_save(struct call *c) MUST_USE;
enum err run_unsave(struct call *c) MUST_USE;
enum err run_saved(struct call *c) MUST_USE;

/* tags.c */
enum err run_tags(struct call *c) MUST_USE;
enum err run_trends(struct call *c) MUST_USE;

/* profile.c: thanks and pins */
enum err run_praise(struct call *c) MUST_USE;
enum err run_pin(struct call *c) MUST_USE;
enum err run_unpin(struct call *c) MUST_USE;

/* order.c: reports, the end of conversations */
enum err run_report(struct call *c) MUST_USE;
enum err run_end(struct call *c) MUST_USE;

/* moderate.c: reports, posts taken back, words that are watched */
enum err run_admin_remove(struct call *c) MUST_USE;
enum err run_admin_reports(struct call *c) MUST_USE;
enum err run_admin_dismiss(struct call *c) MUST_USE;
enum err run_admin_watch(struct call *c) MUST_USE;
enum err run_admin_unwatch(struct call *c) MUST_USE;
enum err run_admin_broadcast(struct call *c) MUST_USE;

/* company.c: figures */
enum err run_stats_company(struct call *c) MUST_USE;
enum err run_admin_stats(struct call *c) MUST_USE;

/* invite.c */
enum err run_invite(struct call *c) MUST_USE;
enum err run_nudge(struct call *c) MUST_USE;

/* mute.c */
enum err run_lose(struct call *c) MUST_USE;
enum err run_mute(struct call *c) MUST_USE;
enum err run_unmute(struct call *c) MUST_USE;
enum err run_muted(struct call *c) MUST_USE;
enum err run_block(struct call *c) MUST_USE;
enum err run_unblock(struct call *c) MUST_USE;
enum err run_blocked(struct call *c) MUST_USE;

/* alias.c: short forms of one's own */
enum err run_alias(struct call *c) MUST_USE;
enum err run_unalias(struct call *c) MUST_USE;

/* export.c */
enum err run_export(struct call *c) MUST_USE;

/* leave.c: forget me */
enum err run_forget(struct call *c) MUST_USE;
/* own.c: settings */
enum err run_settings(struct call *c) MUST_USE;
enum err run_set(struct call *c) MUST_USE;
enum err takes_set(struct call *c, const struct value *args, struct fitting *out) MUST_USE;
const char *now_set(struct call *c, const struct value *args);
void among_set(struct call *c, const struct value *args, struct among *out);

/* peace.c: what updates wait for, a line each; nothing where they come at once. Ends a snooze (*ended: there was one). */
enum err put_peace(struct call *c) MUST_USE;
/* Says how what is followed at a level comes; of a daily or weekly one it sees to a digest. */
enum err put_level(struct call *c, enum follow_level level) MUST_USE;
enum err end_snooze(struct call *c, bool *ended) MUST_USE;

/* status.c: what the bot sees of a person */
enum err run_status(struct call *c) MUST_USE;

/* Name, title, bio, figures: what `whois` and `me` show alike (show.c). */
enum err show_person(struct call *c, const struct person *p) MUST_USE;

#endif
