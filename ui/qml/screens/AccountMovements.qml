import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// What came and went, the newest first.
AccountScreen {
    id: screen

    title: Words.say("screen.account-movements.title")
    hint: screen.till.account.movements.rowCount() === 0 ? Words.say("screen.account-movements.none") : screen.till.account.asOf
    model: screen.till.account.movements

    TernButton {
        label: Words.say("action.back")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }

    TernButton {
        label: Words.say("action.account-statement")
        iconName: "printer"
        Layout.fillWidth: true
        onActivated: screen.till.account.openPart("statement")
    }

    ShowKey {
        till: screen.till
    }
}
