"""The student's desk: check an exercise, ask for a hint, see one's progress; answer a lecture's questions."""

from coursekit.desk.check import ask
from coursekit.desk.check import check
from coursekit.desk.guide import hint
from coursekit.desk.guide import progress
from coursekit.desk.quiz import Choice
from coursekit.desk.quiz import Choices
from coursekit.desk.quiz import Expression
from coursekit.desk.quiz import Number
from coursekit.desk.quiz import Order
from coursekit.desk.quiz import WrongAnswer
from coursekit.desk.standing import load
