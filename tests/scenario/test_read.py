# SPDX-License-Identifier: MIT
"""Reading: lists with the newest last, `more`, conversations, people, and the search, in Korean as well."""
import unicodedata

from harness import NOBODY


def in_order(text, *parts):
    at = [text.find(p) for p in parts]
    assert -1 not in at and at == sorted(at), (parts, text)


async def found(client, words, *posts, never=()):
    """A search finds exactly these posts (by number), the newest last."""
    text = (await client.say(f"search: {words}")).body
    if posts:
        in_order(text, *(f"(#{n})" for n in posts))
    for n in never:
        assert f"(#{n})" not in text, (words, text)
    return text


async def scenario_lists_have_the_newest_last(s):
    alice, bob, carol = await s.joined("alice", "bob", "carol")
    await bob.follow(alice)
    await alice.post("first of alice #list")
    await carol.post("first of carol #list")
    await bob.post("first of bob #list")
    await alice.post(f"second of alice #list @{bob.nick}")
    in_order((await bob.say("home")).body, "first of alice", "first of bob", "second of alice")
    assert "carol" not in (await bob.say("tl")).body
    in_order((await bob.say("all")).body, "first of alice", "first of carol", "first of bob", "second of alice")
    in_order((await bob.say("all 2")).body, "first of bob", "second of alice", "more")
    for line in (f"@{alice.nick}", f"whois {alice.nick}", f"get {alice.nick}", f"last @{alice.nick} 2", f"whois {alice.jid}"):
        in_order((await carol.say(line)).body, "first of alice", "second of alice")
    in_order((await carol.say("#list")).body, "first of alice", "first of carol", "first of bob", "second of alice")
    in_order((await carol.say("tag list 2")).body, "first of bob", "second of alice")
    assert "second of alice" in (await bob.say("mentions")).body
    in_order((await bob.say("search of list")).body, "first of alice", "second of alice")


async def scenario_bookmarks_are_for_oneself(s):
    alice, bob = await s.joined("alice", "bob")
    one, two = await alice.post("first to keep"), await alice.post("second to keep")
    assert f"Kept #{two}" in (await bob.say(f"save #{two}")).body
    assert f"#{one}" in (await bob.say(f"찜 #{one}")).body
    in_order((await bob.say("saved")).body, f"(#{two})", f"(#{one})")
    assert "nothing yet" in (await alice.say("saved")).body
    await bob.say(f"unsave #{two}")
    assert f"(#{two})" not in (await bob.say("찜목록")).body
    await alice.say(f"delete #{one}")
    assert "nothing yet" in (await bob.say("saved")).body
    await alice.nothing()


async def scenario_tags_in_use_and_what_rises(s):
    alice, bob = await s.joined("alice", "bob")
    for i in range(3):  # of two people: what one alone repeats is no trend
        await (bob if i == 1 else alice).post(f"soup {i} #rising")
    await alice.say(f"d {bob.nick} about #hiddenaway")
    text = (await bob.say("tags")).body
    assert "#rising: 3 posts" in text and "hidden" not in text, text
    text = (await bob.say("trends")).body
    assert "#rising: 3," in text and "hidden" not in text, text


async def scenario_more_goes_on_in_the_last_list(s):
    alice = await s.joined("alice")
    for i in range(23):
        alice.send(f"line {i:02}.")
    for _ in range(23):
        await alice.expect("^Posted")
    text = (await alice.say("home")).body
    in_order(text, *(f"line {i:02}." for i in range(13, 23)), "more")
    in_order((await alice.say("more")).body, *(f"line {i:02}." for i in range(3, 13)), "more")
    text = (await alice.say("더")).body
    in_order(text, *(f"line {i:02}." for i in range(3)))
    assert "`more`" not in text, text
    assert "all of it" in (await alice.say("more")).body
    await alice.say("search line 5")
    text = (await alice.say("search: line")).body
    in_order(text, *(f"line {i:02}." for i in range(13, 23)), "more")
    in_order((await alice.say("more")).body, *(f"line {i:02}." for i in range(3, 13)))


async def scenario_more_of_nothing_says_so(s):
    alice = await s.joined("alice")
    for line in ("more", "yes", "post", "7"):
        answer = (await alice.say(line)).body
        assert "nothing" in answer.lower() or "no list" in answer, (line, answer)
    assert "Nobody has posted" in (await alice.say("all")).body


async def scenario_empty_lists_say_what_to_do(s):
    alice = await s.joined("alice")
    for line, hint in (("home", "follow @nick"), ("all", "first post"), ("mentions", alice.nick), ("inbox", "d @nick"),
                       ("following", "follow @nick"), ("followers", "@nick"), ("tracking", "follow \""), ("muted", "mute"),
                       ("blocked", "nobody"), ("search xyzzy", "xyzzy"), ("people xyzzy", "xyzzy")):
        answer = (await alice.say(line)).body
        assert hint in answer, (line, answer)


async def scenario_a_post_shows_what_it_answers_and_how_it_was_received(s):
    alice, bob = await s.joined("alice", "bob")
    root = await alice.post("the question")
    reply = await bob.post(f"#{root} the answer")
    await alice.say(f"like #{reply}")
    text = (await alice.say(f"#{reply}")).body
    in_order(text, "the question", "the answer", "1 like")
    assert "1 reply" in (await alice.say(f"show #{root}")).body
    assert "no post" in (await alice.say(f"#{NOBODY}")).body


async def scenario_people_are_found_by_nick_title_and_bio(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.say("set bio 등산과 커피")
    for words in (bob.nick, "등산", "커피"):
        assert f"@{bob.nick}" in (await alice.say(f"people {words}")).body, words


async def scenario_search_filters(s):
    alice, bob = await s.joined("alice", "bob")
    a = await alice.post("quarterly budget draft https://corp.example/b #finance")
    b = await bob.post("the budget is final")
    c = await bob.post(f"lunch @{alice.nick}")
    await found(alice, "budget", a, b, never=[c])
    await found(alice, f"budget from:{bob.nick}", b, never=[a, c])
    await found(alice, f"budget from:@{bob.nick}", b, never=[a])
    await found(alice, "from:me", a, never=[b, c])
    await found(alice, f"to:{alice.nick}", c, never=[a, b])
    await found(alice, "tag:finance", a, never=[b, c])
    await found(alice, "tag:#finance budget", a, never=[b, c])
    await found(alice, "budget has:link", a, never=[b])
    await found(alice, "budget -final", a, never=[b])
    await found(alice, '"budget is"', b, never=[a])
    await found(alice, "budget since:1d", a, b)
    await found(alice, "budget since:2020-01-01 until:2020-02-01", never=[a, b])
    assert "@nobody7" in await found(alice, "budget from:nobody7", never=[a, b])
    assert "yesterdayish" in await found(alice, "budget since:yesterdayish", never=[a, b])


async def scenario_korean_is_found_inside_words(s):
    alice, bob = await s.joined("alice", "bob")
    a = await alice.post("오늘 회의에서 봅시다")
    b = await alice.post("사내회의실예약 부탁드립니다")
    c = await alice.post(unicodedata.normalize("NFD", "내일 회의 준비"))
    d = await alice.post("점심 뭐 먹지? 밥")
    await found(bob, "회의", a, b, c, never=[d])
    await found(bob, unicodedata.normalize("NFD", "회의"), a, b, c, never=[d])
    await found(bob, "회의실", b, never=[a, c, d])
    await found(bob, "회의 준비", c, never=[a, b])
    await found(bob, "밥", d, never=[a, b, c])
    text = (await bob.say("검색 회의")).body
    in_order(text, f"(#{a})", f"(#{b})", f"(#{c})")


async def scenario_search_does_not_know_case_width_or_accents_apart(s):
    alice = await s.joined("alice")
    n = await alice.post("Das Büro in STRASSE Ｎｏ．7")
    for words in ("büro", "BÜRO", "straße", "no 7"):
        await found(alice, words, n)


async def scenario_an_edit_changes_what_is_found(s):
    alice = await s.joined("alice")
    n = await alice.post("the zebra crossing")
    await found(alice, "zebra", n)
    await alice.say(f"edit #{n} the giraffe crossing")
    await found(alice, "giraffe", n)
    await found(alice, "zebra", never=[n])


async def scenario_search_syntax_of_others_is_only_words(s):
    alice = await s.joined("alice")
    n = await alice.post("Robert'); DROP TABLE post;-- \"said\" NEAR the AND OR NOT a*b col:value 100%")
    for words in ("' OR 1=1 --", "\"", "\"\"", "a* OR b*", "NEAR(a b)", "col:value AND NOT x", "(((", "^a", "{a b}:c", "-", "--",
                  "%", "_", "\\", "; DROP TABLE post;", "*", "+", "a AND", "NOT", "\u0000".strip("\u0000") + "ㅋㅋ", "from:", "tag:",
                  "since:", "from:' OR 1=1", "tag:%", "has:nonsense", "\"unclosed phrase", "x" * 300, "a " * 30):
        answer = await alice.say(f"search: {words}")
        assert answer.body and "error" not in answer.body.lower(), (words, answer)
    for words in ("DROP TABLE", "Robert'", "near the and", "a*b", "col:value", "100%"):
        await found(alice, words, n)
    assert "(#1)" in (await alice.say("all")).body


async def scenario_a_long_sentence_behind_search_may_be_published(s):
    alice = await s.joined("alice")
    answer = (await alice.say("search engines have become much better lately")).body
    assert "`post`" in answer, answer
    n = await alice.post("post")
    assert "search engines have become" in (await alice.say(f"#{n}")).body


async def scenario_lists_of_people_are_paged(s):
    alice = await s.joined("alice")
    crowd = await s.people(*(f"crowd{i:02}x" for i in range(15)))
    for p in crowd:
        await p.say(f"follow {alice.nick}")
    for first in ("followers", "people crowd"):
        one, two = (await alice.say(first)).body, (await alice.say("more")).body
        nicks = [p.nick for p in crowd if f"@{p.nick}" in one] + [p.nick for p in crowd if f"@{p.nick}" in two]
        assert sorted(nicks) == sorted(p.nick for p in crowd) and "`more`" in one and "`more`" not in two, (one, two)
    n = await alice.post("popular")
    for p in crowd:
        await p.expect_update("popular")
        await p.say(f"like #{n}")
    one, two = (await alice.say(f"likes #{n}")).body, (await alice.say("more")).body
    assert "15 people" in one, one
    assert all((f"@{p.nick}" in one) != (f"@{p.nick}" in two) for p in crowd), (one, two)
