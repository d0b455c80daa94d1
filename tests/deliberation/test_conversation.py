"""The conversation as it is read: fair shares, order, cursors, replies, tombstones, one query."""

import pytest

from deliberation.actions import post_comment, support_comment, withdraw_comment
from deliberation.conversation import FIRST, REPLIES, read_conversation, read_lane, read_thread
from deliberation.models import Comment
from deliberation.threads import Reader, lane_html, whole_html
from tests import factories

pytestmark = pytest.mark.django_db


def fill(world, author, **numbers):
    """So many comments of each stance, the later ones better supported."""
    return Comment.objects.bulk_create(
        Comment(
            subject=world.article,
            author=author,
            stance=stance.removesuffix("_"),
            body=f"{stance} {n}",
            body_html=f"<p>{stance} {n}</p>",
            support_count=n,
        )
        for stance, number in numbers.items()
        for n in range(number)
    )


def read(world, person=None, **options):
    return read_conversation(
        world.article.pk,
        organisation_id=world.process.organisation_id,
        user_id=person.pk if person else None,
        **options,
    )


def sizes(lanes):
    return {stance: len(lane.remarks) for stance, lane in lanes.items()}


def test_the_page_is_shared_two_arguments_for_one_remark(world, alice):
    fill(world, alice, for_=30, against=30, neutral=30)
    lanes = read(world)
    assert sizes(lanes) == {"for": 8, "against": 8, "neutral": 4}
    assert all(lane.after for lane in lanes.values())


def test_a_lane_that_is_short_leaves_its_share_to_the_others(world, alice):
    fill(world, alice, for_=30, against=2)
    lanes = read(world)
    assert sizes(lanes) == {"for": FIRST - 2, "against": 2, "neutral": 0}
    assert (bool(lanes["for"].after), lanes["against"].after) == (True, "")


def test_the_best_supported_stand_first_and_the_cursor_goes_on(world, alice):
    fill(world, alice, for_=45)
    found, after = [], ""
    while True:
        lane = read_lane(
            world.article.pk,
            stance="for",
            after=after,
            organisation_id=world.process.organisation_id,
            user_id=None,
        )
        found += [remark.support_count for remark in lane.remarks]
        after = lane.after
        if not after:
            break
    assert found == list(range(44, -1, -1))


@pytest.mark.parametrize("after", ["x", "1", "-", "1-", "9" * 40 + "-1", "1-1; DROP", "٣-٤"])
def test_a_wrong_cursor_is_no_error(world, alice, after):
    fill(world, alice, for_=3)
    lane = read_lane(
        world.article.pk,
        stance="for",
        after=after,
        organisation_id=world.process.organisation_id,
        user_id=None,
    )
    assert len(lane.remarks) <= 3


def test_what_was_posted_just_now_stands_first_and_once(world, alice):
    rows = fill(world, alice, for_=30)
    lane = read(world, first_id=rows[0].pk)["for"]
    assert lane.remarks[0].pk == rows[0].pk
    assert len({remark.pk for remark in lane.remarks}) == len(lane.remarks) == FIRST + 1


def test_of_another_subject_nothing_stands_first(world, alice):
    other = post_comment(alice, subject_id=world.articles[1].pk, body="Elsewhere.")
    assert sizes(read(world, first_id=other.pk)) == {"for": 0, "against": 0, "neutral": 0}


def test_a_few_replies_come_along_and_the_rest_is_one_click_away(world, alice):
    top = post_comment(alice, subject_id=world.article.pk, body="So?", stance="for")
    for n in range(REPLIES + 2):
        post_comment(alice, subject_id=world.article.pk, body=f"Reply {n}", parent_id=top.pk)
    remark = read(world)["for"].remarks[0]
    assert (remark.replies[0].body_html, len(remark.replies)) == (
        "<p>Reply 0</p>\n",
        REPLIES,
    )
    html = lane_html(read(world)["for"], Reader(None, "en"))
    assert f'href="/en/subjects/comments/{top.pk}/"' in html
    rest = read_thread(
        top.pk,
        after_id=remark.replies[-1].pk,
        organisation_id=world.process.organisation_id,
        user_id=None,
    )
    assert len(rest.replies) == 2


def test_replies_are_nested_under_what_they_answer(world, alice, charlie):
    top = post_comment(alice, subject_id=world.article.pk, body="One", stance="for")
    second = post_comment(charlie, subject_id=world.article.pk, body="Two", parent_id=top.pk)
    post_comment(alice, subject_id=world.article.pk, body="Three", parent_id=second.pk)
    html = whole_html(read(world)["for"].remarks[0], Reader(None, "en"))
    assert html.count('class="comment__replies"') == 2
    assert html.index("One") < html.index("Two") < html.index("Three")


def test_a_reader_sees_what_is_his_to_do(world, alice, charlie):
    row = post_comment(alice, subject_id=world.article.pk, body="One", stance="for")
    support_comment(charlie, comment_id=row.pk)
    for_author = lane_html(
        read(world, alice)["for"],
        Reader(alice.pk, "en", replies=True, supports=True, withdraws=True),
    )
    for_supporter = lane_html(
        read(world, charlie)["for"], Reader(charlie.pk, "en", replies=True, supports=True)
    )
    assert f"/comments/{row.pk}/edit/" in for_author
    assert "support/" not in for_author
    assert f"/comments/{row.pk}/support/?end=1" in for_supporter
    assert "edit/" not in for_supporter
    assert '<a href="/' not in lane_html(read(world)["for"], Reader(None, "en"))


def test_people_of_the_body_are_marked_and_names_are_escaped(world, bob):
    bob.name = "<script>Bob</script>"
    bob.save(update_fields=["name"])
    post_comment(bob, subject_id=world.article.pk, body="We listen.", stance="neutral")
    html = lane_html(read(world)["neutral"], Reader(None, "en"))
    assert "official" in html
    assert "<script>" not in html


def test_what_was_withdrawn_leaves_a_stone_with_its_replies(world, alice, charlie):
    row = post_comment(alice, subject_id=world.article.pk, body="Secret words", stance="for")
    post_comment(charlie, subject_id=world.article.pk, body="An answer", parent_id=row.pk)
    withdraw_comment(alice, comment_id=row.pk)
    html = lane_html(read(world)["for"], Reader(None, "en"))
    assert "Withdrawn by its author" in html
    assert "An answer" in html
    assert "Secret words" not in html


@pytest.mark.parametrize("number", [3, 3000])
def test_it_is_one_query_however_much_was_said(world, django_assert_num_queries, number):
    author = factories.person()
    fill(world, author, for_=number, against=number, neutral=number)
    with django_assert_num_queries(1):
        lanes = read(world, author)
    assert sum(sizes(lanes).values()) == min(FIRST, 3 * number)
