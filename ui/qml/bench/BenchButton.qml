import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import "../controls"

// A key of the bench. With `toggles` it is a switch, and `chosen` says whether it is on: then it is lit and bears a mark.
T.AbstractButton {
    id: control

    property string label
    property string detail
    property string picture
    property string spoken: label
    property bool toggles: false
    property bool chosen: false
    property color ground: BenchTheme.key
    property color ink: BenchTheme.ink
    property int textSize: BenchTheme.small

    signal activated

    implicitHeight: Math.max(BenchTheme.low, face.implicitHeight + 8)
    implicitWidth: face.implicitWidth + 16
    leftPadding: 4
    rightPadding: 4
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.45

    Accessible.role: toggles ? Accessible.CheckBox : Accessible.Button
    Accessible.name: spoken
    Accessible.description: detail
    Accessible.checkable: toggles
    Accessible.checked: chosen
    Accessible.onPressAction: control.click()

    Keys.onReturnPressed: event => event.isAutoRepeat || control.click()
    Keys.onEnterPressed: event => event.isAutoRepeat || control.click()
    onClicked: control.activated()

    background: Rectangle {
        radius: BenchTheme.round
        color: control.down ? BenchTheme.keyPressed : control.chosen ? BenchTheme.alarm : control.ground
        border.width: control.visualFocus ? 2 : 1
        border.color: control.visualFocus ? BenchTheme.ink : BenchTheme.line
    }

    contentItem: RowLayout {
        id: face
        spacing: BenchTheme.gap

        PictureTile {
            name: control.picture
            size: 32
            visible: control.picture !== ""
        }

        ColumnLayout {
            spacing: 0
            Layout.fillWidth: true

            BenchText {
                text: (control.toggles ? (control.chosen ? "● " : "○ ") : "") + control.label
                color: control.chosen && !control.down ? BenchTheme.alarmInk : control.ink
                font.pixelSize: control.textSize
                font.weight: Font.Medium
                lineHeight: 0.95
                horizontalAlignment: control.picture === "" ? Text.AlignHCenter : Text.AlignLeft
                Layout.fillWidth: true
            }

            BenchText {
                text: control.detail
                visible: control.detail !== ""
                color: BenchTheme.soft
                font.pixelSize: BenchTheme.small - 1
                horizontalAlignment: control.picture === "" ? Text.AlignHCenter : Text.AlignLeft
                Layout.fillWidth: true
            }
        }
    }
}
