import QtQuick
import Tern
import "controls"
import "overlays"
import "screens"

// The touch screen: paper, the top bar, one screen, the corner, and what lies over them.
FocusScope {
    id: shell

    required property Till till
    required property WordsBridge words
    required property Look look
    readonly property bool rightToLeft: Words.rtl

    focus: true
    LayoutMirroring.enabled: Words.rtl
    LayoutMirroring.childrenInherit: true

    Binding {
        target: Words
        property: "bridge"
        value: shell.words
    }

    Binding {
        target: Theme
        property: "look"
        value: shell.look
    }

    Binding {
        target: Theme
        property: "modes"
        value: shell.till.modes
    }

    Binding {
        target: Theme
        property: "cornerWidth"
        value: corner.width + (voice.visible ? voice.width + corner.spacing : 0)
    }

    Binding {
        target: Theme
        property: "window"
        value: Qt.size(shell.width, shell.height)
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.paper
    }

    FocusScope {
        id: stage
        anchors.fill: parent
        focus: !overlays.item
        enabled: !overlays.item

        TopBar {
            till: shell.till
            visible: shell.till.notice === ""
            width: parent.width
        }

        // The two that a scan must find ready; the others are loaded when the journey comes to them.
        Attract {
            till: shell.till
            visible: shell.till.screen === "Attract"
            focus: visible
            onVisibleChanged: if (visible) forceActiveFocus()
        }

        Basket {
            till: shell.till
            visible: shell.till.screen === "Basket"
            focus: visible
            onVisibleChanged: if (visible) forceActiveFocus()
        }

        Loader {
            id: others
            readonly property bool needed: !["", "Attract", "Basket"].includes(shell.till.screen)
            readonly property string wanted: needed ? "screens/" + shell.till.screen + ".qml" : ""
            focus: needed
            onWantedChanged: wanted === "" ? setSource("") : setSource(wanted, { till: shell.till })
            onLoaded: item.forceActiveFocus()
            Component.onCompleted: wanted === "" || setSource(wanted, { till: shell.till })
        }

        Passing {
            till: shell.till
        }

        CornerBar {
            id: corner
            till: shell.till
            anchors.left: parent.left
            anchors.leftMargin: Theme.margin
            y: Theme.cornerTop
        }
    }

    Loader {
        id: overlays
        readonly property string wanted: shell.till.countdownS >= 0 ? "StillThere" : shell.till.overlay === "" ? "" : shell.till.overlay[0].toUpperCase() + shell.till.overlay.slice(1)
        anchors.fill: parent
        focus: item !== null
        onWantedChanged: wanted === "" ? setSource("") : setSource("overlays/" + wanted + ".qml", { till: shell.till })
        Component.onCompleted: wanted === "" || setSource("overlays/" + wanted + ".qml", { till: shell.till })
    }

    // Beside the corner; upright beside an overlay, which needs the corner's place.
    VoiceBar {
        id: voice
        till: shell.till
        upright: overlays.item !== null
        anchors.left: parent.left
        anchors.leftMargin: upright ? Math.round((shell.width - Theme.overlayWidth) / 4 - width / 2) : Theme.margin + corner.width + corner.spacing
        y: Theme.cornerTop + Theme.target + edge - height
    }
}
