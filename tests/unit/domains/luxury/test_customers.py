"""The customers of the luxury pack, and reading them from CSV."""

from pathlib import Path

import pytest

from shared.domains.luxury.audiences import CampaignAudience, as_csv
from shared.domains.luxury.loading import COLUMNS, read_customers
from shared.domains.luxury.prediction import affordable, predict
from tests.support.luxury import CUSTOMERS, FILE

NAMED = CUSTOMERS[:25]


def test_the_named_customers_are_as_the_product_has_them() -> None:
    by_tier = {tier: [each for each in NAMED if each.tier == tier] for tier in ("VVIP", "VIP", "Member")}

    assert {tier: len(customers) for tier, customers in by_tier.items()} == {"VVIP": 7, "VIP": 9, "Member": 9}
    assert all(500_000 <= each.annual_spend <= 1_800_000 for each in by_tier["VVIP"])
    assert all(each.email_response > 0.6 for each in by_tier["VIP"])
    assert all(each.note for each in NAMED)


def test_generated_customers_are_many_never_vvip_and_below_the_usual_selection() -> None:
    generated = CUSTOMERS[25:]

    assert len(generated) >= 400
    assert {each.tier for each in generated} == {"VIP", "Member"}
    assert max(each.score for each in generated) < 80
    assert len({each.id for each in CUSTOMERS}) == len(CUSTOMERS)


def test_bad_rows_are_named_with_line_and_reason(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    rows = (
        "C001,林婉清,VVIP,97,1800000,80,event_participation,备注",
        "1,甲,VIP,80,1,1,,",
        "C002,乙,Gold,80,1,1,,",
        "C003,丙,VIP,180,1,1,,",
        "C004,丁,VIP,80,1,1,dancing,",
        "C001,戊,VIP,80,1,1,,",
        "C005,,VIP,80,1,1,,",
    )
    file.write_text("\n".join((",".join(COLUMNS), *rows)), encoding="utf-8")

    good, rejected = read_customers(file)

    assert [each.id for each in good] == ["C001"]
    assert [(each.line, each.reason.split(" is ")[0].split(" must")[0]) for each in rejected] == [
        (3, "id '1'"),
        (4, "tier 'Gold'"),
        (5, "score '180'"),
        (6, "behaviour 'dancing'"),
        (7, "id 'C001'"),
        (8, "name"),
    ]


def test_the_packs_own_file_loads_whole() -> None:
    assert read_customers(FILE)[1] == ()


@pytest.mark.parametrize("budget", [65_000, 80_000, 100_000, 500_000])
def test_the_cost_never_exceeds_the_budget(budget: int) -> None:
    reached = affordable(CUSTOMERS, "new_product_launch", budget)
    metrics = predict(reached, "new_product_launch", "conversion", budget)

    assert metrics.cost <= budget
    assert metrics.audience_size == len(reached) > 0


def test_the_prediction_is_the_documented_formula() -> None:
    (first,) = NAMED[:1]
    metrics = predict([first], "anniversary_sale", "conversion", None)

    chance = 0.35 * (0.6 + 0.4 * 97 / 80) * 1.1 * 1.2
    assert metrics.conversion_rate == round(chance, 4)
    assert metrics.estimated_revenue == round(chance * 45_000)
    assert metrics.cost == 50_000 + 3_000
    assert metrics.roi == round((chance * 45_000 - 53_000) / 53_000, 2)


def test_cells_that_a_spreadsheet_takes_for_formulas_are_harmless() -> None:
    hostile = NAMED[0].model_copy(update={"name": "=HYPERLINK(1)", "note": '@x,"y"'})

    text = as_csv(CampaignAudience(customers=(hostile,)))
    assert text.startswith("\ufeff客户编号,姓名,等级")
    assert "'=HYPERLINK(1)" in text
    assert '"\'@x,""y"""' in text
