# Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the compile commands of a build, in parallel, remembering what passed. Used by scripts/check-tidy."""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
OURS = ("src", "packs", "examples", "tests", "fuzz", "bench")


def commands(build, prefixes):
    """One command for each of our sources: (path relative to the root, directory, arguments)."""
    seen = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if not file.is_relative_to(ROOT) or file.is_relative_to(build.resolve()):
            continue
        name = str(file.relative_to(ROOT))
        if not name.startswith(tuple(f"{folder}/" for folder in OURS)):
            continue
        if prefixes and not any(name == prefix or name.startswith(prefix + "/") for prefix in prefixes):
            continue
        arguments = entry.get("arguments") or shlex.split(entry["command"])
        if pathlib.Path(arguments[0]).name == "ccache":
            arguments = arguments[1:]
        seen.setdefault(name, (entry["directory"], arguments))
    return seen


def fingerprint(directory, arguments, settings):
    """The hash of everything that a verdict depends on: the preprocessed source with its comments (NOLINT), flags, settings."""
    flags = []
    skip = False
    for argument in arguments:
        if skip:
            skip = False
        elif argument in ("-o", "-MF", "-MT"):
            skip = True
        elif argument not in ("-c", "-MD"):
            flags.append(argument)
    source = subprocess.run([*flags, "-E", "-C", "-o", "-"], cwd=directory, capture_output=True)
    if source.returncode != 0:
        return None
    return hashlib.sha256(settings + "\0".join(flags).encode() + source.stdout).hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("prefixes", nargs="*")
    options = parser.parse_args()

    work = commands(options.build, options.prefixes)
    if not work:
        sys.exit("check-tidy: no sources of ours in the compile commands")
    passed = options.build / "passed"
    passed.mkdir(exist_ok=True)
    # Folders may have settings of their own; any change of any makes all verdicts old.
    settings = b"".join(path.read_bytes() for folder in (".", *OURS) for path in sorted((ROOT / folder).glob(
        ".clang-tidy" if folder == "." else "**/.clang-tidy")))
    lock = threading.Lock()
    started = time.monotonic()
    state = {"done": 0, "failed": [], "remembered": 0}

    def look_at(name):
        directory, arguments = work[name]
        key = fingerprint(directory, arguments, settings)
        remembered = key is not None and (passed / key).exists()
        text = ""
        failed = False
        if not remembered:
            run = subprocess.run(["clang-tidy-14", "--quiet", "-p", str(options.build), str(ROOT / name)],
                                 capture_output=True, text=True, cwd=ROOT)
            failed = run.returncode != 0
            if failed:
                text = run.stdout + "\n".join(line for line in run.stderr.splitlines() if "warnings generated" not in line
                                              and "Suppressed" not in line and "header-filter" not in line)
            elif key is not None:
                (passed / key).touch()
        with lock:
            state["done"] += 1
            state["remembered"] += remembered
            if failed:
                state["failed"].append(name)
            verdict = "FAILED" if failed else "passed before" if remembered else "ok"
            print(f"[{state['done']}/{len(work)}] {name}: {verdict}", flush=True)
            if text.strip():
                print(text.strip(), flush=True)

    # The largest first: the last minutes should not be one long file on one core.
    order = sorted(work, key=lambda name: -(ROOT / name).stat().st_size)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(look_at, order))

    elapsed = time.monotonic() - started
    if state["failed"]:
        print(f"clang-tidy: {len(state['failed'])} of {len(work)} files have warnings: {' '.join(sorted(state['failed']))}")
        return 1
    print(f"clang-tidy: {len(work)} files clean in {elapsed:.0f} s ({state['remembered']} had passed before)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
