"""Check that what is stored or curated is still true."""

from causal_interface_gym.validation.scenarios import (
    ValidationResult,
    validate_all_scenarios,
    validate_scenario,
)

__all__ = ["ValidationResult", "validate_all_scenarios", "validate_scenario"]
