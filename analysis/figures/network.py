"""Charts of the study of family networks."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.disclosure import Column, Released, TableSpecification
from analysis.disclosure.derive import derive
from analysis.figures.charts import chart
from analysis.figures.marks import CHANCE, PUBLISHED, beside, dot, key, number_array, paper, rows, shared_key, unit_axis
from analysis.sentences import network as words
from analysis.sentences.words import capitalised, interval, is_missing, label

EVENTS, RECORDED, WHOLE_LIFE, REGISTRY = "C4", "C0", "C1", "C2"
MARKERS = {EVENTS: "s", RECORDED: "o", WHOLE_LIFE: "D", REGISTRY: "^"}
NETWORKS = {"recorded": RECORDED, "whole-life": WHOLE_LIFE, "complete registry": REGISTRY}
FEWEST_DRAWN = 30  # notifications behind a point of a line of shares
READING_INK = {
    "ever_recorded": WHOLE_LIFE,
    "recorded_before": RECORDED,
    "implied": RECORDED,
    "complete_registry": REGISTRY,
    "placebo": CHANCE,
}


def ink(predictors: str) -> str:
    """The colour of a model, by the most it knows: whole-life network, recorded network, events."""
    names = predictors.split()
    if predictors == "all" or any(name.endswith("W") for name in names):
        return WHOLE_LIFE
    return RECORDED if any(name.endswith("R") for name in names) else EVENTS


def samples_in(frame: pd.DataFrame) -> list[str]:
    return [sample for sample in words.SAMPLES if sample in set(frame["sample"])]


def _panel_for_each_sample(released: Released) -> tuple[int, int]:
    return 1, max(len(samples_in(released.frame)), 1)


def _axes_by_sample(released: Released, axes) -> list[tuple[str, pd.DataFrame, Axes]]:
    frame = released.frame
    panels = np.atleast_1d(axes).ravel()
    return [
        (sample, frame[frame["sample"].eq(sample)], panel)
        for sample, panel in zip(samples_in(frame), panels, strict=False)
    ]


def _first(axes) -> Axes:
    return np.atleast_1d(axes).ravel()[0]


def _shares(panel: Axes) -> None:
    """A horizontal axis of shares, with room for no more than three numbers."""
    unit_axis(panel, percent=True)
    panel.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])


def _from_nought_to_one(panel: Axes, horizontal: str) -> None:
    """Both axes from nought to one, with the diagonal."""
    panel.plot([0, 1], [0, 1], color=CHANCE, linewidth=1, linestyle=":")
    unit_axis(panel)
    unit_axis(panel, "y")
    panel.set_xlabel(horizontal)


def _title(panel: Axes, sample: str) -> None:
    panel.set_title(capitalised(words.SAMPLES[sample]).replace(" notifications", ""))


def describe_table_2(table_2: Released) -> str:
    return (
        f"Areas under the ROC curve of the selected models, published and run, by sample. {words.read_table_2(table_2)}"
    )


@chart("network_table_2", describe=describe_table_2, draws=("auc",), height=5.6, read=words.read_table_2)
def plot_table_2(table_2: Released, axes: Axes) -> None:
    """Each selected model's area with its interval, and the published one as a cross."""
    frame = table_2.frame.reset_index(drop=True)
    names = []
    for y, row in frame.iterrows():
        shade = ink(row["predictors"])
        dot(axes, y, row["auc"], row["auc_low"], row["auc_high"], color=shade, marker=MARKERS[shade])
        axes.plot(row["published"], y, marker="x", color=PUBLISHED, linestyle="", label="published", zorder=4)
        beside(axes, y, interval(row["auc"], row["auc_low"], row["auc_high"], 3))
        names.append(f"{row['sample']}:\n{words.subset_words(row['predictors'])}")
    for shade, name in ((WHOLE_LIFE, "with whole-life"), (RECORDED, "recorded only"), (EVENTS, "events only")):
        axes.plot([], [], marker=MARKERS[shade], color=shade, linestyle="", label=name)
    rows(axes, names, words=False)
    axes.tick_params(axis="y", labelsize=7.5)
    axes.set_xlabel("area under the ROC curve (0.5 is chance)")
    key(axes, bbox_to_anchor=(-0.55, 1.0))


def describe_models(models: Released) -> str:
    return f"Every model's area under the ROC curve, by sample and number of predictors. {words.read_models(models)}"


@chart(
    "network_models",
    describe=describe_models,
    draws=("auc",),
    height=3.4,
    panels=_panel_for_each_sample,
    read=words.read_models,
)
def plot_models(models: Released, axes) -> None:
    """Each model a point, by how many predictors it has and the most it knows."""
    for sample, frame, panel in _axes_by_sample(models, axes):
        for shade, name in ((EVENTS, "events or age"), (RECORDED, "recorded"), (WHOLE_LIFE, "whole-life")):
            chosen = frame[[ink(predictors) == shade for predictors in frame["predictors"]]]
            shift = {EVENTS: -0.25, RECORDED: 0, WHOLE_LIFE: 0.25}[shade]
            panel.plot(
                number_array(chosen["number"]).clip(max=5) + shift,
                number_array(chosen["auc"]),
                MARKERS[shade],
                color=shade,
                markersize=3,
                alpha=0.6,
                label=name,
            )
        panel.set_xticks([1, 2, 3, 4, 5], ["1", "2", "3", "4", "all"])
        panel.set_xlabel("predictors, with age")
        panel.grid(axis="y")
        _title(panel, sample)
    first = _first(axes)
    first.set_ylabel("area under the ROC curve")
    key(first, loc="lower right", bbox_to_anchor=(1.02, 0.0), ncols=1, fontsize=7.5)


def describe_gains(gains: Released) -> str:
    return f"Differences between areas of selected models, published and run. {words.read_gains(gains)}"


@chart("network_gains", describe=describe_gains, draws=("gain",), height=3.6, read=words.read_gains)
def plot_gains(gains: Released, axes: Axes) -> None:
    """Each difference with its interval over families, and the published one as a cross."""
    frame = gains.frame.sort_values("comparison", kind="stable", ascending=False).reset_index(drop=True)
    for y, row in frame.iterrows():
        shade = WHOLE_LIFE if row["comparison"].startswith("whole") else RECORDED
        dot(axes, y, row["gain"], row["gain_low"], row["gain_high"], color=shade, marker=MARKERS[shade])
        axes.plot(row["published"], y, marker="x", color=PUBLISHED, linestyle="", label="published", zorder=4)
        beside(axes, y, interval(row["gain"], row["gain_low"], row["gain_high"], 3))
    axes.axvline(0, color=CHANCE, linewidth=1, linestyle=":")
    rows(axes, [f"{row.comparison},\n{row.sample}" for row in frame.itertuples()], words=False)
    axes.set_xlabel("difference between areas")
    key(axes)


def describe_roc(roc: Released) -> str:
    return f"Recall against false positive rate of the selected models, by sample. {words.read_roc(roc)}"


@chart(
    "network_roc",
    describe=describe_roc,
    draws=("recall",),
    height=2.9,
    panels=_panel_for_each_sample,
    read=words.read_roc,
)
def plot_roc(roc: Released, axes) -> None:
    """Recall at each false positive rate, beside the diagonal of chance."""
    for sample, frame, panel in _axes_by_sample(roc, axes):
        _from_nought_to_one(panel, "false positive rate")
        for predictors, curve in frame.groupby("predictors", sort=False):
            style = "-" if predictors == "all" else "--"
            panel.plot(
                number_array(curve["false_positive_rate"]),
                number_array(curve["recall"]),
                style,
                color=ink(predictors),
                linewidth=1.2,
            )
        _title(panel, sample)
    first = _first(axes)
    first.set_ylabel("recall")
    for shade, style, name in (
        (WHOLE_LIFE, "-", "all predictors"),
        (WHOLE_LIFE, "--", "four, whole-life"),
        (RECORDED, "--", "four, recorded"),
        (EVENTS, "--", "four, events"),
    ):
        first.plot([], [], style, color=shade, label=name)
    key(first, loc="lower right", bbox_to_anchor=(1.04, 0.0), ncols=1, fontsize=7)


def describe_selection(selection: Released) -> str:
    return "Share of resamples of families in whose best four-variable model each predictor stands, by sample."


@chart(
    "network_selection", describe=describe_selection, draws=("frequency",), height=3.6, panels=_panel_for_each_sample
)
def plot_selection(selection: Released, axes) -> None:
    """How often each predictor is chosen; filled if it is in the best model of the sample itself."""
    for sample, frame, panel in _axes_by_sample(selection, axes):
        for y, row in enumerate(frame.itertuples()):
            shade = ink(row.predictor)
            if not is_missing(row.frequency):
                panel.plot([0, row.frequency], [y, y], color=shade, linewidth=1.2)
                fill = shade if row.chosen == "yes" else paper()
                marker = {"color": shade, "markerfacecolor": fill, "markersize": 5, "clip_on": False, "zorder": 3}
                panel.plot(row.frequency, y, MARKERS[shade], **marker)
        rows(panel, list(frame["predictor"]), words=False)
        panel.tick_params(axis="y", labelsize=7)
        _shares(panel)
        _title(panel, sample)


def describe_tree_incidence(incidence: Released) -> str:
    predictors = ", ".join(dict.fromkeys(name[:-1] for name in incidence.frame["predictor"]))
    return (
        f"Incidence of high concern by age at the first notification, above and below the threshold of {predictors}, "
        f"by recorded and by whole-life network; ages with fewer than {FEWEST_DRAWN} notifications are not drawn."
    )


def _panel_for_each_predictor(incidence: Released) -> tuple[int, int]:
    return 1, len({name[:-1] for name in incidence.frame["predictor"]}) or 1


@chart(
    "network_tree_incidence",
    describe=describe_tree_incidence,
    draws=("incidence",),
    height=3.2,
    panels=_panel_for_each_predictor,
)
def plot_tree_incidence(incidence: Released, axes) -> None:
    """High-risk group solid, low-risk group dashed; recorded beside whole-life."""
    frame = incidence.frame[incidence.frame["notifications"].fillna(0).ge(FEWEST_DRAWN)]
    frame = frame.assign(measure=frame["predictor"].str[:-1])
    panels = np.atleast_1d(axes).ravel()
    for (measure, part), panel in zip(frame.groupby("measure", sort=False), panels, strict=False):
        for (network, group), line in part.groupby(["network", "group"], sort=False):
            ordered = line.assign(age=number_array(line["age_years"])).sort_values("age")
            panel.plot(
                ordered["age"],
                number_array(ordered["incidence"]),
                "-" if group == "above" else "--",
                color=NETWORKS[network],
                linewidth=1.4,
                label=network if group == "above" else None,
            )
        panel.set_title(measure)
        panel.set_ylim(bottom=0)
        panel.set_xlabel("age in years")
        panel.grid(axis="y")
    panels[0].set_ylabel("share with high concern")
    panels[0].plot([], [], "--", color=CHANCE, label="below threshold")
    shared_key(panels)


def describe_calibration(calibration: Released) -> str:
    return (
        f"Share with high concern against mean risk, by group of risk and sample. {words.read_calibration(calibration)}"
    )


@chart(
    "network_calibration",
    describe=describe_calibration,
    draws=("mean_risk", "observed"),
    height=2.9,
    panels=_panel_for_each_sample,
    read=words.read_calibration,
)
def plot_calibration(calibration: Released, axes) -> None:
    """On the diagonal a risk means what it says; where there are subgroups, a line for each."""
    for sample, frame, panel in _axes_by_sample(calibration, axes):
        _from_nought_to_one(panel, "mean risk")
        groups = frame.groupby("subgroup", sort=False) if "subgroup" in frame else [("", frame)]
        for place, (name, part) in enumerate(groups):
            panel.plot(
                number_array(part["mean_risk"]),
                number_array(part["observed"]),
                marker="osD^vP"[place % 6],
                color=f"C{place % 6}",
                markersize=4,
                linewidth=1,
                label=name or None,
            )
        _title(panel, sample)
    first = _first(axes)
    first.set_ylabel("share with high concern")
    key(first, loc="upper left", bbox_to_anchor=(0, 1), ncols=1, fontsize=7)


def describe_error_rates(error_rates: Released) -> str:
    return f"False positive and false negative rates by gender and ethnicity. {words.read_error_rates(error_rates)}"


@chart(
    "network_error_rates",
    describe=describe_error_rates,
    draws=("false_positive_rate", "false_negative_rate"),
    height=3.4,
    panels=_panel_for_each_sample,
    read=words.read_error_rates,
)
def plot_error_rates(error_rates: Released, axes) -> None:
    """Both error rates of each group with intervals over families; everyone's as a stroke."""
    for sample, frame, panel in _axes_by_sample(error_rates, axes):
        groups = frame[frame["characteristic"].ne("everyone")]
        for name, shade, shift in (("false_positive_rate", "C0", -0.15), ("false_negative_rate", "C1", 0.15)):
            for y, row in enumerate(groups.to_dict("records")):
                dot(
                    panel,
                    y + shift,
                    row[name],
                    row[f"{name}_low"],
                    row[f"{name}_high"],
                    color=shade,
                    marker="o" if shift < 0 else "D",
                    markersize=4,
                    label=label(name).removesuffix(" rate"),
                )
            for value in frame[frame["characteristic"].eq("everyone")][name]:
                if not is_missing(value):
                    panel.axvline(value, color=CHANCE, linewidth=1, linestyle=":")
        rows(panel, list(groups["subgroup"]), words=False)
        panel.tick_params(axis="y", labelsize=7.5)
        _shares(panel)
        _title(panel, sample)
        if panel is not _first(axes):
            panel.set_yticklabels([])
    shared_key(np.atleast_1d(axes).ravel())


def describe_whole_life(whole_life: Released) -> str:
    return f"What is added to the area by which links may be used, by sample. {words.read_whole_life(whole_life)}"


@chart(
    "network_whole_life",
    describe=describe_whole_life,
    draws=("gain",),
    height=2.9,
    panels=_panel_for_each_sample,
    read=words.read_whole_life,
)
def plot_whole_life(whole_life: Released, axes) -> None:
    """Each reading's gain with its interval; nought is no gain."""
    for sample, frame, panel in _axes_by_sample(whole_life, axes):
        for y, row in enumerate(frame.itertuples()):
            shade = READING_INK[row.reading]
            mark = MARKERS.get(shade, "o")
            dot(panel, y, row.gain, row.gain_low, row.gain_high, color=shade, marker=mark, markersize=5)
        panel.axvline(0, color=CHANCE, linewidth=1, linestyle=":")
        rows(panel, [label(reading) for reading in frame["reading"]], words=False)
        panel.tick_params(axis="y", labelsize=7.5)
        panel.set_xlabel("gain in area", fontsize=8.5)
        _title(panel, sample)
        if panel is not _first(axes):
            panel.set_yticklabels([])


def describe_worlds(mean: Released) -> str:
    return f"Mean gain over worlds whose truth is known, by reading and sample. {words.read_worlds(mean)}"


def _panel_for_each_world(mean: Released) -> tuple[int, int]:
    return 1, mean.frame["world"].nunique() or 1


@chart(
    "network_whole_life_mean",
    describe=describe_worlds,
    draws=("gain",),
    height=3.8,
    panels=_panel_for_each_world,
    read=words.read_worlds,
)
def plot_worlds(mean: Released, axes) -> None:
    """One panel where family tells nothing and one calibrated; nought is no gain."""
    panels = np.atleast_1d(axes).ravel()
    for (world, frame), panel in zip(mean.frame.groupby("world", sort=False), panels, strict=False):
        names = []
        order = frame["reading"].map({reading: place for place, reading in enumerate(READING_INK)})
        for y, row in enumerate(frame.iloc[order.argsort(kind="stable")].itertuples()):
            shade = READING_INK[row.reading]
            dot(panel, y, row.gain, row.gain_low, row.gain_high, color=shade, marker=MARKERS[shade], markersize=5)
            names.append(f"{label(row.reading)}: {row.sample}")
        panel.axvline(0, color=CHANCE, linewidth=1, linestyle=":")
        rows(panel, names, words=False)
        panel.tick_params(axis="y", labelsize=7)
        panel.set_xlabel("mean gain in area")
        panel.set_title(capitalised(world))
        if panel is not panels[0]:
            panel.set_yticklabels([])


POINTS = TableSpecification(
    "network_points",
    "Published models and these",
    "one model",
    (
        Column("study", "key", "whose model"),
        Column("kind", "key", "this run or published elsewhere"),
        Column("predictors", "setting", "number of predictors"),
        Column("auc", "measure", "area under the ROC curve"),
    ),
)


def with_comparators(table_2: Released, comparators: Released) -> Released:
    """The selected models of this run and those of other studies, as points."""

    def points(run: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
        own = pd.DataFrame(
            {
                "study": run["sample"] + ": " + run["predictors"],
                "kind": "this run",
                "predictors": run["number"],
                "auc": run["auc"],
            }
        )
        return pd.concat([own, others.assign(kind="published elsewhere")[own.columns.tolist()]], ignore_index=True)

    return derive(POINTS, points, table_2, comparators)


def describe_comparators(points: Released) -> str:
    return (
        f"Area under the ROC curve against number of predictors, here and elsewhere. {words.read_comparators(points)}"
    )


@chart("network_points", describe=describe_comparators, draws=("auc",), height=3.2, read=words.read_comparators)
def plot_comparators(points: Released, axes: Axes) -> None:
    """Area against number of predictors, on a scale of doublings."""
    for row in points.frame.dropna(subset=["auc"]).itertuples():
        own = row.kind == "this run"
        axes.plot(
            row.predictors,
            row.auc,
            "o" if own else "x",
            color=WHOLE_LIFE if own else PUBLISHED,
            markersize=4 if own else 6,
            label=row.kind,
        )
        if not own:
            left = row.predictors > 60
            axes.annotate(
                row.study,
                (row.predictors, row.auc),
                xytext=(-6 if left else 6, -3),
                textcoords="offset points",
                ha="right" if left else "left",
                fontsize=8,
            )
    axes.set_xscale("log", base=2)
    axes.set_xticks([4, 8, 16, 32, 64, 128], ["4", "8", "16", "32", "64", "128"])
    axes.minorticks_off()
    axes.set_xlabel("predictors")
    axes.set_ylabel("area under the ROC curve")
    axes.grid(axis="y")
    key(axes)


def describe_example(example: Released) -> str:
    """Each panel in words: who stands in the network."""
    parts = []
    for (moment, network), frame in example.frame.groupby(["moment", "network"], sort=False):
        inside = frame[frame["state"].eq("in the network")]
        known = ", ".join(f"{row.role} ({row.person})" for row in inside.itertuples()) or "nobody"
        parts.append(f"{capitalised(moment)}, {network} network: {known}.")
    return f"A child and up to nine relatives in a ring, at three moments. {' '.join(parts)}"


def _example_panels(example: Released) -> tuple[int, int]:
    return example.frame["network"].nunique() or 1, example.frame["moment"].nunique() or 1


@chart(
    "network_example",
    describe=describe_example,
    draws=("state",),
    height=4.6,
    panels=_example_panels,
    read=words.read_example,
)
def plot_example(example: Released, axes) -> None:
    """The child in the middle; in colour who stands in the network, in grey who exists, blank who is not yet born."""
    frame = example.frame
    moments, networks = list(dict.fromkeys(frame["moment"])), list(dict.fromkeys(frame["network"]))
    for panels, network in zip(np.reshape(axes, (len(networks), -1)), networks, strict=True):
        for panel, moment in zip(panels, moments, strict=True):
            part = frame[frame["moment"].eq(moment) & frame["network"].eq(network)].reset_index(drop=True)
            _ring(panel, part, NETWORKS[network])
            if network == networks[0]:
                panel.set_title(moment, loc="center", fontsize=9)
            if moment == moments[0]:
                panel.set_ylabel(f"{network}\nnetwork")


def _ring(panel: Axes, part: pd.DataFrame, shade: str) -> None:
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(part)) / max(len(part), 1)
    for angle, person in zip(angles, part.itertuples(), strict=True):
        if person.state == "not yet born":
            continue
        inside = person.state == "in the network"
        line = shade if inside else CHANCE
        x, y = np.cos(angle), np.sin(angle)
        panel.plot(
            [0, x], [0, y], color=line, linewidth=1.4 if inside else 0.6, linestyle="-" if inside else ":", zorder=1
        )
        panel.plot(
            x,
            y,
            marker="o" if person.is_child == "yes" else "s",
            color=line,
            markerfacecolor=line if inside else paper(),
            markersize=13,
            alpha=1 if inside else 0.6,
            zorder=2,
        )
        panel.annotate(
            person.person, (x, y), ha="center", va="center", fontsize=8, color=paper() if inside else None, zorder=3
        )
        marks = _marks(person)
        panel.annotate(
            f"{person.role}{marks}",
            (1.42 * x, 1.22 * y),
            ha="center" if abs(x) < 0.2 else "left" if x > 0 else "right",
            va="center" if abs(y) < 0.9 else "bottom" if y > 0 else "top",
            fontsize=6.5,
        )
    panel.plot(0, 0, marker="o", color=PUBLISHED, markersize=11, zorder=2)
    panel.set_xlim(-2.3, 2.3)
    panel.set_ylim(-1.5, 1.5)
    panel.set_xticks([])
    panel.set_yticks([])
    for spine in panel.spines.values():
        spine.set_visible(False)


def _marks(person) -> str:
    """Letters for a history before the moment: N notified, T target event, A known abuser."""
    letters = [
        letter
        for letter, value in (("N", person.notified), ("T", person.targeted), ("A", person.abuser))
        if value == "yes"
    ]
    return f" {''.join(letters)}" if letters else ""
