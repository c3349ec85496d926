"""Reads the terminal aloud to who asked for it: what happens, the control in focus, and again on request; never a PIN."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from kiosk.domain.quantity import Quantity
from kiosk.ports import HealthState, Speaker
from kiosk.services.checkout.events import CustomerAct, EasierChosen
from kiosk.services.checkout.sentences import Sentence
from kiosk.services.checkout.session import Session
from kiosk.services.checkout.spoken import utterance, whole
from kiosk.services.words import Words, printable

# Where a PIN is typed: no digit is said there, neither typed nor as the name of a key (EN 301 549, 5.1.3.8).
_SECRET_STEPS = frozenset({"staff-login", "account-pin"})
_SPOKEN_END = re.compile(r"[.!?:…。！？؟]$")


class Speaking:
    """Watches a register and speaks. All calls on the loop's thread; nothing here blocks.

    `post` takes events: plugging in a headset switches speech on as if the customer had.
    """

    def __init__(self, speaker: Speaker, words: Words, session: Session, post: Callable[[object], None]) -> None:
        self._speaker = speaker
        self._words = {words.code: words.speaking(words.code)}
        self._session = session
        self._post = post
        self._last = ""
        self._typed = ""
        self._headset = False
        self._resume = False

    @property
    def is_available(self) -> bool:
        """Whether this terminal has a voice at all."""
        return self._speaker.health.state is not HealthState.ABSENT

    def watch(self, session: Session, event: object) -> None:
        """Say what `event` changed; what a customer does cuts what is being said."""
        before, self._session = self._session, session
        acted = isinstance(event, CustomerAct)
        if session.step != before.step:
            self._typed = ""
        if acted and self._resume and not session.easier.speech and not isinstance(event, EasierChosen):
            self._resume = False
            self._post(EasierChosen("speech", on=True))
        if before.easier.speech and (acted or not session.easier.speech):
            self._speaker.stop()
        if before.easier.speech and not session.easier.speech:
            self._last = ""
            # The session ended with the headset still in: its owner's next act begins another that speaks.
            self._resume = self._headset and not isinstance(event, EasierChosen)
        said = self._put(utterance(before, session))
        if said:
            self._last = said
            self._speaker.say(said, session.language)

    # --- what a customer asks of the voice itself ---

    def repeat(self) -> None:
        """Say the last thing again, or else the screen."""
        if not self._session.easier.speech:
            return
        self._speaker.stop()
        said = self._last or self._put(whole(self._session))
        if said:
            self._speaker.say(said, self._session.language)

    def stop(self) -> None:
        """Be silent until something new happens."""
        self._speaker.stop()

    def cut(self) -> None:
        """A key was pressed: what is being said has been heard, or is not wanted."""
        if self._session.easier.speech:
            self._speaker.stop()

    # --- what the screen tells ---

    def control(self, name: str, detail: str = "") -> None:
        """The control in focus: its name, and how it stands. A digit's key is not named where a PIN is typed, and with an account open
        or a private question nothing that could be the customer's own, except through a headset."""
        if self._secret and not any(letter.isalpha() for letter in name):
            return
        if self._private:
            detail = ""
            if not self._speaking().holds(name.replace("\u00a0", " ")):
                return
        self._say_passing(". ".join(part for part in (name, detail) if part))

    def typed(self, text: str) -> None:
        """What is typed so far: a new last character is said, or what is left after something was deleted. Nothing of a PIN."""
        if self._secret or self._private:
            return
        grown = len(text) == len(self._typed) + 1 and text.startswith(self._typed)
        self._typed = text
        self._say_passing(text[-1] if grown else " ".join(text))

    def headset(self, *, plugged: bool) -> None:
        """A headset was plugged in, which starts speech, or taken out, which ends it."""
        self._headset = plugged
        self._resume = False
        if not plugged:
            self._speaker.stop()
            self._last = ""  # it may have been for nobody else
        if self.is_available:
            self._post(EasierChosen("speech", on=plugged))

    def close(self) -> None:
        """Be silent for good."""
        self._speaker.close()

    @property
    def _secret(self) -> bool:
        return self._session.step in _SECRET_STEPS

    @property
    def _private(self) -> bool:
        form = self._session.form
        return (self._session.account is not None or (form is not None and form.is_private)) and not self._headset

    def _say_passing(self, text: str) -> None:
        if self._session.easier.speech and text:
            self._speaker.say(printable(text), self._session.language)

    def _put(self, sentences: Sequence[Sentence]) -> str:
        heard = [one for one in sentences if self._headset or not one.private]
        return " ".join(_ended(text) for one in heard if (text := self._translate(one)))

    def _translate(self, sentence: Sentence) -> str:
        if sentence.text:
            return printable(sentence.text)
        words = self._speaking()
        key = sentence.key if words.has(sentence.key) else sentence.otherwise
        if not key:
            return ""
        return printable(words(key, **{name: _worded(value, words) for name, value in sentence.params.items()}))

    def _speaking(self) -> Words:
        code = self._session.language
        if code not in self._words:
            self._words[code] = next(iter(self._words.values())).speaking(code)
        return self._words[code]


def _worded(value: object, words: Words) -> object:
    if isinstance(value, date):
        return words.date(value)
    if isinstance(value, Quantity):
        return words.weight(value.weight_g) if value.weight_g else words.number(value.count)
    return value


def _ended(text: str) -> str:
    """`text` with an end that a voice pauses at."""
    return text if _SPOKEN_END.search(text) else f"{text}."
