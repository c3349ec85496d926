import QtQuick
import QtQuick.Templates as T
import ".."

// A line to type on with a keyboard. What is typed is never markup.
T.TextField {
    id: field

    property string placeholder
    property color ink: Theme.ink
    property color soft: Theme.soft
    property color ground: Theme.card
    property color edge: activeFocus ? Theme.ink : Theme.line

    color: ink
    font.family: Theme.family
    selectByMouse: true
    leftPadding: 8
    rightPadding: 8
    verticalAlignment: TextInput.AlignVCenter
    implicitHeight: contentHeight + 12
    renderType: TextInput.QtRendering

    Accessible.role: Accessible.EditableText
    Accessible.name: placeholder

    background: Rectangle {
        radius: 8
        color: field.ground
        border.width: field.activeFocus ? 2 : 1
        border.color: field.edge
    }

    TernText {
        x: field.leftPadding
        width: parent.width - 2 * x
        anchors.verticalCenter: parent.verticalCenter
        visible: field.text === ""
        text: field.placeholder
        color: field.soft
        font.pixelSize: field.font.pixelSize
        wrapMode: Text.NoWrap
        elide: Text.ElideRight
    }
}
