"""How models are asked is part of a run: kept, compared on resuming, absent from older runs."""

import pytest

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.asking import Asking
from causal_interface_gym.runs.runner import check_same
from causal_interface_gym.runs.spec import RunSpec

AGENTS = ("openai:gpt-5-mini", "reference:uniform")
ASKING = Asking(
    max_draws=2,
    temperature=0.5,
    cache="record",
    has_controls=False,
    prompts=(("direct", "1 sha256:ab"),),
    resolved=(("primary", "openai:gpt-5-mini+direct"),),
    files=(("tiny.gguf", "ff"),),
)


def spec(asking: Asking | None = ASKING, agents: tuple[str, ...] = AGENTS) -> RunSpec:
    return RunSpec(agents, ("homework-v1",), (0,), asking=asking)


def test_a_spec_with_models_reads_what_it_writes() -> None:
    assert RunSpec.from_json(spec().to_json()) == spec()


def test_models_are_held_by_their_full_names() -> None:
    assert spec().models == ("openai:gpt-5-mini+direct",)


def test_a_run_of_reference_agents_is_written_as_it_ever_was() -> None:
    written = spec(None, ("reference:uniform",)).to_json()
    assert written["version"] == 1
    assert "models" not in written
    assert RunSpec.from_json(written).asking is None


def test_a_run_without_models_says_nothing_of_them_and_one_with_models_must() -> None:
    with pytest.raises(RunError, match="how models are asked"):
        spec(None)
    with pytest.raises(RunError, match="how models are asked"):
        spec(ASKING, ("reference:uniform",))


def test_two_names_of_one_agent_are_refused() -> None:
    with pytest.raises(RunError, match="each once"):
        spec(agents=("openai:gpt-5-mini", "openai:gpt-5-mini+direct"))


def test_an_unknown_strategy_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(RunError, match="did you mean 'causal_cot'"):
        spec(agents=("openai:gpt-5-mini+causalcot",))


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (Asking(temperature=0.5), "max_draws 2 there, 4 now"),
        (Asking(2, 0.9), "temperature 0.5 there, 0.9 now"),
        (Asking(2, 0.5, prompts=(("direct", "2 sha256:cd"),)), "prompts"),
        (Asking(2, 0.5, files=(("tiny.gguf", "00"),)), "files"),
    ],
)
def test_another_way_of_asking_is_told_by_its_option(other: Asking, told: str) -> None:
    with pytest.raises(RunError, match=told):
        check_same(spec(), spec(other))


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(RunError, match="0 to 2"):
        Asking(temperature=3.0)
    with pytest.raises(RunError, match="max-draws is 0 or more"):
        Asking(max_draws=-1)
    with pytest.raises(RunError, match="off, record, replay"):
        RunSpec.from_json(spec().to_json() | {"models": ASKING.to_json() | {"cache": "maybe"}})


def test_a_damaged_way_of_asking_is_told() -> None:
    with pytest.raises(RunError, match="damaged"):
        RunSpec.from_json(spec().to_json() | {"models": {"max_draws": 4}})


def test_a_run_from_before_there_was_a_sample_has_none() -> None:
    old = Asking(2, 0.5).to_json()
    assert "apart" not in old
    assert Asking.from_json(old).has_apart is False
    assert Asking.from_json(Asking(has_apart=True).to_json()).has_apart is True
