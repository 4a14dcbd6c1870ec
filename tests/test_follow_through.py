"""The bench of following through can be run, and can fail: the usual scheduler does."""

from __future__ import annotations

from ownmind.bench.follow_through import run


def test_lives_are_followed_through_and_the_usual_scheduler_is_found_wanting() -> None:
    """A small form of `ownmind bench follow-through`: no breach, nothing twice, nothing untold; the control breaches and loses."""
    found = run(quick=True)
    figures, control = found["figures"], found["control"]
    assert isinstance(figures, dict) and isinstance(control, dict)
    none = ("quiet_breaches", "duplicates", "days_with_too_many", "shown_though_declined", "shown_while_silent", "late_without_a_cause")
    for lives in (figures, figures["killed"]):
        assert {name: lives[name] for name in none} == dict.fromkeys(none, 0), found["wrong"]
        assert lives["check_ins_told"] == 1 and lives["check_ins_due"] > 0
    assert figures["replanned_within_a_check_in"] == 1 and figures["misses"] > 0
    assert control["quiet_breaches"] > 0 and control["check_ins_told"] < 1
