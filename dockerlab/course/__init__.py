"""The course as a whole: which lessons there are, what of them is solved, and how a new one is begun.

`lessons` finds them, `notebooks` reads their files, `kernel` runs cells, `checking` scores a student's notebook.
`beginning` begins a lesson from `template`, `assignment` writes exercises
for nbgrader.
"""
