# SPDX-License-Identifier: MIT
"""Commands told from posts, questions about what may have been meant, and both languages."""
from harness import NOBODY


async def unpublished(client, line, *parts):
    """The line is answered, and nothing is posted. Returns the answer."""
    answer = (await client.say(line)).body
    for p in parts:
        assert p in answer, (line, answer)
    assert not answer.startswith(("Posted", "Sent")), (line, answer)
    return answer


async def nothing_was_published(client):
    assert "Nobody has posted anything yet" in (await client.say("all")).body


async def scenario_a_sentence_is_a_post(s):
    alice = await s.joined("alice")
    for line in ("follow the money, they said", "Quiet! please", "people who know COBOL are rare these days.", "d. was here",
                 "get well soon, everybody", "help is on its way, hold on", "post your reply", "on my way to the office",
                 "1/2 of the work is done", "...", "./configure && make", "https://corp.example/", "last orders please!",
                 "reply to me when you can", "/me waves", "no", ":-)", "Like a rolling stone?",
                 "search:", "위에서 보기 좋네요"):
        answer = (await alice.say(line)).body
        assert answer.startswith("Posted") or line == "search:", (line, answer)


async def scenario_a_near_miss_is_asked_about(s):
    alice, bob = await s.joined("alice", "bob")
    await unpublished(alice, "help foo", "help")
    await unpublished(alice, "follow", "follow @nick")
    await unpublished(alice, "unfollow bob carol", "unfollow")
    await unpublished(alice, f"folow {bob.nick}", "follow")
    await unpublished(alice, "d bbo the merger is on, but keep it to yourself", "d WHO TEXT")
    await unpublished(alice, f"d {bob.nick}", "d WHO TEXT")
    await unpublished(alice, "!nowhere new logo", "!nowhere")
    await unpublished(alice, f"#{NOBODY} priority is sales", f"#{NOBODY}")
    await unpublished(alice, "edit the text of the homepage", "edit")
    await unpublished(alice, "ㅗ디ㅔ", "help")
    await unpublished(alice, "팔루우 @" + bob.nick, "팔로우")
    await unpublished(alice, "/nonsense", "nonsense")
    await unpublished(alice, "/folow bob", "follow")
    await unpublished(alice, "/follow", "follow")
    await unpublished(alice, "S @" + bob.nick)
    await unpublished(alice, f"mute {bob.nick} for 3 days", "mute X")
    await unpublished(alice, f"follow {bob.nick} and carol", "follow @nick")
    await unpublished(alice, "d nobody7 psst, listen", "Nothing is done or published yet", "`post`")
    await unpublished(alice, f"admin suspend {bob.nick}")
    await bob.nothing()
    await nothing_was_published(bob)


async def scenario_yes_runs_what_was_proposed(s):
    alice, bob = await s.joined("alice", "bob")
    answer = await unpublished(alice, f"folow {bob.nick}", "yes")
    assert f"follow {bob.nick}" in answer, answer
    assert "You follow" in (await alice.say("yes")).body
    await unpublished(alice, "yes", "nothing")
    await nothing_was_published(alice)


async def scenario_post_publishes_what_was_asked_about(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    await unpublished(alice, "help foo")
    n = await alice.post("post")
    assert (await bob.expect_update()).body == f"@{alice.nick}: help foo (#{n})"
    await unpublished(alice, "post", "nothing waiting")


async def scenario_anything_else_drops_the_question(s):
    alice, bob = await s.joined("alice", "bob")
    await alice.say("help foo")
    await alice.post("a new message")
    await unpublished(alice, "post", "nothing waiting")
    await unpublished(alice, "help foo")
    assert "nothing was done" in (await alice.say("no")).body


async def scenario_a_question_belongs_to_the_person_not_to_the_client(s):
    alice, bob = await s.joined("alice", "bob")
    laptop = await s.device(alice)
    await alice.say("help foo")
    await bob.say("post")
    await laptop.post("post")
    await unpublished(alice, "post", "nothing waiting")


async def scenario_post_with_a_colon_publishes_whatever_it_looks_like(s):
    alice, bob = await s.joined("alice", "bob")
    await bob.follow(alice)
    for line in ("post: help foo", "/post follow me", "게시: 도움말"):
        await alice.post(line)
        assert f"{line.split(' ', 1)[1]} (#" in (await bob.expect_update()).body


async def scenario_commands_do_not_mind_how_they_are_typed(s):
    alice, bob = await s.joined("alice", "bob")
    n = await alice.post("target")
    for line in ("HELP", "  help  ", "Help", "/help", ".help", "?", "/HELP"):
        assert "`help all`" in (await bob.say(line)).body, line
    for line in (f"＃{n}", f"show #{n}", f"SHOW ＃{n}", f"/#{n}", f"＠{alice.nick}", f"Whois ＠{alice.nick}"):
        assert "target" in (await bob.say(line)).body, line
    assert "You follow" in (await bob.say("follow “smart quotes”")).body


async def scenario_help_explains_each_command(s):
    alice = await s.joined("alice")
    text = (await alice.say("help all")).body
    for word in ("follow", "search", "undo", "mute", "block", "lang"):
        assert word in text, text
        one = (await alice.say(f"help {word}")).body
        assert word in one and "Also:" in one, one


async def scenario_what_is_not_built_yet_publishes_nothing(s):
    alice, bob = await s.joined("alice", "bob")
    n = await bob.post("target")
    for line in (f"window @{bob.nick}", f"window @{bob.nick} off", f"window #{n}", "login"):
        answer = await unpublished(alice, line)
        assert "not work yet" in answer or "not built" in answer or "no command" in answer, (line, answer)


async def scenario_korean_words_and_answers(s):
    alice, bob = await s.joined("alice", "bob")
    assert "한국어" in (await alice.say("lang ko")).body
    answer = (await alice.say(f"팔로우 @{bob.nick}")).body
    assert "팔로우했어요" in answer, answer
    await bob.expect_update("New follower")
    n = await bob.post("점심 드실 분")
    m = await alice.expect_update("점심")
    assert m.body == f"@{bob.nick}: 점심 드실 분 (#{n})", m
    for line, part in (("홈", "점심"), ("전체", "점심"), (f"누구 {bob.nick}", "점심"), (f"#{n}", "점심"), ("도움말", "팔로우"),
                       ("검색 점심", "점심"), (f"좋아요 #{n}", f"#{n}"), ("팔로잉", bob.nick), ("상태", "우선"), ("통계", "내 통계"),
                       (f"뮤트 {bob.nick}", "뮤트"), (f"뮤트해제 {bob.nick}", "뮤트를 풀"), (f"언팔로우 {bob.nick}", "팔로우"),
                       ("도움말 팔로우", "예"), ("멘션", "없어요")):
        answer = (await alice.say(line)).body
        assert part in answer and "Posted" not in answer, (line, answer)
        assert not any(w in answer.split() for w in ("the", "you", "You", "is", "nothing")), (line, answer)
    answer = (await alice.say(f"쪽지 {bob.nick} 둘만 아는 이야기")).body
    assert f"@{bob.nick}" in answer and "Sent" not in answer, answer
    assert "privately: 둘만" in (await bob.expect_update("둘만")).body  # in the reader's language
    answer = (await alice.say("오늘은 재택합니다")).body
    assert "#" in answer and "명" in answer, answer
    assert "취소" not in (await alice.say("취소")).body.split()[0]
    assert "English" in (await alice.say("언어 영어")).body


async def scenario_the_language_of_the_first_message_counts(s):
    alice = await s.people("alice")
    await alice.say("안녕하세요", lang="ko-KR")
    assert "환영" in (await alice.expect_update()).body
    assert "한국어" in (await alice.say("언어")).body


async def scenario_the_company_s_language_is_the_default(s):
    await s.jaejald(service__language="ko")
    alice = await s.joined("alice")
    assert "팔로우" in (await alice.say("help")).body


async def scenario_too_fast_is_said_and_reading_goes_on(s):
    await s.jaejald(limits__posts_per_minute=3)
    alice = await s.joined("alice")
    for i in range(3):
        await alice.post(f"post {i}.")
    answer = (await alice.say("one too many")).body
    assert "too fast" in answer and "3" in answer, answer
    text = (await alice.say("home")).body
    assert "post 2." in text and "one too many" not in text, text
