"""A fault of a template or document, as it is shown to the person who mends it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in which file, at which place, what was found, what is wanted. All in Vietnamese."""

    file: str
    place: str
    found: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.found} (cần: {self.wanted})"
