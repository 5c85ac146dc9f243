"""What each scenario of a field is told for, shown in its numbers; published ones by name."""

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal import effects
from causal_interface_gym.causal.identification.verdict import Identified, identify
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query


def model_of(scenario: str) -> SCM:
    return scenarios.get(scenario).model


def seen(scenario: str, *, given: str = "") -> list[float]:
    """P(outcome | treatment) at its two levels, in the rows where ``given`` holds."""
    model, x, y = parts(scenario)
    rest = f", {given}" if given else ""
    return [model.p(f"{y} | {x}={level}{rest}") for level in model.states[x]]


def done(scenario: str) -> list[float]:
    """P(outcome | do(treatment)) at its two levels."""
    model, x, y = parts(scenario)
    return [model.p(f"{y} | do({x}={level})") for level in model.states[x]]


def parts(scenario: str) -> tuple[SCM, str, str]:
    found = scenarios.get(scenario)
    return found.model, found.treatment, f"{found.outcome}={found.model.states[found.outcome][1]}"


@pytest.mark.parametrize("name", ["hormone-therapy-v1", "class-size-v1", "job-training-v1"])
def test_confounding_reverses_the_effect(name: str) -> None:
    first, second = seen(name)
    off, on = done(name)
    assert (second - first) * (on - off) < 0


@pytest.mark.parametrize(
    "name",
    [
        "college-wages-v1", "shared-rides-v1", "price-ceiling-v1", "moving-vouchers-v1",
        "flu-vaccine-v1", "car-start-v1", "retry-storm-v1",
    ],
)  # fmt: skip
def test_association_exaggerates_the_effect(name: str) -> None:
    first, second = seen(name)
    off, on = done(name)
    assert (second - first) * (on - off) > 0
    assert abs(second - first) > abs(on - off) + 0.05


def test_hospital_patients_1978_have_the_surveyed_rates() -> None:
    model = model_of("hospital-patients-v1")
    assert model.p("respiratory=yes") == pytest.approx(224 / 2784)
    assert model.p("locomotor=yes") == pytest.approx(201 / 2784)
    assert model.p("hospital=yes | respiratory=yes, locomotor=yes") == pytest.approx(5 / 17)
    counts = ((17, 207, 184, 2376), (5, 15, 18, 219))
    surveyed, in_hospital = (both * none / (one * other) for both, one, other, none in counts)
    assert surveyed == pytest.approx(1.06, abs=0.005)
    assert in_hospital == pytest.approx(4.06, abs=0.005)
    no, yes = seen("hospital-patients-v1", given="hospital=yes")
    assert yes > 3 * no


@pytest.mark.parametrize(
    ("name", "selected"),
    [
        ("police-stops-v1", "stopped=yes"),
        ("covid-testing-v1", "tested=yes"),
        ("alert-pages-v1", "page=yes"),
    ],
)
def test_selection_reverses_the_effect(name: str, selected: str) -> None:
    first, second = seen(name, given=selected)
    off, on = done(name)
    assert on > off
    assert second < first


def test_admission_hides_most_of_what_the_score_tells() -> None:
    low, high = seen("graduate-success-v1", given="admitted=yes")
    off, on = done("graduate-success-v1")
    assert high - low < (on - off) / 2


def test_a_large_harvest_lowers_the_price_more_than_it_seems() -> None:
    small, large = seen("lagged-market-v1")
    few, many = done("lagged-market-v1")
    assert few - many > small - large > 0
    graph = model_of("lagged-market-v1").graph
    assert "demand" not in graph.nodes
    assert ("last_price", "price") in {tuple(sorted(pair)) for pair in graph.bidirected}


def test_the_instruments_do_not_identify_the_effect() -> None:
    for name in ("college-wages-v1", "moving-vouchers-v1"):
        model, x, y = parts(name)
        query = Query.parse(f"{y} | do({x}=yes)")
        assert not isinstance(identify(model.graph, query), Identified)


def test_the_front_door_of_shared_rides_gives_the_effect() -> None:
    model = model_of("shared-rides-v1")
    verdict = identify(model.graph, Query.parse("tip=yes | do(agreed=yes)"))
    assert isinstance(verdict, Identified)
    assert verdict.estimand.evaluate(model) == pytest.approx(done("shared-rides-v1")[1], abs=1e-12)


def test_a_ceiling_acts_through_both_sides_of_the_market() -> None:
    levels = {"treatment": "ceiling", "outcome": "shortage=yes"}
    model = model_of("price-ceiling-v1")
    through_supply = effects.nie(model, **levels, mediators=["offered"])
    direct = effects.nde(model, **levels, mediators=["offered"])
    assert 0 < direct < effects.ate(model, **levels)
    assert through_supply > 0


def test_lords_two_statisticians_are_both_right() -> None:
    model = model_of("lords-paradox-v1")
    for sex in ("female", "male"):
        before = model.p(f"september=heavy | sex={sex}")
        assert model.p(f"june=heavy | sex={sex}") == pytest.approx(before, abs=1e-12)
    for weight in ("light", "heavy"):
        women, men = (
            model.p(f"june=heavy | sex={s}, september={weight}") for s in ("female", "male")
        )
        assert men > women


def test_snow_1855_counts_are_reproduced() -> None:
    model = model_of("cholera-water-v1")
    assert model.p("death=yes | company=southwark") == pytest.approx(1263 / 40046, abs=1e-15)
    assert model.p("death=yes | company=lambeth") == pytest.approx(98 / 26107, abs=1e-15)
    assert model.p("company=southwark | death=yes") == pytest.approx(1263 / 2783, abs=1e-12)


def test_the_vaccinated_were_healthier_before_the_flu_and_the_vaccine_cannot_be_why() -> None:
    model = model_of("flu-vaccine-v1")
    seen_early = [model.p(f"early=yes | vaccine={v}") for v in ("no", "yes")]
    done_early = [model.p(f"early=yes | do(vaccine={v})") for v in ("no", "yes")]
    assert seen_early[0] > seen_early[1] + 0.3
    assert done_early[0] == pytest.approx(done_early[1], abs=1e-12)


def test_country_b_is_worse_over_all_and_better_at_every_age() -> None:
    model = model_of("case-fatality-v1")
    a, b = seen("case-fatality-v1")
    assert b > a
    for age in ("younger", "older"):
        first, second = (model.p(f"death=yes | country={c}, age={age}") for c in "ab")
        assert second < first


def test_heating_and_warmth_are_unrelated_though_one_causes_the_other() -> None:
    low, high = seen("thermostat-v1")
    off, on = done("thermostat-v1")
    assert abs(high - low) < 0.01
    assert on - off > 0.4


def test_most_lost_planes_were_hit_where_the_returning_ones_were_not() -> None:
    model = model_of("returning-bombers-v1")
    assert model.p("hit=engine | returned=yes") < 0.4
    assert model.p("hit=engine | returned=no") > 0.9


def test_an_empty_tank_explains_the_battery_away() -> None:
    model = model_of("car-start-v1")
    assert (
        model.p("battery=weak | starts=no") > model.p("battery=weak | starts=no, fuel=empty") + 0.3
    )


def test_deploys_seem_safe_because_they_wait_for_quiet_times() -> None:
    model = model_of("retry-storm-v1")
    assert model.p("errors=yes | deploy=yes") < model.p("errors=yes | deploy=no")
    assert model.p("errors=yes | do(deploy=yes)") > model.p("errors=yes | do(deploy=no)")


def test_the_burglar_alarm_has_the_published_posterior() -> None:
    model = model_of("burglar-alarm-v1")
    assert model.p("burglary=yes | john=yes, mary=yes") == pytest.approx(0.284, abs=5e-4)
    assert model.p("mary=yes | do(john=yes)") == pytest.approx(model.p("mary=yes"), abs=1e-15)
