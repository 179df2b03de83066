"""Find Debian's Chromium for the browser tests, or install it; run as `python tests/chromium.py` it says which.

The browser tests are left out where there is none, never failed: without a browser one can still work on the rest.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str | None:
    """Return the path of a Chromium, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> str | None:
    """Install Debian's Chromium with its Hangul fonts if this user may, and return its path or None."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", *PACKAGES]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.stderr.write(done.stderr[-500:])
    return find()


if __name__ == "__main__":
    path = find() or install()
    if not path:
        sys.stderr.write(
            "*** THE BROWSER TESTS ARE LEFT OUT: no Chromium here. Install it "
            f"(as root: apt-get install -y {' '.join(PACKAGES)}), then run the tests again. ***\n"
        )
