"""Vocabularies: what usually causes what in a field, in our own words and without any number.

Within a theme the parts fit together as common sense has it: the causes act on treatment and
outcome, the encouragements on the treatment alone, mediators lie between, consequences follow.
"""

from dataclasses import dataclass
from typing import Final

from causal_interface_gym.scenarios.generated.structure.blueprint import Role

__all__ = ["THEMES", "Theme"]


@dataclass(frozen=True, slots=True)
class Theme:
    """Names by the part that a variable plays; there are enough for any generated world."""

    name: str
    treatment: str
    outcome: str
    causes: tuple[str, ...]
    mediators: tuple[str, ...]
    consequences: tuple[str, ...]
    encouragements: tuple[str, ...]

    def names(self, role: Role) -> tuple[str, ...]:
        """Give the names for a part, the treatment and outcome first of theirs."""
        known: dict[Role, tuple[str, ...]] = {
            "treatment": (self.treatment, *self.encouragements),
            "outcome": (self.outcome, *self.consequences),
            "cause": self.causes,
            "mediator": self.mediators,
            "consequence": self.consequences,
            "encouragement": self.encouragements,
            "population": ("place",),
        }
        return known[role]


THEMES: Final = (
    Theme(
        "medicine",
        "exercise",
        "heart_attack",
        ("old_age", "diabetes", "poverty", "stress", "family_history", "air_pollution", "smoking"),
        ("weight_loss", "low_blood_pressure", "calm_sleep"),
        ("sick_leave", "rehabilitation", "insurance_claim", "family_worry", "hospital_bill"),
        ("gym_voucher", "sunny_weather", "doctor_reminder", "new_cycle_path", "free_shoes"),
    ),
    Theme(
        "economics",
        "price_cut",
        "high_sales",
        ("strong_demand", "holiday", "rising_incomes", "rival_closed", "fashion", "new_product",
         "tourism"),
        ("store_visits", "long_queues", "word_of_mouth"),
        ("empty_shelves", "overtime", "new_hires", "bonus_paid", "second_delivery"),
        ("cheap_supplier", "overstock", "sales_target", "low_fuel_cost", "weak_currency"),
    ),
    Theme(
        "education",
        "tutoring",
        "exam_passed",
        ("parental_help", "motivation", "quiet_home", "small_class", "early_reading",
         "good_nutrition", "rich_district"),
        ("homework_done", "regular_practice", "self_confidence"),
        ("scholarship", "university_place", "proud_parents", "summer_trip", "school_award"),
        ("tutor_lives_near", "free_trial_lesson", "teacher_advice", "leaflet", "open_afternoon"),
    ),
    Theme(
        "public_policy",
        "bus_lane",
        "short_commute",
        ("city_growth", "road_budget", "wealthy_area", "flat_terrain", "mild_winter",
         "remote_work", "rail_link"),
        ("bus_ridership", "fewer_cars", "fast_boarding"),
        ("house_prices_up", "happy_residents", "late_openings", "more_cafes", "votes_for_mayor"),
        ("council_majority", "state_grant", "citizens_petition", "pilot_scheme", "spare_buses"),
    ),
    Theme(
        "engineering",
        "software_update",
        "server_crash",
        ("heavy_traffic", "old_hardware", "memory_leak", "busy_season", "small_team", "heat_wave",
         "full_disk"),
        ("cache_cleared", "restart", "changed_settings"),
        ("alert_sent", "engineer_called", "customer_complaint", "refund", "report_written"),
        ("release_day", "security_notice", "vendor_deadline", "automatic_rollout", "new_license"),
    ),
    Theme(
        "farming",
        "fertiliser",
        "rich_harvest",
        ("good_soil", "rainfall", "large_farm", "mild_spring", "few_pests", "irrigation",
         "skilled_farmer"),
        ("leaf_growth", "deep_roots", "early_flowering"),
        ("full_barns", "market_fair", "new_tractor", "low_prices", "seed_saved"),
        ("subsidy", "near_depot", "cooperative_member", "sales_visit", "free_sample"),
    ),
    Theme(
        "epidemics",
        "vaccination",
        "infection",
        ("crowded_housing", "frequent_travel", "weak_immunity", "cold_season", "care_work",
         "large_family", "school_age"),
        ("antibodies", "fewer_contacts", "mild_course"),
        ("fever_clinic_visit", "missed_school", "contact_traced", "pharmacy_visit", "bed_rest"),
        ("invitation_letter", "mobile_clinic", "employer_offer", "short_waiting_list", "news_item"),
    ),
)  # fmt: skip
"""Every theme."""
