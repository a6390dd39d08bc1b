"""The long run of fuzzing: ``python tools/fuzz.py reply --seconds 600`` changes mails until a reader of replies falls over.

With atheris installed (``pip install atheris``, Linux) it is guided by the code that an input reaches; else, or with
``--plain``, inputs are changed at random from a seed. What was found lies in ``--found`` and is printed; the exit code is 1.
Each reader may refuse an input in words, need ten seconds, and two gigabytes of memory.
"""

import argparse
import faulthandler
import resource
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

MEMORY = 2_000_000_000
SECONDS = 10


def plain(name: str, seconds: float, seed: int, found: Path) -> int:
    """Change inputs at random for some seconds; return how many brought the reader down."""
    from tests.support.fuzzing import TARGETS, mutated, survives

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    target, until, tried, finds = TARGETS[name], time.monotonic() + seconds, 0, {}
    slowest = 0.0
    for raw in mutated(target, seed):
        if time.monotonic() > until:
            break
        begun = time.monotonic()
        (found / "last").write_bytes(raw)
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        try:
            survives(target, raw)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            place = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{type(error).__name__}-{Path(place.filename).stem}-{place.lineno}"
            if key not in finds:
                finds[key] = raw
                (found / f"{name}-{key}").write_bytes(raw)
                traceback.print_exc()
        faulthandler.cancel_dump_traceback_later()
        tried, slowest = tried + 1, max(slowest, time.monotonic() - begun)
    print(f"{name}: {tried} inputs, slowest {slowest:.2f} s, {len(finds)} finds")
    return len(finds)


def guided(name: str, seconds: int, seed: int, found: Path) -> None:
    """Let atheris choose the changes. Does not return."""
    import atheris

    with atheris.instrument_imports(include=["daemon"]):
        from tests.support.fuzzing import TARGETS, survives
    target = TARGETS[name]
    corpus = found / f"{name}-corpus"
    corpus.mkdir(exist_ok=True)
    for number, raw in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(raw)
    options = [
        f"-max_total_time={seconds}",
        f"-seed={seed + 1}",
        f"-timeout={SECONDS}",
        f"-rss_limit_mb={MEMORY // 1_000_000}",
        "-max_len=100000",
        f"-artifact_prefix={found}/{name}-",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda raw: survives(target, raw))
    atheris.Fuzz()


def main() -> int:
    """Fuzz one reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", help="mail, reply, msg, attached, form, scan, export")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plain", action="store_true", help="without atheris")
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"), help="where finds are kept")
    given = parser.parse_args()
    given.found.mkdir(parents=True, exist_ok=True)
    if not given.plain:
        try:
            import atheris  # noqa: F401
        except ImportError:
            print("atheris is not installed: changing inputs at random", file=sys.stderr)
        else:
            guided(given.target, given.seconds, given.seed, given.found)
    return 1 if plain(given.target, given.seconds, given.seed, given.found) else 0


if __name__ == "__main__":
    sys.exit(main())
