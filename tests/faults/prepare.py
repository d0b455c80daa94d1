"""A consultation and people with open sessions, in whatever database the environment names.

`python -m tests.faults.prepare PEOPLE` prints JSON: {"slug", "articles": [subject ids],
"sessions": {e-mail: session key}}. For sites whose servers a test will stop.
"""

import json
import sys

import django

PASSWORD = "a long road to the market"


def main(number: int) -> dict[str, object]:
    from accounts.actions import grant_role
    from accounts.kinds import Role
    from tests import factories, scenario
    from tests.faults.people import session_of

    city = factories.area("city")
    organisation = factories.organisation("city-council", area=city)
    bob = factories.person("Bob")
    grant_role(None, person=bob, organisation=organisation, role=Role.OWNER)
    world = scenario.open_consultation(bob, organisation)
    people = [factories.person(f"Person {n}", password=PASSWORD) for n in range(number)]
    return {
        "slug": world.process.slug,
        "articles": [article.pk for article in world.articles],
        "sessions": {person.email: session_of(person) for person in people},
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
