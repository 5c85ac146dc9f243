"""Derive keys and curves again: python scripts/recalibrate_models.py [RUN_DIR ...] --force."""

import sys

from causal_interface_gym.storage.calibrations import open_calibrations
from causal_interface_gym.storage.folder import DATABASE, open_run
from causal_interface_gym.validation.commands import Runs, recalibration_command

if __name__ == "__main__":
    sys.exit(recalibration_command(sys.argv[1:], runs=Runs(DATABASE, open_run, open_calibrations)))
