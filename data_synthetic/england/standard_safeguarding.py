"""The same records as an export of the Standard Safeguarding Dataset: one CSV per table."""

from pathlib import Path

import polars as pl

from data_synthetic.england.records import ADOPTED, Records


def write_standard_safeguarding(folder: Path, records: Records) -> None:
    """Write ssd_*.csv; dates as ISO text, codes without Annex A's letters.

    Parameters
    ----------
    folder : Path
        Made where there is none.
    records : Records
        Of one authority.
    """
    folder.mkdir(exist_ok=True)
    for name, frame in tables(records).items():
        frame.write_csv(folder / f"{name}.csv")


def tables(records: Records) -> dict[str, pl.DataFrame]:
    """The tables that hold what Annex A holds, and the family links and referral numbers it lacks."""
    episodes = _episodes(records)
    conferences = _conferences(records, episodes)
    frames = {
        "ssd_person": _person(records),
        "ssd_family": records.children.select(fami_family_id="family_id", fami_person_id="child_id"),
        "ssd_disability": records.children.filter(pl.col("disability") == "a) Yes").select(
            disa_person_id="child_id", disa_disability_code=pl.lit("LD")
        ),
        "ssd_contacts": _with_id(records, records.contacts, "C").select(
            cont_contact_id="id",
            cont_person_id="child_id",
            cont_contact_date="date",
            cont_contact_source_code=letterless("source"),
        ),
        "ssd_early_help_episodes": _with_id(records, records.early_help, "E").select(
            earl_episode_id="id",
            earl_person_id="child_id",
            earl_episode_start_date="start",
            earl_episode_end_date="end",
        ),
        "ssd_cin_episodes": episodes,
        "ssd_cin_assessments": _with_id(records, records.assessments, "A").select(
            cina_assessment_id="id",
            cina_person_id="child_id",
            cina_assessment_start_date="start",
            cina_assessment_auth_date="authorised",
            cina_assessment_child_seen=pl.lit("Y"),
            cina_assessment_outcome_nfa=_flag(~pl.col("support")),
        ),
        "ssd_s47_enquiry": conferences.select(
            s47e_s47_enquiry_id="id", s47e_person_id="child_id", s47e_s47_start_date="date", s47e_s47_nfa="nfa"
        ),
        "ssd_initial_cp_conference": conferences.filter(pl.col("conference").is_not_null()).select(
            icpc_icpc_id=pl.concat_str(pl.lit("I"), "id"),
            icpc_s47_enquiry_id="id",
            icpc_person_id="child_id",
            icpc_icpc_date="conference",
            icpc_icpc_outcome_cp_flag=_flag(pl.col("plan")),
        ),
        "ssd_cp_plans": _with_id(records, records.plans, "P").select(
            cppl_cp_plan_id="id",
            cppl_person_id="child_id",
            cppl_cp_plan_start_date="start",
            cppl_cp_plan_end_date="end",
            cppl_cp_plan_initial_category=letterless("category"),
            cppl_cp_plan_latest_category=letterless("latest"),
        ),
    }
    return frames | _care(records)


def _person(records: Records) -> pl.DataFrame:
    genders = {"a) Male": "M", "b) Female": "F", "c) Not stated/recorded": "U", "d) Neither": "I"}
    return records.children.select(
        pers_person_id="child_id",
        pers_sex=pl.col("gender").replace_strict(genders),
        pers_gender=pl.col("gender").replace_strict(genders),
        pers_ethnicity="ethnicity",
        pers_dob="birth",
    )


def _with_id(records: Records, frame: pl.DataFrame, letter: str) -> pl.DataFrame:
    return (
        frame.join(records.children.select("child", "child_id"), on="child", maintain_order="left")
        .with_row_index("number")
        .with_columns(id=pl.concat_str(pl.lit(letter), pl.col("number") + 1))
    )


def letterless(column: str) -> pl.Expr:
    """'a) 1A: Individual' -> '1A'; 'a) Neglect' -> 'Neglect'; 'N1 - Abuse' -> 'N1'."""
    return pl.col(column).str.replace(r"^[a-z]\) ", "").str.replace(r"(:| - ).*$", "")


def _flag(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.lit("Y")).when(~condition).then(pl.lit("N"))


def _episodes(records: Records) -> pl.DataFrame:
    """Referrals, each with the period of need that began with it, if one did."""
    needs = records.needs.rename({"start": "date", "end": "closed"})
    referrals = _with_id(records, records.referrals, "R").join(needs, on=["child", "date"], how="full", coalesce=True)
    referrals = referrals.join(records.children.select("child", person="child_id"), on="child", maintain_order="left")
    return referrals.sort("date", "child").select(
        cine_referral_id=pl.coalesce("id", pl.concat_str(pl.lit("N"), pl.int_range(pl.len()) + 1)),
        cine_person_id="person",
        cine_referral_date="date",
        cine_cin_primary_need_code=letterless("need"),
        cine_referral_source_code=letterless("source"),
        cine_referral_nfa=_flag(pl.col("no_further_action")),
        cine_close_reason=pl.when(pl.col("closed").is_not_null()).then(letterless("closure")),
        cine_close_date="closed",
    )


def _conferences(records: Records, episodes: pl.DataFrame) -> pl.DataFrame:
    return _with_id(records, records.section_47, "S").with_columns(nfa=_flag(pl.col("conference").is_null()))


def _care(records: Records) -> dict[str, pl.DataFrame]:
    care = _with_id(records, records.care, "L")
    ended = pl.col("end").is_not_null()
    return {
        "ssd_cla_episodes": care.select(
            clae_cla_episode_id="id",
            clae_person_id="child_id",
            clae_cla_episode_start_date="start",
            clae_cla_primary_need_code=letterless("need"),
            clae_cla_episode_ceased_date="end",
            clae_cla_episode_ceased_reason=pl.when(ended).then(letterless("ceased")),
            clae_entered_care_date="start",
        ),
        "ssd_legal_status": care.select(
            lega_legal_status_id="id",
            lega_person_id="child_id",
            lega_legal_status=letterless("legal"),
            lega_legal_status_start_date="start",
        ),
        "ssd_cla_placement": care.select(
            clap_cla_placement_id="id",
            clap_person_id="child_id",
            clap_cla_placement_start_date="start",
            clap_cla_placement_type=letterless("placement"),
        ),
        "ssd_permanence": care.filter(ended & (pl.col("ceased") == ADOPTED)).select(
            perm_person_id="child_id", perm_adopted_date="end"
        ),
    }
