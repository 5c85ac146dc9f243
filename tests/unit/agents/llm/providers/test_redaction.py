"""Whatever text holds a secret, what is left does not."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.agents.llm.providers.redaction import HIDDEN, Redactor
from causal_interface_gym.agents.llm.providers.table import PROVIDER_TABLE, provider
from causal_interface_gym.errors import RunError

SECRETS = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=6, max_size=40).filter(
    lambda secret: secret not in HIDDEN
)
TEXTS = st.text(max_size=50)


@given(SECRETS, TEXTS, TEXTS)
def test_a_secret_is_gone_in_every_way_of_writing_it(secret: str, before: str, after: str) -> None:
    redactor = Redactor.of([secret])
    for written in (secret, quote(secret, safe="")):
        scrubbed = redactor.scrub(f"{before} {written} {after}")
        assert written not in scrubbed.replace(HIDDEN, "\x00") or written in f"{before} {after}"
    assert secret not in repr(redactor)


@given(SECRETS)
def test_a_secret_is_gone_from_json(secret: str) -> None:
    plain = secret.replace('"', "").replace("\\", "")
    if len(plain) >= 6:
        assert plain not in Redactor.of([plain]).scrub(json.dumps({"header": f"Bearer {plain}"}))


@given(TEXTS)
def test_text_without_a_secret_stays_as_it_is(text: str) -> None:
    assert Redactor.of(["opensesame-77"]).exact(text) == text
    assert Redactor().exact(text) == text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("key sk-proj-abcdefghijkl is wrong", f"key {HIDDEN} is wrong"),
        ("key AIzaSyA1234567890abc", f"key {HIDDEN}"),
        ("Authorization: Bearer abcdef.ghi", f"Authorization: Bearer {HIDDEN}"),
        ("GET /v1?key=abc123&x=1", f"GET /v1?key={HIDDEN}&x=1"),
        ("http://anna:word@host/v1", f"http://{HIDDEN}@host/v1"),
        ("a risk-averse task", "a risk-averse task"),
    ],
)
def test_what_looks_like_a_key_is_hidden_whosever_it_is(said: str, shown: str) -> None:
    assert Redactor().scrub(said) == shown


def test_a_short_secret_does_not_tear_words_apart() -> None:
    assert Redactor.of(["key"]).scrub("the key of the turkey") == "the key of the turkey"


def test_a_part_of_a_key_with_a_line_break_is_a_secret_too() -> None:
    assert Redactor.of(["first-half\nsecond-half"]).scrub("got second-half") == f"got {HIDDEN}"


def test_every_provider_of_an_agents_name_is_in_the_table_once() -> None:
    names = [entry.name for entry in PROVIDER_TABLE]
    assert len(set(names)) == len(names)
    assert [provider(name).name for name in names] == names
    with pytest.raises(RunError, match="unknown provider 'opena'"):
        provider("opena")


@pytest.mark.parametrize(
    ("access", "is_available"),
    [
        (ProviderSettings("openai"), False),
        (ProviderSettings("openai", key="sk-x"), True),
        (ProviderSettings("ollama"), True),
        (ProviderSettings("compatible"), False),
        (ProviderSettings("compatible", base_url="http://127.0.0.1:1/v1"), True),
        (ProviderSettings("local"), False),
    ],
)
def test_a_provider_is_available_when_everything_is_set(
    access: ProviderSettings, is_available: bool
) -> None:
    assert access.is_available is is_available


def test_a_host_is_shown_without_who_and_password() -> None:
    access = ProviderSettings("compatible", base_url="http://anna:word@host:8000/v1?key=x")
    assert access.host == "host:8000"
    assert ProviderSettings("compatible", base_url="http://host").host == "host"
    assert ProviderSettings("compatible", base_url="nonsense").host == ""
    assert ProviderSettings("openai").model == "gpt-6-luna"
    assert ProviderSettings("openai", default_model="gpt-4o").model == "gpt-4o"
