"""Partial orders, against every order written out."""

from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from coursekit.desk.order import closure, longest_right

LETTERS = "abcde"
# Pairs that agree with the alphabet have no cycle.
orders = st.sets(st.sampled_from(list(combinations(LETTERS, 2)))).map(lambda pairs: [f"{a}<{b}" for a, b in pairs])
answers = st.permutations(LETTERS).map("".join)


def extensions(before):
    pairs = closure(before)
    return [order for order in permutations(LETTERS) if all(order.index(a) < order.index(b) for a, b in pairs)]


def common(a, b):
    """Length of the longest common subsequence, from its definition."""
    return max(n for n in range(len(a) + 1) for chosen in combinations(a, n) if is_subsequence(chosen, b))


def is_subsequence(chosen, letters):
    rest = iter(letters)
    return all(c in rest for c in chosen)


@given(orders, answers)
def test_the_longest_right_part_is_the_longest_shared_with_any_right_order(before, answer):
    assert longest_right(answer, closure(before)) == max(common(answer, order) for order in extensions(before))


@given(orders, answers)
def test_all_of_it_is_right_exactly_for_the_right_orders(before, answer):
    assert (longest_right(answer, closure(before)) == len(answer)) == (tuple(answer) in extensions(before))


def test_closure():
    assert closure(["d<b", "b < a"]) == {("d", "b"), ("b", "a"), ("d", "a")}
