"""Check that what is stored or curated is still true."""

from causal_interface_gym.validation.scenarios import (
    SAMPLE,
    ValidationResult,
    validate_all_scenarios,
    validate_generated,
    validate_scenario,
)

__all__ = [
    "SAMPLE",
    "ValidationResult",
    "validate_all_scenarios",
    "validate_generated",
    "validate_scenario",
]
