import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// What a verified member of staff can decide here.
Question {
    id: screen

    readonly property bool isAsked: till.staffPurpose === "age" || till.staffPurpose === "price" || till.staffPurpose === "refund"

    title: Words.sayWith("screen.staff-menu.title", { name: till.staffName })
    text: till.problemText
    hint: Words.say("screen.staff-menu.hint")
    iconName: "attendant"
    primaryLabel: isAsked ? Words.say("action.approve") : Words.say("action.done")
    onConfirmed: screen.till.staffChoose(isAsked ? "approve" : "done")

    TernButton {
        label: Words.say("action.void")
        iconName: "trash"
        kind: "danger"
        visible: !screen.till.paymentOpen && screen.till.staffPurpose !== "refund"
        Layout.fillWidth: true
        onActivated: screen.till.staffChoose("void")
    }

    TernButton {
        label: Words.say("action.take-over")
        iconName: "person"
        visible: screen.till.paymentOpen
        Layout.fillWidth: true
        onActivated: screen.till.staffChoose("take-over")
    }

    TernButton {
        label: Words.say("action.refuse")
        iconName: "close"
        visible: screen.isAsked
        Layout.fillWidth: true
        onActivated: screen.till.staffChoose("refuse")
    }

    TernButton {
        label: Words.say("action.back")
        iconName: "back"
        visible: screen.isAsked
        Layout.fillWidth: true
        onActivated: screen.till.staffChoose("done")
    }
}
