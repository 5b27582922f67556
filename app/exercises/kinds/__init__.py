"""The kinds of exercises: each module here holds an `exercise`, and is found by itself (`app.exercises.exercises`)."""
