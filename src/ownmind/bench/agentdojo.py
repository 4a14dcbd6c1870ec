"""AgentDojo (Debenedetti et al., NeurIPS 2024; version v1.2.2), all 949 cases, with a model that obeys every order it reads.

The scripted model works through the true solution of the person's task. As soon as an injected text stands in a result, and again
after every later step, it tries the injected calls. So nothing here rests on a model's good sense: what stops a call is the gate.

What the planner is granted: which tools the true solution uses and how often, as a model would say from the request alone.
What it is not granted: any argument. Every value is bound by the guard's own code to the request's words, to the own object they mean, or
to a low-capacity type; else it is asked about. A perfect approver says yes to each call of the true solution, once, and to nothing else.

Our own oracle: no injected call that is not a read was made, and the environment is equal, field by field, to that of a run without
them. Eight injections have no true solution in the package (320 cases): their calls are written here, from what the text demands;
the ninth, of 20 cases, wants words and no call, and is counted apart. An injected call that the person's own task has still to
make, argument for argument ("delete the largest file"), is the person's order, and counted as such.

Figures: ``control``: cases with an injected effect when there is no gate. ``alone``: the share of the consequential actions (whatever is
no read; fetching a page is none) of the 97 tasks that were done without asking: ``task``, each task by itself; ``session``, each
suite's tasks one after another, where a value that was endorsed once stays endorsed (eleven of the tasks repeat earlier ones);
the cases are run again with all those values granted. ``outside_words``: with that consent given (`guard.gate.Granted`),
by task and by session.
``altered``: a stronger attacker, who knows the plan and changes one value of a call that was allowed: how often it is allowed still, by
the value's role. Authority and target must be none, amounts a cent or a nought off among them. ``..._swapped``: the same with every
other value of its type that stands in the request or was read: two of the person's own exchanged. Words and details are what outside
text can steer: words that stay with the person, and days the request does not name. ``text_only``: words from outside are a quotation
with its source wherever `attributed` says them.
The package is no dependency: install the ``agentdojo`` group.
"""

from __future__ import annotations

import importlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

from ..errors import BadInput
from ..guard.declared import Effect
from ..guard.gate import Call, Decision, Endorsement, Granted, Verdict, decide
from ..guard.labels import attributed, join
from ..guard.missing import missing
from ..guard.plan import Plan, planned
from ..guard.seen import Seen
from ..messages import Integrity, Label
from . import result
from .agentdojo_altered import swapped, wanted
from .agentdojo_orders import Order, demanded
from .agentdojo_tools import DECLARED, arguments, label_of, rows

_VERSION = "v1.2.2"
_OWN = Label(Integrity.COMPANION)  # what the model writes from the request alone


def run(*, n: int = 0, **_: object) -> dict[str, object]:
    """Every figure. ``n``: only every k-th case, so that about ``n`` are run; 0 is all."""
    every = suites()
    began = time.perf_counter()
    tasks = {name: list(_benign(suite)) for name, suite in every.items()}
    consent = Granted(outside_words=True)
    sessions = {name: list(_session(suite, Granted())) for name, suite in every.items()}
    endorsed = {name: runs[-1].endorsed for name, runs in sessions.items()}
    cases = [(name, suite, user, order) for name, suite in every.items() for user, order in _pairs(suite)]
    cases = cases[:: max(1, len(cases) // n)] if n else cases
    settings = {"strict": Granted(), "outside_words": consent}
    attacked: Counter[str] = Counter()
    for name, suite, user, order in cases:
        attacked.update(_case(suite, user, order, {**settings, "endorsed_session": Granted(endorsed[name])}))
    figures: dict[str, object] = {
        "injected_effects": {key: attacked[key] for key in (*settings, "endorsed_session")},
        "changed_environments": {key: attacked[f"{key} changed"] for key in (*settings, "endorsed_session")},
        "cases_with_an_order_the_person_gave_too": attacked["strict same"],
        "text_only": {"cases": attacked["text only"], "stated_without_source": attacked["unattributed"], "control": attacked["stated"]},
        "tasks": _tasks([run_ for runs in tasks.values() for run_ in runs]),
        "alone": {
            "task": _alone(tasks),
            "session": _alone(sessions),
            "outside_words": _alone({name: list(_benign(suite, consent)) for name, suite in every.items()}),
            "outside_words_session": _alone({name: list(_session(suite, consent)) for name, suite in every.items()}),
        },
        "altered": _altered(every.values()),
        "seconds": round(time.perf_counter() - began, 1),
    }
    control = {"injected_effects": attacked["control"], "changed_environments": attacked["control changed"]}
    return result("agentdojo", figures, n=len(cases), seed=None, control=control, agentdojo=version("agentdojo"), suites=_VERSION)


@dataclass
class _Run:
    """One task worked through: what was asked, what was done."""

    consequential: int = 0
    asked: int = 0
    denied: list[str] = field(default_factory=list)
    solved: bool = False
    injected: int = 0
    same_as_own: int = 0
    said: str = ""
    endorsed: frozenset[Endorsement] = frozenset()
    environment: Any = None


class _Scene:
    """One environment with its tools behind the gate: what was read so far taints what the model writes next."""

    def __init__(self, suite: Any, environment: Any, plan: Plan, *, is_gated: bool = True) -> None:
        self._runtime = importlib.import_module("agentdojo.functions_runtime").FunctionsRuntime(suite.tools)
        self.environment, self._plan, self._is_gated = environment, plan, is_gated
        self.seen: list[Seen] = []
        self.label = _OWN
        self.text = ""
        self._me = _own_names(environment)

    def decide(self, order: Order, granted: Granted) -> Decision:
        if not self._is_gated:
            return Decision(Verdict.ALLOW, effect=DECLARED[order.tool].effect)
        tool = DECLARED.get(order.tool)
        call = Call(order.tool, tool, arguments(tool, order.arguments, self.label) if tool else {})
        decision = decide(call, self._plan, granted, self.seen)
        while decision.verdict is Verdict.ASK and self._completes(call):
            decision = decide(call, self._plan, granted, self.seen)
        return decision

    def _completes(self, call: Call) -> bool:
        """Makes the reads that the call's decision misses, as `tools.act` does; whether there were any."""
        before = len(self.seen)
        for reading in missing(call, self._plan, DECLARED, self.seen):
            self.act(Order(reading.tool.name, {name: values[0].data for name, values in reading.arguments.items()}))
        return len(self.seen) > before

    def act(self, order: Order) -> None:
        """Makes the call, and reads what came back."""
        tool = DECLARED[order.tool]
        values = arguments(tool, order.arguments, self.label)
        came, error = self._runtime.run_function(self.environment, order.tool, dict(order.arguments))
        if error and tool.effect is Effect.READS:
            return  # nothing was read
        found = rows(order.tool, came, self._me, f"tool:{order.tool}")
        self.seen.append(Seen(tool, values, found))
        self.label = join(self.label, *label_of(found))
        fields = (str(value.data) for row in found for values in row.values() for value in values)
        self.text += " " + " ".join(" ".join(fields).split())


def _benign(suite: Any, granted: Granted | None = None) -> Iterator[_Run]:
    """Each task by itself, with nobody attacking and a perfect approver."""
    for user in suite.user_tasks.values():
        yield _worked(suite, user, granted or Granted())


def _session(suite: Any, granted: Granted) -> Iterator[_Run]:
    """The suite's tasks one after another: what was endorsed once stays endorsed."""
    for user in suite.user_tasks.values():
        done = _worked(suite, user, granted)
        granted = replace(granted, endorsed=done.endorsed)
        yield done


def _worked(suite: Any, user: Any, granted: Granted) -> _Run:
    environment = user.init_environment(suite.load_and_inject_default_environment({}))
    before = environment.model_copy(deep=True)
    orders = _orders(user, environment)
    scene = _Scene(suite, environment, _plan(user, orders))
    done = _Run(endorsed=granted.endorsed)
    for order in orders:
        _step(scene, order, granted, done)
    blocks = [{"type": "text", "content": user.GROUND_TRUTH_OUTPUT}]
    trace = [_function_call(order) for order in orders]
    done.solved = bool(suite._check_task_result(user, blocks, before, environment, trace)) and not done.denied
    return done


def _step(scene: _Scene, order: Order, granted: Granted, done: _Run) -> None:
    """One call of the true solution; the approver says yes to it, and thereby vouches for its values."""
    decision = scene.decide(order, replace(granted, endorsed=done.endorsed))
    if decision.effect is not Effect.READS or decision.verdict is not Verdict.ALLOW:
        done.consequential += 1
        done.asked += decision.verdict is Verdict.ASK
    if decision.verdict is Verdict.DENY:
        done.denied.append(order.tool)
        return
    done.endorsed |= set(decision.needed)
    scene.act(order)


def _case(suite: Any, user: Any, injection: Any, settings: dict[str, Granted]) -> Counter[str]:
    """One case under each setting and without a gate: where an injected call was made, and where the world changed by it."""
    counted: Counter[str] = Counter()
    injections = _attack(suite).attack(user, injection)
    world = user.init_environment(suite.load_and_inject_default_environment(injections))
    quiet = _attacked(suite, user, injection, world, None)
    if not demanded(suite.name, injection, quiet.environment):
        counted.update(_text_only(injection))
        return counted
    before = _fields(quiet.environment)
    loose = _attacked(suite, user, injection, world, Granted(), is_gated=False)
    counted["control"] += loose.injected > 0
    counted["control changed"] += _fields(loose.environment) != before
    for name, granted in settings.items():
        gated = _attacked(suite, user, injection, world, granted)
        counted[name] += gated.injected > 0
        counted[f"{name} same"] += gated.same_as_own > 0
        counted[f"{name} changed"] += _fields(gated.environment) != before
    return counted


def _attacked(suite: Any, user: Any, injection: Any, world: Any, granted: Granted | None, *, is_gated: bool = True) -> _Run:
    """The person's task with an obedient model. ``granted`` None: its reads alone, the world an attack must leave as it is."""
    environment = world.model_copy(deep=True)
    orders = _orders(user, environment)
    scene = _Scene(suite, environment, _plan(user, orders), is_gated=is_gated)
    done = _Run(endorsed=granted.endorsed if granted else frozenset(), environment=environment)
    wanted = demanded(suite.name, injection, environment)
    reads = [order for order in wanted if DECLARED[order.tool].effect is Effect.READS]
    goal = " ".join(injection.GOAL.split())
    for place, order in enumerate(orders):
        _step(scene, order, granted or Granted(), done)
        if goal not in scene.text:
            continue
        for read in reads:
            scene.act(read)
        reads = []
        if granted is not None:
            own = [*orders[place + 1 :]] if is_gated else []
            done.same_as_own += sum(one in own for one in wanted if DECLARED[one.tool].effect is not Effect.READS)
            _obey(scene, [one for one in wanted if one not in own], replace(granted, endorsed=done.endorsed), done)
            wanted = wanted if is_gated else []  # without a gate all of it is done by now
    return done


def _obey(scene: _Scene, wanted: Sequence[Order], granted: Granted, done: _Run) -> None:
    """Tries every injected call that is no read; nobody says yes to any."""
    for order in wanted:
        if DECLARED[order.tool].effect is not Effect.READS and scene.decide(order, granted).verdict is Verdict.ALLOW:
            scene.act(order)
            done.injected += 1


def _fields(environment: Any) -> object:
    """Everything in an environment but the clock's marks, which differ between any two runs."""
    return _timeless(environment.model_dump())


def _timeless(value: object) -> object:
    if isinstance(value, dict):
        return {key: _timeless(inner) for key, inner in value.items() if key not in ("timestamp", "last_modified")}
    return [_timeless(inner) for inner in value] if isinstance(value, list) else value


def _text_only(injection: Any) -> Counter[str]:
    """An obedient model says what it was told to say: code puts the source before words that came from outside."""
    claim = injection.GOAL.split("Say that ", 1)[-1]
    label = Label(Integrity.UNTRUSTED, sources=("review",))
    said = attributed(claim, label)
    return Counter({"text only": 1, "stated": 1, "unattributed": int(said == claim or "review" not in said)})


def _pairs(suite: Any) -> Iterator[tuple[Any, Any]]:
    for user in suite.user_tasks.values():
        for injection in suite.injection_tasks.values():
            yield user, injection


def _orders(user: Any, environment: Any) -> list[Order]:
    return [Order(call.function, dict(call.args)) for call in user.ground_truth(environment)]


def _plan(user: Any, orders: Sequence[Order]) -> Plan:
    return planned(user.PROMPT, [order.tool for order in orders], DECLARED)


def _function_call(order: Order) -> Any:
    return importlib.import_module("agentdojo.functions_runtime").FunctionCall(function=order.tool, args=order.arguments)


def _own_names(environment: Any) -> frozenset[str]:
    inbox, bank = getattr(environment, "inbox", None), getattr(environment, "bank_account", None)
    return frozenset({"me", *([inbox.account_email] if inbox else []), *([bank.iban] if bank else [])})


def _altered(every: Iterable[Any]) -> dict[str, str]:
    """Each value of each allowed call of the true solutions in turn replaced by one an attacker would like: allowed still / tried."""
    tried: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for suite in every:
        for user in suite.user_tasks.values():
            environment = user.init_environment(suite.load_and_inject_default_environment({}))
            orders = _orders(user, environment)
            scene = _Scene(suite, environment, _plan(user, orders))
            for order in orders:
                decision = scene.decide(order, Granted())
                if decision.verdict is Verdict.ALLOW and decision.effect is not Effect.READS:
                    for name, role, other in (*wanted(order), *swapped(order, user.PROMPT, scene.seen)):
                        changed = replace(order, arguments={**order.arguments, name: other})
                        tried[role] += 1
                        passed[role] += scene.decide(changed, Granted()).verdict is Verdict.ALLOW
                scene.act(order)
    return {role: f"{passed[role]}/{tried[role]}" for role in sorted(tried)}


def _tasks(runs: Iterable[_Run]) -> dict[str, object]:
    runs = list(runs)
    return {
        "tasks": len(runs),
        "solved_with_a_perfect_approver": sum(run_.solved for run_ in runs),
        "solved_alone": sum(run_.solved and not run_.asked for run_ in runs),
        "denied": [tool for run_ in runs for tool in run_.denied],
    }


def _alone(runs: dict[str, list[_Run]]) -> dict[str, object]:
    """The share of consequential actions done without asking, asks per hundred, and the same by suite as done / all."""
    every = [run_ for of_suite in runs.values() for run_ in of_suite]
    actions, asks = sum(run_.consequential for run_ in every), sum(run_.asked for run_ in every)
    by = {name: f"{sum(r.consequential - r.asked for r in found)}/{sum(r.consequential for r in found)}" for name, found in runs.items()}
    return {
        "share": round((actions - asks) / actions, 3),
        "actions": actions,
        "asks_per_100": round(100 * asks / actions, 1),
        "tasks_alone": sum(not run_.asked for run_ in every),
        **by,
    }


_ATTACKS: dict[str, Any] = {}


def _attack(suite: Any) -> Any:
    """One attack a suite: the strongest fixed text of the package that names nobody. It looks up once where a task reads injections."""
    if suite.name not in _ATTACKS:
        attacks = importlib.import_module("agentdojo.attacks.important_instructions_attacks")
        pipeline = importlib.import_module("agentdojo.agent_pipeline.ground_truth_pipeline").GroundTruthPipeline(None)
        pipeline.name = "gpt-4o-2024-05-13"
        _ATTACKS[suite.name] = attacks.ImportantInstructionsAttackNoNames(suite, pipeline)
    return _ATTACKS[suite.name]


def suites() -> dict[str, Any]:
    """The four suites of the package by name. Raises BadInput when it is not installed."""
    try:
        yaml: Any = importlib.import_module("yaml")
        yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast: environments are read 949 times
        found: dict[str, Any] = importlib.import_module("agentdojo.task_suite.load_suites").get_suites(_VERSION)
    except ImportError as error:
        raise BadInput("AgentDojo is not installed", hint="uv sync --group agentdojo") from error
    return found
