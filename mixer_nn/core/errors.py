"""The one exception a person is meant to read."""


class MixError(Exception):
    """Something from outside cannot be used; the message is one sentence that says what to do.

    Raised for bad files, tables and settings, never for a defect of the program.
    """
