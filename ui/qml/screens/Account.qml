import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// What is on the account, with amounts and names hidden until they are wanted.
AccountScreen {
    id: screen

    title: screen.till.account.name !== "" ? screen.till.account.name : Words.say("screen.account.title")
    hint: screen.till.account.asOf
    model: screen.till.account.rows
    onChosen: (kind, at) => screen.till.account.choose(kind, at)

    TernButton {
        label: Words.say("action.account-change")
        iconName: "person"
        Layout.fillWidth: true
        onActivated: screen.till.account.openPart("change")
    }

    TernButton {
        label: Words.say("action.account-movements")
        iconName: "receipt"
        Layout.fillWidth: true
        onActivated: screen.till.account.openPart("movements")
    }

    ShowKey {
        till: screen.till
    }
}
