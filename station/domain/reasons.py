"""Why a decision came out as it did. Screens translate these values; programs rely on them."""

from enum import StrEnum


class Reason(StrEnum):
    # the code itself
    NOT_A_PASS = "not_a_pass"
    MALFORMED = "malformed"
    FORGED = "forged"
    UNKNOWN_ISSUER = "unknown_issuer"
    INCOMPLETE = "incomplete"
    # the pass here and now
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    CLOCK_UNTRUSTED = "clock_untrusted"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER_GRID = "other_grid"
    WRONG_LANE = "wrong_lane"
    USED_RECENTLY = "used_recently"
    POSSIBLE_COPY = "possible_copy"
    NOT_FOR_PASSING = "not_for_passing"
    TEST_POSITIVE = "test_positive"
    ON_WATCHLIST = "on_watchlist"
    NOT_RESIDENT = "not_resident"
    PASSENGERS_MISSING = "passengers_missing"
    # the people and the vehicle
    FEVER = "fever"
    THERMOMETER_LOST = "thermometer_lost"
    IDENTITY_MISSING = "identity_missing"
    ITINERARY_MISSING = "itinerary_missing"
    TEST_MISSING = "test_missing"
    TEMPERATURE_MISSING = "temperature_missing"
    DISINFECTION_MISSING = "disinfection_missing"
    # the station
    AWAITING_OPERATOR = "awaiting_operator"
    LEDGER_UNWRITABLE = "ledger_unwritable"
    # what a person decided
    BY_OPERATOR = "by_operator"
    WITHOUT_CODE = "without_code"
    UNDONE = "undone"
    CLOCK_CORRECTED = "clock_corrected"
