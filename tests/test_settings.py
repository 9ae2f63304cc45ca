"""Options come first, then the environment, then the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reetrace.core.errors import SettingError
from reetrace.settings import USUAL_FOLDERS, load_settings


def test_an_option_beats_the_environment_and_the_environment_beats_the_file(tmp_path, monkeypatch):
    """The nearest word counts."""
    for name in ("option", "variable", "file"):
        (tmp_path / name).mkdir()
    (tmp_path / "reetrace.toml").write_text('registry = "file"\nscenes = "file"\n')
    monkeypatch.setenv("REETRACE_REGISTRY", str(tmp_path / "variable"))

    from_variable = load_settings(tmp_path)
    from_option = load_settings(tmp_path, registry=tmp_path / "option")

    assert from_option.registry == tmp_path / "option"
    assert from_variable.registry == tmp_path / "variable"
    assert from_variable.scenes == tmp_path / "file"


@pytest.mark.parametrize(("setting", "folder"), USUAL_FOLDERS.items())
def test_a_folder_that_another_command_writes_to_is_used_unasked(tmp_path, setting, folder):
    """`scenes add` writes to ./scenes, so the report looks there."""
    (tmp_path / folder).mkdir()

    assert getattr(load_settings(tmp_path), setting) == tmp_path / folder


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("registry = ", "not valid TOML"),
        ('regisrty = "x"', "unknown setting 'regisrty'"),
        ("registry = 3", "registry is 3; a folder in quotes is needed"),
        ('registry = "missing"', "is not a folder"),
        ("registry = " + "[" * 5_000, "not valid TOML"),
        (f'registry = "{"n" * 300}"', "File name too long"),
        (f'reports = "{"n" * 300}"', "File name too long"),
    ],
)
def test_a_fault_in_the_file_is_one_line(tmp_path, written, complaint):
    """The line names the file or folder, the key and what was needed."""
    (tmp_path / "reetrace.toml").write_text(written)

    with pytest.raises(SettingError, match=complaint) as refused:
        load_settings(tmp_path)

    assert "\n" not in str(refused.value)


def test_a_settings_file_that_is_a_folder_is_not_passed_over(tmp_path):
    """Whoever made it meant something by it."""
    (tmp_path / "reetrace.toml").mkdir()

    with pytest.raises(SettingError, match="cannot be read"):
        load_settings(tmp_path)


def test_a_link_that_leads_round_in_a_circle_is_no_folder(tmp_path):
    """It exists, though nothing is behind it."""
    (tmp_path / "round").symlink_to(tmp_path / "round")

    with pytest.raises(SettingError, match=r"--out: .*a folder is needed"):
        load_settings(tmp_path, reports=tmp_path / "round")


def test_the_engine_and_its_account_are_settings_like_the_folders(tmp_path, monkeypatch):
    """Options before the environment before the file; a key in the file lies beside the file."""
    (tmp_path / "key.json").write_text("{}")
    (tmp_path / "reetrace.toml").write_text(
        'engine = "earthengine"\nproject = "of-the-file"\nkey = "key.json"\nconcurrency = 8\n'
    )
    monkeypatch.setenv("REETRACE_PROJECT", "of-the-environment")
    monkeypatch.setenv("REETRACE_CONCURRENCY", "12")

    settings = load_settings(tmp_path, engine="local", concurrency=30)

    assert (settings.engine, settings.project) == ("local", "of-the-environment")
    assert settings.key == tmp_path / "key.json"
    assert settings.concurrency == 30
    assert load_settings(tmp_path).engine == "earthengine"
    assert load_settings(tmp_path).concurrency == 12


def test_unless_somebody_says_otherwise_everything_stays_on_this_machine(tmp_path):
    """No account is looked for."""
    settings = load_settings(tmp_path)

    assert (settings.engine, settings.project, settings.key) == ("local", None, None)


@pytest.mark.parametrize(
    "project", ["my-mines-123", "a23456", "z" * 30, "example.com:my-mines", "m1-2-3"]
)
def test_a_project_id_is_taken_as_it_is(tmp_path, project):
    """Six to thirty small letters, digits and hyphens; an organisation's domain may precede it."""
    assert load_settings(tmp_path, project=project).project == project


@pytest.mark.parametrize(
    "project",
    ["a2345", "z" * 31, "1-mines", "mines-", "My-mines", "my_mines", "my mines", "矿-mines"],
)
def test_what_cannot_be_a_project_id_is_refused_at_once(tmp_path, project):
    """A name or a number in its place is the usual slip, and the service would say so late."""
    with pytest.raises(SettingError, match=f"--project: '{project}' is no id"):
        load_settings(tmp_path, project=project)


@given(requests=st.integers())
def test_requests_at_once_are_between_one_and_what_a_project_may(requests):
    """Whatever whole number is given."""
    if 1 <= requests <= 40:
        assert load_settings(concurrency=requests).concurrency == requests
    else:
        with pytest.raises(SettingError, match="1 to 40"):
            load_settings(concurrency=requests)


def test_where_forests_are_grown_can_be_said_once(tmp_path, monkeypatch):
    """In the file, over it in the environment, over both by the option."""
    (tmp_path / "reetrace.toml").write_text('trainer = "earthengine"\n', encoding="utf-8")

    assert load_settings(tmp_path).trainer == "earthengine"
    monkeypatch.setenv("REETRACE_TRAINER", "local")
    assert load_settings(tmp_path).trainer == "local"
    assert load_settings(tmp_path, trainer="earthengine").trainer == "earthengine"
    with pytest.raises(SettingError, match="Did you mean 'earthengine'"):
        load_settings(tmp_path, trainer="earthengin")
