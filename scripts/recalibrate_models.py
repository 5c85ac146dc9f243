"""Derive keys and curves again: python scripts/recalibrate_models.py [RUN ...] --force."""

import sys

from causal_interface_gym.ops.stored import stored_runs
from causal_interface_gym.validation.commands import recalibration_command

if __name__ == "__main__":
    sys.exit(recalibration_command(sys.argv[1:], runs=stored_runs()))
