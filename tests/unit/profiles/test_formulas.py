"""Which formula scores whom."""

from collections import Counter
from uuid import UUID

from services.profiles.formulas import Formulas, Person, choose
from shared.domains.person import Profile
from shared.events.ids import TenantId
from tests.support.signals import simple_score

TENANT = TenantId(UUID(int=1))


def person(number: int, domain: str = "property") -> Person:
    return Person(TENANT, f"user {number}", domain)


def test_a_person_keeps_their_formula_and_all_together_follow_the_shares() -> None:
    shares = {"a.1": 30, "b.1": 70}
    chosen = [choose(person(number), shares) for number in range(2_000)]

    assert chosen == [choose(person(number), dict(reversed(shares.items()))) for number in range(2_000)]
    assert 1_300 < Counter(chosen)["b.1"] < 1_500


def test_domains_divide_their_people_differently() -> None:
    shares = {"a.1": 1, "b.1": 1}

    same = sum(choose(person(n), shares) == choose(person(n, "luxury"), shares) for n in range(1_000))

    assert 400 < same < 600


def test_the_first_formula_is_in_force_until_another_is_chosen_and_where_that_one_is_gone() -> None:
    formulas = Formulas({"property": {"a.1": simple_score, "b.1": simple_score}, "shop": {}})
    profile = Profile(user_id="user 1", domain="property")

    def formula(shares: dict[str, int] | None) -> str | None:
        scores = formulas.score(person(1), profile, shares)
        assert scores is not None
        return scores.formula

    assert [formula(None), formula({"b.1": 1}), formula({"gone.1": 1})] == ["a.1", "b.1", "a.1"]
    assert formulas.score(person(1, "shop"), profile, None) is None
    assert formulas.names("property") == ("a.1", "b.1")
