"""An outsider: reads a run's published CSV files and drawings, knows the public rules, and solves for what is withheld.

Nothing here comes from the package that is attacked. Counts are unknown whole numbers. What the files print are
equations between them; each withheld count is asked for its lowest and highest possible value by integer programming
(HiGHS, by `scipy.optimize.milp`), after intervals were propagated. A count of 1 to the threshold that is known to
within one has been recovered.

    recovered(build, threshold=5)     # every page of a build, and the outcomes of each authority beside each other
    recovered_over_time([first, second], threshold=5)    # the same, of all releases of an authority together
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from tests.attacker.arithmetic import Unknowns, narrow
from tests.attacker.drawings import told_by_drawings
from tests.attacker.resampled import agreeing

WORDS_WHOLE = ("cases", "families", "removed", "remaining", "documents", "notifications")
COUNTS = ("cases positives families positive_families flagged true_positives false_positives false_negatives "
          "true_negatives correct not_flagged removed remaining documents flagged_by_all flagged_by_any "
          "early_outcomes flagged_early flagged_neither "
          "decided decided_positives decided_negatives decided_missed").split()  # fmt: skip
PARTS = (("cases", "positives", "negatives"), ("cases", "flagged", "not_flagged"),
         ("flagged", "true_positives", "false_positives"), ("positives", "true_positives", "false_negatives"),
         ("negatives", "false_positives", "true_negatives"), ("not_flagged", "false_negatives", "true_negatives"),
         ("correct", "true_positives", "true_negatives"),
         ("families", "positive_families", "other_families"),
         ("cases", "flagged_by_any", "flagged_by_none"), ("flagged_by_any", "flagged", "flagged_by_others_only"),
         ("flagged", "flagged_by_all", "flagged_not_by_all"), ("negatives", "early_outcomes", "neither"),
         ("early_outcomes", "flagged_early", "early_not_flagged"),
         ("false_positives", "flagged_early", "flagged_neither"), ("neither", "flagged_neither", "neither_not_flagged"),
         ("decided", "decided_positives", "decided_negatives"),
         ("positives", "decided_positives", "decided_missed"))  # fmt: skip
# Printed as the sum of their two parts, which are rounded each for itself.
SUMMED = {"flagged": ("true_positives", "false_positives"), "not_flagged": ("false_negatives", "true_negatives"),
          "correct": ("true_positives", "true_negatives")}  # fmt: skip
ROWS_OF_TEST_CASES = ("performance", "chance", "operating_point", "thresholds", "thresholds_by_use", "give_away",
                      "comparisons", "early_outcomes", "yardsticks", "flags_compared")  # fmt: skip
MANY_THRESHOLDS = ("thresholds", "thresholds_by_use", "flags_compared")
SHARES = {"precision": ("true_positives", "flagged"), "recall": ("true_positives", "positives"),
          "accuracy": ("correct", "cases"), "prevalence": ("positives", "cases"), "observed": ("positives", "cases"),
          "false_discovery_rate": ("false_positives", "flagged"),
          "agreed": ("flagged_by_all", "flagged"), "decision_precision": ("decided_positives", "decided"),
          "decision_recall": ("decided_positives", "positives"),
          "false_omission_rate": ("false_negatives", "not_flagged")}  # fmt: skip
# Counts that do not depend on a model.
OF_CASES = ("cases", "positives", "negatives", "families", "positive_families", "other_families", "documents",
            "removed", "remaining", "early_outcomes", "neither")  # fmt: skip
OF_DECISIONS = ("decided", "decided_positives", "decided_negatives", "decided_missed")
RELEASE, SCORED = " release ", "supplied_score"
Page = Mapping[str, pd.DataFrame]


def read_page(folder: Path) -> dict[str, pd.DataFrame]:
    """The CSV files of one page's `released/`, by name."""
    return {
        path.stem: pd.read_csv(path, keep_default_na=False, na_values=[""]) for path in sorted(folder.glob("*.csv"))
    }


def recovered(build: Path, threshold: int, rounding: int = 1, replicates: int = 1_000) -> list[str]:
    """Every small count that can be had to within one from the published pages of a build."""
    found: list[str] = []
    for authority in sorted({path.parents[1] for path in build.glob("*/*/released")}):
        pages = {path.parent.name: read_page(path) for path in sorted(authority.glob("*/released"))}
        drawn = [line for path in sorted(authority.glob("*/released")) for line in told_by_drawings(path)]
        found += [f"{authority.name}: {line}" for line in (*attack(pages, threshold, rounding, replicates), *drawn)]
    return found


def recovered_over_time(
    builds: Sequence[Path], threshold: int, rounding: int = 1, replicates: int = 1_000
) -> list[str]:
    """Every small count that can be had from all that an authority ever released, oldest first."""
    pages = {
        f"{folder.parent.name}{RELEASE}{number}": read_page(folder)
        for number, build in enumerate(builds, start=1)
        for folder in sorted(build.glob("*/*/released"))
    }
    drawn = [line for build in builds for path in sorted(build.glob("*/*/released")) for line in told_by_drawings(path)]
    return [*attack(pages, threshold, rounding, replicates), *drawn]


def attack(pages: Mapping[str, Page], threshold: int, rounding: int = 1, replicates: int = 1_000) -> list[str]:
    """Small counts that can be had from an authority's pages, by outcome (and release): what is each, in words."""
    unknowns, found = Unknowns(), []
    for outcome, page in pages.items():
        _read(unknowns, outcome, page, threshold, rounding)
        _resampled_ends(unknowns, outcome, page, rounding, replicates)
    found += _words(pages)
    _compare_outcomes(unknowns, pages)
    _compare_releases(unknowns, pages)
    asked = [name for name in unknowns.limits if not name.startswith("rest ")]
    return found + [f"{name} is {low} to {high}" for name, low, high in narrow(unknowns, asked, threshold)]


def _read(unknowns: Unknowns, outcome: str, page: Page, threshold: int, rounding: int) -> None:
    for table, frame in page.items():
        words = [name for name in frame if frame[name].map(lambda cell: isinstance(cell, str)).any()]
        counts = [name for name in COUNTS if name in frame and name not in words]  # of the leakage audit a word
        for place, row in enumerate(frame.to_dict("records")):
            hidden = [name for name in counts if pd.isna(row[name])]
            small_row = any(name in hidden for name in WORDS_WHOLE)
            for count in counts:
                name = _name(outcome, table, place, row, count)
                if count in hidden:
                    unknowns.number(name, 0 if small_row and count not in WORDS_WHOLE else 1)
                elif rounding == 1 or any(pd.isna(row.get(part)) for part in SUMMED.get(count, ("",))):
                    low, high = _printed(int(row[count]), threshold, rounding)
                    unknowns.number(name, low, high)
            _split(unknowns, outcome, table, place, row, counts)
            _shares(unknowns, outcome, table, place, row, rounding)
            _interval_ends(unknowns, outcome, table, place, row, rounding)
    _sums(unknowns, outcome, page)
    _paths(unknowns, outcome, page)
    _curves(unknowns, outcome, page)
    _ranks(unknowns, outcome, page, rounding)


def _printed(value: int, threshold: int, rounding: int) -> tuple[int, int]:
    if value == 0 or rounding == 1:
        return value, value
    return max(value - rounding // 2, threshold + 1), value + rounding // 2


def _learned_from(row: Mapping) -> str:
    return str(row.get("first" if "comparison" in row else "design", "")).rsplit("-", 1)[-1]


def _whose(outcome: str, table: str, place: int, row: Mapping) -> str:
    test = f"{outcome} test {_learned_from(row)}"
    if table in ROWS_OF_TEST_CASES:
        return test
    if table == "sample":
        return test if row["part"] == "test" else f"{outcome} training {_learned_from(row)}"
    if table == "enough_cases":
        return f"{outcome} training {_learned_from(row)}"
    if table == "dependence":
        return f"{outcome} test earlier_cases"
    if table in ("subgroups", "equally_good"):
        return f"{test} {row['characteristic']} {row['subgroup']}".removesuffix(" everyone everyone")
    if table in ("outcome_by_year", "half_years"):
        half = f" half {row['half']}" if "half" in row else ""
        return f"{outcome} all in {row['year']}{half}"
    if table == "score_coverage":
        return f"{outcome} {'test' if row['status'] == SCORED else 'all,'} {row['status']}"
    if table in ("score_comparisons", "score_versions"):
        return f"{outcome} test {SCORED}" + (f" version {row['version']}" if "version" in row else "")
    if table == "learning_curves":
        return f"{outcome} training {_learned_from(row)} size {row['size']}"
    if table == "vulnerabilities":
        return f"{outcome} all with {row['concept']}"
    if table == "documents":
        return f"{outcome} all with {row['kind']}"
    if table == "flow":
        return f"{outcome} events after {row['step']}"
    # of a table that is not known to the outsider
    return f"{outcome} {table} row {place} {_learned_from(row)}".rstrip()


def _name(outcome: str, table: str, place: int, row: Mapping, count: str) -> str:
    """What a count is: decisions are also of a model, and of a threshold where there are several."""
    whose = _whose(outcome, table, place, row)
    if count in OF_CASES:
        return f"{count} | {whose}"
    if count in OF_DECISIONS:
        return f"{count} | {whose} | {row['decision']}"
    at = f" at {row['threshold']}" if table in MANY_THRESHOLDS else ""
    return f"{count} | {whose} | {row['design']}{at}"


def _split(unknowns: Unknowns, outcome: str, table: str, place: int, row: Mapping, counts: Sequence[str]) -> None:
    known = set(counts)
    for whole, one, other in PARTS:
        if len(known & {whole, one, other}) >= 2:
            known |= {whole, one, other}
            names = [_name(outcome, table, place, row, count) for count in (whole, one, other)]
            unknowns.add_up(names[0], names[1:])


def _shares(unknowns: Unknowns, outcome: str, table: str, place: int, row: Mapping, rounding: int) -> None:
    for column, (part, whole) in SHARES.items():
        share = row.get(column)
        if table in ("precision_recall_curve", "roc_curve") or part not in row or share is None or pd.isna(share):
            continue
        # a sum of two rounded parts may be off by both
        off = [rounding // 2 * (2 if count in SUMMED else 1) for count in (part, whole)]
        part, whole = (_name(outcome, table, place, row, count) for count in (part, whole))
        half = 0.5 * 10.0 ** -max(3, _decimals(share))
        most, least = share + half, share - half
        unknowns.count_constraints({part: 1.0, whole: -most}, -np.inf, off[0] + off[1] * most)
        unknowns.count_constraints({part: 1.0, whole: -least}, -off[0] - off[1] * least, np.inf)


def _interval_ends(unknowns: Unknowns, outcome: str, table: str, place: int, row: Mapping, rounding: int) -> None:
    """The exact interval of a share of none or all of n ends at 1 - .025^(1/n), or .025^(1/n): which n agree?"""
    for column, (_, whole) in SHARES.items():
        share, low, high = (row.get(name, np.nan) for name in (column, f"{column}_low", f"{column}_high"))
        if whole not in row or pd.isna(low) or pd.isna(high) or share not in (0, 1):
            continue
        if share == 1 and rounding > 1:
            continue  # it may be that of resampled families, where the counts are alike by rounding alone
        end = high if share == 0 else 1 - low
        half = 0.5 * 10.0 ** -max(2, _decimals(end))
        sizes = [n for n in range(1, 2_000) if abs(1 - 0.025 ** (1 / n) - end) <= half + 1e-9]
        name = _name(outcome, table, place, row, whole)
        fewest, most = unknowns.limits[unknowns.number(name)]
        if rounding > 1 and not pd.isna(row[whole]) and int(row[whole]) in sizes:
            continue  # as the rule is public: the end is that of the rounded number
        agree = [n for n in sizes if fewest <= n <= most]
        if agree and len(sizes) < 1_000 and (low, high) != (0.0, 1.0):  # else it is that of resampled families
            unknowns.number(name, min(agree), max(agree))


def _resampled_ends(unknowns: Unknowns, outcome: str, page: Page, rounding: int, replicates: int) -> None:
    """The interval of a share that is neither none nor all is of resampled families: the wider, the fewer there are."""
    for table, frame in page.items():
        for place, row in enumerate(frame.to_dict("records")):
            for column, counts in SHARES.items():
                share, *ends = (row.get(name, np.nan) for name in (column, f"{column}_low", f"{column}_high"))
                if not set(counts) <= set(row) or pd.isna([share, *ends]).any() or share in (0, 1):
                    continue
                names = [unknowns.number(_name(outcome, table, place, row, count)) for count in counts]
                parts, wholes = (tuple(map(int, unknowns.limits[name])) for name in names)
                if parts[0] < parts[1] or wholes[0] < wholes[1]:
                    found = agreeing(parts, wholes, share if rounding == 1 else None, tuple(ends), replicates)
                    for name, values in zip(names, zip(*found, strict=True) if found else (), strict=False):
                        unknowns.number(name, min(values), max(values))


def _sums(unknowns: Unknowns, outcome: str, page: Page) -> None:
    for table, keys, complete in (("outcome_by_year", [], True), ("calibration", ["design"], True),
                                  ("half_years", ["year"], True), ("late_cases", [], False),
                                  ("score_coverage", [], True), ("score_versions", [], True),
                                  ("subgroups", ["design", "characteristic"], True),
                                  ("equally_good", ["design", "characteristic"], True),
                                  ("vulnerabilities", ["concept"], False), ("documents", ["kind"], False)):  # fmt: skip
        frame = page.get(table, pd.DataFrame())
        if not len(frame):
            continue
        groups = frame.groupby(keys, sort=False) if keys else [((), frame)]
        for _, rows in groups:
            first = rows.iloc[0].to_dict()
            whose = f"{outcome} test {_learned_from(first)}" if "design" in rows else f"{outcome} all"
            whose = f"{whose} in {first['year']}" if table == "half_years" else whose
            whose = f"{outcome} test {SCORED}" if table == "score_versions" else whose
            for count in (name for name in COUNTS if name in rows and name not in ("documents", "not_flagged")):
                model = "" if count in ("cases", "positives") else f" | {first['design']}"
                parts = [_name(outcome, table, int(at), row, count)
                         for at, row in zip(rows.index, rows.to_dict("records"), strict=True)]  # fmt: skip
                if parts != [f"{count} | {whose}{model}"]:  # those of everyone are no parts
                    unknowns.add_up(f"{count} | {whose}{model}", parts, complete=complete)
    for table, equal in (("flags_compared", ("decided",)), ("equally_good", ("flagged_by_all", "flagged_by_any"))):
        for place, row in enumerate(page.get(table, pd.DataFrame()).to_dict("records")):
            if row.get("models", 1) == 1:
                names = [_name(outcome, table, place, row, count) for count in ("flagged", *equal)]
                for name in names[1:]:
                    unknowns.add_up(names[0], [name])
    flow = page.get("flow", pd.DataFrame()).to_dict("records")
    for place in range(1, len(flow)):
        before = _name(outcome, "flow", place - 1, flow[place - 1], "remaining")
        after = [_name(outcome, "flow", place, flow[place], count) for count in ("remaining", "removed")]
        unknowns.add_up(before, after)
    if flow:
        unknowns.add_up(f"cases | {outcome} all", [_name(outcome, "flow", len(flow) - 1, flow[-1], "remaining")])
    for count in ("cases", "positives", "families", "positive_families") if "sample" in page else ():
        parts = [f"{count} | {outcome} {part} all_cases" for part in ("training", "test")]
        unknowns.add_up(f"{count} | {outcome} all", parts)


def _paths(unknowns: Unknowns, outcome: str, page: Page) -> None:
    """Of two thresholds the lower flags everything the higher does: the difference is a count too."""
    points: dict[str, list[tuple[float, str]]] = {}
    for table in ("operating_point", *MANY_THRESHOLDS):
        for place, row in enumerate(page.get(table, pd.DataFrame()).to_dict("records")):
            for count in ("flagged", "true_positives", "false_positives"):
                name = _name(outcome, table, place, row, count)
                points.setdefault(f"{row['design']} {count}", []).append((float(row["threshold"]), name))
    for path in points.values():
        path.sort(key=lambda point: -point[0])
        for (high, fewer), (low, more) in zip(path, path[1:], strict=False):
            if low < high:
                unknowns.add_up(more, [fewer, f"({more}) - ({fewer})"])


def _curves(unknowns: Unknowns, outcome: str, page: Page) -> None:
    """The sizes of a learning curve rise by equal factors from an eighth of the training families, rounded up."""
    frame = page.get("learning_curves", pd.DataFrame())
    for design, rows in frame.groupby("design") if len(frame) else ():
        last, whose = int(rows["size"].max()), f"{outcome} training {_learned_from({'design': design})}"
        for size in sorted(set(rows["size"].astype(int))):
            share = 1.0 if size == last else (1 / 8) ** ((last - size) / (last - 1))
            terms = {f"positive_families | {whose}": share, f"positive_families | {whose} size {size}": -1.0}
            unknowns.count_constraints(terms, -0.99999, 0.0)


def _ranks(unknowns: Unknowns, outcome: str, page: Page, rounding: int) -> None:
    """AUC and average precision with printed cases and positives: which numbers of flagged cases agree?"""
    for table in ("performance", "subgroups"):
        for place, row in enumerate(page.get(table, pd.DataFrame()).to_dict("records")):
            measures = {name: row.get(name) for name in ("auc", "average_precision")}
            if table == "performance":
                measures = {row["metric"]: row["value"]}
            if pd.isna(row["cases"]) or pd.isna(row["positives"]):
                continue
            counts = ("true_positives", "false_positives", "flagged")
            names = [_name(outcome, table, place, row, name) for name in counts]
            cases, positives = (
                unknowns.limits[unknowns.number(_name(outcome, table, place, row, count))]
                for count in ("cases", "positives")
            )
            sizes = [
                (p, n - p)
                for n in range(int(cases[0]), int(cases[1]) + 1)
                for p in range(int(positives[0]), int(positives[1]) + 1)
                if n > p
            ]
            _narrow_by_rank(unknowns, names, sizes, measures, 200_000 if rounding == 1 else 20_000)


def _narrow_by_rank(unknowns: Unknowns, names, sizes, measures: Mapping, pairs_tried: int) -> None:
    (low_t, high_t), (low_f, high_f), (fewest, most) = (unknowns.limits[unknowns.number(name)] for name in names)
    agree, tried = set(), 0
    for positives, negatives in sizes:
        for hits in range(int(low_t), int(min(high_t, positives)) + 1):
            for alarms in range(int(low_f), int(min(high_f, negatives)) + 1):
                tried += 1
                if tried > pairs_tried:
                    return
                if fewest <= hits + alarms <= most and all(
                    _agrees(name, value, hits, alarms, positives, negatives) for name, value in measures.items()
                ):
                    agree.add((hits, alarms))
    if agree:
        for name, values in zip(names[:2], zip(*agree, strict=True), strict=True):
            unknowns.number(name, min(values), max(values))


def _agrees(name: str, value: float, hits: int, alarms: int, positives: int, negatives: int) -> bool:
    """Whether so many hits and false alarms can have this AUC or average precision: the best and the worst order."""
    if pd.isna(value) or name not in ("auc", "average_precision") or not positives or not negatives:
        return True
    half = 0.5 * 10.0 ** -max(2, _decimals(value))
    if name == "auc":
        whole = positives * negatives
        low, high = hits * (negatives - alarms) / whole, 1 - (positives - hits) * alarms / whole
    else:
        best = [1.0] * hits + [(hits + n) / (hits + alarms + n) for n in range(1, positives - hits + 1)]
        worst = [n / (alarms + n) for n in range(1, hits + 1)]
        worst += [n / (negatives + n) for n in range(hits + 1, positives + 1)]
        low, high = sum(worst) / positives, sum(best) / positives
    return low <= value + half + 1e-9 and high >= value - half - 1e-9


def _decimals(value: float) -> int:
    return len(f"{value:.10f}".rstrip("0").partition(".")[2])


def _words(pages: Mapping[str, Page]) -> Iterator[str]:
    """What is said of a withheld count, and what blank rows tell by being there."""
    for outcome, page in pages.items():
        groups = page.get("subgroups", pd.DataFrame())
        for row in groups.to_dict("records"):
            if pd.isna(row["cases"]) or pd.isna(row["positives"]):
                who = f"{outcome} {row['design']} {row['characteristic']} {row['subgroup']}"
                if str(row["assessable"]) not in ("withheld", "nan"):
                    yield f"assessable says {row['assessable']!r} beside a withheld count: {who}"
                shown = [name for name in groups if name.endswith(("_low", "_high")) and not pd.isna(row[name])]
                if shown:
                    yield f"{', '.join(shown)} say that a withheld count is large enough to assess: {who}"
        pairs = page.get("subgroup_pairs", pd.DataFrame())
        for row in pairs.to_dict("records"):
            if pd.isna(row["difference"]):
                both = f"{row['first']} and {row['second']}"
                yield f"a blank pair tells that {both} are assessable: {outcome} {row['design']}"
        yield from _number_of_tests(outcome, pairs)
        yield from _exact_measures(outcome, page)


def _number_of_tests(outcome: str, pairs: pd.DataFrame) -> Iterator[str]:
    """The smallest p-value of k pairs is corrected to k times itself: more than the pairs shown tells of others."""
    if not len(pairs):
        return
    for labels, rows in pairs.groupby(["design", "characteristic", "metric"]):
        p, adjusted = rows["test_c_p_value"].min(), rows["test_c_adjusted_p_value"].min()
        if pd.notna(adjusted) and adjusted < 1 and p > 0 and adjusted > (p + 0.0005) * len(rows) + 0.0005:
            yield f"p-values are corrected for more pairs than are shown: {outcome} {labels}"


def _exact_measures(outcome: str, page: Page) -> Iterator[str]:
    """Four decimals or more of a measure fix the order of few cases, whatever is withheld."""
    for table, columns in (("performance", ["value"]), ("subgroups", ["auc", "average_precision"]),
                           ("learning_curves", ["average_precision"]), ("give_away", ["average_precision"]),
                           ("calibration", ["mean_risk"]), ("decision_curve", ["net_benefit"]),
                           ("topics", ["auc"])):  # fmt: skip
        for column in columns:
            values = page.get(table, pd.DataFrame()).get(column, pd.Series(dtype=float)).dropna()
            if any(_decimals(float(value)) > 3 for value in values):
                yield f"{table}.{column} is printed to more than three decimals: {outcome}"


def _compare_outcomes(unknowns: Unknowns, pages: Mapping[str, Page]) -> None:
    """Counts of the same children on two outcomes' pages: the larger less the smaller is a count too."""
    for one in pages:
        for other in (name for name in pages if name > one):
            for name in list(unknowns.limits):
                count, _, whose = name.partition(" | ")
                twin = f"{count} | {other}{whose.removeprefix(one)}"
                if twin not in unknowns.limits or not whose.startswith(f"{one} ") or count not in WORDS_WHOLE:
                    continue
                if any(word in whose for word in ("all_cases", "|", " row ", "training", "topics")):
                    continue
                mine, theirs = unknowns.limits[name], unknowns.limits[twin]
                if mine[0] == mine[1] and theirs[0] == theirs[1]:
                    more, fewer = (name, twin) if mine[0] >= theirs[0] else (twin, name)
                    unknowns.add_up(more, [fewer, f"difference of {more} and {fewer}"])


def _compare_releases(unknowns: Unknowns, pages: Mapping[str, Page]) -> None:
    """What one outcome's releases print of the same cases: what changed is a count of children too."""
    for one in pages:
        for other in (name for name in pages if name > one):
            if one.partition(RELEASE)[0] != other.partition(RELEASE)[0]:
                continue
            for name in list(unknowns.limits):
                count, _, whose = name.partition(" | ")
                twin = f"{count} | {other}{whose.removeprefix(one)}"
                if twin not in unknowns.limits or not whose.startswith(f"{one} ") or " row " in whose:
                    continue
                mine, theirs = unknowns.limits[name], unknowns.limits[twin]
                if mine[1] < theirs[0] or theirs[1] < mine[0] or mine[0] == mine[1] == theirs[0] == theirs[1]:
                    more, fewer = (name, twin) if mine[0] >= theirs[0] else (twin, name)
                    unknowns.add_up(more, [fewer, f"change of {more} from {fewer}"])
