"""What of a text goes on in its next version."""

from hypothesis import given
from hypothesis import strategies as st

from consultations.drafting.anchors import match_articles, rebase, similarity
from consultations.drafting.model import Node

SCOPE = "This Act applies to all public bodies that keep documents in the course of their duties."
ACCESS = (
    "Every person may ask to see a document, and receives an answer within one month of asking."
)
FEES = (
    "Copies are free of charge up to twenty pages; the council sets the price of any further page."
)


def article(number: str, body: str, heading: str = "") -> Node:
    return Node("article", number, heading, body)


def test_renumbered_articles_continue_by_their_words():
    old = [article("1", SCOPE), article("2", ACCESS)]
    new = [article("1", FEES), article("2", SCOPE), article("3", ACCESS)]
    matching = match_articles(old, new)
    assert matching.pairs == ((0, 1), (1, 2))
    assert matching.added == (0,)
    assert matching.removed == ()


def test_number_and_heading_say_more_than_the_words():
    old = [article("1", SCOPE, "Scope"), article("2", ACCESS, "Access")]
    new = [article("1", FEES, "Scope"), article("2", SCOPE, "Access")]
    assert match_articles(old, new).pairs == ((0, 0), (1, 1))


def test_a_reworded_article_continues_and_a_new_one_with_its_number_does_not():
    reworded = SCOPE.replace("all public bodies", "every public body").replace("duties", "work")
    assert match_articles([article("1", SCOPE)], [article("2", reworded)]).pairs == ((0, 0),)
    matching = match_articles([article("1", SCOPE)], [article("1", FEES)])
    assert (matching.pairs, matching.added, matching.removed) == ((), (0,), (0,))


def test_a_heavily_reworded_article_continues_only_under_its_number():
    heavily = (
        "This Act applies to all public bodies and to firms under contract with any of them today."
    )
    assert 0.2 <= similarity(SCOPE, heavily) < 0.5
    assert match_articles([article("1", SCOPE)], [article("1", heavily)]).pairs == ((0, 0),)
    moved = match_articles([article("1", SCOPE)], [article("7", heavily)])
    assert moved.pairs == ()
    assert [(doubt.old, doubt.new) for doubt in moved.uncertain] == [(0, 0)]
    assert (moved.added, moved.removed) == ((0,), (0,))


def test_twins_are_told_apart_by_their_words_or_not_at_all():
    old = [article("1", SCOPE, "Scope"), article("1", FEES, "Scope")]
    new = [article("1", FEES, "Scope"), article("1", SCOPE, "Scope")]
    assert match_articles(old, new).pairs == ((0, 1), (1, 0))


def test_containers_continue_by_number_and_kinds_never_mix():
    old = [
        Node("chapter", "I", "Data"),
        Node("section", "1", "Data"),
        Node("preamble", body="Whereas"),
    ]
    new = [Node("preamble", body="Considering"), Node("chapter", "I", "Information")]
    assert match_articles(old, new).pairs == ((0, 1), (2, 0))


NODES = st.lists(
    st.builds(
        Node,
        st.sampled_from(["title", "chapter", "section", "article", "preamble"]),
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["", "Scope", "Fees"]),
        st.sampled_from(["", SCOPE, ACCESS, FEES, SCOPE + " " + FEES]),
    ),
    max_size=7,
)


@given(NODES, NODES)
def test_every_part_is_accounted_for_once(old, new):
    matching = match_articles(old, new)
    assert sorted([was for was, _ in matching.pairs] + list(matching.removed)) == list(
        range(len(old))
    )
    assert sorted([now for _, now in matching.pairs] + list(matching.added)) == list(
        range(len(new))
    )
    assert all(old[was].kind == new[now].kind for was, now in matching.pairs)
    assert {doubt.old for doubt in matching.uncertain} <= set(matching.removed)
    assert {doubt.new for doubt in matching.uncertain} <= set(matching.added)


@given(
    st.lists(
        st.text(alphabet="abcdefgh", min_size=1, max_size=6), min_size=1, max_size=8, unique=True
    )
)
def test_an_unchanged_text_continues_as_a_whole(words):
    nodes = [article(str(place), f"{word} " * 30, word) for place, word in enumerate(words)]
    assert match_articles(nodes, nodes).pairs == tuple((n, n) for n in range(len(nodes)))


def test_an_amendment_elsewhere_in_the_text_fits_the_next_version():
    rebased = rebase("One fee. Two rules.", "One fee. Three rules.", "A fee. Two rules.")
    assert (rebased.text, rebased.clean) == ("A fee. Three rules.", True)


def test_an_amendment_that_was_adopted_or_met_no_change_is_itself():
    assert rebase("old", "new", "new").text == "new"
    assert rebase("old", "new", "old").clean


def test_an_amendment_of_what_was_changed_needs_a_look():
    rebased = rebase(
        "Every person may ask within one month of the event.",
        "Every person may ask within two months of the event.",
        "Every person may ask within three weeks of the event.",
    )
    assert not rebased.clean


def test_an_amendment_of_a_removed_text_fits_nowhere():
    assert rebase(SCOPE, SCOPE + " And more.", "").text is None
    assert rebase(SCOPE, SCOPE.replace("public", "private"), FEES).text is None


TEXT = st.lists(st.sampled_from(["one", "two", "three", "four", ".", "\n"]), max_size=12).map(
    " ".join
)


@given(TEXT, TEXT, TEXT)
def test_rebasing_is_exact_at_its_ends(original, proposed, new_text):
    assert rebase(original, proposed, original).text == proposed
    assert rebase(original, proposed, proposed).text == proposed
    if new_text.strip():
        unchanged = rebase(original, original, new_text)
        assert (unchanged.text, unchanged.clean) == (new_text, True)


@given(TEXT, TEXT, TEXT, TEXT)
def test_changes_on_both_sides_of_a_fixed_paragraph_are_both_kept(before, after, left, right):
    middle = (
        "\n\nA paragraph in the middle that nobody ever touches, whatever happens around it.\n\n"
    )
    rebased = rebase(
        f"{before}{middle}{after}", f"{left}{middle}{after}", f"{before}{middle}{right}"
    )
    assert not rebased.clean or rebased.text == f"{left}{middle}{right}"
