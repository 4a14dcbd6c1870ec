"""``ownmind traces``: where the time of a turn went, as bars; over some days, part by part; and what the model was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, print_encoded, table

if TYPE_CHECKING:
    from ...agent.traces import Recorded, Seen, Spread, Summary, Timed, Turn

_WIDTH = 30  # characters of a bar
_COUNTS = ("found", "rules", "items", "gen_ai.usage.input_tokens", "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.output_tokens")


def traces(
    turn: Annotated[str, Parameter(help="The id of a reply or message; left out lists the latest turns.")] = "",
    *,
    last: Annotated[bool, Parameter(help="The latest turn.", negative="")] = False,
    seen: Annotated[bool, Parameter(help="Exactly what the model was sent for it.", negative="")] = False,
    days: Annotated[int, Parameter(help="All turns of so many days, part by part.")] = 0,
    n: Annotated[int, Parameter(name="-n", help="How many of the latest turns.")] = 20,
    everywhere: Everywhere = HERE,
) -> int:
    """Show where a turn's time went: counts and times, no words.

    Example: ownmind traces --last
    """
    with opened(everywhere) as face:
        held = face.traces
        if (last or seen) and not turn:
            turn = next((one.reply or one.message for one in held.recent(1)), "")
        if seen:
            sent = held.seen(turn)
            if everywhere.json:
                print_encoded(sent)
            else:
                _print_seen(sent)
        elif turn:
            told = held.turn(turn)
            if everywhere.json:
                print_encoded(told)
            else:
                _print_turn(told)
        elif days:
            summed = held.summary(days)
            if everywhere.json:
                print_encoded({"summary": summed, "background": held.background(days)})
            else:
                _print_summary(summed, held.background(days))
        else:
            latest = held.recent(n)
            if everywhere.json:
                print_encoded({"turns": latest})
            else:
                _print_recent(latest)
    return 0


def _print_recent(latest: tuple[Recorded, ...]) -> None:
    if not latest:
        print("No turn was recorded yet.")
        return
    rows = [(one.reply or one.message, f"{one.at.astimezone():%d %b %H:%M}", *_three(one), one.model, _became(one)) for one in latest]
    print(*table([("reply", "at", "total", "ours", "model", "", ""), *rows]), sep="\n")


def _print_turn(told: Turn) -> None:
    one = told.turn
    print(bold(f"{one.reply or one.message}  {_ms(one.ms)}") + f"  ours {_ms(one.ours_ms)}, the model {_ms(one.model_ms)} {_became(one)}")
    if one.input_tokens:
        print(dim(f"{one.input_tokens} tokens read ({one.cached_tokens} of them before), {one.output_tokens} written by {one.model}"))
    names = max(len(part.name) + 2 * part.depth for part in told.parts)
    for part in told.parts:
        name = f"{'  ' * part.depth}{part.name:<{names - 2 * part.depth}}"
        print(f"{name} {_bar(part, one.ms)} {_ms(part.ms):>9} {part.share:4.0%} {dim(_counts(part))}")
        if part.words:
            print(dim(f"{' ' * names}   {clean(part.words)}"))


def _print_summary(summed: Summary, background: tuple[Spread, ...]) -> None:
    print(bold(f"{summed.turns} turns in {summed.days} days"))
    shown = [summed.total, summed.ours, summed.model, summed.first, *summed.parts]
    print(*table([("", "turns", "p50", "p95", "of all"), *(_row(one) for one in shown)]), sep="\n")
    if background:
        print(bold("\nWhile nobody talked"))
        print(*table([("", "steps", "p50", "p95", "of all"), *(_row(one) for one in background)]), sep="\n")


def _print_seen(sent: Seen) -> None:
    if sent.note:
        print(sent.note)
    for number, one in enumerate(sent.requests, start=1):
        print(bold(f"{number}. {one.purpose}, {one.model}") + dim(f"  {one.input_tokens} tokens, {one.cached_tokens} of them read before"))
        for message in one.messages:
            print(f"{dim(f'[{message.role}]')}\n{clean(message.text)}\n")


def _three(one: Recorded) -> tuple[str, str, str]:
    return _ms(one.ms), _ms(one.ours_ms), _ms(one.model_ms)


def _row(one: Spread) -> tuple[str, str, str, str, str]:
    return one.name, str(one.n), _ms(one.p50_ms), _ms(one.p95_ms), f"{one.share:.0%}"


def _bar(part: Timed, whole: float) -> str:
    """Where in the turn it was, and how long."""
    before = min(_WIDTH - 1, round(_WIDTH * part.start_ms / (whole or 1.0)))
    long = max(1, min(_WIDTH - before, round(_WIDTH * part.ms / (whole or 1.0))))
    return " " * before + ("░" if part.is_model else "█") * long + " " * (_WIDTH - before - long)


def _counts(part: Timed) -> str:
    told = {name.removeprefix("gen_ai.usage."): part.counts[name] for name in _COUNTS if name in part.counts}
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told.items())


def _became(one: Recorded) -> str:
    return "stopped" if one.stopped else one.failed


def _ms(value: float) -> str:
    return f"{value / 1000:.1f} s" if value >= 10_000 else f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"
