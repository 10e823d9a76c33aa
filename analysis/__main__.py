"""The command line: `python -m analysis VERB`. Messages of ours are printed without a trace."""

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.processes import MEMORY_RESERVE, interrupts_end_everything, refuse_too_little_memory
from analysis.workflow.failures import describe


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 if it ended well, 1 if something is to be put right. Ctrl-C ends the process with 130."""
    options = _parser().parse_args(arguments)
    reserve = bytearray(MEMORY_RESERVE)  # given back before an error is described: that takes memory too
    with interrupts_end_everything("interrupted; what is built is kept, run the same command to resume"):
        try:
            refuse_too_little_memory()
            return options.run(options) or 0
        except AnalysisError as error:
            print(error, file=sys.stderr)
        except BrokenPipeError:  # whoever reads our output, such as `head`, has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except Exception as error:  # its text, and a trace, might hold a child's value
            reserve.clear()
            if options.debug:
                raise
            print(f"{options.prog}: {describe(error)}", file=sys.stderr)
    return 1


def _report(options) -> int:
    from analysis.workflow.threads import keep_to_one_thread

    keep_to_one_thread()  # its work is done by its workers, and pools of threads that memory does not hold may hang
    from analysis.workflow.lock import only_run_in
    from analysis.workflow.report import report

    with only_run_in(options.build):
        index = report(
            build=options.build,
            data=options.data,
            protocol_path=options.protocol,
            outcomes=_names(options.outcomes),
            workers=options.workers,
            cluster=options.cluster,
            network_world=options.network_world,
            debug=options.debug,
        )
    print(index)
    return 0


def _page(options) -> int:
    from analysis.workflow.lock import only_run_in
    from analysis.workflow.report import rebuild_page

    with only_run_in(options.build):
        print(rebuild_page(options.build, options.authority, options.outcome))
    return 0


def _check(options) -> int:
    from analysis.workflow.check import check_extract

    return check_extract(options.data, options.protocol, options.build, options.mapping)


def _collect(options) -> int:
    from analysis.workflow.lock import only_run_in
    from analysis.workflow.report import collect_report

    how = {"network_world": options.network_world, "keys": options.keys, "cluster": options.cluster}
    with only_run_in(options.build):
        print(collect_report(options.released, options.build, options.protocol, **how))
    return 0


def _request(options) -> int:
    from analysis.workflow.release_pack.request import request

    print(request(options.build, options.pages, options.pack, name=options.name, context=options.context))
    return 0


def _approve(options) -> int:
    from analysis.disclosure.signatures import OUTPUTS, signing_key
    from analysis.workflow.release_pack.approve import approve

    key = signing_key(outputs=(options.pack, options.build, *OUTPUTS))
    print(approve(options.pack, name=options.name, comment=options.comment, key=key))
    return 0


def _synthesise(options) -> int:
    from analysis.protocol import load_protocol
    from data_synthetic.england import synthesise

    synthesise(options.folder, protocol=load_protocol(options.protocol), scale=options.scale, form=options.form)
    print(options.folder)
    return 0


def _delete(options) -> int:
    from analysis.disclosure.containment import delete_child_level
    from analysis.disclosure.ledger import ledgers_folder
    from analysis.workflow.lock import only_run_in

    if not options.build.is_dir():
        print(f"{options.build}: there is no such folder; name that of the run with --build", file=sys.stderr)
        return 1
    with only_run_in(options.build):
        deleted = delete_child_level(options.build)
    for path in deleted:
        print(f"deleted {options.build / path}")
    if not deleted:
        print(f"{options.build}: nothing child-level lies here; if a run had another folder, name it with --build")
    if ledgers_folder().is_dir():
        print(f"left alone: {ledgers_folder()}, the memory of what was released, without which a later run may tell")
    return 0


def _deposit(options) -> int:
    from analysis.workflow.report import deposit_report

    for path in deposit_report(options.build, options.folder, published=options.date or date.today()).values():
        print(path)
    return 0


def _folder(text: str) -> Path:
    """A folder that is there or can be made."""
    path = Path(text)
    nearest = next(place for place in (path, *path.parents) if place.exists() or place == place.parent)
    if not nearest.is_dir():
        raise argparse.ArgumentTypeError(f"{nearest} is a file; give the path of a folder")
    return path


def _positive(text: str) -> float:
    """A number greater than 0."""
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("it must be a number greater than 0")
    return number


def _names(text: str | None) -> list[str] | None:
    return [name.strip() for name in text.split(",") if name.strip()] if text else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis",
        description="Does machine learning work in children's services? Find out, and show it.",
    )
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")
    report = _verb(verbs, "report", _report, "run the studies and build the book")
    report.add_argument(
        "--data", type=Path, help="an authority's extract, or a folder of several; without it, synthetic data"
    )
    report.add_argument("--outcomes", help="only these predictions, e.g. P1,P5")
    report.add_argument("--workers", type=int, default=2, help="steps that run side by side (2)")
    _cluster(report)
    _network_world(report, default=None, words="; by default your own tables in DATA/networks, else full")
    page = _verb(verbs, "page", _page, "run the notebook of one authority and outcome again")
    page.add_argument("authority")
    page.add_argument("outcome")
    check = _verb(verbs, "check", _check, "check an extract and say what it can answer, fitting nothing")
    check.add_argument("data", type=Path)
    check.add_argument("--mapping", type=Path, help="workbook of headings and codes not understood, to read and add to")
    collect = _verb(verbs, "collect", _collect, "build one book from what several authorities released")
    _network_world(collect, default="full", words=" (full)")
    collect.add_argument("released", type=Path, nargs="+", help="folders of released tables, or release packs")
    _cluster(collect)
    collect.add_argument("--keys", type=Path, help="YAML file with the fingerprint of each authority's key")
    request = _verb(verbs, "request", _request, "make a release pack for a second person to approve")
    request.add_argument("pages", nargs="+", metavar="AUTHORITY/OUTCOME", help="pages to release, e.g. LA1/P7")
    request.add_argument("--pack", type=Path, required=True, help="folder to make")
    request.add_argument("--name", required=True, help="who asks for the release")
    request.add_argument("--context", required=True, help="what it is for and who will read it")
    approve = _verb(verbs, "approve", _approve, "agree, as a second person, to a release pack")
    approve.add_argument("pack", type=Path, help="folder made by request")
    approve.add_argument("--name", required=True, help="who approves it")
    approve.add_argument("--comment", required=True, help="what was looked at")
    synthesise = _verb(verbs, "synthesise", _synthesise, "write the synthetic extracts")
    synthesise.add_argument("folder", type=_folder)
    synthesise.add_argument("--scale", type=_positive, default=1.0, help="share of the full size (1)")
    forms = "Annex A (annex_a), the Standard Safeguarding Dataset (ssd) or census and SSDA903 (returns)"
    synthesise.add_argument("--form", choices=("annex_a", "ssd", "returns"), default="annex_a", help=forms)
    deposit = _verb(verbs, "deposit", _deposit, "print the built book as PDF and pack all of it for an archive")
    deposit.add_argument("folder", type=_folder, help="folder for book.pdf and book.zip")
    deposit.add_argument("--date", type=date.fromisoformat, help="day of publication, e.g. 2026-11-22 (today)")
    _verb(verbs, "delete", _delete, "delete everything child-level that a run left behind")
    return parser


def _network_world(verb: argparse.ArgumentParser, *, default: str | None, words: str) -> None:
    sizes = ("full", "small")
    verb.add_argument(
        "--network-world", choices=sizes, default=default, help=f"size of the synthetic family-network study{words}"
    )


def _cluster(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--cluster", help="address of a Dask scheduler to use instead, by TLS only: tls://host:8786")


def _verb(verbs, name: str, run, help_text: str) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=help_text, description=help_text)
    verb.add_argument("--protocol", type=Path, default=Path("protocol.yml"), help="the protocol (protocol.yml)")
    verb.add_argument("--build", type=_folder, default=Path("build"), help="folder for everything made (build)")
    verb.add_argument("--debug", action="store_true", help="print the trace of an error; it may hold values of a child")
    verb.set_defaults(run=run, prog=verb.prog)
    return verb


if __name__ == "__main__":
    sys.exit(main())
