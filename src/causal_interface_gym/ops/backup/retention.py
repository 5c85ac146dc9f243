"""Which backups are kept: the last of each of 7 days, 5 weeks and 12 months, and never too few."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from causal_interface_gym.ops.backup.manifest import Manifest

__all__ = ["Retention"]


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days, weeks and months have a backup; so many of the newest stay anyway."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12
    at_least: int = 3

    def kept(self, backups: Iterable[Manifest]) -> frozenset[str]:
        """Name those that stay; order is by serial, so a clock that jumped deletes nothing new."""
        newest_first = sorted(backups, key=lambda backup: -backup.serial)
        names = {backup.name for backup in newest_first[: self.at_least]}
        names |= _last_of_each(newest_first, self.daily, lambda b: f"{b.made_at:%Y-%m-%d}")
        names |= _last_of_each(newest_first, self.weekly, lambda b: f"{b.made_at:%G-%V}")
        names |= _last_of_each(newest_first, self.monthly, lambda b: f"{b.made_at:%Y-%m}")
        return frozenset(names)


def _last_of_each(
    newest_first: Iterable[Manifest], n: int, period: Callable[[Manifest], str]
) -> set[str]:
    last: dict[str, str] = {}
    for backup in newest_first:
        if len(last) == n and period(backup) not in last:
            break
        last.setdefault(period(backup), backup.name)
    return set(last.values())
