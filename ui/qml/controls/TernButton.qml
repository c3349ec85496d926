import QtQuick
import QtQuick.Templates as T
import ".."

// The only button there is. `label` is data, drawn as plain text; `activated` is a strike that counts (see Theme.strikeGuardMs).
T.AbstractButton {
    id: control

    property string label
    property string detail
    property string iconName
    property string kind: "secondary"
    property string role: "button"
    property bool iconOnly: false
    property bool chevron: false
    property bool leading: chevron
    property bool chosen: false
    property bool available: true
    property int textSize: kind === "primary" ? Theme.text(36) : Theme.body
    property int padding_: Theme.pad
    property int corner: Theme.radius

    readonly property bool filled: (kind === "primary" || chosen) && available
    readonly property color ground: filled ? Theme.brand : kind === "quiet" ? Theme.well : kind === "key" || kind === "primary" ? Theme.key : Theme.card
    readonly property color groundPressed: filled ? Theme.brandPressed : Theme.pressed
    readonly property color ink: !available ? Theme.soft : filled ? Theme.brandInk : kind === "danger" ? Theme.error : Theme.ink

    signal activated

    function strikeNow() {
        strike.start();
        control.activated();
    }

    enabled: available
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(kind === "primary" ? Theme.primaryHeight : Theme.target, face.implicitHeight + Theme.dp(16))
    implicitWidth: Math.max(Theme.target, face.implicitWidth + 2 * padding_)
    leftPadding: iconOnly ? 0 : padding_
    rightPadding: iconOnly ? 0 : padding_

    Accessible.role: role === "radio" ? Accessible.RadioButton : role === "switch" ? Accessible.CheckBox : Accessible.Button
    Accessible.name: label
    Accessible.description: detail
    Accessible.checkable: role !== "button"
    Accessible.checked: chosen
    Accessible.onPressAction: control.click()

    Keys.onReturnPressed: event => event.isAutoRepeat || control.click()
    Keys.onEnterPressed: event => event.isAutoRepeat || control.click()
    onClicked: if (!strike.running) control.strikeNow()

    Timer {
        id: strike
        interval: Theme.strikeGuardMs
    }

    background: Rectangle {
        radius: control.corner
        color: control.down ? control.groundPressed : control.ground
        border.width: (control.filled || ["key", "quiet", "primary"].includes(control.kind)) && !Theme.highContrast ? 0 : Theme.border
        border.color: control.kind === "danger" ? Theme.error : Theme.line

        Rectangle {
            anchors.fill: parent
            anchors.margins: -Theme.dp(5)
            radius: control.corner + Theme.dp(5)
            color: "transparent"
            border.width: Theme.dp(4)
            border.color: Theme.ink
            visible: control.visualFocus
        }
    }

    contentItem: ButtonFace {
        id: face
        label: control.iconOnly ? "" : control.label
        detail: control.iconOnly ? "" : control.detail
        iconName: control.iconName
        ink: control.ink
        textSize: control.textSize
        heavy: control.kind === "primary"
        leading: control.leading
        chevron: control.chevron
    }
}
