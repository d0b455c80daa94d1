"""The letter after the count: what was chosen and why, and what became of what a person chose."""

from collections.abc import Iterator

import pytest

from accounts.models import Organisation, User
from budgets.kinds import Rule
from budgets.letters import changes, chosen
from budgets.models import Budget, Project
from notifications.letters import Letter, compose
from notifications.models import Delivery
from processes.tasks import deliver_entries
from tests.budgets.results.ballots import approve, counted, with_projects
from voting.kinds import Secrecy

COSTS = {"A park": 30_000, "A pool": 80_000, "A bridge": 50_000}


def voted(
    bob: User, alice: User, organisation: Organisation, secrecy: str
) -> tuple[Budget, list[User]]:
    """Alice proposed all three; the park and the bridge are chosen."""
    ballot, rules = {"rule": Rule.GREEDY_BY_VOTES}, {"secrecy": secrecy}
    budget = with_projects(bob, organisation, alice, COSTS, ballot=ballot, rules=rules)
    people = approve(budget, "p1 p2", "p1 p3", "p2", "p1", "")
    counted(budget)
    deliver_entries()
    return budget, people


def letter_of(person: User, language: str = "en") -> Letter:
    return compose(Delivery.objects.get(user=person, channel="site"), language=language)


def lines(part: object) -> Iterator[str]:
    for text, _href in getattr(part, "lines", part):
        yield str(text)


def test_everybody_who_voted_gets_one_letter(
    bob: User, alice: User, organisation: Organisation
) -> None:
    _budget, people = voted(bob, alice, organisation, Secrecy.NAMED)
    told = Delivery.objects.filter(channel="site").values_list("user_id", flat=True)
    assert sorted(told) == sorted(person.pk for person in people)


def test_it_says_what_won_for_how_much_and_by_which_rule(
    bob: User, alice: User, organisation: Organisation
) -> None:
    budget, people = voted(bob, alice, organisation, Secrecy.NAMED)
    letter = letter_of(people[0])
    said = list(lines(letter.results))
    assert said[0] == "5 people voted. 2 projects are chosen, for €80,000 of €100,000."
    assert said[1].startswith("3 of 4 voters who chose something got at least one")
    assert said[2:4] == ["1. A park (€30,000)", "2. A bridge (€50,000)"]
    assert said[4].startswith(
        "They were chosen by the rule “Most votes first”. The project with the most"
    )
    hrefs = [href for _text, href in letter.results if href]
    assert f"/en/budgets/{budget.process.slug}/results/" in hrefs
    assert f"/en/budgets/rules/{Rule.GREEDY_BY_VOTES}/" in hrefs


@pytest.mark.parametrize("secrecy", [Secrecy.NAMED, Secrecy.CONFIDENTIAL])
def test_a_person_reads_what_became_of_what_they_chose(
    secrecy: str, bob: User, alice: User, organisation: Organisation
) -> None:
    _budget, people = voted(bob, alice, organisation, secrecy)
    letter = letter_of(people[0])
    assert letter.chosen is not None
    assert letter.chosen.heading == "What you chose"
    first, *rest = lines(letter.chosen)
    assert first == "Of the projects you chose (2), 1 is carried out."
    assert rest[0] == "✓ A park: chosen."
    assert rest[1] == "A pool: not chosen."
    assert rest[2].startswith("When its turn came, 1 project had been chosen")
    blank = letter_of(people[4])
    assert list(lines(blank.chosen)) == ["You voted and chose no project."]


def test_a_secret_vote_tells_nobody_what_they_chose(
    bob: User, alice: User, organisation: Organisation
) -> None:
    budget, people = voted(bob, alice, organisation, Secrecy.SECRET)
    letter = letter_of(people[0])
    assert letter.chosen is None
    text, href = letter.results[-1]
    assert "nothing joins a ballot to a person" in str(text)
    assert href == f"/en/polls/{budget.process.slug}/receipt/"


def test_letters_of_all_voters_to_a_secret_vote_say_the_same(
    bob: User, alice: User, organisation: Organisation
) -> None:
    _budget, people = voted(bob, alice, organisation, Secrecy.SECRET)
    assert len({tuple(map(str, lines(letter_of(person).results))) for person in people}) == 1


def test_it_speaks_the_language_of_its_reader(
    bob: User, alice: User, organisation: Organisation
) -> None:
    _budget, people = voted(bob, alice, organisation, Secrecy.NAMED)
    letter = letter_of(people[0], "fr")
    assert letter.chosen is not None
    assert letter.chosen.heading == "Ce que vous avez choisi"


def test_many_letters_need_as_many_queries_as_one(
    bob: User, alice: User, organisation: Organisation, django_assert_max_num_queries: object
) -> None:
    budget, people = voted(bob, alice, organisation, Secrecy.NAMED)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert len(chosen(budget.process, [person.pk for person in people], "en")) == 5


def test_whoever_proposed_a_project_reads_what_became_of_it(
    bob: User, alice: User, organisation: Organisation
) -> None:
    budget, _people = voted(bob, alice, organisation, Secrecy.SECRET)
    subjects = dict(Project.objects.filter(budget=budget).values_list("subject_id", "number"))
    parts = changes(budget.process, list(subjects), "en")
    said = {subjects[pk]: (part.heading, list(lines(part))) for pk, part in parts.items()}
    assert said[3][0] == "Chosen"
    assert said[3][1] == [
        "It is number 2 of 2 chosen projects.",
        "With 1 vote it was next in order, and the money was enough.",
    ]
    assert said[2][0] == "Not chosen"
    assert said[2][1][0].startswith("When its turn came, 1 project had been chosen")
