import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// The statement as codes to photograph, one after another.
Question {
    id: screen

    title: Words.say("screen.account-qr.title")
    text: Words.say("screen.account-qr.hint")
    hint: screen.till.account.codeText
    wide: true
    primaryLabel: screen.till.account.hasNext ? Words.say("action.account-next-code") : Words.say("action.account-overview")
    onConfirmed: screen.till.account.hasNext ? screen.till.account.turnCode(1) : screen.till.back()

    figure: QrImage {
        rows: screen.till.account.qrRows
        name: Words.say("name.qr")
        anchors.fill: parent
    }

    LeaveKey {
        till: screen.till
    }

    TernButton {
        label: Words.say("action.previous")
        iconName: "back"
        visible: screen.till.account.hasPrevious
        Layout.fillWidth: true
        onActivated: screen.till.account.turnCode(-1)
    }
}
