import QtQuick
import ".."

// One fewer, how many, one more; where nothing can be counted, the way out alone.
Row {
    id: stepper

    property int count: 0
    property bool countable: true
    property string name

    signal changed(count: int)
    signal removed

    spacing: 0

    IconButton {
        iconName: stepper.countable && stepper.count > 1 ? "minus" : "trash"
        label: Words.sayWith(stepper.countable && stepper.count > 1 ? "name.less" : "name.remove", { item: stepper.name })
        onActivated: stepper.countable && stepper.count > 1 ? stepper.changed(stepper.count - 1) : stepper.removed()
    }

    TernText {
        text: stepper.count
        visible: stepper.countable
        width: Math.max(Theme.apart * 2, Theme.text(48))
        height: Theme.target
        font.pixelSize: Theme.lead
        font.weight: Font.Bold
        fontSizeMode: Text.HorizontalFit
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }

    IconButton {
        iconName: "plus"
        visible: stepper.countable
        label: Words.sayWith("name.more", { item: stepper.name })
        onActivated: stepper.changed(stepper.count + 1)
    }
}
