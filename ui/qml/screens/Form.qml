pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// One question of a form: what can be touched, or what is typed or scanned. A question is drawn anew for each place.
TernScreen {
    id: screen

    readonly property FormModel form: till.form
    // The place of the question that is drawn; set by hand, so that a new one is seen to be new.
    property int asked: -1
    readonly property bool byTouch: form.kind === "choice" || form.kind === "slot"

    Component.onCompleted: asked = form.place

    Loader {
        id: question
        anchors.fill: parent
        focus: true
        sourceComponent: screen.byTouch ? tiles : entry
        onLoaded: item.forceActiveFocus()
    }

    // The same kind twice running is another question all the same: nothing of the first may stand in its field.
    Connections {
        target: screen.form

        function onChanged() {
            if (screen.asked === screen.form.place)
                return;
            screen.asked = screen.form.place;
            question.active = false;
            question.active = true;
        }
    }

    Component {
        id: entry

        FormEntry {
            till: screen.till
        }
    }

    Component {
        id: tiles

        FormChoice {
            till: screen.till
        }
    }
}
