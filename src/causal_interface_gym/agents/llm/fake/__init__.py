"""A loopback server that speaks the providers' wire formats and fails as it is told."""

from causal_interface_gym.agents.llm.fake.answering import Seen
from causal_interface_gym.agents.llm.fake.fault import KINDS, Fault, Kind
from causal_interface_gym.agents.llm.fake.script import (
    PRESETS,
    FixedAnswer,
    Script,
    faults_of,
    read_script,
)
from causal_interface_gym.agents.llm.fake.server import FakeServer, serving

__all__ = [
    "KINDS",
    "PRESETS",
    "FakeServer",
    "Fault",
    "FixedAnswer",
    "Kind",
    "Script",
    "Seen",
    "faults_of",
    "read_script",
    "serving",
]
