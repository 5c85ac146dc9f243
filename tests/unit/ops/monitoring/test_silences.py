"""Matchers, times, and addresses that are none."""

import re
from datetime import timedelta

import pytest

from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.monitoring.silences import Alertmanager, Matcher, duration, matcher


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alertname=ServiceDown", Matcher("alertname", "ServiceDown")),
        ('severity=~"SEV[12]"', Matcher("severity", "SEV[12]", is_regex=True)),
        ("job!=worker", Matcher("job", "worker", is_equal=False)),
        (" job !~ w.* ", Matcher("job", "w.*", is_regex=True, is_equal=False)),
    ],
)
def test_a_matcher_is_read_and_written(text: str, found: Matcher) -> None:
    assert matcher(text) == found
    assert matcher(str(found)) == found


@pytest.mark.parametrize("text", ["", "ServiceDown", "=x", "a=", "1a=b"])
def test_what_is_no_matcher_is_refused(text: str) -> None:
    with pytest.raises(OperationError, match="a matcher is name=value"):
        matcher(text)


def test_a_time_may_have_parts() -> None:
    assert duration("90m") == timedelta(hours=1.5)
    assert duration("1w2d3h") == timedelta(days=9, hours=3)


@pytest.mark.parametrize("text", ["", "2", "h", "2 h", "0h", "-1h", "9999999h", "2h!"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(OperationError, match=re.escape("such as 30m or 2h")):
        duration(text)


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(OperationError, match="begins with http"):
        Alertmanager("file:///etc/passwd").silences()
