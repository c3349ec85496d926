"""The whole terminal as the screens see it: where the journey stands, and what a touch asks for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ui.viewmodels.account import AccountModel
from ui.viewmodels.acts import Acts
from ui.viewmodels.basket import BasketModel
from ui.viewmodels.bill import BillModel
from ui.viewmodels.form import FormModel
from ui.viewmodels.modes import Modes
from ui.viewmodels.picker import PickerModel
from ui.viewmodels.refund import RefundModel
from ui.viewmodels.rows import Rows, TileRow, TopicRow
from ui.viewmodels.shown import Post, part, shown
from ui.viewmodels.voice import Voice


class Till(Acts):
    """`screen` names the QML file under screens/; `step` is 1 scan, 2 pay, 3 receipt, 0 none. Texts are ready words.

    `problem` is the stable code of what went wrong, `subject` what it is about (an article's name, a code). `message` is the
    payment terminal's word to the customer, a stable code. `sells`: goods are sold here, `takesBills`: bills are paid here.
    `services` are the others on offer, a row's key is the service.
    """

    changed = Signal()
    basket = part(BasketModel, "basket")
    picker = part(PickerModel, "picker")
    bill = part(BillModel, "bill")
    account = part(AccountModel, "account")
    refund = part(RefundModel, "refund")
    form = part(FormModel, "form")
    services = part(Rows, "services")
    modes = part(Modes, "modes")
    topics = part(Rows, "topics")
    voice = part(Voice, "voice")
    screen = shown(str, "screen", changed)
    step = shown(int, "step", changed)
    overlay = shown(str, "overlay", changed)
    terminalName = shown(str, "terminalName", changed)
    terminalState = shown(str, "terminalState", changed)
    countdownS = shown(int, "countdownS", changed)
    staffCalled = shown(bool, "staffCalled", changed)
    notice = shown(str, "notice", changed)
    noticeTone = shown(str, "noticeTone", changed)
    problem = shown(str, "problem", changed)
    problemTitle = shown(str, "problemTitle", changed)
    problemText = shown(str, "problemText", changed)
    subject = shown(str, "subject", changed)
    picture = shown(str, "picture", changed)
    toPay = shown(str, "toPay", changed)
    message = shown(str, "message", changed)
    instruction = shown(str, "instruction", changed)
    waiting = shown(str, "waiting", changed)
    paymentOpen = shown(bool, "paymentOpen", changed)
    waitS = shown(int, "waitS", changed)
    cancelling = shown(bool, "cancelling", changed)
    sells = shown(bool, "sells", changed)
    takesBills = shown(bool, "takesBills", changed)
    canPrint = shown(bool, "canPrint", changed)
    canCharge = shown(bool, "canCharge", changed)
    qrRows = shown("QStringList", "qrRows", changed)
    heldCode = shown(str, "heldCode", changed)
    staffName = shown(str, "staffName", changed)
    staffPurpose = shown(str, "staffPurpose", changed)
    staffStage = shown(str, "staffStage", changed)
    staffRefusal = shown(str, "staffRefusal", changed)

    def __init__(self, post: Post, parent: QObject | None = None) -> None:
        super().__init__(
            post,
            parent,
            screen="Attract",
            step=0,
            overlay="",
            terminalName="",
            terminalState="ready",
            countdownS=-1,
            staffCalled=False,
            notice="",
            noticeTone="plain",
            problem="",
            problemTitle="",
            problemText="",
            subject="",
            picture="",
            toPay="",
            message="",
            instruction="",
            waiting="",
            paymentOpen=False,
            waitS=120,
            cancelling=False,
            sells=True,
            takesBills=False,
            canPrint=True,
            canCharge=True,
            qrRows=[],
            heldCode="",
            staffName="",
            staffPurpose="",
            staffStage="",
            staffRefusal="",
        )
        self._basket = BasketModel(self)
        self._picker = PickerModel(self)
        self._bill = BillModel(post, self)
        self._account = AccountModel(post, self)
        self._refund = RefundModel(post, self)
        self._form = FormModel(post, self)
        self._services = Rows(TileRow, self)
        self._modes = Modes(self)
        self._topics = Rows(TopicRow, self)
        self._voice = Voice(self)
