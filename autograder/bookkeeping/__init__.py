"""What is kept of marks: nbgrader's gradebook, its autograded folder, our records."""
