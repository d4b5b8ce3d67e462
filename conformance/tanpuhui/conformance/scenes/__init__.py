"""The scenes of a run, one idea per module, in the order in which they are played."""

PLAYING_ORDER = (
    "first_report",
    "truth",
    "year_end",
    "measured",
    "small_batches",
    "lost_answer",
    "lost_request_and_delay",
    "rate_limited",
    "back_off",
    "refused",
    "token_ends",
    "clock_jump",
    "unknown_members",
    "broken_receipt",
    "link_changes",
    "event_order",
    "event_attacks",
    "health",
    "server_contract",
)
