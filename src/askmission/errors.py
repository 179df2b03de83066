"""The errors a user can cause or meet, each with one line that says what to do.

Every error of the program's own is an `AskMissionError`; whatever else is raised is a defect of the program.

    AskMissionError
    ├── SettingsError      a setting is misspelt or out of range
    ├── CorpusError        something in corpus/ cannot be used
    ├── EncoderError       the encoder cannot be loaded
    ├── IndexError_        the index cannot be opened
    │   ├── IndexMissing   there is none yet
    │   └── IndexStale     it was built by another encoder, another version or in another format
    ├── QuestionError      a question cannot be answered as it is
    ├── FeedbackError      what people say of answers cannot be kept or read
    └── BusyError          too much is asked at once; later will do
"""


class AskMissionError(Exception):
    """Base of all errors of the program; `str(error)` is one line for the user."""


class SettingsError(AskMissionError):
    """A setting is misspelt or out of range."""


class CorpusError(AskMissionError):
    """Something in the corpus cannot be used."""


class EncoderError(AskMissionError):
    """The encoder cannot be loaded."""


class IndexError_(AskMissionError):
    """The index cannot be opened; rebuilding it helps."""


class IndexMissing(IndexError_):
    """There is no index yet."""


class IndexStale(IndexError_):
    """The index was built by another encoder, another version or in another format."""


class QuestionError(AskMissionError):
    """A question cannot be answered as it is: empty, or far too long."""


class FeedbackError(AskMissionError):
    """What people say of answers cannot be kept or read."""


class BusyError(AskMissionError):
    """Too much is asked at once, by all or by one: the same question will be answered later."""
