"""The exact solver, HiGHS: programmes in whole numbers. The only place that imports it, and only when it is used.

Costs are whole numbers, so a solution less than one from the bound is a best one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil, gcd, inf, isfinite
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from highspy import Highs

MISSING: Final = "Autofill needs the solver HiGHS, which is not installed here. Install requirements-autofill.lock (the extra digilinja[autofill])"
LESS_THAN_ONE: Final = 0.99
ROUNDING: Final = 1e-6
SLIGHT: Final = 1e-5  # a dual above this is no rounding of nought
FEASIBLE: Final = 2  # HiGHS: a solution is there, best or not
INTEGER: Final = 1  # HiGHS: a variable in whole numbers

Terms = Iterable[tuple[int, float]]  # variables and their factors


class SolverMissingError(RuntimeError):
    """Autofill needs HiGHS, an optional extra that is not installed."""

    def __init__(self) -> None:
        super().__init__(MISSING)


@dataclass(frozen=True, slots=True)
class Found:
    """A solution: the variables' values, what it costs, and what no solution costs less than; and the time that it took."""

    values: tuple[float, ...]
    cost: int
    bound: int
    took: timedelta


@dataclass(frozen=True, slots=True)
class _Relaxed:
    """The best if numbers need not be whole: what it costs, and what leaving the bounds of columns and rows costs."""

    cost: float = -inf
    columns: Sequence[float] = ()
    rows: Sequence[float] = ()


@dataclass(slots=True)
class _Unsaid:
    """Variables and rows that HiGHS has not been told yet: one by one it takes them a hundred times as slowly."""

    mosts: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)

    def tell(self, highs: "Highs") -> None:
        """Tell HiGHS all of it."""
        count, least, most = len(self.mosts), [row[0] for row in self.bounds], [row[1] for row in self.bounds]
        whole = [INTEGER] * len(self.whole)
        answers = (
            highs.addVars(count, [0.0] * count, self.mosts),
            highs.changeColsIntegrality(len(whole), self.whole, whole),  # type: ignore[arg-type]  # it takes lists
            highs.addRows(len(least), least, most, len(self.columns), self.starts, self.columns, self.factors),
        )
        if any(answer.value < 0 for answer in answers):
            raise ValueError("HiGHS does not take the programme; does a row name a variable twice?")


class Programme:
    """Variables from nought up, rows that bound sums of them, solutions of least cost; the same input, the same answer."""

    def __init__(self) -> None:
        self._highs = _new_highs()
        self._variables = 0
        self._unsaid = _Unsaid()
        self._values: tuple[float, ...] = ()
        self._prices: dict[int, int] = {}
        self._cost = 0.0
        self._relaxed = _Relaxed()

    def variable(self, most: float = 1, *, whole: bool = True) -> int:
        """A variable, whole or not; its number."""
        number = self._variables
        self._variables += 1
        self._unsaid.mosts.append(most)
        if whole:
            self._unsaid.whole.append(number)
        return number

    def row(self, terms: Terms, *, least: float = -inf, most: float = inf) -> None:
        """Bound the sum of these terms, each of another variable."""
        self._unsaid.bounds.append((least, most))
        self._unsaid.starts.append(len(self._unsaid.columns))
        for variable, factor in terms:
            self._unsaid.columns.append(variable)
            self._unsaid.factors.append(factor)

    def least(self, costs: Mapping[int, int], limit: timedelta) -> Found | None:
        """The best solution found within `limit` of work on it; None when there is none, or none was found.

        A variable that earns something (a cost below nought) must not go above one.
        """
        if not self._variables:
            return Found((), 0, 0, timedelta(0))
        if limit <= timedelta(0):
            return None
        self._unsaid.tell(self._highs)
        self._unsaid = _Unsaid()
        unit = gcd(*costs.values()) or 1
        self._price({variable: cost // unit for variable, cost in costs.items()})
        worked = self._relax(limit) + self._run(limit)
        info = self._highs.getInfo()
        if info.primal_solution_status != FEASIBLE:
            return None
        self._values = tuple(self._highs.getSolution().col_value)
        self._cost = round(info.objective_function_value)
        known = max(self._relaxed.cost, info.mip_dual_bound if isfinite(info.mip_dual_bound) else self._nothing_known)
        return Found(self._values, self._cost * unit, min(self._cost, ceil(known - ROUNDING)) * unit, worked)

    def keep(self) -> None:
        """From now on no solution may cost more than the one found last, by the costs it was found for.

        The relaxation tells what each variable and row costs off its bound. What costs more than lies between relaxation
        and solution is out, whatever else is chosen; where nothing lies between, no more need be said.
        """
        lp, between = self._highs.getLp(), max(0.0, self._cost - self._relaxed.cost)
        columns = zip(lp.col_lower_, lp.col_upper_, self._relaxed.columns, strict=False)
        for number, (least, most, dual) in enumerate(columns):
            if abs(dual) > between + SLIGHT:
                self._highs.changeColBounds(number, *((least, least) if dual > 0 else (most, most)))
        rows = zip(lp.row_lower_, lp.row_upper_, self._relaxed.rows, strict=False)
        for number, (least, most, dual) in enumerate(rows):
            if abs(dual) > between + SLIGHT:
                self._highs.changeRowBounds(number, *((least, least) if dual > 0 else (most, most)))
        if between > ROUNDING:
            self.row(self._prices.items(), most=self._cost)

    @property
    def _nothing_known(self) -> int:
        return sum(min(0, price) for price in self._prices.values())

    def _price(self, prices: dict[int, int]) -> None:
        self._prices = prices
        costs = [float(prices.get(variable, 0)) for variable in range(self._variables)]
        self._highs.changeColsCost(self._variables, list(range(self._variables)), costs)

    def _relax(self, limit: timedelta) -> timedelta:
        relaxation = _new_highs()
        relaxation.passModel(self._highs.getLp())
        relaxation.setOptionValue("solve_relaxation", True)
        relaxation.setOptionValue("time_limit", limit.total_seconds())
        relaxation.run()
        solution, info = relaxation.getSolution(), relaxation.getInfo()
        known = info.dual_solution_status == FEASIBLE
        self._relaxed = (
            _Relaxed(info.objective_function_value, solution.col_dual, solution.row_dual) if known else _Relaxed()
        )
        return timedelta(seconds=relaxation.getRunTime())

    def _run(self, limit: timedelta) -> timedelta:
        self._highs.setOptionValue("time_limit", limit.total_seconds())
        if self._values:
            self._highs.setSolution(len(self._values), list(range(len(self._values))), list(self._values))
        before = self._highs.getRunTime()
        self._highs.run()
        return timedelta(seconds=self._highs.getRunTime() - before)


def _new_highs() -> "Highs":
    try:
        from highspy import Highs  # noqa: PLC0415 - optional
    except ImportError as error:
        raise SolverMissingError from error
    highs = Highs()
    highs.silent()
    highs.setOptionValue("parallel", "off")
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", LESS_THAN_ONE)
    return highs
