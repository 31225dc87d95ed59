"""Where a cold round spends its time: cProfile of one `poll` of new feeds, in this process.

    python -m benchmarks.coldprofile [--feeds 100] [--items 40] [--again] [--top 40] [--by tottime]

The site and the configuration are those of `benchmarks.polling`. `--again` looks at a second round instead, in which
nothing has changed. The profiler makes small functions look dearer than they are: what counts is measured without it,
and printed first.
"""

import argparse
import cProfile
import os
import pstats
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.polling import Place, served


def look(place: Place, options: argparse.Namespace) -> None:
    """Print the CPU seconds of a round without the profiler, then the profile of another."""
    from monitor.app import open_app
    from monitor.logs import configure
    from monitor.settings import load_settings

    configure(level="warning")
    for number, watched in enumerate((False, True)):
        settings = load_settings(place.config, os.environ, archive=place.root / f"archive{number}")
        with open_app(settings) as app:
            if options.again:
                app.poll(force=True)
                app.poll(force=True)
            profile = cProfile.Profile()
            started = time.process_time()
            if watched:
                profile.runcall(app.poll, force=True)
                pstats.Stats(profile).sort_stats(options.by).print_stats(options.top)
            else:
                done = app.poll(force=True)
                seconds = time.process_time() - started
                each = f"{seconds / done.new * 1e6:.0f} µs an item" if done.new else f"{done.due} feeds"
                print(f"one round: {seconds:.2f} CPU s, {each}", flush=True)


def main() -> None:
    """Serve the site, look."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--items", type=int, default=40)
    parser.add_argument("--again", action="store_true", help="a round in which nothing has changed")
    parser.add_argument("--top", type=int, default=40, help="lines of the profile")
    parser.add_argument("--by", default="tottime", help="what they are sorted by")
    options = parser.parse_args()
    with served(options.feeds, options.items) as site, TemporaryDirectory() as folder:
        place = Place(Path(folder), site.addresses)
        place.prepare()
        look(place, options)


if __name__ == "__main__":
    main()
