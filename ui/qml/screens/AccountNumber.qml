import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// An account's number, or a telephone's.
EntryScreen {
    id: screen

    title: screen.till.account.byPhone ? Words.say("screen.account-number.phone") : Words.say("screen.account-number.title")
    hint: screen.till.account.byPhone ? Words.say("screen.account-number.phone-hint") : Words.say("screen.account-number.hint")
    placeholder: Words.say("screen.account-number.placeholder")
    longest: screen.till.account.byPhone ? 15 : 34
    offersLetters: !screen.till.account.byPhone && !Theme.lowReach
    primaryLabel: Words.say("action.continue")
    backLabel: Words.say("action.back")
    onEntered: digits => screen.till.account.enterNumber(digits)
    onDismissed: screen.till.back()

    figure: CodeFigure {
        anchors.centerIn: parent
    }

    LeaveKey {
        till: screen.till
    }
}
