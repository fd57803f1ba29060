"""Where `dondoc` starts: Ctrl-C while it is still being imported is one sentence and exit code 130, too."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `dondoc`."""
    try:
        from cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped (Ctrl-C).\n" if "en" in sys.argv or "--lang=en" in sys.argv else "Đã dừng (Ctrl-C).\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
