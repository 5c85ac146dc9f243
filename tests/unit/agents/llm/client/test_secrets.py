"""A key is in no message, no text of a value, no line of the log and no transcript."""

import io
import json
import traceback
from dataclasses import replace

import pytest

from causal_interface_gym.agents.llm.client.composition import Policies, make_client
from causal_interface_gym.agents.llm.policies.journal import json_journal
from causal_interface_gym.agents.llm.policies.retry import Patience
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.agents.llm.records import MemoryCallStore
from causal_interface_gym.errors import AuthenticationError, ProviderError, RunError
from tests.strategies.asking import KEY, MODELS, ONCE, access_to, asked, question
from tests.strategies.served import StartProvider

FAULTS = ("echo", "echo,code=400", "echo,code=500", "401", "html", "reset", "type", "hang", "")


def everything_said(failure: BaseException) -> str:
    """Collect all that a careless caller could print of an error."""
    parts = [*traceback.format_exception(failure), repr(failure), str(vars(failure))]
    below = failure.__cause__ or failure.__context__
    return "\n".join(parts) + (everything_said(below) if below is not None else "")


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_key_is_nowhere_to_be_seen(
    start_provider: StartProvider, provider: str, fault: str
) -> None:
    log, calls = io.StringIO(), MemoryCallStore()
    policies = replace(ONCE, calls=calls, journal=json_journal(log))
    access = access_to(start_provider(*filter(None, [fault])), provider)
    client = make_client(access, MODELS[provider], policies)
    (found,) = asked(client, question(deadline_s=0.5 if fault == "hang" else 5.0))
    kept = json.dumps([record.to_json() for record in calls.records()])
    texts = [log.getvalue(), kept, repr(client), repr(access), str(access), repr(policies)]
    if isinstance(found, ProviderError):
        texts.append(everything_said(found))
    else:
        texts.append(repr(found))
    assert [text for text in texts if KEY in text or "canary" in text] == []
    assert json.loads(log.getvalue())["provider"] == provider


def test_a_password_in_an_address_is_nowhere_to_be_seen(start_provider: StartProvider) -> None:
    server = start_provider("echo")
    url = server.environment["OPENAI_BASE_URL"].replace("//", "//anna:canary-password@")
    access = ProviderSettings("compatible", key=KEY, base_url=url)
    log = io.StringIO()
    client = make_client(access, "tiny", replace(ONCE, journal=json_journal(log)))
    (found,) = asked(client, question())
    assert isinstance(found, AuthenticationError)
    texts = [everything_said(found), log.getvalue(), repr(access), access.host, repr(client)]
    assert [text for text in texts if "canary" in text or "anna" in text] == []


@pytest.mark.parametrize("key", ["sk-canary\n", "sk-can\nary-77", "sk canary", " ", "sk-cänary"])
def test_a_key_that_cannot_be_one_is_refused_unshown(key: str) -> None:
    access = ProviderSettings("openai", key=key)
    with pytest.raises(AuthenticationError, match="OPENAI_API_KEY") as caught:
        make_client(access, "gpt-4o")
    assert key not in everything_said(caught.value).replace("\\n", "\n") or not key.strip()
    assert "canary" not in str(caught.value)


def test_a_missing_key_names_its_variables() -> None:
    with pytest.raises(AuthenticationError, match="set GOOGLE_API_KEY or GEMINI_API_KEY"):
        make_client(ProviderSettings("google"), "gemini-3.8-flash")


@pytest.mark.parametrize(
    "url", ["ftp://x", "http://", "http://a b", "no address", "http://x:99999", "http://[::1"]
)
def test_an_address_that_cannot_be_one_is_refused_unshown(url: str) -> None:
    access = ProviderSettings("compatible", base_url=f"{url}?canary")
    with pytest.raises(RunError, match="COMPATIBLE_BASE_URL") as caught:
        make_client(access, "tiny")
    assert "canary" not in everything_said(caught.value)


def test_a_server_without_an_address_is_refused() -> None:
    with pytest.raises(RunError, match="set COMPATIBLE_BASE_URL"):
        make_client(ProviderSettings("compatible"), "tiny")


def test_no_policy_shows_a_key_in_its_own_text() -> None:
    policies = Policies(patience=Patience(), calls=MemoryCallStore())
    access = ProviderSettings("openai", key=KEY)
    assert KEY not in repr(make_client(access, "gpt-4o", policies))
