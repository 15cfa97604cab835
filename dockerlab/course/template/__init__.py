"""What a new lesson is begun with: `lesson.txt`, its cells, and `data.txt`, its questions and exercises.

Both are in order as they are: a new lesson runs, and its exercises can be solved, before a word of it is changed.
"""
