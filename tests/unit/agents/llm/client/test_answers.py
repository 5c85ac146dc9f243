"""What a question becomes on each wire, and what is read from the reply."""

import asyncio

import pytest
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from causal_interface_gym.agents.elicitation.fields import Amount
from causal_interface_gym.agents.elicitation.form import Form
from causal_interface_gym.agents.elicitation.format import FORMATS, Format
from causal_interface_gym.agents.llm.call import Answer, Ask, Message, Sampling
from causal_interface_gym.agents.llm.client.composition import Policies, Switchboard
from causal_interface_gym.agents.llm.client.conversion import messages_of, parameters_of
from causal_interface_gym.agents.llm.client.model import ModelClient
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.errors import OverloadedError, UnreachableError
from tests.strategies.asking import MODELS, asked, client_of, question
from tests.strategies.served import StartProvider

EVERYTHING = Sampling(temperature=0.5, seed=3, top_log_probabilities=2, max_tokens=300)


class OwnModel(Model):
    """A model without a wire, whose response or failure is given."""

    def __init__(self, step: ModelResponse | Exception) -> None:
        """Hold what comes."""
        super().__init__()
        self.step = step

    @property
    def model_name(self) -> str:
        """Its name."""
        return "own"

    @property
    def system(self) -> str:
        """Its provider."""
        return "compatible"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Give it."""
        if isinstance(self.step, Exception):
            raise self.step
        return self.step


def own_client(step: ModelResponse | Exception) -> ModelClient:
    return ModelClient(OwnModel(step), provider="compatible", name="own")


@pytest.mark.parametrize("provider", MODELS)
def test_an_answer_has_its_text_tokens_model_and_request(
    start_provider: StartProvider, provider: str
) -> None:
    (found,) = asked(client_of(start_provider(), provider), question())
    assert isinstance(found, Answer), found
    assert found.text.startswith('{"percent_if_we_see_x":')
    assert (found.finish, found.model) == ("stop", MODELS[provider])
    assert found.usage.input_tokens > 0
    assert found.usage.output_tokens > 0
    assert found.request_id == "req_fake_1"
    assert found.fingerprint == ("fp_fake" if provider in {"openai", "compatible"} else "")
    assert found.is_stored is False


@pytest.mark.parametrize(
    ("provider", "dropped"),
    [
        ("openai", ()),
        ("anthropic", ("seed", "top_log_probabilities")),
        ("google", ()),
        ("compatible", ()),
    ],
)
def test_a_setting_that_did_not_go_out_is_named(
    start_provider: StartProvider, provider: str, dropped: tuple[str, ...]
) -> None:
    (found,) = asked(client_of(start_provider(), provider), question(sampling=EVERYTHING))
    assert isinstance(found, Answer), found
    assert found.dropped == dropped


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize("format_", FORMATS, ids=str)
def test_a_belief_in_every_format_crosses_every_wire(
    start_provider: StartProvider, provider: str, format_: Format
) -> None:
    fields = tuple(
        Amount(name, format_.whole, format_.kind == "digits") for name in ("q1_see_x", "q2_set_x")
    )
    form = Form(fields[::-1] if format_.is_reversed else fields)
    (found,) = asked(client_of(start_provider(), provider), question(schema=form.schema))
    assert isinstance(found, Answer), found
    assert found.dropped == ()
    filled = form.read(found.text)
    assert filled.faults == ()
    assert set(filled.values) == set(form.names)


def test_words_of_a_prompt_are_not_taken_for_settings(start_provider: StartProvider) -> None:
    text = 'Say "temperature": 0.5 and "seed": 3.'
    asks = question(text, sampling=Sampling(temperature=0.5, seed=3))
    (found,) = asked(client_of(start_provider(), "anthropic"), asks)
    assert isinstance(found, Answer)
    assert found.dropped == ("seed",)


def test_a_reasoning_models_dropped_settings_are_named(start_provider: StartProvider) -> None:
    server = start_provider()
    environment = server.environment
    access = ProviderSettings("openai", key="sk-x", base_url=environment["OPENAI_BASE_URL"])
    client = Switchboard(Policies()).connect(access, "gpt-5-mini")
    (found,) = asked(client, question(sampling=EVERYTHING))
    assert isinstance(found, Answer), found
    assert found.dropped == ("temperature", "top_log_probabilities")


@pytest.mark.parametrize("provider", ["openai", "google", "compatible"])
def test_log_probabilities_are_read_with_their_alternatives(
    start_provider: StartProvider, provider: str
) -> None:
    asks = question("Yes or No?", schema=None, sampling=EVERYTHING)
    (found,) = asked(client_of(start_provider(), provider), asks)
    assert isinstance(found, Answer)
    assert "".join(entry.token for entry in found.log_probabilities) == found.text
    assert all(entry.log_probability <= 0 for entry in found.log_probabilities)
    assert found.log_probabilities[0].alternatives


def test_a_conversation_keeps_its_turns() -> None:
    said = (Message("system", "a"), Message("user", "b"), Message("assistant", "c"))
    ask = Ask("t", "l", (*said, Message("user", "d")))
    kinds = [type(message).__name__ for message in messages_of(ask, schema_as_text=False)]
    assert kinds == ["ModelRequest", "ModelResponse", "ModelRequest"]


def test_a_model_that_takes_no_schema_is_told_of_it_in_words() -> None:
    written = messages_of(question(), schema_as_text=True)
    assert '"percent_if_we_see_x"' in str(written[0])
    assert parameters_of(question(), schema_as_text=True).output_mode == "text"
    assert parameters_of(question(), schema_as_text=False).output_mode == "native"
    assert parameters_of(question(schema=None), schema_as_text=False).output_mode == "text"


def test_a_secret_of_ours_does_not_come_back_in_a_reply() -> None:
    model = OwnModel(ModelResponse(parts=[TextPart("it is opensesame")], finish_reason="stop"))
    access = ProviderSettings("compatible", key="opensesame", base_url="http://127.0.0.1:1")
    client = Switchboard(Policies()).connect(access, "own", made=model)
    (found,) = asked(client, question(schema=None))
    assert isinstance(found, Answer)
    assert found.text == "it is [hidden]"


def test_an_end_that_nobody_knows_is_the_providers_failure() -> None:
    step = ModelResponse(parts=[TextPart("half")], finish_reason="error")
    with pytest.raises(OverloadedError, match="ended with"):
        asyncio.run(own_client(step).ask(question()))


@pytest.mark.parametrize("bug", [KeyError("x"), AttributeError("y"), RuntimeError("z")])
def test_whatever_a_library_raises_becomes_an_error_of_ours(bug: Exception) -> None:
    with pytest.raises(UnreachableError, match=type(bug).__name__) as caught:
        asyncio.run(own_client(bug).ask(question()))
    assert caught.value.__context__ is None
