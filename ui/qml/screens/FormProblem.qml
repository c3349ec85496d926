import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// The form cannot be filled in now, or was not sent: what is so, and the ways on.
Question {
    id: screen

    readonly property FormModel form: till.form
    readonly property bool again: form.problem === "form-not-sent"

    title: Words.say("screen.form-problem.title")
    text: form.problemText
    hint: form.problemHint
    iconName: again ? "warning" : "clock"
    tone: "warning"
    primaryLabel: again ? Words.say("action.try-again") : Words.say("action.done")
    busy: form.waiting
    onConfirmed: screen.till.goOn()

    TernButton {
        label: Words.say("action.call-staff")
        iconName: "attendant"
        Layout.fillWidth: true
        onActivated: screen.till.callHelp()
    }

    TernButton {
        label: Words.say("action.leave")
        iconName: "close"
        visible: screen.again
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
