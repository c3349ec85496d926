import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// No refund, or not this way: what happened, and where it goes on.
Question {
    id: screen

    title: screen.till.refund.problemTitle
    text: screen.till.refund.problemText
    hint: screen.till.staffCalled ? Words.say("notice.staff-called") : ""
    iconName: "refund"
    tone: "warning"
    primaryLabel: screen.till.refund.passing ? Words.say("action.try-again") : Words.say("action.other-receipt")
    onConfirmed: screen.till.goOn()

    TernButton {
        label: Words.say("action.call-staff")
        iconName: "attendant"
        visible: !screen.till.staffCalled
        Layout.fillWidth: true
        onActivated: screen.till.callHelp()
    }

    TernButton {
        label: Words.say("action.to-start")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
