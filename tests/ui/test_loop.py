"""Qt's loop under the runtime: calls come in order, and time is kept even by a timer that nobody holds."""

from __future__ import annotations

import gc
import threading

from ui.loop import QtLoop


def test_a_timer_that_nobody_keeps_rings_all_the_same(qtbot):
    loop, rung = QtLoop(), []
    loop.later(20, lambda: rung.append("rung"))
    gc.collect()
    qtbot.waitUntil(lambda: rung == ["rung"], timeout=5_000)


def test_a_cancelled_timer_never_rings(qtbot):
    loop, rung = QtLoop(), []
    timer = loop.later(10, lambda: rung.append("cancelled"))
    timer.cancel()
    timer.cancel()
    loop.later(60, lambda: rung.append("later"))
    qtbot.waitUntil(lambda: "later" in rung, timeout=5_000)
    assert rung == ["later"]


def test_nothing_rings_once_the_loop_is_stopped(qtbot):
    loop, rung = QtLoop(), []
    loop.later(0, lambda: rung.append("stopped"))
    loop.stop()
    loop.later(50, lambda: rung.append("later"))
    qtbot.waitUntil(lambda: "later" in rung, timeout=5_000)
    assert rung == ["later"]


def test_what_other_threads_post_runs_on_the_loop_s_thread_in_order(qtbot):
    loop, seen = QtLoop(), []

    def post() -> None:
        for number in range(100):
            loop.post(lambda number=number: seen.append((number, threading.get_ident())))

    thread = threading.Thread(target=post)
    thread.start()
    thread.join()
    assert seen == [], "nothing runs before the loop does"
    qtbot.waitUntil(lambda: len(seen) == 100, timeout=5_000)
    assert seen == [(number, threading.get_ident()) for number in range(100)]
