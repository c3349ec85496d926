"""The view-models' types for qmllint and the QML engine: read from their meta-objects, written as a qmltypes file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QMetaMethod, QMetaObject, QMetaProperty, QObject

_QML_NAMES = {"float": "double"}


def qmltypes(uri: str, classes: Sequence[type[QObject]], bases: Mapping[type, str]) -> str:
    """The text of a qmltypes file for `classes` in module `uri`; `bases` names the Qt class that each Python base stands for."""
    parts = [
        "import QtQuick.tooling 1.2",
        "// Written by `python -m ui.typeinfo`; a test compares it with the classes.",
        "Module {",
    ]
    for kind in classes:
        parts.extend(f"    {line}" for line in _component(uri, kind, bases))
    return "\n".join([*parts, "}", ""])


def _component(uri: str, kind: type[QObject], bases: Mapping[type, str]) -> Iterator[str]:
    meta: QMetaObject = kind.staticMetaObject  # type: ignore[attr-defined] # the stubs leave it out
    prototype = next(bases[base] for base in kind.__mro__[1:] if base in bases)
    creatable = "true" if prototype == "QQuickPaintedItem" else "false"
    yield "Component {"
    yield f'    name: "{kind.__name__}"'
    yield '    accessSemantics: "reference"'
    yield f'    prototype: "{prototype}"'
    yield f'    exports: ["{uri}/{kind.__name__} 1.0"]'
    yield "    exportMetaObjectRevisions: [256]"
    yield f"    isCreatable: {creatable}"
    for at in range(meta.propertyOffset(), meta.propertyCount()):
        yield f"    {_property(kind, meta.property(at))}"
    for at in range(meta.methodOffset(), meta.methodCount()):
        yield f"    {_method(meta.method(at))}"
    yield "}"


def _property(kind: type, told: QMetaProperty) -> str:
    name = _text(told.name())
    wanted = kind.__dict__[name].fget.__annotations__.get("return")
    pointer = isinstance(wanted, type) and issubclass(wanted, QObject)
    type_name = wanted.__name__ if pointer and isinstance(wanted, type) else _named(_text(told.typeName()))
    notify = bytes(told.notifySignal().name().data()).decode() if told.hasNotifySignal() else ""
    fields = [f'name: "{name}"', f'type: "{type_name}"']
    fields += ["isPointer: true"] if pointer else []
    fields += [] if told.isWritable() else ["isReadonly: true"]
    fields += ["isPropertyConstant: true"] if told.isConstant() else []
    fields += [f'notify: "{notify}"'] if notify else []
    fields += [f'read: "{name}"'] + ([f'write: "{name}"'] if told.isWritable() else [])
    return f"Property {{ {'; '.join(fields)} }}"


def _method(told: QMetaMethod) -> str:
    is_signal = told.methodType() is QMetaMethod.MethodType.Signal
    what = "Signal" if is_signal else "Method"
    result = _named(_text(told.typeName()))
    fields = [f'name: "{bytes(told.name().data()).decode()}"']
    fields += [] if result == "void" else [f'type: "{result}"']
    parameters = [
        f'Parameter {{ name: "a{at}"; type: "{_named(bytes(kind.data()).decode())}" }}'
        for at, kind in enumerate(told.parameterTypes())
    ]
    return f"{what} {{ {'; '.join([*fields, ' '.join(parameters)] if parameters else fields)} }}"


def _named(type_name: str) -> str:
    return _QML_NAMES.get(type_name, type_name)


def _text(value: object) -> str:
    # The stubs say bytes where PySide6 6.12 gives str.
    return value if isinstance(value, str) else bytes(value).decode()  # type: ignore[call-overload]
