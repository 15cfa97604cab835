"""What learners are asked, as data: questions with a reply to each choice, exercises with goals and wrong turns.

`question` and `exercise` say what they are, `goals` what an exercise may want, `lessons/` hold each lesson's own.
`misconceptions` are beliefs that are not so, each with its question and the experiment that refutes it; `sections` the
plan of the course, `errata` what the chapter has wrong.
"""
