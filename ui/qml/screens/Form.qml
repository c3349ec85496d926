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
    readonly property bool byTouch: form.kind === "choice" || form.kind === "slot"

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
        property int place: screen.form.place

        function onChanged() {
            if (place === screen.form.place)
                return;
            place = screen.form.place;
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
