#!/usr/bin/env python3
"""Makes bugs one at a time and says which test notices.

    python3 tests/edits/run.py                all of edits.json
    python3 tests/edits/run.py B15 B46a       these
    python3 tests/edits/run.py --texts        only whether each old text stands once in its file

Each edit replaces one text of a source file by another in a scratch worktree of HEAD, builds the test project that should notice, runs
the tests that its filter names, and takes the edit back. The exit code is 0 when every edit was noticed, otherwise 1.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def command(words, where, seconds):
    """Runs a command; a hang counts as noticed, so it ends as a failure with a name of its own."""
    try:
        done = subprocess.run(words, cwd=where, capture_output=True, text=True, timeout=seconds)
        return done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired:
        return -1, f"no end after {seconds} s"


def change(root, edit):
    """The file with the edit in it, or why there is none."""
    path = os.path.join(root, edit["file"])
    if not os.path.exists(path):
        return None, f"file not found: {edit['file']}"
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    places = text.count(edit["old"])
    if places != 1:
        return None, f"old text {'not found' if places == 0 else f'found {places} times'} in {edit['file']}"
    return text.replace(edit["old"], edit["new"]), None


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def judge(tree, edit):
    """What noticed the edit; None and a reason where nothing did."""
    changed, reason = change(tree, edit)
    if changed is None:
        return None, reason
    path = os.path.join(tree, edit["file"])
    with open(path, encoding="utf-8", newline="") as file:
        original = file.read()
    write(path, changed)
    try:
        project = f"tests/{edit['project']}"
        # A plant may leave a name unused: warnings are no errors here.
        code, output = command(["dotnet", "build", project, "-c", "Release", "-p:TreatWarningsAsErrors=false"], tree, 900)
        if code != 0:
            errors = sorted(set(re.findall(r"error [A-Z]+\d+: [^\[]*", output)))
            return None, "does not build: " + (errors[0] if errors else output.strip()[-200:])
        words = ["dotnet", "test", project, "-c", "Release", "--no-build"]
        code, output = command(words + (["--filter", edit["filter"]] if edit.get("filter") else []), tree, 600)
        if code == 0:
            ran = re.search(r"Total: +(\d+)", output)
            return None, f"nothing failed in {ran.group(1)} tests" if ran else "no test ran: see its filter"
        failed = re.findall(r"^ +(?:Failed )?(\S.*?) \[FAIL\]|^ +Failed (\S.*?) \[", output, re.MULTILINE)
        names = [first or second for first, second in failed]
        if not names:
            # A hang, or a run that ended before any test did.
            return (output if code == -1 else None), "the run failed without a failed test: " + output.strip()[-200:]
        return names[0], None
    finally:
        write(path, original)


def main():
    with open(os.path.join(HERE, "edits.json"), encoding="utf-8") as file:
        edits = json.load(file)
    wanted = [word for word in sys.argv[1:] if not word.startswith("--")]
    unknown = set(wanted) - {edit["name"] for edit in edits}
    if unknown:
        sys.exit(f"no such edit: {', '.join(sorted(unknown))}")
    edits = [edit for edit in edits if not wanted or edit["name"] in wanted]
    if "--texts" in sys.argv:
        reasons = [(edit["name"], change(ROOT, edit)[1]) for edit in edits]
        for name, reason in reasons:
            print(f"{name}: {reason or 'stands'}")
        sys.exit(any(reason for _, reason in reasons))
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        tree = os.path.join(scratch, "tree")
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", tree, "HEAD"], cwd=ROOT, check=True)
        try:
            for edit in edits:
                caught, reason = judge(tree, edit)
                missed += caught is None
                print(f"{edit['name']}: {'noticed by ' + caught if caught else 'MISSED, ' + reason}", flush=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=False)
    print(f"{len(edits) - missed} of {len(edits)} noticed")
    sys.exit(missed > 0)


if __name__ == "__main__":
    main()
