"""Writes what the code decides of the documentation; `--check` fails where it is stale."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from reetrace import tables
from reetrace.cli.commands import command_line
from reetrace.cli.usage import range_of
from reetrace.evidence.schema import schema_text

TOP = Path(__file__).resolve().parents[1]


def command_reference() -> str:
    """docs/cli.md: every command with its help."""
    lines = [
        "# Commands",
        "",
        "Generated from the program by `python docs/generate.py`; do not edit.",
        "",
    ]
    for path, command in _commands(command_line(), ("reetrace",)):
        lines += [f"## `{' '.join(path)}`", "", *_described(command), ""]
    return "\n".join(lines)


def _commands(command, path):  # noqa: ANN001, ANN202 - typer's click objects have no public type
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name in sorted(children):
        yield from _commands(children[name], (*path, name))


def _described(command) -> list[str]:  # noqa: ANN001 - see above
    told, _, example = (command.help or "").strip().partition("Example:")
    lines = told.strip().splitlines()
    if example:
        lines += ["", "    " + " ".join(example.split())]
    rows = []
    for parameter in command.params:
        if parameter.name in {"help", "install_completion", "show_completion"}:
            continue
        kind = parameter.param_type_name
        names = (
            (parameter.metavar or parameter.name).upper()
            if kind == "argument"
            else " ".join((", ".join(parameter.opts), parameter.metavar)).strip()
        ).replace("|", "\\|")
        needed = " **needed**" if parameter.required else ""
        default = parameter.default
        limits = range_of(parameter)
        shown = f" [{limits.strip()}]" if limits else ""
        said = default is not None and default is not False and default not in ((), [], "")
        if kind == "option" and not parameter.required and said:
            shown += f" [default: {default}]"
        rows.append(f"| `{names}` | {(parameter.help or '').replace('|', '/')}{shown}{needed} |")
    if rows:
        lines += ["", "| | |", "| --- | --- |", *rows]
    return lines


def sensor_table() -> str:
    """The README's table of sensors."""
    rows = ["| sensor | id | in service | bands used |", "| --- | --- | --- | --- |"]
    for sensor in tables.sensors():
        service = f"{sensor.service_first[:4]}–{(sensor.service_last or '')[:4]}"
        bands = ", ".join(f"{band.role} ({band.id})" for band in sensor.bands)
        rows.append(f"| {sensor.title} | `{sensor.id}` | {service} | {bands} |")
    return "\n".join(rows)


def command_table() -> str:
    """The README's table of commands."""
    rows = ["| command | what it does |", "| --- | --- |"]
    for path, command in _commands(command_line(), ("reetrace",)):
        first = (command.help or "").strip().splitlines()[0]
        rows.append(f"| `{' '.join(path)}` | {first} |")
    return "\n".join(rows)


def fault_table() -> str:
    """The table of what can go wrong with Earth Engine, to whose lines the tests hold us."""
    sys.path.insert(0, str(TOP))
    rows = ["| what happens | what you read |", "| --- | --- |"]
    for row in import_module("tests.earthengine.fault_table").ALL:
        told = row.sentence.replace("{file}", "key.json").replace("reetrace-test", "my-mines-123")
        rows.append(f"| {row.fault} | {told.replace('|', '/')} |")
    return "\n".join(rows)


def with_tables(text: str, **tables_by_name: str) -> str:
    """A document with its generated tables renewed."""
    for name, table in tables_by_name.items():
        begin, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
        before, rest = text.split(begin)
        text = before + begin + "\n" + table + "\n" + end + rest.split(end)[1]
    return text


def evidence_schema() -> str:
    """docs/evidence.schema.json."""
    return schema_text()


def main(arguments: list[str]) -> int:
    """Write, or with `--check` compare; the exit code is the number of stale files."""
    readme, earthengine = TOP / "README.md", TOP / "docs/earthengine.md"
    wanted = {
        TOP / "docs/cli.md": command_reference(),
        readme: with_tables(
            readme.read_text(encoding="utf-8"), sensors=sensor_table(), commands=command_table()
        ),
        earthengine: with_tables(earthengine.read_text(encoding="utf-8"), faults=fault_table()),
        TOP / "docs/evidence.schema.json": evidence_schema(),
    }
    stale = 0
    for path, text in wanted.items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if "--check" in arguments:
            print(f"{path.relative_to(TOP)} is stale: run `python docs/generate.py`.")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(TOP)}")
    return stale if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
