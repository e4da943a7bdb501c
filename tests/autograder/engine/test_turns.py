"""Many side by side, one alone."""

import threading
import time

from autograder.engine.turns import Turns


def test_company_is_noticed_on_both_sides():
    turns = Turns()
    with turns.beside() as first:
        assert not first.had
        with turns.beside() as second:
            assert second.had
    assert first.had


def test_who_runs_after_another_had_no_company():
    turns = Turns()
    with turns.beside():
        pass
    with turns.beside() as second:
        assert not second.had


def test_alone_means_alone():
    turns, running, most, lonely = Turns(), [], [0], []

    def work(number):
        if number % 3:
            with turns.beside():
                running.append(number)
                most[0] = max(most[0], len(running))
                time.sleep(0.01)
                running.remove(number)
        else:
            with turns.alone():
                lonely.append(not running)
                time.sleep(0.01)
                lonely.append(not running)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(lonely) == 20 and all(lonely) and most[0] > 1


def test_whoever_waits_to_be_alone_is_not_passed_by_for_ever():
    turns, order = Turns(), []
    with turns.beside():
        alone = threading.Thread(target=lambda: _take(turns.alone(), order, "alone"))
        alone.start()
        while not turns._alone:
            time.sleep(0.01)
        later = threading.Thread(target=lambda: _take(turns.beside(), order, "later"))
        later.start()
        time.sleep(0.1)
        assert order == []
    alone.join(20)
    later.join(20)
    assert order == ["alone", "later"]


def _take(turn, order, name):
    with turn:
        order.append(name)
