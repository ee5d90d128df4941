"""What can go wrong in the ticket store."""


class StoreError(Exception):
    """Something is wrong with what the store was asked; `retryable` says whether asking again can help."""

    retryable = False


class SealBrokenError(StoreError):
    """A sealed value opens with none of the data keys: DIGILINJA_DATA_KEYS lacks the key it was written with."""


class ContendedError(StoreError):
    """Others wrote the same thing first, again and again; try once more."""

    retryable = True
