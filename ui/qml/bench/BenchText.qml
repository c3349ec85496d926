import QtQuick
import "../controls"

// The words of the bench: small and light on dark.
TernText {
    color: BenchTheme.ink
    font.pixelSize: BenchTheme.body
}
