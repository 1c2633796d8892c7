"""Programs that misbehave: each is survived, and the verdict says what it did."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from oracle.stubs import program, questions

from scalesym.errors import ParameterError
from scalesym.oracle.checking import check_command
from scalesym.oracle.report import Report
from scalesym.oracle.running import Run, command_words, run

RIGHT = "print(json.dumps({'id': r['id'], 'value': r['in']['i'] + 0.5}), flush=True)"
LOOP = "for line in sys.stdin:\n    r = json.loads(line); i = r['in']['i']\n"

Held = Callable[..., tuple[Run, float]]


@pytest.fixture
def held(tmp_path: Path) -> Held:
    """Put a few questions to a program, given its loop: what came of it, and the seconds."""

    def hold(body: str, count: int = 4, timeout: float = 5.0, **options: Any) -> tuple[Run, float]:
        began = time.monotonic()
        found = run(program(tmp_path, body), questions(count), timeout=timeout, **options)
        return found, time.monotonic() - began

    return hold


def answered(found: Run) -> list[bool]:
    return [reply.answer is not None for reply in found.replies.values()]


def problem(found: Run, index: int) -> str:
    return list(found.replies.values())[index].problem


def test_a_sound_program(held: Held) -> None:
    seen: list[tuple[int, int]] = []
    found, _ = held(LOOP + f"    {RIGHT}", 50, progress=lambda done, total: seen.append((done, total)))
    assert all(answered(found))
    assert [str(r.answer.value) for r in found.replies.values() if r.answer] == [f"{i}.5" for i in range(50)]
    assert (found.notes, found.interrupted) == ((), False)
    assert seen == [(i + 1, 50) for i in range(50)]


def test_a_verdict_on_a_program(tmp_path: Path) -> None:
    body = LOOP + f"    if i == 2: r['in']['i'] += 1e-3\n    {RIGHT}"
    report = check_command(program(tmp_path, body), questions(4))
    assert [result.outcome for result in report.results] == ["pass", "pass", "fail", "pass"]
    assert (report.exit_code, report.results[2].got) == (1, "2.501")


def test_a_hanging_answer_costs_only_itself(held: Held) -> None:
    found, seconds = held(LOOP + f"    if i == 1: time.sleep(60)\n    {RIGHT}", timeout=0.4)
    assert answered(found) == [True, False, True, True]
    assert problem(found, 1) == "no answer within 0.4 s"
    assert found.notes == ("it had to be started 2 times",)
    assert seconds < 10


def test_a_program_that_never_answers_is_given_up(held: Held) -> None:
    found, seconds = held("time.sleep(60)", 30, timeout=0.1)
    assert not any(answered(found))
    assert problem(found, 0) == "no answer within 0.3 s"
    assert "at each of 5 starts" in problem(found, 29)
    assert seconds < 15


def test_a_crash_at_once(held: Held) -> None:
    found, _ = held("sys.stderr.write('first\\nno such library\\n'); sys.exit(3)", 30)
    assert problem(found, 0) == "it ended (exit code 3) without an answer; its stderr ends: no such library"
    assert "at each of 5 starts" in problem(found, 29)


def test_a_crash_on_the_third_by_a_signal(held: Held) -> None:
    found, _ = held(LOOP + f"    if i == 2: os.kill(os.getpid(), 11)\n    {RIGHT}")
    assert answered(found) == [True, True, False, True]
    assert problem(found, 2).startswith("it ended (killed by SIGSEGV)")


def test_an_exception_on_one_test(held: Held) -> None:
    found, _ = held(LOOP + f"    1 / (i - 1)\n    {RIGHT}")
    assert answered(found) == [True, False, True, True]
    assert problem(found, 1).endswith("its stderr ends: ZeroDivisionError: division by zero")


def test_one_answer_a_process(held: Held) -> None:
    found, _ = held(LOOP + f"    {RIGHT}\n    break")
    assert all(answered(found))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("'garbage'", "not JSON"),
        ("'[]'", "a JSON object is due"),
        ("json.dumps({'id': 'nobody', 'value': 1})", "'nobody', which was not asked"),
        ("json.dumps({'value': 1})", "without the request's"),
        ("json.dumps({'id': r['id'], 'value': None})", "null"),
        ("'\\x1b[2J\\x00'", "not JSON"),
    ],
)
def test_garbage_is_no_answer(held: Held, said: str, text: str) -> None:
    found, seconds = held(LOOP + f"    print({said}, flush=True)", 1)
    assert not any(answered(found))
    assert text in problem(found, 0)
    assert problem(found, 0).isprintable()
    assert seconds < 5


def test_a_program_of_garbage_is_not_waited_for(held: Held) -> None:
    found, seconds = held(LOOP + "    print('garbage', flush=True)", 12)
    assert not any(answered(found))
    assert seconds < 8


def test_a_banner_is_skipped(held: Held) -> None:
    found, _ = held("print('Loading ...', flush=True); print(flush=True)\n" + LOOP + f"    {RIGHT}")
    assert all(answered(found))
    assert "1 of its lines were no answers, such as not JSON" in found.notes[0]


def test_a_late_answer_behind_a_banner_is_taken(held: Held) -> None:
    found, _ = held("print('Loading ...', flush=True); time.sleep(0.6)\n" + LOOP + f"    {RIGHT}")
    assert all(answered(found))


def test_answers_that_come_twice(held: Held) -> None:
    found, _ = held(LOOP + f"    {RIGHT}\n    print(json.dumps({{'id': r['id'], 'value': 9}}), flush=True)")
    assert [str(r.answer.value) for r in found.replies.values() if r.answer] == ["0.5", "1.5", "2.5", "3.5"]
    assert "came again" in found.notes[0]


def test_half_a_line(held: Held) -> None:
    found, _ = held(LOOP + '    print(\'{"id": "t0", "val\', end=\'\', flush=True); break', 1)
    assert problem(found, 0).startswith("it ended (exit code 0) without an answer; half a line, not JSON")
    found, _ = held(LOOP + '    print(\'{"id": "t0", "value": 0.5}\', end=\'\', flush=True); break', 1)
    assert answered(found) == [True]  # whole but for its end


def test_floods_are_ended(held: Held) -> None:
    before = psutil.Process().memory_info().rss
    out, _ = held("while True: print('x' * 1000)", 2)
    assert "flooded its output" in problem(out, 0)
    line, _ = held("while True: sys.stdout.write('x' * 100000)", 2)
    assert "a line of more than 64 KiB" in problem(line, 0)
    err, _ = held("while True: sys.stderr.write('x' * 100000 + '\\n')", 2, timeout=5)
    assert "to stderr without an answer" in problem(err, 0)
    assert psutil.Process().memory_info().rss - before < 100e6


def test_messages_on_stderr_do_not_stop_it(held: Held) -> None:
    found, _ = held(LOOP + f"    sys.stderr.write('x' * 300000)\n    {RIGHT}")
    assert all(answered(found))


def test_buffered_output_is_noticed_and_told(held: Held) -> None:
    begin = "sys.stdout = open(1, 'w', buffering=100000)\n"
    found, _ = held(begin + LOOP + f"    {RIGHT.replace(', flush=True', '')}", 20, timeout=0.3)
    assert all(answered(found))
    assert "flush the output after each answer" in found.notes[0]


def test_buffered_output_with_a_crash_on_the_way(held: Held) -> None:
    begin = "sys.stdout = open(1, 'w', buffering=100000)\n"
    body = f"    if i == 3: os._exit(7)\n    {RIGHT.replace(', flush=True', '')}"
    found, _ = held(begin + LOOP + body, 8, timeout=0.3)
    assert answered(found) == [True] * 3 + [False] + [True] * 4
    assert problem(found, 3).startswith("it ended (exit code 7)")


def test_a_program_that_reads_everything_first(held: Held) -> None:
    found, _ = held("for line in sys.stdin.readlines():\n    r = json.loads(line)\n    " + RIGHT, 300, timeout=0.3)
    assert all(answered(found))


def test_a_grandchild_that_holds_the_pipe_is_killed(held: Held, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    body = (
        "import subprocess\n"
        "p = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(note)!r}, 'w').write(str(p.pid))\nos._exit(5)"
    )
    found, seconds = held(body, 1, timeout=10)
    assert "(exit code 5)" in problem(found, 0)
    assert seconds < 8
    assert gone(int(note.read_text()))


def gone(pid: int) -> bool:
    for _ in range(40):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_nothing_is_left_running(held: Held, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    held(f"open({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)", 1, timeout=0.1)
    assert gone(int(note.read_text()))


def test_ctrl_c_keeps_what_is_finished(held: Held) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    found, _ = held(LOOP + f"    {RIGHT}", progress=interrupt)
    assert found.interrupted
    assert len(found.replies) == 2


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_while_it_waits(tmp_path: Path) -> None:
    waiting = tmp_path / "waiting"

    def interrupt() -> None:
        while not waiting.exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    body = LOOP + f"    if i == 1: open({str(waiting)!r}, 'w').close(); time.sleep(60)\n    {RIGHT}"
    report: Report = check_command(program(tmp_path, body), questions(3), timeout=30)
    assert (report.exit_code, len(report.results), len(report.unfinished)) == (130, 1, 2)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("no-such-program-at-all --x", "no-such-program-at-all: No such file or directory"),
        ("", "it is empty"),
        ("'open", "no closing quotation"),
        (os.devnull, "Permission denied"),
        ("a\0b", "null byte"),
    ],
)
def test_commands_that_cannot_be_run(command: str, reason: str) -> None:
    with pytest.raises(ParameterError, match=reason):
        run(command, questions(1))


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_time_outs_are_lengths_of_time(timeout: float) -> None:
    with pytest.raises(ParameterError, match="timeout"):
        run("true", questions(1), timeout=timeout)


def test_words_are_not_for_a_shell() -> None:
    assert command_words("a 'b c' $(d) ; e | f") == ["a", "b c", "$(d)", ";", "e", "|", "f"]


def test_the_package_does_not_import_pytest() -> None:
    code = "import sys, scalesym.oracle.checking; print('pytest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
